"""Renames sessions, puts them in order, puts them into the trash. Never touches one that is being recorded.

A session that is a folder moves as a whole. A recording that lies loose moves with what belongs to it: files
whose names begin with its own, its notes and what was derived from it.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import send2trash

from studio.app.free_names import numbered_names, safe_name
from studio.app.session_description import SESSION_FILE, update_session
from studio.app.session_files import RECORDING_SUFFIX
from studio.app.whole_files import writable
from studio.errors import SessionEditError, StoreEnvironmentError
from studio.store.sidecar import is_being_written
from studio.store.verification import repair
from studio.timing import Timestamp

Move = tuple[Path, Path]


def rename_session(path: Path, name: str, *, created: Timestamp) -> Path:
    """Call a session `name`, its folder or file too as far as file systems allow; returns where it is now.

    A name that is taken gets a number. Raises SessionEditError, and then nothing has changed.
    """
    typed = writable(name).strip()
    if not typed:
        raise SessionEditError("A session needs a name.")
    check_at_rest(path)
    if not path.is_dir():
        return _rename_loose(path, typed)
    before = update_session(path, {"name": typed}, created=created)
    try:
        return _rename_folder(path, safe_name(typed, instead=path.name))
    except OSError as error:
        update_session(path, {"name": before.name}, created=created)
        raise _cannot("renamed", path, error) from error


def _rename_folder(folder: Path, name: str) -> Path:
    if folder.name == name:
        return folder
    target = _free_name(folder, name, "")
    folder.rename(target)
    return target


def _rename_loose(recording: Path, typed: str) -> Path:
    name = safe_name(typed, instead=recording.stem)
    if name == recording.stem:
        return recording
    target = _free_name(recording, name, RECORDING_SUFFIX)
    moves = [
        (path, path.with_name(target.stem + path.name[len(recording.stem) :]))
        for path in belongings(recording)
    ]
    taken = next((new for _, new in moves if os.path.lexists(new)), None)
    if taken is not None:
        raise SessionEditError(f"There is a {taken.name} already; choose another name.")
    _move_all(recording, moves)
    return target


def _move_all(recording: Path, moves: Sequence[Move]) -> None:
    """All or none: what has been moved goes back when one cannot be."""
    done: list[Move] = []
    try:
        for old, new in moves:
            old.rename(new)
            done.append((old, new))
    except OSError as error:
        for old, new in reversed(done):
            with suppress(OSError):
                new.rename(old)
        raise _cannot("renamed", recording, error) from error


def _free_name(path: Path, name: str, suffix: str) -> Path:
    """Not taken by anything but `path` itself, of which a file system may not tell `a` and `A` apart."""
    candidates = (path.with_name(numbered) for numbered in numbered_names(name, suffix))
    return next(new for new in candidates if not os.path.lexists(new) or _is_same(new, path))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def trash(paths: Sequence[Path]) -> None:
    """Put sessions, or single recordings with the files that belong to them, into the trash of their volume.

    Raises SessionEditError where one is being recorded, a folder holds other sessions, too, or there is no
    trash; nothing is deleted then.
    """
    for path in paths:
        check_at_rest(path)
        _check_holds_no_other(path)
    for path in paths:
        for each in [path] if path.is_dir() else (*side_files(path), path):
            _trash_one(each)


def _trash_one(path: Path) -> None:
    try:
        send2trash.send2trash(os.fspath(path))
    except OSError as error:
        raise SessionEditError(
            f"{path.name} cannot be put into the trash ({error.strerror or error}); it was not deleted. "
            "There may be no trash on its disk: delete it in your file manager if you want it gone."
        ) from error


def repair_recording(path: Path, tell: Callable[[int, int], None] | None = None) -> bool:
    """Put a recording in order whose recorder died, whatever machine it comes from; whether it was.

    Raises SessionEditError for one that is being recorded, StoreFormatError for one that is damaged.
    """
    check_at_rest(path)
    return repair(path, tell=tell)


def belongings(recording: Path) -> tuple[Path, ...]:
    """A recording and all files beside it that are named after it, the recording last."""
    before = recording.stem + "."
    others = sorted(
        path for path in recording.parent.iterdir() if path.name.startswith(before) and path != recording
    )
    return (*others, recording)


def side_files(recording: Path) -> tuple[Path, ...]:
    """Files beside a recording that are named after it and after no other: its notes."""
    others = belongings(recording)[:-1]
    derived = [path.stem + "." for path in others if path.suffix == RECORDING_SUFFIX]
    return tuple(
        path
        for path in others
        if path.suffix != RECORDING_SUFFIX and not path.name.startswith(tuple(derived))
    )


def check_at_rest(path: Path) -> None:
    """Raises SessionEditError where something is being recorded, or where nothing is any more."""
    if not os.path.lexists(path):
        raise SessionEditError(f"{path} is not there any more; nothing was changed.")
    try:
        recordings = list(path.glob(f"*{RECORDING_SUFFIX}")) if path.is_dir() else [path]
    except OSError as error:
        raise _cannot("read", path, error) from error
    if any(map(is_being_written, recordings)):
        raise SessionEditError(f"{path.name} is being recorded right now. Stop the recording first.")


def _check_holds_no_other(path: Path) -> None:
    if not path.is_dir():
        return
    names = (SESSION_FILE, f"*{RECORDING_SUFFIX}")
    below = (found for name in names for found in path.rglob(name))
    other = next((found for found in below if found.parent != path), None)
    if other is not None:
        raise SessionEditError(
            f"The folder {path.name} holds another session, {other.parent.name}; nothing was deleted."
        )


def _cannot(done: str, path: Path, error: OSError) -> SessionEditError:
    if isinstance(error, StoreEnvironmentError):
        return SessionEditError(str(error))
    return SessionEditError(f"{path.name} cannot be {done}: {error.strerror or error}. It stays as it was.")
