"""Writes one recording. Belongs to one thread at a time: the exporter's.

Messages are collected in batches, handed to HDF5, flushed every 0.25 s and then counted in the table of
commits: what a commit counts survives any end of the process (decision 28). The file is in SWMR mode, so
readers follow it; for a new stream it is closed and opened again (decision 22).
"""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py

from studio.errors import StoreEnvironmentError
from studio.formats.payload import StreamFormat
from studio.store import layout
from studio.store.batch import EncodedMessage
from studio.store.clock_reader import ClockReader
from studio.store.clock_summaries import summary_attributes
from studio.store.clock_writer import ClockWriter
from studio.store.commits import Commits
from studio.store.contents import close_streams
from studio.store.creation import claim, create_file, sync
from studio.store.disk_time import DiskTime
from studio.store.free_space import RoomWatch, has_room, holds
from studio.store.growing_contents import GrowingContents
from studio.store.opening import appending, let_go, open_for_appending
from studio.store.sidecar import SideCar
from studio.store.stream_writer import StreamTotals, StreamWriter
from studio.store.write_back import WriteBack
from studio.store.written_streams import WrittenStreams
from studio.timing import NS_PER_MS, NS_PER_S, Clock, Duration, SystemClock, Timestamp, monotonic_ns
from studio.timing.sync_status import ClockLog

MOST_OPEN_TABLES = 20_000
"""With 34000 open datasets HDF5 2.0 gave the same place in the file away twice: all are let go of before
there are so many. That was seen once, and not again with 40000; their memory, 50 kB each, is bounded, too."""


FLUSHED_TOGETHER = 300
"""Streams. The time of a flush grows with the square of what has changed since the one before (HDF5 looks for
what to write next among all of it): with 8000 streams one took minutes."""


class StoreWriter:
    """One open recording; made by `create`."""

    def __init__(
        self,
        path: Path,
        sidecar: SideCar,
        *,
        clock: Clock,
        flush_interval: Duration,
        sync_interval: Duration,
        on_disk_full: Callable[[StoreEnvironmentError], None] | None,
    ) -> None:
        self.path = path
        self._sidecar = sidecar
        self._clock = clock
        self._flush_interval = flush_interval
        self._sync_interval = sync_interval
        self._on_disk_full = on_disk_full
        self._streams = WrittenStreams(path.name)
        self._clock_log = ClockWriter()
        self._commits = Commits()
        self._contents = GrowingContents()
        self._write_back = WriteBack(path)
        self.disk_time = DiskTime()
        """How long it has been in calls for the disk."""
        self._file: h5py.File | None = None
        self.derivation: dict[str, Any] = {}
        """How the recording was computed from others; written at the beginning and once more at the end."""
        self._is_abandoned = False
        self._room = RoomWatch()
        self._is_full = False
        """The reserve of the disk is being used: the next flush ends the recording."""
        self._open_tables = 0
        """Datasets of streams that are held."""
        self._last_flush = self._last_sync = monotonic_ns()

    @classmethod
    def create(
        cls,
        path: Path | str,
        *,
        session_id: str = "",
        clock: Clock | None = None,
        flush_interval: Duration = 250 * NS_PER_MS,
        sync_interval: Duration = 2 * NS_PER_S,
        on_disk_full: Callable[[StoreEnvironmentError], None] | None = None,
        derivation: dict[str, Any] | None = None,
    ) -> "StoreWriter":
        """Begin a recording at `path`; StoreEnvironmentError if something is there or it cannot be made."""
        path = Path(path).absolute()
        sidecar = claim(path)
        writer = cls(
            path,
            sidecar,
            clock=clock if clock is not None else SystemClock(),
            flush_interval=flush_interval,
            sync_interval=sync_interval,
            on_disk_full=on_disk_full,
        )
        writer.derivation = derivation or {}
        try:
            writer._begin(session_id)
        except BaseException:
            sidecar.release()
            raise
        return writer

    def _begin(self, session_id: str) -> None:
        if not has_room(self.path.parent, 0):
            raise StoreEnvironmentError(f"the disk of {self.path.parent} is full; free some space")
        create_file(self.path, session_id, self._clock.now(), self._streams.log, self.derivation)
        self._resume()
        self.flush()

    def _attach(self, file: h5py.File | None) -> None:
        self._file = file
        self._open_tables = 0
        self._commits.attach(file)
        self._contents.attach(file)
        self._clock_log.attach(file)
        for writer in self._streams.all:
            writer.attach(file)

    def _resume(self) -> None:
        """Open the file and go into SWMR mode."""
        file = open_for_appending(self.path)
        file.swmr_mode = True
        self._attach(file)

    def _suspend(self) -> None:
        """Leave SWMR mode, which only closing does."""
        file = self._file
        self._attach(None)
        if file is not None:
            file.close()

    @property
    def is_open(self) -> bool:
        """Whether messages are taken; a full disk and `close` end that."""
        return self._file is not None

    @property
    def last_commit_time(self) -> Timestamp:
        """When everything before was safe in the file."""
        return self._commits.last_time

    @property
    def stream_names(self) -> tuple[str, ...]:
        """In the order in which they were added."""
        return self._streams.names

    def format(self, name: str) -> StreamFormat:
        """What stream `name` holds."""
        return self._streams.find(name).description.format

    def totals(self, name: str) -> StreamTotals:
        """What has been handed over of stream `name`; after a failure, what is certainly in the file."""
        writer = self._streams.find(name)
        return writer.committed if self._is_abandoned else writer.totals

    def noted_losses(self, name: str) -> int:
        """What the loss account of stream `name` says is missing, committed yet or not."""
        writer = self._streams.find(name)
        return writer.committed.dropped if self._is_abandoned else writer.noted_losses

    def add_stream(self, stream: layout.NewStream) -> None:
        """One stream more; see `add_streams`."""
        self.add_streams([stream])

    def add_streams(self, streams: Sequence[layout.NewStream]) -> None:
        """New streams, at any time. StreamError for a name that is empty or taken: none is added then."""
        self._require_open()
        added = self._streams.made(streams, self._clock.now)
        self.flush()
        if not self.is_open:  # the disk filled up
            return
        self._suspend()
        with appending(self.path) as file:
            made = [(writer, writer.create(file)) for writer in added]
            file.flush()  # whole before anything leads to them, should the recorder be killed right here
            for writer, group in made:
                file[writer.description.path] = group
            self._commits.attach(file)
            self._commits.widen(len(self._streams.all) + len(added))
            self._contents.list_all(file, [*self._streams.named, *added])
        self._streams.add(added)
        self._resume()
        self._sidecar.bump_generation()

    def _require_open(self) -> None:
        if not self.is_open:
            raise StoreEnvironmentError(f"the recording {self.path} is closed; nothing can be added to it")

    def append(self, name: str, message: EncodedMessage) -> None:
        """Take one message, safe after the next commit. MessageOrderError if its time does not increase."""
        if self._file is None:
            self._require_open()
        writer = self._streams.find(name)
        if writer.batch.add(message):
            self._hand_over([writer])

    def append_all(self, name: str, messages: list[EncodedMessage]) -> None:
        """Take messages that follow one another: as `append` of each."""
        if self._file is None:
            self._require_open()
        writer = self._streams.find(name)
        if writer.batch.add_all(messages):
            self._hand_over([writer])

    def report_produced(self, name: str, total: int) -> None:
        """What the device of `name` has produced so far, gaps included, in rows or messages (decision 27)."""
        self._streams.find(name).report_produced(total)

    def add_loss(self, name: str, reason: str, count: int, from_time: Timestamp, to_time: Timestamp) -> None:
        """Note what is missing from stream `name`. All of it counts as produced and dropped, a gap too."""
        self._streams.find(name).add_loss(reason, count, from_time, to_time, self._clock.now())

    def close_stream(self, name: str, time: Timestamp) -> None:
        """Note when the stream ended."""
        self._streams.find(name).closed_time = time

    def log(self, message: EncodedMessage) -> None:
        """One line for the recording's log."""
        self._require_open()
        self._streams.log.take(message)

    def write_clock(self, log: ClockLog) -> None:
        """A part of what was measured of the clock and decided about it; safe after the next commit."""
        self._require_open()
        self._clock_log.take(log)

    @property
    def pending_bytes(self) -> int:
        """Taken and not yet handed over."""
        return sum(writer.pending_bytes for writer in self._streams.all) + self._clock_log.pending_bytes

    def _hand_over(self, writers: Sequence[StreamWriter]) -> None:
        """Give what waits to HDF5; at the expense of the reserve if need be, and then the next flush is the
        last. What does not even fit into the reserve ends the recording at once."""
        pending = self.pending_bytes
        unfilled = sum(writer.chunk_bytes for writer in self._streams.all)
        if self._must_end(pending + unfilled):
            self._is_full = True
            if not holds(self.path.parent, pending):
                self._end_on_full_disk()
                return
        with self.disk_time:
            self._hand_to_hdf5(writers)
            self._write_back.advance()

    def _must_end(self, pending: int) -> bool:
        usage = shutil.disk_usage(self.path.parent)
        return self._room.must_end(free=usage.free, total=usage.total, pending=pending, now=monotonic_ns())

    def _hand_to_hdf5(self, writers: Sequence[StreamWriter]) -> None:
        self._bring(writers, StreamWriter.write_out)
        self._clock_log.write_out()

    def _bring(self, writers: Sequence[StreamWriter], act: Callable[[StreamWriter], None]) -> None:
        """Let each hand something to HDF5, and flush that in portions."""
        assert self._file is not None
        for number, writer in enumerate(writers, 1):
            before = writer.open_tables
            act(writer)
            self._count_open(writer.open_tables - before)
            if number % FLUSHED_TOGETHER == 0:
                self._file.flush()

    def _count_open(self, opened: int) -> None:
        """So many datasets more are held; of too many all are let go of."""
        self._open_tables += opened
        if self._open_tables > MOST_OPEN_TABLES:
            assert self._file is not None
            self._file.flush()
            for writer in self._streams.all:
                writer.rest()
            self._open_tables = 0

    def _end_on_full_disk(self) -> None:
        now = self._clock.now()
        if not holds(self.path.parent, self.pending_bytes):
            for writer in self._streams.all:
                writer.give_up_batch(now)
            self._clock_log.give_up()
        for writer in self._streams.named:
            writer.note_missing(layout.DISK_FULL, now)
        self._finish()
        error = StoreEnvironmentError(
            f"the disk of {self.path.parent} is full: {self.path.name} was closed with everything recorded "
            "up to now; free some space and begin a new recording"
        )
        if self._on_disk_full is not None:
            self._on_disk_full(error)

    @property
    def time_to_flush(self) -> Duration:
        """When the next flush is due, from now; never negative."""
        return max(0, self._last_flush + self._flush_interval - monotonic_ns())

    def flush_if_due(self) -> None:
        """Flush when the interval has passed, or the disk is full; call it at least that often."""
        if self.is_open and (self._is_full or monotonic_ns() - self._last_flush >= self._flush_interval):
            self.flush()

    def flush(self) -> None:
        """Bring everything taken so far into the file and commit it."""
        self._require_open()
        dirty = [writer for writer in self._streams.all if writer.is_dirty]
        if dirty or self._clock_log.is_dirty or not self._commits.last_time:
            self._hand_over(dirty)
            if self.is_open and self._is_full:
                self._end_on_full_disk()
            if not self.is_open:
                return
            with self.disk_time:
                self._commit()
        self._last_flush = monotonic_ns()
        with self.disk_time:
            self._sync_if_due()

    def _commit(self) -> None:
        assert self._file is not None
        self._bring([each for each in self._streams.all if each.pending_bytes], StreamWriter.settle)
        self._file.flush()
        self._clock_log.commit(self._commits.count)
        self._contents.note(self._commits.count, self._streams.all[1:])
        self._commits.append(self._clock.now(), [writer.counts() for writer in self._streams.all])
        for writer in self._streams.all:
            writer.committed = writer.totals

    def _sync_if_due(self) -> None:
        if monotonic_ns() - self._last_sync >= self._sync_interval:
            sync(self.path)
            self._last_sync = monotonic_ns()

    def close(self) -> None:
        """End the recording: everything in the file, attributes written, marked clean. Idempotent."""
        if not self.is_open:
            return
        if not holds(self.path.parent, self.pending_bytes):
            self._end_on_full_disk()
            return
        for writer in self._streams.named:
            writer.note_missing(layout.UNACCOUNTED, self._clock.now())
        self._finish()

    def _finish(self) -> None:
        self._hand_to_hdf5(self._streams.all)
        self._streams.close()
        self._write_back.close()
        self._commit()
        self._suspend()
        now = self._clock.now()
        with appending(self.path) as file:
            close_streams(file, self._streams.all, now)
            if self.derivation:
                file.attrs[layout.DERIVATION] = json.dumps(self.derivation)
            logs = ClockReader(self.path, file).parts(self._commits.count)
            file[layout.CLOCK].attrs.update(summary_attributes(logs, int(file.attrs["created"]), now))
            file.attrs["clean"] = 1
        sync(self.path)
        self._sidecar.release()

    def abandon(self) -> None:
        """After writing has failed: close what can be closed, free the lock. What was committed stays."""
        self._is_abandoned = True
        self._streams.close()
        self._write_back.abandon()
        file = self._file
        if file is not None:
            let_go(file)
        self._attach(None)
        self._sidecar.release()
