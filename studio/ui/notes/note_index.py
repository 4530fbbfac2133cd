"""The notes of one recording, found by time, track and id, however many there are. No Qt, no files."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from studio.formats.notes import (
    Note,
    NoteEntry,
    PutNote,
    PutTrack,
    RemoveNote,
    RemoveTrack,
    RenameTrack,
    Track,
)
from studio.timing import Duration, Timestamp

Times: TypeAlias = npt.NDArray[np.int64]
_MANY = 64
"""Entries from which on a row is sorted anew instead of note by note."""
_Key: TypeAlias = tuple[Timestamp, Timestamp, str]


class NoteRow:
    """The notes of one track by time, with their ends as arrays: what is in view is found at once."""

    def __init__(self, notes: Iterable[Note] = ()) -> None:
        ordered = sorted(notes, key=_key)
        self.notes: list[Note] = ordered
        self._keys: list[_Key] = [_key(note) for note in ordered]
        self.starts: Times = np.array([note.time for note in ordered], np.int64)
        self.ends: Times = np.array([note.end_time for note in ordered], np.int64)

    def put(self, note: Note) -> None:
        """Another note."""
        at = bisect_left(self._keys, _key(note))
        self._keys.insert(at, _key(note))
        self.notes.insert(at, note)
        self.starts = np.insert(self.starts, at, note.time)
        self.ends = np.insert(self.ends, at, note.end_time)

    def remove(self, note: Note) -> None:
        """A note that is here, is not any more."""
        at = bisect_left(self._keys, _key(note))
        del self._keys[at], self.notes[at]
        self.starts, self.ends = np.delete(self.starts, at), np.delete(self.ends, at)

    def seen(self, left: Timestamp, right: Timestamp) -> npt.NDArray[np.intp]:
        """The numbers of the notes that have a part between the two times."""
        return np.flatnonzero((self.starts <= right) & (self.ends >= left))

    def edge_near(self, time: Timestamp, within: Duration) -> Timestamp | None:
        """The beginning or end of a note nearest to a time, no further from it than `within`."""
        edges = np.concatenate((self.starts, self.ends))
        far = np.abs(edges - time)
        nearest = int(np.argmin(far)) if len(edges) else -1
        return int(edges[nearest]) if nearest >= 0 and far[nearest] <= within else None

    def after(self, key: _Key) -> Note | None:
        """The first note behind that place in the order."""
        at = bisect_left(self._keys, (key[0], key[1], key[2] + "\0"))
        return self.notes[at] if at < len(self.notes) else None

    def before(self, key: _Key) -> Note | None:
        """The last note before that place in the order."""
        at = bisect_left(self._keys, key)
        return self.notes[at - 1] if at else None


class NoteIndex:
    """What remains of the entries taken so far; the same as a NoteBook, but quick to change."""

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}
        self.tracks: dict[str, Track] = {}
        self.rows: dict[str, NoteRow] = {}

    def take(self, entries: Sequence[NoteEntry]) -> None:
        """These were written."""
        if len(entries) < _MANY:
            for entry in entries:
                self._take(entry, by_row=True)
            return
        for entry in entries:
            self._take(entry, by_row=False)
        self.rows = _sorted_rows(self.notes.values(), self.tracks)

    def undoing(self, entry: NoteEntry) -> tuple[NoteEntry, ...]:
        """What takes an entry back that is about to be taken."""
        match entry:
            case PutNote(note):
                known = self.notes.get(note.id)
                return (PutNote(known),) if known else (RemoveNote(note.id),)
            case RemoveNote(id):
                known = self.notes.get(id)
                return (PutNote(known),) if known else ()
            case PutTrack(track):
                before = self.tracks.get(track.name)
                return (PutTrack(before),) if before else (RemoveTrack(track.name),)
            case RenameTrack(name, new_name):
                return (RenameTrack(new_name, name),)
            case RemoveTrack(name):
                there = self.tracks.get(name)
                lost = [PutNote(note) for note in self.notes.values() if note.track == name]
                return (PutTrack(there), *lost) if there else ()

    def _take(self, entry: NoteEntry, *, by_row: bool) -> None:
        match entry:
            case PutNote(note):
                self._put(note, by_row=by_row)
            case RemoveNote(id):
                self._remove(id, by_row=by_row)
            case PutTrack(track):
                self.tracks[track.name] = track
                self.rows.setdefault(track.name, NoteRow())
            case RenameTrack(name, new_name):
                self._rename(name, new_name)
            case RemoveTrack(name):
                self.tracks.pop(name, None)
                self.rows.pop(name, None)
                for id in [note.id for note in self.notes.values() if note.track == name]:
                    del self.notes[id]

    def _put(self, note: Note, *, by_row: bool) -> None:
        if self.notes.get(note.id) == note:
            return
        self._remove(note.id, by_row=by_row)
        self.notes[note.id] = note
        self.tracks.setdefault(note.track, Track(note.track))
        if by_row:
            self.rows.setdefault(note.track, NoteRow()).put(note)

    def _remove(self, id: str, *, by_row: bool) -> None:
        note = self.notes.pop(id, None)
        if note is not None and by_row:
            self.rows[note.track].remove(note)

    def _rename(self, name: str, new_name: str) -> None:
        if name not in self.tracks or new_name in self.tracks:
            return  # as a NoteBook does
        self.tracks = {
            (new_name if key == name else key): (replace(track, name=new_name) if key == name else track)
            for key, track in self.tracks.items()
        }
        for note in [note for note in self.notes.values() if note.track == name]:
            self.notes[note.id] = replace(note, track=new_name)
        self.rows = _sorted_rows(self.notes.values(), self.tracks)


def _sorted_rows(notes: Iterable[Note], tracks: Iterable[str]) -> dict[str, NoteRow]:
    by_track: dict[str, list[Note]] = {name: [] for name in tracks}
    for note in notes:
        by_track[note.track].append(note)
    return {name: NoteRow(found) for name, found in by_track.items()}


def _key(note: Note) -> _Key:
    return note.time, note.end_time, note.id
