"""The inspector of a session: name, participant, tags, notes and what else is known. Tells what is typed."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QDockWidget,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.app.session_entries import SessionChange, SessionEntry
from studio.ui import readable
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.sessions.session_texts import date_text, duration_text, plural
from studio.ui.sessions.stream_box import StreamBox
from studio.ui.sessions.tree_columns import clock_text, state_of
from studio.ui.sync.certificate_box import CertificateBox
from studio.ui.theme import Theme
from studio.ui.undo_keys import UndoKeys

NOBODY = "Pick a session to see and change what is known of it."
LOOSE = "This recording has no folder of its own, so there is no place for a description beside it."
SAVE_DELAY_MS = 500
"""Notes are kept that soon after the last letter."""
_PAGE_FIELDS = ("name", "participant", "tags", "notes")


class SessionPanel(QDockWidget):
    """Shows one session. What another studio changes appears, but never under the hands of who types."""

    change_wanted = Signal(object, object, bool)  # SessionEntry, SessionChange, whether typing goes on
    rename_wanted = Signal(object, str)  # SessionEntry, name

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Session", parent)
        self.setObjectName("session_dock")
        self._theme = theme
        self._session: SessionEntry | None = None
        self.name = named(QLineEdit(maxLength=200), "session_name")
        self.participant = named(QLineEdit(maxLength=200), "session_participant")
        self.tags = named(QLineEdit(placeholderText="pilot, left-handed"), "session_tags")
        self.notes = named(QPlainTextEdit(), "session_notes")
        self.facts = named(QLabel(wordWrap=True), "session_facts")
        self.hint = named(QLabel(NOBODY, wordWrap=True), "session_hint")
        self.streams = StreamBox(theme)
        self.clocks = CertificateBox(theme)
        self._typed = False
        self._told_notes = ""
        """As they were shown or told last; what the list says may be older."""
        self._timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._lay_out()
        self._listen()
        self.show_session(None)
        self._on_theme_changed()

    def _lay_out(self) -> None:
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(96)
        self.notes.setPlaceholderText("What is worth remembering")
        for label in (self.facts, self.hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._form = QWidget()
        lines = QFormLayout(self._form)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for title in _PAGE_FIELDS:
            lines.addRow(title.capitalize(), getattr(self, title))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(8)
        for widget in (self.hint, self._form, self.facts, self.streams, self.clocks):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setMinimumWidth(240)
        self.setWidget(area)

    def _listen(self) -> None:
        self._timer.timeout.connect(self._on_timer_timeout)
        self.name.editingFinished.connect(self._on_name_finished)
        self.participant.editingFinished.connect(self._on_line_finished)
        self.tags.editingFinished.connect(self._on_line_finished)
        self.notes.textChanged.connect(self._on_notes_typed)
        self.notes.installEventFilter(self)
        UndoKeys(self.name, self.participant, self.tags, self.notes, parent=self)
        self._theme.changed.connect(self._on_theme_changed)

    # What is shown --------------------------------------------------------------------------------------

    @property
    def session(self) -> SessionEntry | None:
        """The one that is shown."""
        return self._session

    @Slot(object)
    def show_session(self, session: SessionEntry | None) -> None:
        """Show this one; what is being typed for another is kept first."""
        if session == self._session and session is not None:
            return
        is_other = session is None or self._session is None or session.path != self._session.path
        if is_other:
            self.keep()
        self._session = session
        self._form.setVisible(session is not None)
        self.facts.setVisible(session is not None)
        if session is None:
            self.hint.setText(NOBODY)
            self.hint.show()
            return
        self._fill(session, is_other=is_other)

    @Slot(str, str)
    def follow_move(self, before: str, now: str) -> None:
        """What is typed belongs to the session, wherever it is now."""
        if self._session is not None and self._session.path == before:
            self._session = replace(self._session, path=now)

    @Slot(str, object)
    def follow_change(self, path: str, change: SessionChange) -> None:
        """The file says so now. While notes are written in the field, it is the field that counts."""
        is_shown = self._session is not None and self._session.path == path
        if is_shown and change.notes is not None and not self._typed and change.notes != self._told_notes:
            self._told_notes = change.notes
            self.notes.setPlainText(change.notes)
            self.notes.moveCursor(QTextCursor.MoveOperation.End)

    def _fill(self, session: SessionEntry, *, is_other: bool) -> None:
        self._set_line(self.name, session.name, is_other)
        self._set_line(self.participant, session.participant, is_other)
        self._set_line(self.tags, ", ".join(session.tags), is_other)
        if is_other or not (self.notes.hasFocus() or self._typed):
            self._told_notes = session.notes
            if self.notes.toPlainText() != session.notes:
                self.notes.setPlainText(session.notes)
            self._typed = False
            self._timer.stop()
        for field in (self.participant, self.tags, self.notes):
            field.setEnabled(not session.loose)
        self.name.setEnabled(not session.live)
        self.name.setToolTip("It can be renamed when the recording has ended." if session.live else "")
        hint = session.description_problem or (LOOSE if session.loose else "")
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.facts.setText(facts_of(session))

    def _set_line(self, line: QLineEdit, text: str, is_other: bool) -> None:
        if (is_other or not (line.hasFocus() and line.isModified())) and line.text() != text:
            line.setText(text)

    # What is typed --------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Tell what has been typed and not been told yet."""
        if self._typed:
            self._tell_notes(go_on=False)
        self._on_name_finished()
        self._on_line_finished()

    @Slot()
    def _on_name_finished(self) -> None:
        session, name = self._session, self.name.text().strip()
        if session is None or not self.name.isModified():
            return
        self.name.setModified(False)
        if not name:
            self.name.setText(session.name)
        elif name != session.name:
            self.rename_wanted.emit(session, name)

    @Slot()
    def _on_line_finished(self) -> None:
        session = self._session
        if session is None:
            return
        if self.participant.isModified():
            _settle(self.participant)
            self._want(session, SessionChange(participant=self.participant.text().strip()))
        if self.tags.isModified():
            _settle(self.tags)
            self._want(session, SessionChange(tags=tags_in(self.tags.text())))

    @Slot()
    def _on_notes_typed(self) -> None:
        if self._session is not None and self.notes.toPlainText() != self._told_notes:
            self._typed = True
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._tell_notes(go_on=True)

    def _tell_notes(self, *, go_on: bool) -> None:
        self._timer.stop()
        self._typed = False
        text = self.notes.toPlainText()
        if self._session is not None and self._told_notes != text:
            self._told_notes = text
            self._want(self._session, SessionChange(notes=text), go_on=go_on)

    def _want(self, session: SessionEntry, change: SessionChange, *, go_on: bool = False) -> None:
        self.change_wanted.emit(session, change, go_on)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Notes are kept when they are left, too."""
        if event.type() == QEvent.Type.FocusOut and self._typed:
            self._tell_notes(go_on=True)
        return False

    @Slot()
    def _on_theme_changed(self) -> None:
        tint(self.facts, self._theme, "muted")
        tint(self.hint, self._theme, "muted")


def _settle(line: QLineEdit) -> None:
    """What was typed is told, and taken back by the window now: Ctrl+Z in the line would empty it unseen."""
    line.setText(line.text())


def tags_in(text: str) -> tuple[str, ...]:
    """`pilot, #left-handed` as tags, each once."""
    tags = (tag.strip().lstrip("#").strip() for tag in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def facts_of(session: SessionEntry) -> str:
    """What cannot be changed."""
    amount = (readable.size(session.byte_size), plural(session.stream_count, "stream"))
    lines = [
        f"{date_text(session.started_time)} · {duration_text(session.duration_ns)}",
        " · ".join((*amount, plural(session.message_count, "message"))),
        f"{plural(len(session.partitions), 'recording')} · {state_of(session)}",
        f"Clock {clock_text(session.clock_bound_ns)}" if session.clock_bound_ns is not None else "",
        f"On {', '.join(session.machines)}" if session.machines else "",
        ", ".join(session.devices),
        session.path,
    ]
    return "\n".join(line for line in lines if line)
