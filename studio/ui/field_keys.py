"""Keeps keys of the window that have Ctrl working while somebody types.

Fields of text know Ctrl+K, Ctrl+D and Ctrl+E as ways to edit, and would swallow them. Watches only the field
that has the focus; letters, and what takes back, copies and pastes, remain the field's.
"""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from studio.ui.actions import ACTIONS

FIELDS = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
OF_FIELDS = ("undo", "redo")
"""A field has its own; `undo_keys` knows when they are the window's."""


class FieldKeys(QObject):
    """Lives as long as the window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        known = {name: text.keys for name, text in ACTIONS.items() if name not in OF_FIELDS}
        self._keys = tuple(QKeySequence(keys) for keys in known.values() if "Ctrl" in keys)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if isinstance(now, FIELDS):
            now.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Hand on what the window answers to."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if QKeySequence(event.keyCombination()) not in self._keys:
            return False
        event.ignore()
        return True
