"""What can be taken back: the window's one stack of edits, and the two actions that walk it.

An edit is a sentence and two callables. Both must return at once: where files change, they ask another
process, and whoever asked calls `UndoStack.drop` when that fails, so that the menu never offers to take back
what did not happen. An edit that can say what it is in words of JSON can be taken back even after the window
was killed: see `undo_memory`. Recording is not an edit.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack

MOST_EDITS = 500
"""Older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Told:
    """An edit in words of JSON: enough to make it anew in another process."""

    kind: str
    """Who can do that."""
    data: Any


Tell = Callable[[], Told | None]
"""What an edit is now; None: it cannot be said, or not in few words."""


class Edit(QUndoCommand):
    """One change that can be taken back and done again.

    `text` follows the words Undo and Redo: "rename of P03".
    """

    def __init__(
        self,
        text: str,
        *,
        do: Callable[[], None],
        undo: Callable[[], None],
        done: bool = False,
        tell: Tell = lambda: None,
        asks: bool = False,
    ) -> None:
        """`done`: what it says has happened already, so pushing it does nothing more. `asks`: another process
        does it, and whoever asks says by `is_under_way` when that has answered; doing it twice does no harm.
        """
        super().__init__(text)
        self._do = do
        self._undo = undo
        self._done = done
        self._tell = tell
        self._asks = asks
        self._told: str | None = None
        self.taken_back_already = False
        """Taking it back does nothing the next time."""
        self.is_under_way = False
        """Another process was asked to do it, or to take it back, and has not answered yet."""

    @property
    def told(self) -> str:
        """Itself as JSON; empty: that cannot be said."""
        if self._told is None:
            told = self._tell()
            told_of = told and {"text": self.text(), "kind": told.kind, "data": told.data}
            self._told = json.dumps({**told_of, "under_way": self.is_under_way}) if told_of else ""
        return self._told

    def prepare(self) -> None:
        """It is about to be done, or to be taken back."""
        if self._asks and not (self._done or self.taken_back_already):
            self.is_under_way = True
            self.forget_told()

    def do_again(self, *, back: bool) -> None:
        """The window was killed while it was under way: do it, or take it back, once more."""
        (self._undo if back else self._do)()

    def forget_told(self) -> None:
        """It is about something else now."""
        self._told = None

    def redo(self) -> None:
        """Do it, the first time too."""
        if not self._done:
            self._do()
        self._done = False

    def undo(self) -> None:
        """Take it back."""
        if not self.taken_back_already:
            self._undo()
        self.taken_back_already = False


class UndoStack(QUndoStack):
    """All edits of one window, in order. `push` an Edit: that does it."""

    altered = Signal()  # edits have come or gone, were walked along, or say something else
    about_to_alter = Signal(object, int)  # what `edits` and `index()` will be, before anything is done

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

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All of them, the oldest first; those from `index()` on are taken back."""
        commands = (self.command(number) for number in range(self.count()))
        return tuple(command for command in commands if isinstance(command, Edit))

    def change(
        self,
        text: str,
        *,
        do: Callable[[], None],
        undo: Callable[[], None],
        done: bool = False,
        tell: Tell = lambda: None,
    ) -> Edit:
        """Push an edit made of these; see `Edit`."""
        edit = Edit(text, do=do, undo=undo, done=done, tell=tell)
        self.push_edit(edit)
        return edit

    @Slot()
    def undo(self) -> None:
        """Take back the last edit that was done."""
        self._walk_to(self.index() - 1, self.index() - 1)
        super().undo()

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self._walk_to(self.index() + 1, self.index())
        super().redo()

    def _walk_to(self, index: int, over: int) -> None:
        edits = self.edits
        if 0 <= over < len(edits):
            edits[over].prepare()
            self.about_to_alter.emit(edits, index)

    def put_back(self, edits: Sequence[Edit], index: int) -> None:
        """Edits of a window that was killed, made with `done`: nothing is done; those from `index` on were
        taken back."""
        for edit in edits:
            self.push_edit(edit)
        for edit in reversed(edits[index:]):
            edit.taken_back_already = True
            self.undo()

    def retell(self, *edits: Edit) -> None:
        """These, all if none is named, are about something else than when they were pushed: the user went on
        typing, or what they are about has moved."""
        for edit in edits or self.edits:
            edit.forget_told()
        self.altered.emit()

    def push_edit(self, edit: Edit) -> None:
        """Do it, and be able to take it back."""
        edit.prepare()
        self.about_to_alter.emit((*self.edits[: self.index()], edit), self.index() + 1)
        self._edits.append(edit)
        self.push(edit)
        del self._edits[:-MOST_EDITS]

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
        self.altered.emit()


def _say(action: QAction | None, verb: str, what: str, possible: bool) -> None:
    if action is None:
        return
    action.setText(f"{verb} {what.replace('&', '&&')}".strip() if possible else verb)
    action.setEnabled(possible)
