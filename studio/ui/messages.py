"""The strip that tells what happened without stopping anybody, and the list of all that was told.

Owns the log of messages of this window. Nothing here waits for an answer.
"""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from studio.app.status import Problem, Severity
from studio.timing import NS_PER_S, Clock
from studio.ui.message_log import Message, MessageLog
from studio.ui.named import named
from studio.ui.theme import Theme

CHECK_INTERVAL_MS = 1000
MARGIN = 8
WIDEST = 900


class Messages(QObject):
    """What was told in this window."""

    changed = Signal(object)  # MessageLog

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._log = MessageLog()
        self._timer = QTimer(self, interval=CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self._on_check_due)
        self._timer.start()

    @property
    def log(self) -> MessageLog:
        """All of it."""
        return self._log

    def tell(self, severity: Severity, text: str, *, action: str = "", target: str = "") -> None:
        """Tell something; `action` names a button that helps, `target` is what it is about."""
        now = self._clock.now()
        message = Message(time=now, severity=severity, text=text, action=action, target=target)
        self._take(self._log.with_message(message))

    @Slot(str)
    def tell_error(self, text: str) -> None:
        """Tell what did not work."""
        self.tell(Severity.ERROR, text)

    @Slot(str)
    def tell_warning(self, text: str) -> None:
        """Tell what is not as it should be."""
        self.tell(Severity.WARNING, text)

    def take_problems(self, problems: Iterable[Problem]) -> None:
        """Tell what the recorder found, each once."""
        self._take(self._log.with_problems(problems))

    def take_new_recorder(self) -> None:
        """Another recorder counts its problems from the beginning."""
        self._take(self._log.with_new_recorder())

    def withdraw(self, action: str) -> None:
        """Let go of what offers that action: it was taken, or comes too late."""
        self._take(self._log.without_action(action))

    @Slot()
    def dismiss(self) -> None:
        """The user has read what is shown."""
        self._take(self._log.without_shown())

    @Slot()
    def _on_check_due(self) -> None:
        self._take(self._log.at(self._clock.now()))

    def _take(self, log: MessageLog) -> None:
        if log is not self._log:
            self._log = log
            self.changed.emit(log)


class MessageStrip(QFrame):
    """Floats at the foot of what it is about, so that nothing moves when it comes."""

    action_requested = Signal(str)  # text of the message's action
    target_requested = Signal(str, str)  # the same, and what it is about, where a message says that
    all_requested = Signal()

    def __init__(self, theme: Theme, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_strip")
        self._theme = theme
        self._messages = messages
        self._shown: Message | None = None
        self._icon, self._text = QLabel(), named(QLabel(wordWrap=True), "message_text")
        self._more = named(QToolButton(autoRaise=True), "message_more")
        self._more.setToolTip("Show all messages")
        self._action = named(QPushButton(), "message_action")
        self._dismiss = named(QToolButton(autoRaise=True), "message_dismiss")
        self._lay_out()
        self._dismiss.clicked.connect(messages.dismiss)
        self._action.clicked.connect(self._on_action_clicked)
        self._more.clicked.connect(self.all_requested)
        messages.changed.connect(self._on_messages_changed)
        theme.changed.connect(self._paint_again)
        self._ground: QWidget | None = None
        self.hide()

    def float_over(self, ground: QWidget) -> None:
        """Stand at the foot of this widget, which has the same parent, wherever it goes."""
        self._ground = ground
        self.setParent(ground.parentWidget())
        ground.installEventFilter(self)
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """The ground has moved or grown."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _place(self) -> None:
        if self._ground is None or self.isHidden():
            return
        ground = self._ground.geometry()
        width = max(1, min(ground.width() - 2 * MARGIN, WIDEST))
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        left = ground.left() + (ground.width() - width) // 2
        self.setGeometry(left, ground.bottom() + 1 - height - MARGIN, width, height)
        self.raise_()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 8, 8)
        line.setSpacing(8)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._dismiss.setToolTip("Dismiss this message")
        line.addWidget(self._icon)
        line.addWidget(self._text, 1)
        for widget in (self._more, self._action, self._dismiss):
            line.addWidget(widget)

    @Slot(object)
    def _on_messages_changed(self, log: MessageLog) -> None:
        self._shown = log.shown
        others = len(log.standing) - 1
        self._more.setText(f"{others} more")
        self._more.setVisible(others > 0)
        self._paint_again()

    @Slot()
    def _paint_again(self) -> None:
        message = self._shown
        self.setVisible(message is not None)
        if message is None:
            return
        role = _ROLES[message.severity]
        self._icon.setPixmap(self._theme.icon(message.severity.value, role).pixmap(QSize(20, 20)))
        self._dismiss.setIcon(self._theme.icon("close"))
        self._text.setText(message.text)
        self._action.setText(message.action)
        self._action.setVisible(bool(message.action))
        fill = self._theme.colour(f"{message.severity}_fill").name()
        edge = self._theme.colour(role).name()
        self.setStyleSheet(
            f"#message_strip {{ background: {fill}; border: 1px solid {edge}; border-left: 4px solid {edge};"
            " border-radius: 4px; }"
        )
        self._place()

    @Slot()
    def _on_action_clicked(self) -> None:
        if self._shown is not None:
            action, target = self._shown.action, self._shown.target
            self._messages.dismiss()
            if target:
                self.target_requested.emit(action, target)
            else:
                self.action_requested.emit(action)


class MessagesDock(QDockWidget):
    """Everything that was told, newest first."""

    def __init__(self, theme: Theme, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__("Messages", parent)
        self.setObjectName("messages_dock")
        self._theme = theme
        self._log = messages.log
        self._list = named(QListWidget(), "messages_list")
        self._list.setWordWrap(True)
        self.setWidget(self._list)
        messages.changed.connect(self._on_messages_changed)
        theme.changed.connect(self._fill)

    @Slot(object)
    def _on_messages_changed(self, log: MessageLog) -> None:
        if log.history is not self._log.history:
            self._log = log
            self._fill()

    @Slot()
    def _fill(self) -> None:
        self._list.clear()
        for message in reversed(self._log.history):
            when = datetime.fromtimestamp(message.time // NS_PER_S).strftime("%H:%M:%S")
            icon = self._theme.icon(message.severity.value, _ROLES[message.severity])
            self._list.addItem(QListWidgetItem(icon, f"{when}  {message.text}"))


_ROLES = {Severity.NOTE: "accent", Severity.WARNING: "warning", Severity.ERROR: "error"}
