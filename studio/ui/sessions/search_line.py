"""The line above the list of sessions: what is searched for, and what is not understood of it."""

from PySide6.QtCore import QDate, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.app.session_search import EXPLANATION, parse_search
from studio.errors import SearchError
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

DELAY_MS = 120
"""Whoever types does not want to see what the first letters find."""


class SearchLine(QWidget):
    """Tells the search as soon as it is understood."""

    searched = Signal(object)  # SessionSearch
    left = Signal()  # the user wants to go to what was found

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = named(_Line(placeholderText="Search sessions"), "sessions_search")
        self.line.setClearButtonEnabled(True)
        self.line.setToolTip(EXPLANATION)
        self.words = named(QLabel(wordWrap=True), "sessions_search_words")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.words)
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._search)
        self.line.textChanged.connect(self._timer.start)
        self.line.returnPressed.connect(self._on_return_pressed)
        self.line.left.connect(self.left)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def begin(self) -> None:
        """Let the user type, over what is there."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    @Slot()
    def _search(self) -> None:
        self._timer.stop()
        today = QDate.currentDate().toPython()
        try:
            found = parse_search(self.line.text(), today=today)  # type: ignore[arg-type]
        except SearchError as error:
            self.words.setText(str(error))
            self.words.show()
            return
        self.words.hide()
        self.searched.emit(found)

    @Slot()
    def _on_return_pressed(self) -> None:
        self._search()
        self.left.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        tint(self.words, self._theme, "error")


class _Line(QLineEdit):
    """Escape empties it and leaves; the arrow down leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
