"""What can be taken back: the window's one stack of edits, and the two actions that walk it.

An edit is a sentence and two callables. Both must return at once: where files change, they ask another
process, and whoever asked calls `UndoStack.drop` when that fails, so that the menu never offers to take back
what did not happen. Recording is not an edit.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack

MOST_EDITS = 500
"""Older ones are forgotten."""


class Edit(QUndoCommand):
    """One change that can be taken back and done again.

    `text` follows the words Undo and Redo: "rename of P03".
    """

    def __init__(
        self, text: str, *, do: Callable[[], None], undo: Callable[[], None], done: bool = False
    ) -> None:
        """`done`: what it says has happened already, so pushing it does nothing more."""
        super().__init__(text)
        self._do = do
        self._undo = undo
        self._done = done

    def redo(self) -> None:
        """Do it, the first time too."""
        if not self._done:
            self._do()
        self._done = False

    def undo(self) -> None:
        """Take it back."""
        self._undo()


class UndoStack(QUndoStack):
    """All edits of one window, in order. `push` an Edit: that does it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setUndoLimit(MOST_EDITS)
        self._edits: list[Edit] = []  # Qt holds them without a reference that Python would know
        self._undo_action: QAction | None = None
        self._redo_action: QAction | None = None
        self.indexChanged.connect(self._on_index_changed)

    def attach(self, undo: QAction, redo: QAction) -> None:
        """Let these two say what would happen, and make it happen."""
        self._undo_action, self._redo_action = undo, redo
        undo.triggered.connect(self.undo)
        redo.triggered.connect(self.redo)
        self._on_index_changed()

    def change(
        self, text: str, *, do: Callable[[], None], undo: Callable[[], None], done: bool = False
    ) -> Edit:
        """Push an edit made of these; see `Edit`."""
        edit = Edit(text, do=do, undo=undo, done=done)
        self._edits.append(edit)
        self.push(edit)
        del self._edits[:-MOST_EDITS]
        return edit

    def drop(self, edit: Edit) -> None:
        """It did not happen, or cannot happen any more: never offer it again."""
        edit.setObsolete(True)
        while self.canUndo() and self.command(self.index() - 1).isObsolete():
            self.undo()  # Qt takes an obsolete one away instead of undoing it
        while self.canRedo() and self.command(self.index()).isObsolete():
            self.redo()
        self._on_index_changed()

    @Slot()
    def _on_index_changed(self) -> None:
        _say(self._undo_action, "&Undo", self.undoText(), self.canUndo())
        _say(self._redo_action, "&Redo", self.redoText(), self.canRedo())


def _say(action: QAction | None, verb: str, what: str, possible: bool) -> None:
    if action is None:
        return
    action.setText(f"{verb} {what.replace('&', '&&')}".strip() if possible else verb)
    action.setEnabled(possible)
