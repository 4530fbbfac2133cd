"""Keeps the window's edits in a file while it is open, so that they can be taken back after it was killed.

Owns that file, beside the settings; who makes edits of a kind makes them anew from it. A window that is
closed takes the file away: what was done yesterday is not undone by a key today.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.settings_file import settings_path
from studio.ui.undo import Edit, UndoStack

MOST_KEPT = 100
"""Edits; older ones cannot be taken back after a kill."""
MOST_CHARACTERS = 1 << 20
"""Of all of them: they are written on the thread that draws."""

Revive = Callable[[str, Any], Edit]
"""Makes an edit anew from its sentence and its data, which anybody may have written: raises ValueError,
LookupError or TypeError for what makes no sense."""


def undo_path() -> Path:
    """Where the edits of an open window stand."""
    return settings_path().with_name("undo.json")


class UndoMemory(QObject):
    """The edits of one window on the disk. `teach` it all kinds, then `begin`."""

    failed = Signal(str)  # why they cannot be kept

    def __init__(
        self, undo: UndoStack, place: Callable[[], Path] = undo_path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._undo, self._place = undo, place
        self._revivers: dict[str, Revive] = {}
        self._told = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.save)

    def teach(self, kind: str, revive: Revive) -> None:
        """How edits of that kind are made anew."""
        self._revivers[kind] = revive

    def begin(self) -> int:
        """Put back what a window that was killed has left, and keep all from now on; how many edits came."""
        edits, index = self._left()
        self._undo.put_back(edits, index)
        for number in (*range(index), *reversed(range(index, len(edits)))):
            if edits[number].is_under_way:  # nobody knows whether it has come to the disk
                edits[number].do_again(back=number >= index)
        self._undo.about_to_alter.connect(self._write)  # before it is done: a kill may come in between
        self._undo.altered.connect(self._timer.start)
        return len(edits)

    @Slot()
    def save(self) -> None:
        """Write what there is, now."""
        self._timer.stop()
        self._write(self._undo.edits, self._undo.index())

    @Slot(object, int)
    def _write(self, edits: tuple[Edit, ...], index: int) -> None:
        place = self._place()
        unfinished = place.with_name(f"{place.name}.{os.getpid()}.new")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(_text(edits, index), encoding="utf-8")
            unfinished.replace(place)
        except OSError as error:
            if not self._told:
                self._told = True
                self.failed.emit(
                    f"What can be undone cannot be kept in {place}: {error.strerror}. "
                    "It can be undone as long as this window is open."
                )

    @Slot()
    def forget(self) -> None:
        """The window closes."""
        self._timer.stop()
        with suppress(RuntimeError):
            self._undo.altered.disconnect(self._timer.start)
            self._undo.about_to_alter.disconnect(self._write)
        with suppress(OSError):  # a file that cannot be removed is replaced at the next edit
            self._place().unlink(missing_ok=True)

    def _left(self) -> tuple[list[Edit], int]:
        try:
            found = json.loads(self._place().read_text(encoding="utf-8"))
            index, kept = int(found["index"]), list(found["edits"])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return [], 0  # none, or damaged: nothing but a convenience is lost
        index = max(0, min(index, len(kept)))
        edits = [self._revived(each) for each in kept]
        # One that is not understood parts those that can be reached from those behind it.
        low = max((n + 1 for n, edit in enumerate(edits[:index]) if edit is None), default=0)
        high = next((n for n in range(index, len(edits)) if edits[n] is None), len(edits))
        return [edit for edit in edits[low:high] if edit is not None], index - low

    def _revived(self, kept: Any) -> Edit | None:
        try:
            edit = self._revivers[kept["kind"]](str(kept["text"]), kept["data"])
            edit.is_under_way = kept.get("under_way") is True
            return edit
        except (ValueError, LookupError, TypeError):
            return None


def _text(edits: tuple[Edit, ...], index: int) -> str:
    """Edits next to the place on the stack where the user stands, as far as each can be said."""
    room, done, undone = MOST_CHARACTERS, list[str](), list[str]()
    for told, walk in ((done, reversed(edits[:index])), (undone, iter(edits[index:]))):
        for edit in walk:
            room -= len(edit.told)
            if not edit.told or room < 0 or len(told) == MOST_KEPT:
                break
            told.append(edit.told)
    return f'{{"index": {len(done)}, "edits": [{", ".join((*reversed(done), *undone))}]}}'
