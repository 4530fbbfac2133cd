"""`session.json`: what a session is called, who took part, notes, tags. Reads it; writes it whole or not.

Deleting the file loses no data. Two studios that edit it one after the other lose nothing either: a change
names its fields, is made to what the file says at that moment, and nobody else writes meanwhile. A process
killed at any moment leaves the old text or the new one.
"""

import uuid
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.app.free_names import free_path
from studio.app.session_entries import SessionChange
from studio.app.whole_files import alone, unfinished_name, writable, write_whole
from studio.errors import SessionEditError, StoreFormatError
from studio.timing import Timestamp

SESSION_FILE = "session.json"
UNFINISHED = unfinished_name(SESSION_FILE)


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
    write_whole(folder / SESSION_FILE, description.model_dump_json(indent=2).encode("utf-8"))


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
        with alone(folder / SESSION_FILE):
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
