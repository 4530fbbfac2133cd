"""Writes a finished recording out of what others hold: cropped, copied, joined or compacted. Not a live one.

The file is made in one go by one thread and is closed properly at its end; nobody reads it before. What goes
in was recorded before, so envelopes, losses and the log are kept; pyramids are folded anew.
"""

import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from studio.errors import StoreEnvironmentError, StoreFormatError
from studio.store import layout
from studio.store.batch import EncodedMessage, Rows
from studio.store.clock_reader import ClockReader
from studio.store.clock_rows import ClockTables
from studio.store.clock_summaries import summary_attributes
from studio.store.clock_writer import create_clock, fill_clock
from studio.store.commits import Commits, create_commits
from studio.store.contents import close_streams
from studio.store.damage import reason_of
from studio.store.free_space import holds
from studio.store.opening import CHUNK_CACHE, let_go
from studio.store.stream_reader import StreamReader
from studio.store.stream_writer import StreamWriter
from studio.timing import SystemClock, Timestamp

MOST_ENDED = 128
"""Streams whose datasets stay open when they are complete. With 34000 open datasets HDF5 2.0 gave the same
place in the file away twice (tried); each costs memory besides."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a composed recording says of itself."""

    created: Timestamp
    """When the original was begun."""
    machine: str
    session_id: str
    recovered: bool
    origin: tuple[dict[str, Any], ...]
    """JSON-able: of what it was made, and how."""
    derivation: dict[str, Any] = field(default_factory=dict)
    """Of a partition that was computed from others: how."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A row of the loss account."""

    time: Timestamp
    reason: str
    count: int
    from_time: Timestamp
    to_time: Timestamp


def losses_of(stream: StreamReader) -> list[Loss]:
    """The loss account of a stream with all its columns."""
    rows = stream.rows(layout.LOSS, 0, stream.counts.loss_rows)
    return [
        Loss(
            int(row["time"]),
            bytes(row["reason"]).decode("utf-8", "replace"),
            int(row["count"]),
            int(row["from_time"]),
            int(row["to_time"]),
        )
        for row in rows
    ]


class ComposedStream:
    """One stream being written."""

    def __init__(self, writer: StreamWriter, folder: Path, ended: list[StreamWriter]) -> None:
        self._writer = writer
        self._folder = folder
        self._ended = ended
        self._last: tuple[int, int, int] | None = None

    def write(self, rows: Rows) -> None:
        """Messages behind those before; numbers that would go back are shifted, creation times held.

        Raises StoreFormatError when originating times do not increase, StoreEnvironmentError on a full disk.
        """
        if not len(rows.times):
            return
        name = self._writer.description.name
        if not holds(self._folder, rows.data.nbytes):
            raise StoreEnvironmentError(f"the disk of {self._folder.parent} is full; free some space")
        if (np.diff(rows.times) <= 0).any() or (self._last and rows.times[0] <= self._last[0]):
            raise StoreFormatError(f"the times of stream {name!r} go back; `studio verify` says where")
        rows = self._continued(rows)
        self._last = int(rows.times[-1]), int(rows.creation_times[-1]), int(rows.sequence_ids[-1])
        self._writer.append_rows(rows)

    def _continued(self, rows: Rows) -> Rows:
        index = rows.index.copy()
        index[:, 0] += self._writer.totals.extent - int(index[0, 0])
        if self._last is None:
            return replace(rows, index=index)
        _, created, number = self._last
        shift = max(0, number + 1 - int(rows.sequence_ids[0]))
        return replace(
            rows,
            index=index,
            creation_times=np.maximum(rows.creation_times, created),
            sequence_ids=rows.sequence_ids + shift,
        )

    def account(self, losses: Sequence[Loss]) -> None:
        """The loss account; produced is what is stored and what this says is missing."""
        for loss in losses:
            self._writer.add_loss(loss.reason, loss.count, loss.from_time, loss.to_time, loss.time)

    def close(self, closed_time: Timestamp) -> None:
        """When the stream ended. Nothing may be written after it."""
        self._writer.closed_time = closed_time
        self._writer.write_out()
        self._ended.append(self._writer)


class Composer:
    """A recording being composed; made by `composing`."""

    def __init__(self, file: h5py.File, folder: Path, compression: int | None) -> None:
        self._file = file
        self._folder = folder
        self._compression = compression
        self._log = StreamWriter(layout.StreamDescription("log", layout.LOG_ID, layout.LOG_FORMAT))
        self._writers = [self._log]
        self._ended: list[StreamWriter] = []
        """Streams that are complete, their datasets still open."""
        self._kept: list[Any] = []
        """Written datasets: one let go of while it cannot be brought to a full disk would end the process."""

    def begin(self, provenance: Provenance, clock: ClockTables) -> None:
        """Everything that a recording without streams has."""
        self._file.attrs.update(
            {
                "format": layout.FORMAT,
                "format_version": layout.FORMAT_VERSION,
                "studio_version": importlib.metadata.version("studio"),
                "machine": layout.shown(provenance.machine),
                "created": provenance.created,
                "session_id": layout.shown(provenance.session_id),
                "clean": 0,
                "recovered": int(provenance.recovered),
                "time_unit": "ns since 1970-01-01T00:00 UTC",
                layout.ORIGIN: json.dumps(provenance.origin),
            }
        )
        if provenance.derivation:
            self._file.attrs[layout.DERIVATION] = json.dumps(provenance.derivation)
        self._file.create_group(layout.STREAMS, track_order=True)
        clock_datasets = create_clock(self._file)
        self._kept.extend(clock_datasets.values())
        if clock:
            fill_clock(clock_datasets, clock)
        create_commits(self._file, layout.ONE_COMMIT_CHUNK)
        self._add(self._log)

    def add_stream(
        self, described: layout.StreamDescription, size: layout.StreamSize | None = None
    ) -> ComposedStream:
        """A stream like `described`, still empty, with a number of its own; `size`: what it will hold."""
        if len(self._ended) >= MOST_ENDED:
            self._let_go_of_ended()
        writer = StreamWriter(replace(described, id=len(self._writers)))
        self._add(writer, size)
        self._writers.append(writer)
        return ComposedStream(writer, self._folder, self._ended)

    def _let_go_of_ended(self) -> None:
        self._file.flush()
        for writer in self._ended:
            writer.rest()
        self._ended.clear()

    def _add(self, writer: StreamWriter, size: layout.StreamSize | None = None) -> None:
        group = writer.create(self._file, compression=self._compression, size=size)
        self._file[writer.description.path] = group
        writer.attach(self._file)

    def log(self, messages: Sequence[EncodedMessage]) -> None:
        """The lines of the log, in order of time."""
        for message in messages:
            if self._log.take(message):
                self._log.write_out()

    def finish(self) -> None:
        """Commit everything, write what is known at the end, mark it clean."""
        now = SystemClock().now()
        for writer in self._writers:
            writer.write_out()
            writer.settle()
        commits = Commits()
        commits.attach(self._file)
        commits.widen(len(self._writers))
        commits.append(now, [writer.counts() for writer in self._writers])
        close_streams(self._file, self._writers, now)
        self._note_clock()
        self._file.attrs["clean"] = 1

    def _note_clock(self) -> None:
        """What is to be said of the clock from the first message to the last."""
        filled = [writer.totals for writer in self._writers[1:] if writer.totals.message_count]
        if filled:
            begin = min(totals.first_time for totals in filled)
            end = max(totals.last_time for totals in filled)
            logs = ClockReader(Path(self._file.filename), self._file).parts(1)
            self._file[layout.CLOCK].attrs.update(summary_attributes(logs, begin, end))


@contextmanager
def composing(place: Path, *, compression: int | None = None) -> Iterator[Composer]:
    """A new recording at `place`, complete when the block ends; `compression` is a level of gzip.

    When the block fails, what lies at `place` is of no use and is the caller's to remove. Raises
    StoreEnvironmentError when it cannot be written.
    """
    try:
        file = h5py.File(place, "w-", libver=layout.LIBVER, locking=False, **CHUNK_CACHE)
    except OSError as error:
        raise _unwritable(place, error) from error
    try:
        composer = Composer(file, place.parent, compression)
        yield composer
        composer.finish()
        file.flush()
    except (StoreEnvironmentError, StoreFormatError):
        let_go(file, for_good=True)
        raise
    except (OSError, RuntimeError) as error:
        let_go(file, for_good=True)
        raise _unwritable(place, error) from error
    except BaseException:
        let_go(file, for_good=True)
        raise
    file.close()


def _unwritable(place: Path, error: BaseException) -> StoreEnvironmentError:
    return StoreEnvironmentError(f"the recording cannot be written: {reason_of(error)}")
