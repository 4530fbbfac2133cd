"""Lets Ctrl+Z in a field mean the edits of the window where the field has nothing of its own to take back."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

Field = QLineEdit | QPlainTextEdit


class UndoKeys(QObject):
    """Watches some fields; a field takes Ctrl+Z for itself even when it does nothing with it."""

    def __init__(self, *fields: Field, parent: QObject) -> None:
        super().__init__(parent)
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Hand on what the field cannot do."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        keys = QKeySequence.StandardKey
        undo, redo = event.matches(keys.Undo), event.matches(keys.Redo)
        if not (undo or redo) or (can_undo(watched) if undo else can_redo(watched)):
            return False
        event.ignore()
        return True


def can_undo(field: QObject) -> bool:
    """Whether the field has something of its own to take back."""
    if isinstance(field, QPlainTextEdit):
        return field.document().isUndoAvailable()
    return isinstance(field, QLineEdit) and field.isUndoAvailable()


def can_redo(field: QObject) -> bool:
    """Whether the field has taken something back."""
    if isinstance(field, QPlainTextEdit):
        return field.document().isRedoAvailable()
    return isinstance(field, QLineEdit) and field.isRedoAvailable()
