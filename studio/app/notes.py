"""Notes as recorder, window and command line make them: new ones, and what takes an entry back.

Writes them by the journal of the store; shows nothing.
"""

import uuid
from collections.abc import Mapping
from pathlib import Path

from studio.formats.notes import MARKERS, Note, NoteEntry, NoteTail, PutNote
from studio.store import notes_journal
from studio.timing import TimeInterval, Timestamp


def new_note(
    *,
    track: str,
    interval: TimeInterval,
    text: str = "",
    values: Mapping[str, str] | None = None,
    written: Timestamp,
) -> Note:
    """A note that nobody made before."""
    return Note(
        id=new_id(),
        track=track,
        time=interval.left,
        end_time=interval.right,
        text=text,
        values=dict(values or {}),
        written=written,
    )


def new_id() -> str:
    """Unlike any other, on any machine."""
    return uuid.uuid4().hex


def drop_marker(recording: Path, *, id: str, time: Timestamp, text: str, written: Timestamp) -> Note:
    """Mark a moment of a recording; the marker is on the disk when this returns.

    Raises StoreEnvironmentError if it cannot be written.
    """
    marker = Note(id=id, track=MARKERS, time=time, end_time=time, text=text, written=written)
    notes_journal.append_entries(recording, (PutNote(marker),))
    return marker


def append_notes(recording: Path, entries: tuple[NoteEntry, ...], offset: int = 0, file: int = 0) -> NoteTail:
    """Add entries, and answer all that was added behind `offset`: these, and what others wrote."""
    notes_journal.append_entries(recording, entries)
    return notes_journal.read_tail(recording, offset, file)
