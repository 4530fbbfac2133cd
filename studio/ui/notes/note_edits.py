"""Changes of notes and tracks, each of which can be taken back. Shows nothing, reads no file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from studio.app.notes import new_note
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
from studio.timing import Clock, TimeInterval
from studio.ui.notes.session_notes import Entries, SessionNotes
from studio.ui.undo import Edit, Told, UndoStack

KIND = "notes"
"""Of edits that are made here."""
MOST_TOLD = 1000
"""Entries of an edit that can be taken back after the window was killed; more would take a while to keep."""
_ENTRIES: TypeAdapter[dict[str, tuple[NoteEntry, ...]]] = TypeAdapter(dict[str, tuple[NoteEntry, ...]])


class NoteEdits:
    """Every way to change the notes of a window."""

    def __init__(self, notes: SessionNotes, undo: UndoStack, clock: Clock) -> None:
        self._notes, self._undo, self._clock = notes, undo, clock

    def add(self, track: str, interval: TimeInterval, text: str = "") -> Note | None:
        """A new note; None where no recording is shown that could have it."""
        if not self._notes.home:
            return None
        note = new_note(track=track, interval=interval, text=text, written=self._clock.now())
        self._do("new note", {self._notes.home: (PutNote(note),)})
        return note

    def note_added(self, note: Note, path: str) -> None:
        """Somebody else wrote a new note for us: it can be taken back, too."""
        entries, back = {path: (PutNote(note),)}, {path: (RemoveNote(note.id),)}
        self._push("marker", entries, back, done=True)

    def change(self, before: Note, after: Note, words: str = "change of a note") -> None:
        """A note is otherwise from now on."""
        if after != before:
            entry = PutNote(replace(after, written=self._clock.now()))
            self._do(words, {self._notes.path_of(before.id): (entry,)})

    def remove(self, ids: Iterable[str]) -> None:
        """These notes are gone."""
        by_path: dict[str, list[NoteEntry]] = {}
        for id in ids:
            if self._notes.note(id) is not None:
                by_path.setdefault(self._notes.path_of(id), []).append(RemoveNote(id))
        count = sum(map(len, by_path.values()))
        if count:
            self._do("deletion of a note" if count == 1 else f"deletion of {count} notes", by_path)

    def put_track(self, track: Track) -> None:
        """A track is there, or is otherwise from now on."""
        self._track("change of a track", track.name, PutTrack(track))

    def put_tracks(self, tracks: Sequence[Track]) -> None:
        """Tracks of a schema: those that are not there yet come, the others get its attributes."""
        if tracks and self._notes.home:
            self._do("tracks of a schema", {self._notes.home: [PutTrack(track) for track in tracks]})

    def rename_track(self, name: str, new_name: str) -> None:
        """A track is called otherwise; does nothing where that name is taken."""
        taken = {track.name for track in self._notes.tracks}
        if new_name and new_name not in taken:
            self._track("renaming of a track", name, RenameTrack(name, new_name))

    def remove_track(self, name: str) -> None:
        """A track and all its notes are gone."""
        self._track("deletion of a track", name, RemoveTrack(name))

    def _track(self, words: str, name: str, entry: NoteEntry) -> None:
        paths = self._notes.paths_with(name)
        if paths:
            self._do(words, {path: (entry,) for path in paths})

    def _do(self, words: str, entries: Entries) -> None:
        self._push(words, entries, self._notes.undoing(entries))

    def revived(self, text: str, data: Any) -> Edit:
        """A change that a window had made which was killed. Raises ValueError, LookupError or TypeError."""
        entries, back = (_ENTRIES.validate_python(data[name]) for name in ("do", "undo"))
        return self._edit(text, entries, back, done=True)

    def _push(self, words: str, entries: Entries, back: Entries, *, done: bool = False) -> None:
        self._undo.push_edit(self._edit(words, entries, back, done=done))

    def _edit(self, words: str, entries: Entries, back: Entries, *, done: bool) -> Edit:
        edit: Edit
        waiting = 0

        def write(these: Entries) -> None:
            nonlocal waiting
            waiting += sum(bool(some) for some in these.values())
            self._notes.write(these, drop, written)

        def drop() -> None:
            self._undo.drop(edit)

        def written() -> None:
            nonlocal waiting
            waiting -= 1
            edit.is_under_way = waiting > 0
            self._undo.retell(edit)

        edit = Edit(
            words,
            do=lambda: write(entries),
            undo=lambda: write(back),
            done=done,
            tell=lambda: _told(entries, back),
            asks=True,
        )
        return edit


def _told(entries: Entries, back: Entries) -> Told | None:
    if sum(len(some) for each in (entries, back) for some in each.values()) > MOST_TOLD:
        return None
    do, undo = (_ENTRIES.dump_python(_whole(each), mode="json") for each in (entries, back))
    return Told(KIND, {"do": do, "undo": undo})


def _whole(entries: Entries) -> dict[str, tuple[NoteEntry, ...]]:
    return {path: tuple(some) for path, some in entries.items()}
