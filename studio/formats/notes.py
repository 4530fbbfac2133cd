"""What people say about a recording: notes, their tracks, and all that was ever said of them. Values only.

A note is a moment or an interval with words and with values for the attributes of its track. Nothing is ever
rewritten: a book of notes is what remains when all entries that were made are gone through in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from studio.timing import TimeInterval, Timestamp

MARKERS = "Markers"
"""The track of markers that are dropped while something is recorded."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values an attribute may have."""

    value: str
    colour: str = ""
    """`#rrggbb`; empty: the track's."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that is asked about every note of a track."""

    name: str
    choices: tuple[Choice, ...] = ()
    """Empty: any text."""


@dataclass(frozen=True, slots=True)
class Track:
    """A row of notes with the same attributes."""

    name: str
    attributes: tuple[Attribute, ...] = ()
    colour: str = ""
    """`#rrggbb`; empty: chosen by the place of the track."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted of a moment or an interval."""

    id: str
    """Unlike that of any other note, on any machine."""
    track: str
    time: Timestamp
    end_time: Timestamp
    """The same as `time`: a moment. Both ends belong to the interval (decision 2)."""
    text: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """By the name of the attribute."""
    written: Timestamp = 0
    """When it was last changed."""

    @property
    def interval(self) -> TimeInterval:
        """The stretch it is about."""
        return TimeInterval(self.time, self.end_time)

    @property
    def is_moment(self) -> bool:
        """Whether it has no duration."""
        return self.time == self.end_time


@dataclass(frozen=True, slots=True)
class PutNote:
    """A note is there, or is changed: the newest of one id counts."""

    note: Note
    op: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """The note of that id is gone."""

    id: str
    op: Literal["remove note"] = "remove note"


@dataclass(frozen=True, slots=True)
class PutTrack:
    """A track is there, or has other attributes."""

    track: Track
    op: Literal["track"] = "track"


@dataclass(frozen=True, slots=True)
class RenameTrack:
    """The track and its notes are called otherwise from here on."""

    name: str
    new_name: str
    op: Literal["rename track"] = "rename track"


@dataclass(frozen=True, slots=True)
class RemoveTrack:
    """The track and all its notes are gone."""

    name: str
    op: Literal["remove track"] = "remove track"


NoteEntry: TypeAlias = PutNote | RemoveNote | PutTrack | RenameTrack | RemoveTrack


@dataclass(frozen=True, slots=True)
class NoteBook:
    """What remains of all entries."""

    notes: tuple[Note, ...] = ()
    """By time."""
    tracks: tuple[Track, ...] = ()
    """In the order in which they came; every track that a note names is among them."""
    unreadable: int = 0
    """Entries that could not be read; all others are here."""

    def on(self, track: str) -> tuple[Note, ...]:
        """The notes of one track, by time."""
        return tuple(note for note in self.notes if note.track == track)

    def note(self, id: str) -> Note | None:
        """The note of that id."""
        return next((note for note in self.notes if note.id == id), None)

    def with_entries(self, entries: Iterable[NoteEntry]) -> "NoteBook":
        """The book after these, too."""
        notes = {note.id: note for note in self.notes}
        tracks = {track.name: track for track in self.tracks}
        for entry in entries:
            _take(entry, notes, tracks)
        ordered = sorted(notes.values(), key=lambda note: (note.time, note.end_time, note.id))
        return replace(self, notes=tuple(ordered), tracks=tuple(tracks.values()))


@dataclass(frozen=True, slots=True)
class NoteTail:
    """What was added to the notes of a recording since somebody read them last."""

    entries: tuple[NoteEntry, ...] = ()
    unreadable: int = 0
    """Entries among them that could not be read."""
    offset: int = 0
    """Up to where in the file this goes; to be named when more is asked for."""
    file: int = 0
    """Which file it was: one that was put in its place is read from its beginning."""
    anew: bool = False
    """What was read before does not count any more: the file is another one, or shorter than it was."""
    has_more: bool = False
    """There was more than is handed out at a time."""


def _take(entry: NoteEntry, notes: dict[str, Note], tracks: dict[str, Track]) -> None:
    match entry:
        case PutNote(note):
            notes[note.id] = note
            tracks.setdefault(note.track, Track(note.track))
        case RemoveNote(id):
            notes.pop(id, None)
        case PutTrack(track):
            tracks[track.name] = track
        case RenameTrack(name, new_name):
            _rename(name, new_name, notes, tracks)
        case RemoveTrack(name):
            tracks.pop(name, None)
            for id in [note.id for note in notes.values() if note.track == name]:
                del notes[id]


def _rename(name: str, new_name: str, notes: dict[str, Note], tracks: dict[str, Track]) -> None:
    if name not in tracks or new_name in tracks:
        return  # made by two at the same time: the first has counted
    renamed = {
        (new_name if key == name else key): (replace(track, name=new_name) if key == name else track)
        for key, track in tracks.items()
    }
    tracks.clear()
    tracks.update(renamed)
    for note in [note for note in notes.values() if note.track == name]:
        notes[note.id] = replace(note, track=new_name)
