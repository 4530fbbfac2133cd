"""Reads one recording: finished, broken off, or being written this moment. Belongs to one thread at a time.

Never in the process that writes it: HDF5 keeps a file open as long as anybody in the process does, and the
writer could add no stream then (decision 16). Everything is bounded by the last commit. A recording whose
recorder died is put in order first, where that is allowed (decision 23); else it is read as it is (decision
22). No file, whatever is in it, raises anything but StoreEnvironmentError and StoreFormatError.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, TypeVar

import h5py
import numpy as np

from studio.engine.message import Message
from studio.errors import StoreEnvironmentError, StoreFormatError, StreamError
from studio.formats.recording import LogEntry, LossEntry, RecordingInfo, StreamInfo
from studio.formats.signal import SignalWindow
from studio.formats.stream_columns import StreamColumns, ends_of
from studio.store import layout
from studio.store.clock_reader import ClockReader, separated
from studio.store.clock_rows import ClockTables
from studio.store.contents import FEW, Listings, disagreements
from studio.store.damage import explained
from studio.store.finding import Finding
from studio.store.opening import open_at_rest, open_for_following
from studio.store.recovery import STILL_FOR, is_broken_off, recover_if_allowed
from studio.store.sidecar import is_being_written, read_generation
from studio.store.stream_book import ListedStreams, StreamBook, book_of, last_counts, streams_of
from studio.store.stream_reader import Counts, StreamReader
from studio.store.superblock import read_superblock
from studio.store.window import signal_window
from studio.timing import NS_PER_MS, NS_PER_S, Duration, TimeInterval, Timestamp, monotonic_ns, wait_on
from studio.timing.clock_summary import ClockSummary, summaries_of
from studio.timing.sync_status import ClockLog

T = TypeVar("T")

PATIENCE: Duration = 3 * NS_PER_S
"""How long a writer may take to reopen its file for a new stream."""
FOLLOW_INTERVAL: Duration = 50 * NS_PER_MS


class StoreReader:
    """An open recording."""

    def __init__(
        self,
        path: Path | str,
        *,
        repair: bool = True,
        still_for: Duration = STILL_FOR,
        listings: Listings | None = None,
    ) -> None:
        """Open it. `still_for`: how long it must not have changed before it is put in order."""
        self.path = Path(path).absolute()
        self._listings = listings
        self.damaged: tuple[str, ...] = ()
        """Streams that cannot be read at all, each with the reason."""
        self._file: h5py.File | None = None
        self._streams: StreamBook | ListedStreams = StreamBook({})
        self.last_commit_time: Timestamp = 0
        """When the writer last said how far each stream is valid; 0: it has not yet."""
        self._generation = 0
        self._looked = 0
        self._holds = False
        check_is_file(self.path)
        self._live = is_being_written(self.path)
        if not self._live and repair and is_broken_off(self.path):
            recover_if_allowed(self.path, still_for=still_for)
            self._live = is_being_written(self.path)
        self._retrying(self._open)

    def __enter__(self) -> "StoreReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back; idempotent."""
        file, self._file = self._file, None
        self._streams = StreamBook({})
        if file is not None:
            file.close()

    def _retrying(self, action: Callable[[], T]) -> T:
        """Call `action` again while the writer, which may just be reopening the file, makes it fail."""
        begun = monotonic_ns()
        while True:
            try:
                return action()
            except StoreFormatError:
                if not is_being_written(self.path) or monotonic_ns() - begun > PATIENCE:
                    raise
                wait_on(Event(), 10 * NS_PER_MS)

    def _open(self) -> None:
        self.close()
        self._generation = read_generation(self.path)
        with explained(self.path, "its structure"):
            file = open_for_following(self.path) if self._live else open_at_rest(self.path)
            try:
                _check_format(self.path, file)
                self._file = file
                self._streams = book_of(self.path, file, is_live=self._live, listings=self._listings)
                self.damaged = self._streams.damaged
                self._log = StreamReader(
                    self.path,
                    file,
                    layout.LOG,
                    layout.StreamDescription("log", layout.LOG_ID, layout.LOG_FORMAT),
                )
                self._clock = ClockReader(self.path, file)
                self._commit_tables = (
                    file[layout.COMMITS][layout.TIME],
                    file[layout.COMMITS][layout.COUNTS],
                )
                self._take_commit()
            except BaseException:
                file.close()
                raise

    def _take_commit(self) -> None:
        times, counts = self._commit_tables
        self._commit_count = rows = self._streams.take_commit(times, counts)
        self.last_commit_time = int(times[rows - 1]) if rows else 0
        if rows:  # those of very many streams are far apart
            self._log.counts = Counts(*map(int, counts[rows - 1, layout.LOG_ID]))

    def refresh(self) -> None:
        """Go to the last commit of a recording that is being written; nothing to do for others."""
        if self._file is None:
            raise StoreEnvironmentError(f"{self.path} has been closed")
        if self._live:
            self._live = is_being_written(self.path)  # asked first, so that the last commit is not missed
            self._retrying(self._refresh)
        self._looked = monotonic_ns()

    def _refresh(self) -> None:
        if self._file is None or not self._live or read_generation(self.path) != self._generation:
            self._open()
            return
        try:
            with explained(self.path, "its commits"):
                for table in self._commit_tables:
                    table.refresh()
                self._take_commit()
        except StoreFormatError:
            self.close()  # the next try opens it anew
            raise

    def hold(self) -> None:
        """Go to the last commit and stay there, whatever is recorded meanwhile."""
        self.refresh()
        self._holds = True

    def _follow(self) -> None:
        if self._holds and self._file is not None:
            return
        if self._file is None or (self._live and monotonic_ns() - self._looked > FOLLOW_INTERVAL):
            self.refresh()

    def _stream(self, name: str) -> StreamReader:
        self._follow()
        return self._named(name)

    def _named(self, name: str) -> StreamReader:
        stream = self._streams.get(name)
        if stream is None:
            known = ", ".join(map(repr, self._streams)) or "none"
            raise StreamError(f"{self.path.name} has no stream {name!r}; it has: {known}")
        return stream

    @property
    def stream_names(self) -> tuple[str, ...]:
        """In the order in which they were added."""
        self._follow()
        return tuple(self._streams)

    def info(self) -> RecordingInfo:
        """The recording and its streams, as far as committed."""
        self._follow()
        file = self._file
        assert file is not None
        streams = self._infos()
        first_time, last_time = ends_of(streams)
        with explained(self.path, "its attributes"):
            return RecordingInfo(
                path=str(self.path),
                name=self.path.name.removesuffix(layout.SUFFIX),
                created=int(file.attrs["created"]),
                machine=str(file.attrs["machine"]),
                clean=bool(file.attrs["clean"]),
                recovered=bool(file.attrs["recovered"]),
                live=self._live,
                first_time=first_time,
                last_time=last_time,
                byte_size=self.path.stat().st_size,
                streams=streams,
                studio_version=str(file.attrs["studio_version"]),
                session_id=str(file.attrs["session_id"]),
                derivation=dict(json.loads(file.attrs.get(layout.DERIVATION, "{}"))),
            )

    def _infos(self) -> Sequence[StreamInfo]:
        if isinstance(self._streams, ListedStreams):
            return self._streams.contents.streams
        streams = tuple(stream.info() for stream in self._streams.readers())
        return streams if len(streams) <= FEW else StreamColumns.of(streams)

    def check_contents(self) -> Iterator[Finding]:
        """Where the table of contents says anything else than the streams; reads what each says of itself."""
        if isinstance(self._streams, ListedStreams) and self._file is not None:
            book = streams_of(self.path, self._file)
            book.take_counts(last_counts(self._commit_tables[1], self._commit_count))
            yield from (Finding("recording", text) for text in book.damaged)
            yield from disagreements(self._streams.contents, [each.info() for each in book.readers()])

    @property
    def is_live(self) -> bool:
        """Whether it was being written when it was looked at last."""
        return self._live

    @property
    def is_settled(self) -> bool:
        """Whether it was closed, by its recorder or when it was put in order: nothing is on its way."""
        self._follow()
        assert self._file is not None
        with explained(self.path, "its attributes"):
            return bool(self._file.attrs["clean"]) or bool(self._file.attrs["recovered"])

    @property
    def is_composed(self) -> bool:
        """Whether it was made of pieces of other recordings."""
        self._follow()
        assert self._file is not None
        return layout.ORIGIN in self._file.attrs

    def known_stream(self, name: str) -> StreamReader:
        """As `stream`, as far as the last `refresh` knows it: nothing moves before the next one."""
        return self._named(name)

    def stream(self, name: str) -> StreamReader:
        """One stream, for those who read its tables; StreamError lists what there is."""
        return self._stream(name)

    def streams(self) -> tuple[StreamReader, ...]:
        """All streams; as of one commit if this reader holds."""
        self._follow()
        return tuple(self._streams.readers())

    def clock_tables(self) -> list[ClockTables]:
        """What is kept of the clock, of each recording that this one was made of (decision 24)."""
        self._follow()
        return separated(self._clock.tables(self._commit_count))

    def clock_logs(self) -> tuple[ClockLog, ...]:
        """The same as values, one log a recording; none if it was neither following nor followed."""
        self._follow()
        return self._clock.parts(self._commit_count)

    def clock_summaries(self) -> tuple[ClockSummary, ...]:
        """What is to be said of its clock, one for each log: as noted at its end, or else computed now."""
        self._follow()
        noted = self.noted_clock_summaries()
        if noted is not None:
            return noted
        assert self._file is not None
        return summaries_of(self.clock_logs(), int(self._file.attrs["created"]), self.last_commit_time)

    def noted_clock_summaries(self) -> tuple[ClockSummary, ...] | None:
        """As they were noted when the recording was closed; None if they were not."""
        self._follow()
        return None if self._live else self._clock.noted_summaries()

    def commits(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Times `(c,)` and counts `(c, streams, 4)` of all commits."""
        self._follow()
        with explained(self.path, "its commits"):
            times, counts = self._commit_tables
            return np.asarray(times[:]), np.asarray(counts[:])

    def log_stream(self) -> StreamReader:
        """The log, laid out like a stream."""
        self._follow()
        return self._log

    def messages(self, name: str, interval: TimeInterval | None = None) -> Iterator[Message[Any]]:
        """The messages of a stream whose originating times lie in `interval`, a chunk in memory at a time."""
        stream = self._stream(name)
        interval = interval if interval is not None else TimeInterval.INFINITE
        first = stream.position(interval.left, after=not interval.left_inclusive)
        last = stream.position(interval.right, after=interval.right_inclusive)
        return stream.messages(first, last)

    def window(self, name: str, left: Timestamp, right: Timestamp, columns: int) -> SignalWindow:
        """A signal as `columns` columns of a screen show it; StreamError for pictures and the like."""
        stream = self._stream(name)
        if not stream.description.format.kind.is_sampled:
            kind = stream.description.format.kind.value
            raise StreamError(f"stream {name!r} holds {kind}, which cannot be drawn as a signal")
        return signal_window(stream, left, right, columns)

    def message_at(self, name: str, time: Timestamp) -> Message[Any] | None:
        """The last message at or before `time`; None if there is none."""
        stream = self._stream(name)
        position = stream.position(time, after=True)
        return next(stream.messages(position - 1, position)) if position else None

    def times(
        self, name: str, left: Timestamp, right: Timestamp, limit: int
    ) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Originating times in `[left, right]`, evenly thinned to at most `limit`."""
        stream = self._stream(name)
        return stream.times(stream.position(left), stream.position(right, after=True), limit)

    def loss(self) -> tuple[LossEntry, ...]:
        """What is missing, of all streams."""
        self._follow()
        return tuple(entry for stream in self._streams.readers() for entry in stream.losses())

    def log(self) -> tuple[LogEntry, ...]:
        """The recording's log, in order."""
        log = self.log_stream()
        with explained(self.path, "its log"):
            return tuple(
                LogEntry(
                    message.envelope.originating_time, str(message.data["text"]), str(message.data["device"])
                )
                for message in log.messages(0, log.counts.messages)
            )


def check_is_file(path: Path) -> None:
    """Raises StoreEnvironmentError or StoreFormatError for what is certainly no readable recording."""
    try:
        if path.is_dir():
            raise StoreEnvironmentError(f"{path} is a folder; choose a recording in it")
        if not path.exists():
            raise StoreEnvironmentError(f"there is no file {path}")
        if not path.is_file():
            raise StoreFormatError(f"{path} is not a file")
        superblock = read_superblock(path)
        size = path.stat().st_size
    except StoreEnvironmentError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, StoreFormatError):
            raise
        raise StoreEnvironmentError(f"cannot read {path}: {error}") from error
    if size < superblock.end_of_file and not superblock.is_marked_open:
        raise StoreFormatError(
            f"{path} is cut off: {size} of {superblock.end_of_file} bytes are there; copy it again"
        )


def _check_format(path: Path, file: h5py.File) -> None:
    if file.attrs.get("format") != layout.FORMAT:
        raise StoreFormatError(f"{path} is an HDF5 file, but not a recording of the studio")
    version = int(file.attrs["format_version"])
    if version > layout.FORMAT_VERSION:
        raise StoreFormatError(
            f"{path} was recorded by a newer studio (format {version}, this one reads up to "
            f"{layout.FORMAT_VERSION}); update the studio"
        )
