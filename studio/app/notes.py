"""Notes as recorder, window and command line make them: new ones, and what takes an entry back.

Writes them by the journal of the store; shows nothing.
"""

import csv
import io
import os
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from studio.errors import StoreEnvironmentError
from studio.formats.notes import MARKERS, Note, NoteBook, NoteEntry, NoteTail, PutNote
from studio.store import notes_journal
from studio.timing import NS_PER_S, TimeInterval, Timestamp


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


def notes_csv(book: NoteBook, origin_time: Timestamp = 0) -> str:
    """Notes as a table for other programs, one line each: ns since 1970, and s since `origin_time`."""
    attributes = tuple(dict.fromkeys(a.name for track in book.tracks for a in track.attributes))
    more = (name for note in book.notes for name in note.values)
    columns = tuple(dict.fromkeys((*attributes, *more)))
    made = io.StringIO(newline="")
    table = csv.writer(made)
    table.writerow(("time_ns", "end_time_ns", "start_s", "duration_s", "track", "text", *columns))
    for note in book.notes:
        start, duration = (note.time - origin_time) / NS_PER_S, (note.end_time - note.time) / NS_PER_S
        values = [note.values.get(name, "") for name in columns]
        row = (note.time, note.end_time, f"{start:.9f}", f"{duration:.9f}", note.track, note.text, *values)
        table.writerow(row)
    return made.getvalue()


def export_notes(recordings: Sequence[Path], target: Path, origin_time: Timestamp = 0) -> int:
    """Write the notes of some recordings to a CSV file, complete or not at all; how many they are.

    Raises StoreEnvironmentError where they cannot be read or the file cannot be written.
    """
    books = [notes_journal.read_notes(recording) for recording in recordings]
    tracks = tuple({track.name: track for book in books for track in book.tracks}.values())
    notes = sorted((note for book in books for note in book.notes), key=lambda n: (n.time, n.end_time, n.id))
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        # With a mark at its beginning, or spreadsheets take it for another alphabet.
        unfinished.write_text(
            notes_csv(NoteBook(tuple(notes), tracks), origin_time), encoding="utf-8-sig", newline=""
        )
        unfinished.replace(target)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreEnvironmentError(
            f"The notes cannot be written to {target}: {error.strerror or error}."
        ) from error
    return len(notes)
