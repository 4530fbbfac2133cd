"""The streams of an open recording, found by name. One is opened when it is asked for. Reads no messages."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import h5py
import numpy as np

from studio.errors import StoreFormatError
from studio.formats.stream_columns import StreamColumns
from studio.store import layout
from studio.store.contents import FEW, Contents, Counted, Listings, read_contents
from studio.store.damage import explained
from studio.store.growing_contents import TRIES, GrowingList, growing_list
from studio.store.stream_reader import Counts, StreamReader, description_in


class StreamBook:
    """In the order in which they were added."""

    def __init__(self, readers: dict[str, StreamReader], damaged: tuple[str, ...] = ()) -> None:
        self._readers = readers
        self.damaged = damaged
        """Streams that cannot be opened at all, each with the reason."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def get(self, name: str) -> StreamReader | None:
        """The stream of that name."""
        return self._readers.get(name)

    def readers(self) -> tuple[StreamReader, ...]:
        """All streams."""
        return tuple(self._readers.values())

    def take_commit(self, times: h5py.Dataset, counts: h5py.Dataset) -> int:
        """Go to the last row of the commits; how many there are."""
        rows = commit_rows(times, counts)
        self.take_counts(last_counts(counts, rows))
        return rows

    def take_counts(self, counts: Counted) -> None:
        """A row of the commits: how far each is valid."""
        for stream in self._readers.values():
            if stream.description.id < len(counts):
                stream.counts = Counts(*map(int, counts[stream.description.id]))


class ListedStreams:
    """The same, of a recording with a table of contents: nothing is opened of streams nobody asks for."""

    damaged: tuple[str, ...] = ()

    def __init__(
        self, path: Path, group: h5py.Group, contents: Contents, growing: GrowingList | None = None
    ) -> None:
        """`growing`: where to look for more."""
        self._path, self._group = path, group
        self._growing = growing
        self.contents = contents
        self._made: dict[str, StreamReader] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.contents.streams.all_names())

    def get(self, name: str) -> StreamReader | None:
        """The stream of that name."""
        if name not in self._made:
            number = self.contents.streams.number_of(name)
            if number is None:
                return None
            self._made[name] = self._opened(number)
        return self._made[name]

    def readers(self) -> tuple[StreamReader, ...]:
        """All streams."""
        found = (self.get(name) for name in self)
        return tuple(reader for reader in found if reader is not None)

    def take_commit(self, times: h5py.Dataset, counts: h5py.Dataset) -> int:
        """Go to the last row of the commits; how many there are. Raises StoreFormatError.

        What was read while the writer had come to the next but one may have been written over meanwhile.
        """
        rows = commit_rows(times, counts)
        if self._growing is None or not rows:
            return rows
        for _ in range(TRIES):
            contents = self._growing.as_of(rows - 1)
            times.refresh()
            if times.shape[0] <= rows:
                self._take(contents)
                return rows
            counts.refresh()
            rows = commit_rows(times, counts)
        raise StoreFormatError(f"{self._path} grows faster than it can be read; try again")

    def _take(self, contents: Contents) -> None:
        self.contents = contents
        for number, reader in ((reader.description.id - 1, reader) for reader in self._made.values()):
            reader.counts = Counts(*map(int, contents.counts[number]))

    def _opened(self, number: int) -> StreamReader:
        info = self.contents.streams[number]
        described = layout.StreamDescription(
            info.name, number + 1, info.format, info.device, info.opened_time, info.supplemental
        )
        reader = StreamReader(self._path, self._group, layout.escape(info.name), described)
        reader.counts = Counts(*map(int, self.contents.counts[number]))
        return reader


def book_of(
    path: Path, file: h5py.File, *, is_live: bool, listings: Listings | None = None
) -> StreamBook | ListedStreams:
    """The streams of a recording, by the shortest way there is."""
    contents = None if is_live else read_contents(path, file)
    if contents is not None:
        return ListedStreams(path, file[layout.STREAMS], contents)
    growing = growing_list(path, file)
    if growing is not None:
        times, counts = file[layout.COMMITS][layout.TIME], file[layout.COMMITS][layout.COUNTS]
        rows = commit_rows(times, counts)
        contents = growing.as_of(max(0, rows - 1))
        if is_live or np.array_equal(contents.counts, last_counts(counts, rows)[layout.LOG_ID + 1 :]):
            return ListedStreams(path, file[layout.STREAMS], contents, growing)
    if is_live or listings is None or len(file[layout.STREAMS]) <= FEW:
        return streams_of(path, file)
    return _remembered(path, file, listings)


def _remembered(path: Path, file: h5py.File, listings: Listings) -> StreamBook | ListedStreams:
    """Each stream is looked into once only, as long as the file stays as it is."""
    contents = listings.load(path)
    if contents is None or len(contents.streams) != len(file[layout.STREAMS]):
        book = streams_of(path, file, partial(listings.tell, path))
        contents = _gathered(file, book, partial(listings.tell, path))
        if contents is None:
            return book
        listings.keep(path, contents)
    return ListedStreams(path, file[layout.STREAMS], contents)


def _gathered(file: h5py.File, book: StreamBook, tell: Callable[[int, int], None]) -> Contents | None:
    """What all streams say; None if one cannot be opened, or if they are not numbered as they come."""
    table = file[layout.COMMITS]
    counts = last_counts(table[layout.COUNTS], commit_rows(table[layout.TIME], table[layout.COUNTS]))
    readers = book.readers()
    numbers = [reader.description.id for reader in readers]
    if book.damaged or numbers != list(range(layout.LOG_ID + 1, len(counts))):
        return None
    book.take_counts(counts)
    infos = []
    for done, reader in enumerate(readers, len(readers)):
        tell(done, 2 * len(readers))
        infos.append(reader.info())
        reader.rest()
    return Contents(StreamColumns.of(infos), counts[layout.LOG_ID + 1 :])


def streams_of(path: Path, file: h5py.File, tell: Callable[[int, int], None] | None = None) -> StreamBook:
    """All streams as their groups tell them, and those that cannot be opened.

    `tell` hears how much is done, of the double number: what they hold is asked after that.
    """
    found: list[StreamReader] = []
    damaged: list[str] = []
    group = file[layout.STREAMS]
    names = list(group)
    for done, name in enumerate(names):
        if tell is not None:
            tell(done, 2 * len(names))
        try:
            with explained(path, f"stream {name!r}"):
                found.append(StreamReader(path, group, name, description_in(group, name)))
        except StoreFormatError as error:
            damaged.append(str(error))
    found.sort(key=lambda stream: stream.description.id)
    return StreamBook({stream.description.name: stream for stream in found}, tuple(damaged))


def commit_rows(times: h5py.Dataset, counts: h5py.Dataset) -> int:
    """Commits that are whole."""
    return int(min(times.shape[0], counts.shape[0]))


def last_counts(counts: h5py.Dataset, rows: int) -> Counted:
    """The row of the last commit; no streams while there is none."""
    none = np.zeros((0, len(layout.COUNT_COLUMNS)), np.int64)
    return np.asarray(counts[rows - 1]) if rows else none
