"""What is noted of the recordings on screen: read and written by the reader process, shown before it is.

A change is seen at once and written behind it, one piece after the other. Where that fails it is told, and
what the file says is shown again. What others write meanwhile (the recorder, another window) comes by looking
again every second. Makes nothing that can be taken back: `note_edits` does.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.formats.notes import Note, NoteEntry, NoteTail, PutNote, RemoveNote, Track
from studio.host.protocol import AppendNotes, Query, ReadNotes
from studio.timing import Duration, Timestamp
from studio.ui.notes.note_index import NoteIndex, NoteRow
from studio.ui.panels.questions import Reader

LOOK_EVERY_MS = 1000

Entries = Mapping[str, Sequence[NoteEntry]]
"""By the path of the recording they are about."""


@dataclass(frozen=True, slots=True)
class _Write:
    entries: tuple[NoteEntry, ...]
    on_failed: Callable[[], None] | None
    on_written: Callable[[], None] | None = None


@dataclass(slots=True)
class _Book:
    """The notes of one recording, as far as they are known."""

    path: str
    index: NoteIndex = field(default_factory=NoteIndex)
    offset: int = 0
    file: int = 0
    unreadable: int = 0
    writes: deque[_Write] = field(default_factory=deque)
    loading: NoteIndex | None = None
    """What is read from the beginning, to take the place of the index when all of it is there."""
    asking: bool = False
    epoch: int = 0
    """Answers to questions of an epoch before are not taken any more."""
    told: bool = False
    """That its file cannot be read; until it can be."""
    told_lines: int = 0
    """Of how many unreadable entries was told."""


class SessionNotes(QObject):
    """The notes of the recordings that are shown."""

    changed = Signal()
    failed = Signal(str)  # why something could not be written or read
    noted = Signal(str)  # what a user should know

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._books: dict[str, _Book] = {}
        self.home = ""
        """The recording to which new notes are written; empty: none is shown."""
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    # What is there --------------------------------------------------------------------------------------

    @property
    def paths(self) -> tuple[str, ...]:
        """The recordings whose notes these are."""
        return tuple(self._books)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Of all of them, each name once."""
        found: dict[str, Track] = {}
        for book in self._books.values():
            for name, track in book.index.tracks.items():
                found.setdefault(name, track)
        return tuple(found.values())

    def track(self, name: str) -> Track:
        """The track of that name; a plain one if there is none."""
        return next((track for track in self.tracks if track.name == name), Track(name))

    @property
    def count(self) -> int:
        """How many notes there are."""
        return sum(len(book.index.notes) for book in self._books.values())

    def all(self) -> Iterator[Note]:
        """Every note, in no order."""
        for book in self._books.values():
            yield from book.index.notes.values()

    def by_time(self) -> list[Note]:
        """Every note; a hundred thousand are put in order within a picture or two."""
        rows = self.all_rows()
        if not rows:
            return []
        notes = [note for row in rows for note in row.notes]
        starts, ends = (np.concatenate([getattr(row, name) for row in rows]) for name in ("starts", "ends"))
        return [notes[n] for n in np.lexsort((ends, starts)).tolist()]

    def note(self, id: str) -> Note | None:
        """The note of that id."""
        return next((b.index.notes[id] for b in self._books.values() if id in b.index.notes), None)

    def rows(self, track: str) -> list[NoteRow]:
        """The notes of a track, one row for each recording that has any."""
        return [book.index.rows[track] for book in self._books.values() if track in book.index.rows]

    def all_rows(self) -> list[NoteRow]:
        """The rows of all tracks."""
        return [row for book in self._books.values() for row in book.index.rows.values()]

    def edge_near(self, time: Timestamp, within: Duration) -> Timestamp | None:
        """The beginning or end of any note nearest to a time, no further from it than `within`."""
        near = (row.edge_near(time, within) for row in self.all_rows())
        edges = (edge for edge in near if edge is not None)
        return min(edges, key=lambda edge: abs(edge - time), default=None)

    def path_of(self, id: str) -> str:
        """Beside which recording the note of that id is written; that of new ones, if there is none."""
        return next((path for path, book in self._books.items() if id in book.index.notes), self.home)

    def paths_with(self, track: str) -> tuple[str, ...]:
        """The recordings that have a track."""
        found = tuple(path for path, book in self._books.items() if track in book.index.tracks)
        return found or ((self.home,) if self.home else ())

    def undoing(self, entries: Entries) -> dict[str, tuple[NoteEntry, ...]]:
        """What takes entries back that are about to be written; they must not speak of one thing twice."""
        return {
            path: tuple(each for entry in some for each in self._book(path).index.undoing(entry))
            for path, some in entries.items()
        }

    # What is shown --------------------------------------------------------------------------------------

    def show(self, paths: Sequence[str], home: str = "") -> None:
        """Hold the notes of these recordings from now on."""
        if tuple(paths) == self.paths and home == self.home:
            return
        self._books = {path: self._books.get(path) or _Book(path) for path in paths}
        self.home = home or next(iter(paths), "")
        if paths:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()
        self.look()

    def rest(self) -> None:
        """Look no more. Idempotent."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """See whether others wrote something."""
        for book in tuple(self._books.values()):
            self._go_on(book, look=True)

    # What is written ------------------------------------------------------------------------------------

    def write(
        self,
        entries: Entries,
        on_failed: Callable[[], None] | None = None,
        on_written: Callable[[], None] | None = None,
    ) -> None:
        """Take these into the notes, on the screen at once and on the disk soon.

        `on_failed` is called when that did not work, after it was told and taken back; `on_written` for each
        recording when it is on the disk.
        """
        for path, some in entries.items():
            if some:
                book = self._book(path)
                book.index.take(some)
                book.writes.append(_Write(tuple(some), on_failed, on_written))
                self._go_on(book)
        self.changed.emit()

    def show_early(self, path: str, note: Note) -> None:
        """Show a note that somebody else is about to write."""
        self._book(path).index.take((PutNote(note),))
        self.changed.emit()

    def read_anew(self, path: str) -> None:
        """Forget what was shown before it was written, and show what is."""
        book = self._books.get(path)
        if book is not None:
            self._begin_anew(book)
            self._go_on(book, look=True)
            self.changed.emit()

    def _book(self, path: str) -> _Book:
        """Also of a recording that is not shown any more: what was done to it can still be undone."""
        return self._books.get(path) or _Book(path)

    def _go_on(self, book: _Book, *, look: bool = False) -> None:
        """One question at a time, so that answers come in the order of what was written."""
        if book.asking or not (book.writes or look):
            return
        book.asking, epoch = True, book.epoch
        if not book.writes:
            query: Query = ReadNotes(book.path, book.offset, book.file)
        else:
            query = AppendNotes(book.path, book.writes[0].entries, book.offset, book.file)
        if book.writes:
            self._reader.ask(
                query,
                lambda tail: self._on_written(book, tail, epoch),
                lambda text: self._on_not_written(book, text),
            )
        else:
            self._reader.ask(
                query,
                lambda tail: self._on_read(book, tail, epoch),
                lambda text: self._on_unread(book, text),
            )

    def _on_written(self, book: _Book, tail: NoteTail, epoch: int) -> None:
        write = book.writes.popleft()
        if write.on_written is not None:
            write.on_written()
        if tail.entries == write.entries and epoch == book.epoch and not (tail.anew or book.loading):
            # Nobody else wrote: what is on the screen is what the file says now.
            tail = replace(tail, entries=())
        self._on_read(book, tail, epoch, (write,))

    def _on_read(self, book: _Book, tail: NoteTail, epoch: int, done: Sequence[_Write] = ()) -> None:
        book.asking = book.told = False
        if epoch != book.epoch:
            self._go_on(book, look=True)
            return
        if tail.anew:
            self._begin_anew(book)
        if book.loading is None and not _can_mix(tail, (*done, *book.writes)):
            self._begin_anew(book)
        else:
            self._take_tail(book, tail)
        self._go_on(book, look=tail.has_more or book.loading is not None)
        if (tail.entries or tail.anew) and book.loading is None:
            self.changed.emit()

    def _take_tail(self, book: _Book, tail: NoteTail) -> None:
        if book.loading is not None:
            book.loading.take(tail.entries)
        else:
            # What was changed here since must not jump back to what it was.
            newer = {_id_of(entry) for write in book.writes for entry in write.entries}
            book.index.take([entry for entry in tail.entries if _id_of(entry) not in newer])
        book.offset, book.file = tail.offset, tail.file
        book.unreadable += tail.unreadable
        if tail.has_more:
            return
        self._tell_unreadable(book)
        self._show_loaded(book)

    def _show_loaded(self, book: _Book) -> None:
        if book.loading is not None:
            for write in book.writes:
                book.loading.take(write.entries)
            book.index, book.loading = book.loading, None

    def _on_unread(self, book: _Book, text: str) -> None:
        book.asking = False
        if book.loading is not None:
            # Nothing that may not be in the file stays on the screen; the next look reads all of it.
            self._show_loaded(book)
            book.offset = 0
            self.changed.emit()
        if not book.told and book.path in self._books:
            book.told = True
            self.failed.emit(text)
        self._go_on(book)

    def _on_not_written(self, book: _Book, text: str) -> None:
        book.asking = False
        write = book.writes.popleft()
        self.failed.emit(text)
        if write.on_failed is not None:
            write.on_failed()
        self._begin_anew(book)
        self._go_on(book, look=True)
        self.changed.emit()

    def _begin_anew(self, book: _Book) -> None:
        """Read from the beginning; until all is read, what is on the screen stays there."""
        book.offset, book.unreadable, book.loading = 0, 0, NoteIndex()
        book.epoch += 1

    def _tell_unreadable(self, book: _Book) -> None:
        if book.unreadable > book.told_lines:
            book.told_lines = book.unreadable
            lines = "One entry" if book.unreadable == 1 else f"{book.unreadable} entries"
            self.noted.emit(
                f"{lines} in the notes of {PurePath(book.path).name} cannot be read; all others are shown. "
                "The file was not changed."
            )


def _id_of(entry: NoteEntry) -> str:
    match entry:
        case PutNote(note):
            return note.id
        case RemoveNote(id):
            return id
        case _:
            return ""


def _can_mix(tail: NoteTail, writes: Iterable[_Write]) -> bool:
    """Whether what others wrote can be taken after what was changed here: notes can, tracks not."""
    ours = [entry for write in writes for entry in write.entries]
    return not (ours and tail.entries) or all(map(_id_of, (*tail.entries, *ours)))
