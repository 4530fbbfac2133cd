"""`session.json`: what a session is called, who took part, notes, tags. Reads it; writes it whole or not.

Deleting the file loses no data. Two studios that edit it one after the other lose nothing either: a change
names its fields, is made to what the file says at that moment, and nobody else writes meanwhile. A process
killed at any moment leaves the old text or the new one.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.app.free_names import free_path
from studio.app.session_entries import SessionChange
from studio.errors import SessionEditError, StoreFormatError
from studio.store.sidecar import SideCar
from studio.timing import NS_PER_MS, NS_PER_S, Timestamp, monotonic_ns, wait_on

SESSION_FILE = "session.json"
UNFINISHED = f".{SESSION_FILE}.new"
"""Beside it while it is being written; a killed process may leave one, which the next replaces."""
PATIENCE = 3 * NS_PER_S
"""How long another studio may take with its own change."""


class SessionDescription(BaseModel):
    """What `session.json` holds."""

    # Fields of a newer studio are kept and written back.
    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    """Shared by all recordings of the session, on all machines."""
    name: str
    """As the user typed it."""
    created: Timestamp
    participant: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()


def read_session(folder: Path) -> SessionDescription | None:
    """What the folder's `session.json` says; None where there is none. Raises StoreFormatError if damaged."""
    place = folder / SESSION_FILE
    try:
        return SessionDescription.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise StoreFormatError(
            f"{place} does not describe a session; the recordings beside it are fine"
        ) from error


def write_session(folder: Path, description: SessionDescription) -> None:
    """Put it into the folder, whole or not at all; it is on the disk afterwards. Raises OSError."""
    unfinished = folder / UNFINISHED
    try:
        with unfinished.open("wb") as file:
            file.write(description.model_dump_json(indent=2).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / SESSION_FILE)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync_folder(folder)


def change_session(folder: Path, change: SessionChange, *, created: Timestamp) -> SessionChange:
    """Give some fields new values; returns what they were. `created` is for a folder without description.

    Raises SessionEditError where the folder cannot be written or another studio does not let go of it.
    """
    texts = {name: getattr(change, name) for name in ("participant", "notes")}
    changes: dict[str, object] = {name: writable(text) for name, text in texts.items() if text is not None}
    if change.tags is not None:
        changes["tags"] = tuple(map(writable, change.tags))
    before = update_session(folder, changes, created=created)
    return SessionChange(
        participant=None if change.participant is None else before.participant,
        notes=None if change.notes is None else before.notes,
        tags=None if change.tags is None else before.tags,
    )


def update_session(folder: Path, changes: dict[str, object], *, created: Timestamp) -> SessionDescription:
    """Write the description with these fields changed; returns what it was. Raises SessionEditError."""
    try:
        with _alone(folder):
            before = _description(folder, created)
            write_session(folder, before.model_copy(update=changes))
    except OSError as error:
        raise SessionEditError(
            f"The description of {folder.name} cannot be written: {error.strerror or error}. "
            "It stays as it was."
        ) from error
    return before


def _description(folder: Path, created: Timestamp) -> SessionDescription:
    """The one that is there; else a new one. A damaged one is kept beside."""
    try:
        found = read_session(folder)
    except StoreFormatError:
        place = folder / SESSION_FILE
        place.rename(free_path(folder, SESSION_FILE, ".damaged"))
        found = None
    return found or SessionDescription(id=uuid.uuid4().hex, name=writable(folder.name), created=created)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the description while the block lasts."""
    if not folder.is_dir():
        raise SessionEditError(f"{folder} is not there any more; nothing was changed.")
    begun = monotonic_ns()
    while (lock := SideCar.take(folder / SESSION_FILE)) is None:
        if monotonic_ns() - begun > PATIENCE:
            raise SessionEditError(f"Another studio is changing {folder.name}. Try again in a moment.")
        wait_on(Event(), 10 * NS_PER_MS)
    try:
        yield
    finally:
        lock.release()


def writable(text: str) -> str:
    """As a file can hold it: half a character, which a clipboard may hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where a folder can be synchronised at all."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
