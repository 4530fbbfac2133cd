"""Says something of folders of sessions by asking the reader of folders, so that it can be taken back."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from PySide6.QtCore import QObject, Signal

from studio.app.session_entries import DatasetChange
from studio.host.protocol import EditDataset
from studio.ui.panels.questions import Reader
from studio.ui.undo import Edit, Told, UndoStack

KIND = "dataset"
"""Of edits that are made here."""
_CHANGE = TypeAdapter(DatasetChange)


@dataclass(slots=True, eq=False)
class _Step:
    """One change of what is said of a folder."""

    folder: str
    old: DatasetChange
    """As the list has it; once it is written, what the file said: another studio may have been there."""
    new: DatasetChange
    is_written: bool = False


class DatasetEdits(QObject):
    """Describes folders. Returns at once; tells what has happened."""

    changed = Signal()  # something is different on the disk now
    failed = Signal(str)  # why something was not done

    def __init__(self, reader: Reader, undo: UndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._undo = undo

    def describe(self, folder: str, old: DatasetChange, new: DatasetChange, called: str) -> None:
        """Say `new` of a folder of which `old` is said; only fields that differ are written."""
        changed = DatasetChange(
            name=new.name if new.name != old.name else None,
            description=new.description if new.description != old.description else None,
        )
        if changed != DatasetChange():
            kept = _same_fields(old, changed)
            self._undo.push_edit(self._edit(f"description of {called}", folder, kept, changed))

    def revived(self, text: str, data: Any) -> Edit:
        """A change that a window had made which was killed. Raises ValueError, LookupError or TypeError."""
        old, new = (_CHANGE.validate_python(data[name]) for name in ("old", "new"))
        return self._edit(text, str(data["path"]), old, new, done=True)

    def _edit(
        self, text: str, folder: str, old: DatasetChange, new: DatasetChange, *, done: bool = False
    ) -> Edit:
        step = _Step(folder, old, new, is_written=done)
        edit = Edit(
            text,
            do=lambda: self._write(edit, step, step.new),
            undo=lambda: self._write(edit, step, step.old),
            done=done,
            tell=lambda: _told(step),
            asks=True,
        )
        return edit

    def _write(self, edit: Edit, step: _Step, change: DatasetChange) -> None:
        def take(before: DatasetChange) -> None:
            edit.is_under_way = False
            if not step.is_written:
                step.is_written, step.old = True, before
            self._undo.retell(edit)
            self.changed.emit()

        def fail(text: str) -> None:
            self._undo.drop(edit)
            self.failed.emit(text)
            self.changed.emit()

        self._reader.ask(EditDataset(step.folder, change), take, fail)


def _told(step: _Step) -> Told:
    old, new = (_CHANGE.dump_python(each) for each in (step.old, step.new))
    return Told(KIND, {"path": step.folder, "old": old, "new": new})


def _same_fields(old: DatasetChange, new: DatasetChange) -> DatasetChange:
    """What was said before in those fields that change."""
    return replace(
        old,
        name=None if new.name is None else old.name or "",
        description=None if new.description is None else old.description or "",
    )
