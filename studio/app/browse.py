"""Answers what panels ask about recordings. Belongs to one thread of the reader role; writes nothing itself.

Opening a recording may put it in order first, where that is allowed (decision 23); all else only reads.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from studio.app.answers import (
    Marks,
    Neighbours,
    Picture,
    PixelAt,
    RecordedClock,
    ShapesAt,
    StreamFacts,
    TextAt,
    ValueAt,
)
from studio.app.browse_clock import recorded_clocks
from studio.app.browse_facts import stream_facts
from studio.app.browse_marks import marks_in, text_at
from studio.app.browse_members import check_has_members, members_of
from studio.app.browse_pictures import picture_at, pixel_at
from studio.app.browse_shapes import shapes_at
from studio.app.browse_spectra import spectrum_of
from studio.app.browse_values import value_at
from studio.app.neighbours import neighbours
from studio.app.network_drive import AskNetwork, network_drive
from studio.errors import StoreFormatError
from studio.formats.course import Course, path_of
from studio.formats.members import Members
from studio.formats.message_columns import MessageColumns
from studio.formats.points import PathPoints, PointAxis
from studio.formats.recording import RecordingInfo
from studio.formats.series import SeriesWindow
from studio.formats.signal import SignalWindow
from studio.formats.spectrum import SpectrumGrid, SpectrumWindow
from studio.store.contents import Listings
from studio.store.member_fold import MemberFold
from studio.store.member_window import member_window
from studio.store.message_columns import message_columns
from studio.store.message_fold import MessageFold
from studio.store.path_points import courses_of
from studio.store.reader import StoreReader
from studio.timing import Duration, Timestamp

MOST_OPEN = 16
"""Recordings kept open: the one on screen, all partitions of their session, and a few to go back to."""


class Browser:
    """Reads the recordings that are being looked at, keeping the last few open."""

    def __init__(
        self,
        *,
        on_opening: Callable[[Path], None] | None = None,
        listings: Listings | None = None,
        ask_network: AskNetwork = network_drive,
    ) -> None:
        """`on_opening` is told each file before it is opened."""
        self._on_opening = on_opening
        self._ask_network = ask_network
        self._networks: dict[str, str] = {}
        """Of recordings that grow: a mount seldom changes meanwhile."""
        self._listings = listings
        self._readers: OrderedDict[str, StoreReader] = OrderedDict()
        self._growing: set[str] = set()
        """Those that were being recorded when last asked: their readers follow by themselves."""
        self._folds: dict[tuple[str, str], MessageFold] = {}
        """What was learnt of the messages of each stream, by file and stream."""
        self._member_folds: dict[tuple[str, str], MemberFold] = {}
        """And of what is inside them."""

    def open_recording(self, path: str) -> RecordingInfo:
        """What the recording holds, as of now. Raises StoreEnvironmentError or StoreFormatError."""
        if _key(path) not in self._growing:
            self._forget(path)  # what was repaired or replaced meanwhile is seen
        with self._reader(path) as reader:
            reader.refresh()
            info = reader.info()
        if info.live:
            self._growing.add(_key(path))
            if path not in self._networks:
                self._networks[path] = self._ask_network(Path(path).parent)
            info = replace(info, network=self._networks[path])
        else:
            self._growing.discard(_key(path))
        return info

    def read_window(
        self, path: str, stream: str, left: Timestamp, right: Timestamp, columns: int
    ) -> SignalWindow:
        """A signal in a window of time. Raises StreamError for what is no signal."""
        with self._reader(path) as reader:
            return reader.window(stream, left, max(left, right), max(1, columns))

    def read_picture(
        self, path: str, stream: str, time: Timestamp, max_width: int, max_height: int
    ) -> Picture | None:
        """The frame at or before `time`, shrunk to fit; None before the first."""
        with self._reader(path) as reader:
            return picture_at(reader, stream, time, max_width, max_height)

    def read_pixel(self, path: str, stream: str, time: Timestamp, x: int, y: int) -> PixelAt | None:
        """A pixel of the frame at or before `time`, in its full size."""
        with self._reader(path) as reader:
            return pixel_at(reader, stream, time, x, y)

    def read_marks(self, path: str, stream: str, left: Timestamp, right: Timestamp, limit: int) -> Marks:
        """Messages in a window, evenly thinned to `limit`; with their texts if they have any."""
        with self._reader(path) as reader:
            return marks_in(reader, stream, left, right, limit)

    def read_text(self, path: str, stream: str, time: Timestamp, member: str = "") -> TextAt | None:
        """The whole text of the message at or before `time`, or of one member of it."""
        with self._reader(path) as reader:
            return text_at(reader, stream, time, member)

    def read_series(
        self,
        path: str,
        stream: str,
        left: Timestamp,
        right: Timestamp,
        columns: int,
        members: tuple[str, ...] = (),
    ) -> SeriesWindow:
        """The numbers inside messages; finer each time while it says that not all is known. Raises
        StreamError for what is no JSON."""
        with self._reader(path) as reader:
            rows = reader.stream(stream)
            check_has_members(rows)
            fold = self._member_fold(path, stream)
            return member_window(rows, fold, left, max(left, right), columns, members=members)

    def read_points(
        self, across: PointAxis, up: PointAxis, left: Timestamp, right: Timestamp, limit: int
    ) -> PathPoints:
        """One value against another; finer each time while it says that not all is known. Raises StreamError
        for what has no numbers."""
        is_one = (across.path, across.stream) == (up.path, up.stream)
        courses: list[Course] = []
        for axes in ((across, up),) if is_one else ((across,), (up,)):
            path, stream = axes[0].path, axes[0].stream
            with self._reader(path) as reader:
                fold = self._member_fold(path, stream)
                courses += courses_of(reader.stream(stream), fold, axes, left, max(left, right))
        return path_of(courses[0], courses[1], limit)

    def _member_fold(self, path: str, stream: str) -> MemberFold:
        return self._member_folds.setdefault((_key(path), stream), MemberFold())

    def read_members(self, path: str, stream: str) -> Members:
        """What is inside the messages. Raises StreamError for what is no JSON."""
        with self._reader(path) as reader:
            return members_of(reader.stream(stream))

    def read_shapes(self, path: str, stream: str, time: Timestamp, keep: Duration) -> ShapesAt | None:
        """The figures of the message at or before `time`, unless it is older than `keep`."""
        with self._reader(path) as reader:
            return shapes_at(reader, stream, time, keep)

    def read_messages(
        self, path: str, stream: str, left: Timestamp, right: Timestamp, columns: int
    ) -> MessageColumns:
        """How many messages came when, and how late; finer each time while it says that not all is known."""
        with self._reader(path) as reader:
            fold = self._folds.setdefault((_key(path), stream), MessageFold())
            return message_columns(reader.stream(stream), fold, left, max(left, right), columns)

    def read_spectrum(self, path: str, stream: str, grid: SpectrumGrid) -> SpectrumWindow:
        """The frequencies of a signal. Raises StreamError for what has none."""
        with self._reader(path) as reader:
            return spectrum_of(reader.stream(stream), grid)

    def read_neighbours(self, path: str, stream: str, time: Timestamp) -> Neighbours:
        """The messages just before and just after a time."""
        with self._reader(path) as reader:
            return neighbours(reader.stream(stream), time)

    def read_values(self, path: str, streams: tuple[str, ...], time: Timestamp) -> tuple[ValueAt, ...]:
        """What each stream says at a time. Raises StreamError for an unknown one."""
        with self._reader(path) as reader:
            return tuple(value_at(reader, stream, time) for stream in streams)

    def read_clock(self, path: str) -> tuple[RecordedClock, ...]:
        """What is kept of its clock, of each recording that it was made of."""
        with self._reader(path) as reader:
            return recorded_clocks(reader)

    def read_facts(self, path: str, streams: tuple[str, ...]) -> tuple[StreamFacts, ...]:
        """When messages were made, and how late, of each stream. Raises StreamError for an unknown one."""
        with self._reader(path) as reader:
            return tuple(stream_facts(reader.stream(stream)) for stream in streams)

    @property
    def open_count(self) -> int:
        """Files that are open now."""
        return len(self._readers)

    def close(self) -> None:
        """Give all files back; idempotent."""
        for path in tuple(self._readers):
            self._forget(path)

    @contextmanager
    def _reader(self, path: str) -> Iterator[StoreReader]:
        key = _key(path)
        reader = self._readers.pop(key, None)
        reader = reader if reader is not None else self._opened(key)
        self._readers[key] = reader
        while len(self._readers) > MOST_OPEN:
            self._forget(next(iter(self._readers)))
        try:
            yield reader
        except StoreFormatError:
            self._forget(key)  # the next question opens it anew
            raise

    def _opened(self, path: str) -> StoreReader:
        if self._on_opening is not None:
            self._on_opening(Path(path))
        return StoreReader(path, listings=self._listings)

    def _forget(self, path: str) -> None:
        reader = self._readers.pop(_key(path), None)
        self._growing.discard(_key(path))
        self._folds = {key: fold for key, fold in self._folds.items() if key[0] != _key(path)}
        self._member_folds = {key: fold for key, fold in self._member_folds.items() if key[0] != _key(path)}
        if reader is not None:
            reader.close()


def _key(path: str) -> str:
    return str(Path(path).absolute())
