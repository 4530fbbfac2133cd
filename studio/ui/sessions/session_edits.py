"""Changes sessions by asking the reader of folders, so that every change can be taken back.

A change knows its session by a place that moves along when the session is renamed. What a field was before is
what the file said at that moment, not what the list showed: another studio may have been there meanwhile.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter
from PySide6.QtCore import QObject, Signal

from studio.app.session_entries import SessionChange, SessionEntry
from studio.host.protocol import EditSession, Query, RenameSession, RepairRecording, TrashSession
from studio.timing import Timestamp
from studio.ui.panels.questions import Reader
from studio.ui.sessions.session_texts import one_line
from studio.ui.undo import Edit, Told, UndoStack

KIND = "session"
"""Of edits that are made here."""
_CHANGE: TypeAdapter[SessionChange | str] = TypeAdapter(SessionChange | str)


@dataclass(slots=True, eq=False)
class _Place:
    """Where a session is now."""

    path: str
    is_busy: bool = False
    """A change is on its way: what the list says is not the newest."""
    waiting: deque[Callable[[], None]] = field(default_factory=deque)
    """Changes that are sent when that one is done, since it may move the session."""


@dataclass(slots=True, eq=False)
class _Step:
    """One change of one session, done or taken back."""

    place: _Place
    created: Timestamp
    old: SessionChange | str
    new: SessionChange | str
    """Text: of a rename."""
    edit: Edit | None = None
    written: bool = False
    waiting: int = 0
    """How often it was asked for and not answered yet."""
    then: Callable[[str], None] | None = None
    """Called once, when it was done for the first time or could not be."""

    def settle(self) -> None:
        """It is done, or cannot be."""
        then, self.then = self.then, None
        if then is not None:
            then(self.place.path)


class SessionEdits(QObject):
    """Describes, renames, repairs and throws away sessions. Returns at once; tells what has happened."""

    changed = Signal()  # something is different on the disk now
    described = Signal(str, object)  # at this path, fields have these values: SessionChange
    moved = Signal(str, str)  # a session has gone from this path to that
    gone = Signal(object)  # these paths are in the trash
    repaired = Signal(str)  # this recording is in order now
    failed = Signal(str)  # why something was not done

    def __init__(self, reader: Reader, undo: UndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._undo = undo
        self._places: dict[str, _Place] = {}
        self._last: _Step | None = None

    def describe(self, session: SessionEntry, change: SessionChange, *, go_on: bool = False) -> None:
        """Give fields new values; `go_on`: the user is still typing what the last change was of."""
        old, place = _old(session, change), self._place(session)
        if old == change and not place.is_busy:
            return
        step = _Step(place, session.started_time, old, change)
        if go_on and self._last is not None and self._goes_on(self._last, step):
            self._last.new = change
            self._do(self._last)
            self._retell(self._last)
            return
        self._push(f"{_what(change)} of {one_line(session.name)}", step)
        self._last = step

    def rename(self, session: SessionEntry, name: str, then: Callable[[str], None] | None = None) -> None:
        """Call a session something else; `then` is called with its path when that is done, or cannot be."""
        if name.strip() and name.strip() != session.name:
            step = _Step(self._place(session), session.started_time, session.name, name.strip(), then=then)
            self._push(f"rename of {one_line(session.name)}", step)
        elif then is not None:
            then(session.path)

    def trash(self, paths: Sequence[str]) -> None:
        """Put sessions or recordings into the trash; the user has been asked."""
        self._reader.ask(TrashSession(tuple(paths)), lambda _: self._on_gone(tuple(paths)), self._on_failure)

    def repair(self, path: str) -> None:
        """Put a recording in order; the user has been asked."""
        self._reader.ask(RepairRecording(path), lambda _: self._on_repaired(path), self._on_failure)

    def revived(self, text: str, data: Any) -> Edit:
        """A change that a window had made which was killed. Raises ValueError, LookupError or TypeError."""
        old, new = (_CHANGE.validate_python(data[name]) for name in ("old", "new"))
        path = str(data["path"])
        place = self._places.setdefault(path, _Place(path))
        step = _Step(place, int(data["created"]), old, new, written=True)
        step.edit = Edit(
            text,
            do=lambda: self._do(step),
            undo=lambda: self._take_back(step),
            done=True,
            tell=lambda: _told(step),
            asks=_may_be_asked_twice(step),
        )
        return step.edit

    def _push(self, text: str, step: _Step) -> None:
        step.edit = Edit(
            text,
            do=lambda: self._do(step),
            undo=lambda: self._take_back(step),
            tell=lambda: _told(step),
            asks=_may_be_asked_twice(step),
        )
        self._undo.push_edit(step.edit)

    def _retell(self, step: _Step) -> None:
        if step.edit is not None:
            self._undo.retell(step.edit)

    def _goes_on(self, last: _Step, step: _Step) -> bool:
        """Whether both change the same fields of the same session, and nothing has been changed since."""
        top = self._undo.command(self._undo.index() - 1)
        same = isinstance(last.new, SessionChange) and isinstance(step.new, SessionChange)
        return (
            same
            and last.place is step.place
            and _names(last.new) == _names(step.new)
            and last.edit is not None
            and top is last.edit
            and not self._undo.canRedo()
        )

    def _do(self, step: _Step) -> None:
        if isinstance(step.new, SessionChange):
            self._write(step, step.new, is_first=not step.written)
            step.written = True
        else:
            self._rename(step, step.new)

    def _take_back(self, step: _Step) -> None:
        if isinstance(step.old, SessionChange):
            self._write(step, step.old)
        else:
            self._rename(step, step.old)

    def _write(self, step: _Step, change: SessionChange, *, is_first: bool = False) -> None:
        step.waiting += 1

        def take(before: SessionChange) -> None:
            step.waiting -= 1
            if step.edit is not None:
                step.edit.is_under_way = step.waiting > 0
            if is_first and before != change:  # a reader that was killed may have written it and not told
                step.old = before  # what the file said
            self._retell(step)
            self.described.emit(step.place.path, change)
            self.changed.emit()

        self._send(step, lambda path: EditSession(path, change, step.created), take)

    def _rename(self, step: _Step, name: str) -> None:
        self._send(
            step,
            lambda path: RenameSession(path, name, step.created),
            lambda path: self._on_renamed(step, str(path)),
        )

    def _send(self, step: _Step, query: Callable[[str], Query], take: Callable[[Any], None]) -> None:
        """Ask for one change after the other, each with the path that the one before has left behind."""
        place = step.place

        def settled(then: Callable[[Any], None], value: Any) -> None:
            place.is_busy = False
            then(value)
            if place.waiting and not place.is_busy:
                place.waiting.popleft()()

        def send() -> None:
            place.is_busy = True
            self._reader.ask(
                query(place.path),
                lambda value: settled(take, value),
                lambda text: settled(lambda text: self._drop(step, text), text),
            )

        if place.is_busy:
            place.waiting.append(send)
        else:
            send()

    def _on_renamed(self, step: _Step, path: str) -> None:
        place = step.place
        before, place.path = place.path, path
        self._places.pop(before, None)
        self._places[path] = place
        self._undo.retell()
        if before != path:
            self.moved.emit(before, path)
        self.changed.emit()
        step.settle()

    def _on_repaired(self, path: str) -> None:
        self.repaired.emit(path)
        self.changed.emit()

    def _on_gone(self, paths: tuple[str, ...]) -> None:
        self.gone.emit(paths)
        self.changed.emit()

    def _drop(self, step: _Step, text: str) -> None:
        if step.edit is not None:
            self._undo.drop(step.edit)
        self._on_failure(text)
        self.changed.emit()
        step.settle()

    def _on_failure(self, text: str) -> None:
        self.failed.emit(text)

    def _place(self, session: SessionEntry) -> _Place:
        return self._places.setdefault(session.path, _Place(session.path))


def _may_be_asked_twice(step: _Step) -> bool:
    return isinstance(step.new, SessionChange)  # a session that was moved is not where it is looked for


def _told(step: _Step) -> Told:
    old, new = (_CHANGE.dump_python(each, mode="json") for each in (step.old, step.new))
    return Told(KIND, {"path": step.place.path, "created": step.created, "old": old, "new": new})


def _names(change: "SessionChange | str") -> tuple[str, ...]:
    if isinstance(change, str):
        return ()
    return tuple(each.name for each in fields(change) if getattr(change, each.name) is not None)


def _what(change: SessionChange) -> str:
    return " and ".join(_names(change))


def _old(session: SessionEntry, change: SessionChange) -> SessionChange:
    """What the list says of the fields that are to change."""
    return SessionChange(**{name: getattr(session, name) for name in _names(change)})
