"""Carries the notes of recordings along to what is made of them. The originals' notes are only read."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.app.operations.joining import Part
from studio.app.operations.making import Making
from studio.formats.notes import Note, NoteEntry, PutNote, PutTrack, Track
from studio.store.notes_journal import SUFFIX, append_entries, notes_path, read_notes
from studio.timing import TimeInterval


def carry_notes(parts: Sequence[Part], made: Making) -> None:
    """Notes beside what is made: of a whole copy the journal as it is, else those that lie in it.

    Raises StoreEnvironmentError when notes that are there cannot be read, or be written.
    """
    found = [part for part in parts if notes_path(Path(part.info.path)).is_file()]
    if not found:
        return
    target = made.beside(SUFFIX)
    if len(parts) == 1 and parts[0].interval == TimeInterval.INFINITE:
        shutil.copyfile(notes_path(Path(parts[0].info.path)), target)
        return
    target.touch()
    append_entries(made.place, entries_of(found))


def entries_of(parts: Iterable[Part]) -> list[NoteEntry]:
    """One journal for all: tracks of one name are one, with the attributes of all."""
    tracks: dict[str, Track] = {}
    notes: list[Note] = []
    for part in parts:
        book = read_notes(Path(part.info.path))
        for track in book.tracks:
            tracks[track.name] = _joined(tracks.get(track.name), track)
        notes.extend(note for note in book.notes if _touches(note, part.interval))
    return [*(PutTrack(track) for track in tracks.values()), *(PutNote(note) for note in notes)]


def notes_within(part: Part) -> list[dict[str, Any]]:
    """What was noted of the part, as JSON can say it."""
    return [
        {
            "time_ns": note.time,
            "end_time_ns": note.end_time,
            "track": note.track,
            "text": note.text,
            "values": note.values,
        }
        for note in read_notes(Path(part.info.path)).notes
        if _touches(note, part.interval)
    ]


def _joined(first: Track | None, second: Track) -> Track:
    if first is None:
        return second
    known = {attribute.name for attribute in first.attributes}
    more = tuple(attribute for attribute in second.attributes if attribute.name not in known)
    return replace(first, attributes=first.attributes + more)


def _touches(note: Note, interval: TimeInterval) -> bool:
    return note.time <= interval.right and note.end_time >= interval.left
