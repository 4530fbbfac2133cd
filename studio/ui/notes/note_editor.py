"""A small field beside a note in which its words and values are typed. Not modal; writes nothing itself."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from studio.formats.notes import Attribute, Note, Track
from studio.ui.named import named

TEXT_WIDTH = 240
UNTOUCHED_MS = 10_000
"""After a marker was dropped and nothing is typed, keys belong to the window again."""
MOST_CHARACTERS = 10_000


class NoteEditor(QFrame):
    """Enter takes what was typed, Escape leaves the note as it is."""

    accepted = Signal(object, str, object)  # Note, text, values by attribute
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setObjectName("note_editor")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._note: Note | None = None
        self._boxes: dict[str, QComboBox] = {}
        self._more: list[QWidget] = []
        self.line = named(QLineEdit(placeholderText="Text, then Enter (Esc: none)"), "note_text_line")
        self.line.setMaxLength(MOST_CHARACTERS)
        self.line.setMinimumWidth(TEXT_WIDTH)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 6, 6, 6)
        self._row.addWidget(self.line)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._on_touched)
        self.setStyleSheet(
            "#note_editor { background: palette(button); border: 1px solid palette(highlight);"
            " border-radius: 6px; }"
        )
        self._timer = QTimer(self, singleShot=True, interval=UNTOUCHED_MS)
        self._timer.timeout.connect(self.cancel)
        self.hide()

    @property
    def note(self) -> Note | None:
        """What is being edited."""
        return self._note

    def edit(self, note: Note, track: Track, at: QPoint, *, for_a_while: bool = False) -> None:
        """Edit this note; `at`: where the field stands. What was typed for another one is taken first."""
        self.accept()
        self._note = note
        for part in self._more:
            self._row.removeWidget(part)
            part.deleteLater()
        self._more = []
        self._boxes = {}
        for attribute in track.attributes:
            label = QLabel(attribute.name, self)
            box = self._boxes[attribute.name] = _box(attribute, note.values.get(attribute.name, ""), self)
            box.installEventFilter(self)
            self._more += [label, box]
            self._row.addWidget(label)
            self._row.addWidget(box)
        self.line.setText(note.text)
        self.line.selectAll()
        self.adjustSize()
        room = self._host.size() - self.size()
        self.move(max(0, min(at.x(), room.width())), max(0, min(at.y(), room.height())))
        self.show()
        self.raise_()
        self.line.setFocus()
        if for_a_while:
            self._timer.start()

    @Slot()
    def accept(self) -> None:
        """Take what was typed. Idempotent."""
        note, self._note = self._note, None
        if note is not None:
            values = {name: box.currentText() for name, box in self._boxes.items()}
            kept = {name: value for name, value in note.values.items() if name not in values}
            self.accepted.emit(
                note, self.line.text(), kept | {name: value for name, value in values.items() if value}
            )
            self._close()

    @Slot()
    def cancel(self) -> None:
        """Leave the note as it is. Idempotent."""
        if self._note is not None:
            self._note = None
            self._close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Enter and Escape; no other key leaves the field, or it would mean something to the window."""
        if not isinstance(event, QKeyEvent):
            return False
        escape = event.key() == Qt.Key.Key_Escape
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.type() == QEvent.Type.ShortcutOverride and (escape or enter or plain):
            event.accept()
            return False
        if event.type() == QEvent.Type.KeyPress and (escape or enter):
            if escape:
                self.cancel()
            else:
                self.accept()
            return True
        return False

    @Slot()
    def _on_touched(self) -> None:
        self._timer.stop()

    def _close(self) -> None:
        self._timer.stop()
        self.hide()
        self.closed.emit()


def _box(attribute: Attribute, value: str, parent: QWidget) -> QComboBox:
    box = named(QComboBox(parent), f"note_value_{attribute.name}")
    box.setEditable(not attribute.choices)
    if attribute.choices:
        known = [choice.value for choice in attribute.choices]
        box.addItems(["", *known] if value in ("", *known) else ["", *known, value])
    box.setCurrentText(value)
    return box
