"""Where a recording goes: the folder of its session, `session.json`, the name of its file. Replaces nothing.

A session is a folder with one file per machine that took part and a `session.json` that says in full what the
folder's name can only hint at. Deleting `session.json` loses no data: the folder can be read without it.
"""

import os
import platform
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studio.app.free_names import free_path, numbered_names, safe_name
from studio.app.session_description import (
    SESSION_FILE,
    SessionDescription,
    read_session,
    write_session,
)
from studio.app.whole_files import writable
from studio.errors import StoreEnvironmentError, StoreFormatError
from studio.store.access import recording_path
from studio.timing import NS_PER_S, Timestamp

RECORDING_SUFFIX = ".h5"


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A session's folder, made for one recording, and where that recording goes."""

    folder: Path
    recording: Path
    description: SessionDescription


def create_session(folder: Path, *, name: str, participant: str, created: Timestamp) -> SessionPlace:
    """Make the folder of a new session below `folder`, with its `session.json`.

    A name that exists gets a number. Raises StoreEnvironmentError where the folder cannot be written.
    """
    typed = writable(name).strip() or default_session_name(created)
    description = SessionDescription(
        id=uuid.uuid4().hex, name=typed, created=created, participant=writable(participant)
    )
    made = _make_folder(folder, safe_name(typed, instead=default_session_name(created)))
    try:
        write_session(made, description)
    except OSError as error:
        _remove_empty(made)
        raise StoreEnvironmentError(
            f"The session cannot be written into {made}: {_reason(error)}. Choose another folder."
        ) from error
    return SessionPlace(made, free_path(made, partition_name(), RECORDING_SUFFIX), description)


def further_recording(folder: Path) -> SessionPlace:
    """A place for one more recording in a session that exists; makes nothing.

    Raises StoreEnvironmentError where there is no such folder, or it cannot be written.
    """
    where = folder.expanduser().absolute()
    if not where.is_dir() or not os.access(where, os.W_OK | os.X_OK):
        state = "cannot be written" if where.is_dir() else "is not there (any more)"
        raise StoreEnvironmentError(
            f"The session {where} {state}, so nothing more can be recorded into it. Record a new session."
        )
    description = _description_of(where)
    return SessionPlace(where, free_path(where, partition_name(), RECORDING_SUFFIX), description)


def _description_of(folder: Path) -> SessionDescription:
    """As far as it can be read: a session without a description is one all the same."""
    try:
        found = read_session(folder)
    except StoreFormatError:
        found = None
    return found if found is not None else SessionDescription(id="", name=folder.name, created=0)


def discard_empty_session(place: SessionPlace) -> None:
    """Take back a session whose recording never began; a folder that holds anything else is left alone."""
    if any(path.name != SESSION_FILE for path in place.folder.iterdir()):
        return
    (place.folder / SESSION_FILE).unlink(missing_ok=True)
    _remove_empty(place.folder)


def default_session_name(created: Timestamp) -> str:
    """Date and time of day here, as file systems accept it: `2026-11-22 03.48.50`."""
    here = datetime.fromtimestamp(created // NS_PER_S, tz=UTC).astimezone()
    return here.strftime("%Y-%m-%d %H.%M.%S")


def partition_name() -> str:
    """Name of this machine's recording in a session."""
    return safe_name(platform.node().split(".")[0], instead="recording")


def check_recording_path(path: Path) -> Path:
    """The absolute path of a recording to be made exactly there (`.h5` is added where it lacks).

    Its folder is made where it is missing.

    Raises StoreEnvironmentError where something is there already, or the place cannot be written.
    """
    given = path.expanduser().absolute()
    wanted = recording_path(given)
    for taken in (given, wanted):
        if taken.exists() or taken.is_symlink():
            kind = "folder" if taken.is_dir() else "file"
            raise StoreEnvironmentError(
                f"There is a {kind} {taken} already; nothing is ever overwritten. Choose another name."
            )
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_make(wanted.parent, error) from error
    if not os.access(wanted.parent, os.W_OK | os.X_OK):
        raise StoreEnvironmentError(f"The folder {wanted.parent} cannot be written. Choose another one.")
    return wanted


def _make_folder(folder: Path, name: str) -> Path:
    where = folder.expanduser().absolute()
    try:
        where.mkdir(parents=True, exist_ok=True)
        return next(_made(where, name))
    except OSError as error:
        raise _cannot_make(where, error) from error


def _made(folder: Path, name: str) -> Iterator[Path]:
    for numbered in numbered_names(name):
        try:
            (folder / numbered).mkdir()
        except FileExistsError:
            continue  # by now, even if it was free a moment ago: another recorder may be at work
        yield folder / numbered


def _cannot_make(folder: Path, error: OSError) -> StoreEnvironmentError:
    return StoreEnvironmentError(
        f"The folder {folder} cannot be written: {_reason(error)}. Choose another folder for recordings."
    )


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # not empty, or the disk has gone: an empty folder does no harm
