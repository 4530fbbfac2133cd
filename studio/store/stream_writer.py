"""Writes one stream of a recording: its batch, tables, pyramid and loss account. Belongs to one thread."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import h5py
import numpy as np

from studio.formats.encoding import stored_dtype
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo
from studio.store import layout
from studio.store.batch import Batch, EncodedMessage, Rows
from studio.store.beside import Beside, Piece
from studio.store.join_room import JoinRoom
from studio.store.pyramid import Folded, PyramidFolder
from studio.store.row_times import row_steps, times_of_rows
from studio.store.table import Table, create_dataset
from studio.timing import Timestamp

COLLECTED_BYTES = 256 << 10
"""So much of times, index and pyramid waits at most to be written at once, and never beyond a commit."""
FOLDED_BESIDE_BYTES = 256 << 10
"""Below that a thread would take longer to be woken than to fold."""


@dataclass(frozen=True, slots=True)
class StreamTotals:
    """What has been handed to HDF5 of one stream."""

    message_count: int = 0
    extent: int = 0
    """Rows of a sampled stream, else bytes."""
    byte_count: int = 0
    dropped: int = 0
    produced: int = 0
    first_time: Timestamp = 0
    last_time: Timestamp = 0
    latency_sum: int = 0
    first_creation_time: Timestamp = 0
    last_creation_time: Timestamp = 0


class StreamWriter:
    """One stream. `take` collects, `write_out` hands over, `settle` makes what was handed over whole."""

    def __init__(
        self,
        description: layout.StreamDescription,
        beside: Beside | None = None,
        room: JoinRoom | None = None,
    ) -> None:
        """`beside`: folds what is much while it is being written; None: before. `room`: shared with streams
        that are written on the same thread."""
        self.description = description
        self._beside = beside
        self._room = room if room is not None else JoinRoom()
        self.batch = Batch(description.name)
        self.totals = StreamTotals()
        self.committed = self.totals
        """The same as of the last commit."""
        self.closed_time: Timestamp = 0
        self._reported = 0
        self._dropped = 0
        self._gaps = 0
        self._collected_bytes = 0
        self._tail_bytes = 0
        """Of data, the same; they fill no chunk yet."""
        self._losses: list[tuple[int, bytes, int, int, int]] = []
        specs = layout.stream_datasets(description.format)
        self._tables = {
            spec.path: Table(f"{description.path}/{spec.path}", spec.chunk_bytes) for spec in specs
        }
        sampled = description.format.kind.is_sampled
        dtype = stored_dtype(description.format) if sampled else np.dtype(np.uint8)
        self._folder = PyramidFolder(description.format.channels, dtype) if sampled else None
        self._columns = len(layout.index_columns(description.format))
        self.chunk_bytes = sum(spec.chunk_bytes for spec in specs)

    def create(
        self, file: h5py.File, *, compression: int | None = None, size: layout.StreamSize | None = None
    ) -> h5py.Group:
        """Its group and datasets in `file`, which is not in SWMR mode; no link leads to the group yet.

        `compression` is a level of gzip; pictures that are JPEG already are never compressed again. `size`:
        what it will hold, where that is known.
        """
        group = file.create_group(None)
        for spec in layout.stream_datasets(self.description.format, size):
            is_packed = spec.path == layout.DATA and self.description.format.kind is PayloadKind.JPEG
            dataset = create_dataset(group, spec, compression=None if is_packed else compression)
            if spec.path == layout.INDEX:
                dataset.attrs["columns"] = list(layout.index_columns(self.description.format))
        for name, value in opening_attributes(self.description).items():
            group.attrs[name] = value
        return group

    def attach(self, file: h5py.File | None) -> None:
        """Go on in a newly opened file."""
        for table in self._tables.values():
            table.attach(file)

    def rest(self) -> None:
        """Nothing more will come for now, and the file was flushed: let go of what is open."""
        for table in self._tables.values():
            table.rest()

    @property
    def open_tables(self) -> int:
        """Datasets that are held."""
        return sum(table.is_open for table in self._tables.values())

    def take(self, message: EncodedMessage) -> bool:
        """Collect one message; True when the batch is full. Raises MessageOrderError."""
        return self.batch.add(message)

    def report_produced(self, total: int) -> None:
        """What the device has produced since the stream was opened, in rows or messages.

        The last word counts: what turns out to have come after the click on Stop is taken back.
        """
        self._reported = total

    def add_loss(self, reason: str, count: int, from_time: Timestamp, to_time: Timestamp, now: int) -> None:
        """Note that something is missing."""
        raw = reason.encode("utf-8")[:64].decode("utf-8", "ignore").encode("utf-8")
        self._losses.append((now, raw, count, from_time, to_time))
        self._dropped += count
        self._gaps += raw == layout.GAP.encode()

    @property
    def noted_losses(self) -> int:
        """All that was noted as missing so far."""
        return self._dropped

    @property
    def is_dirty(self) -> bool:
        """Whether something waits to be handed over, reported or committed: a full batch was handed over
        with none to follow it, maybe for long."""
        waits = len(self.batch) or self._losses or self._produced() != self.totals.produced
        return bool(waits or self.totals is not self.committed)

    @property
    def stored_units(self) -> int:
        """Handed over: rows of a sampled stream, else messages."""
        return self.totals.extent if self._folder is not None else self.totals.message_count

    def give_up_batch(self, now: Timestamp) -> None:
        """What waits cannot be stored any more: note it as lost for want of room."""
        if units := self.batch.units:
            self.add_loss(layout.DISK_FULL, units, self.totals.last_time, now, now)
        self.batch = Batch(self.description.name)

    def note_missing(self, reason: str, now: Timestamp) -> None:
        """Note what was reported as produced, but is neither stored, waiting nor noted as lost."""
        missing = self._reported - self.stored_units - self.batch.units - self._dropped
        if missing > 0:
            self.add_loss(reason, missing, self.totals.last_time or self.description.opened_time, now, now)

    def _produced(self) -> int:
        return max(self._reported, self.stored_units + self.batch.units + self._dropped)

    @property
    def pending_bytes(self) -> int:
        """Not in the file yet, about."""
        return self.batch.byte_count + 64 * len(self.batch) + self._collected_bytes + self._tail_bytes

    def counts(self) -> list[int]:
        """Its columns of a commit."""
        totals = self.totals
        return [totals.message_count, totals.extent, self._tables[layout.LOSS].count, totals.produced]

    def state(self) -> list[int]:
        """The same and what else changes of it as long as it grows."""
        totals = self.totals
        return [*self.counts(), totals.first_time, totals.last_time, totals.dropped, self._gaps]

    def info(self, closed_time: Timestamp) -> StreamInfo:
        """What has been handed over, as a reader will tell it."""
        return info_of(self.description, self.totals, closed_time, self._gaps)

    def write_out(self) -> None:
        """Hand everything to HDF5; of what is small some waits for `settle`."""
        produced = self._produced()
        if self._losses:
            self._tables[layout.LOSS].append(np.array(self._losses, layout.LOSS_DTYPE))
            self._losses = []
        if len(self.batch):
            rows = self.batch.take(self.totals.extent, columns=self._columns, room=self._room)
            self._write_rows(rows)
        self.totals = _changed(self.totals, produced=produced, dropped=self._dropped)

    def append_rows(self, rows: Rows) -> None:
        """Hand over messages that were stored before, `index` behind what is there; nothing may wait."""
        assert not len(self.batch), "messages that wait would come too late"
        self._write_rows(rows)
        self.settle()

    def settle(self) -> None:
        """Whatever was handed over is in the file afterwards; before that no commit may count it."""
        if self._collected_bytes or self._tail_bytes:
            for table in self._tables.values():
                table.settle()
            self._collected_bytes = self._tail_bytes = 0

    def _settle_collected(self) -> None:
        for path, table in self._tables.items():
            if path != layout.DATA:
                table.settle()
        self._collected_bytes = 0

    def _collect(self, table: str, rows: np.ndarray[Any, Any]) -> None:
        self._tables[table].collect(rows)
        self._collected_bytes += rows.nbytes

    def _write_rows(self, rows: Rows) -> None:
        previous = self.totals.last_time if self.totals.message_count else None
        points = self._begin_points(rows, previous)
        self._tail_bytes = self._tables[layout.DATA].append_whole(rows.data)
        self._collect(layout.TIME, rows.times)
        self._collect(layout.CREATION_TIME, rows.creation_times)
        self._collect(layout.SEQUENCE_ID, rows.sequence_ids)
        self._collect(layout.INDEX, rows.index)
        if points is not None:
            self._collect_points(points.result())
        self.totals = _with_rows(self.totals, rows)
        if self._collected_bytes >= COLLECTED_BYTES:
            self._settle_collected()

    def _begin_points(self, rows: Rows, previous: int | None) -> Piece[Folded] | None:
        """The points of the pyramid that `rows` complete: much of it is folded while `rows` are written."""
        if self._folder is None:
            return None
        work = partial(self._points, self._folder, rows, previous)
        if self._beside is not None and rows.data.nbytes >= FOLDED_BESIDE_BYTES:
            return self._beside.begin(work)
        piece = Piece(work)
        piece.run()
        return piece

    def _points(self, folder: PyramidFolder, rows: Rows, previous: int | None) -> Folded:
        offsets, lengths = rows.index[:, 0], rows.index[:, 1]
        steps = row_steps(rows.times, lengths, previous, self.description.format.rate)
        first = -(-int(offsets[0]) // layout.PYRAMID_BASE) * layout.PYRAMID_BASE
        begins = np.arange(first, int(offsets[0]) + len(rows.data), layout.PYRAMID_BASE, dtype=np.int64)
        starts = times_of_rows(begins, offsets, lengths, rows.times, steps)
        return folder.fold(rows.data, starts)

    def _collect_points(self, folded: Folded) -> None:
        for samples, points in zip(layout.PYRAMID_LEVELS, folded.levels, strict=True):
            path = layout.level_path(samples)
            self._collect(f"{path}/{layout.TIME}", points.times)
            self._collect(f"{path}/{layout.EXTENT}", points.extents)
        if layout.UNKNOWN in self._tables:
            self._collect(layout.UNKNOWN, folded.unknown)


def info_of(
    described: layout.StreamDescription, totals: StreamTotals, closed_time: Timestamp, gaps: int
) -> StreamInfo:
    """What a reader will tell of a stream."""
    return StreamInfo(
        name=described.name,
        format=described.format,
        device=described.device,
        message_count=totals.message_count,
        sample_count=totals.extent if described.format.kind.is_sampled else 0,
        byte_count=totals.byte_count,
        first_time=totals.first_time,
        last_time=totals.last_time,
        opened_time=described.opened_time,
        closed_time=closed_time,
        dropped=totals.dropped,
        produced=totals.produced,
        gaps=gaps,
        supplemental=described.supplemental,
    )


def _changed(totals: StreamTotals, **changes: Any) -> StreamTotals:
    fields = {name: getattr(totals, name) for name in StreamTotals.__dataclass_fields__}
    return StreamTotals(**{**fields, **changes})


def _with_rows(totals: StreamTotals, rows: Rows) -> StreamTotals:
    fresh = totals.message_count == 0
    return _changed(
        totals,
        message_count=totals.message_count + len(rows.times),
        extent=totals.extent + len(rows.data),
        byte_count=totals.byte_count + rows.data.nbytes,
        first_time=int(rows.times[0]) if fresh else totals.first_time,
        last_time=int(rows.times[-1]),
        first_creation_time=int(rows.creation_times[0]) if fresh else totals.first_creation_time,
        last_creation_time=int(rows.creation_times[-1]),
        latency_sum=totals.latency_sum + sum((rows.creation_times - rows.times).tolist()),
    )


def opening_attributes(description: layout.StreamDescription) -> dict[str, Any]:
    """Attributes of a stream's group that are known when it is created."""
    described = description.format
    return {
        "name": layout.shown(description.name),
        "id": description.id,
        "kind": described.kind.value,
        "dtype": described.dtype,
        "channels": described.channels,
        "channel_names": [layout.shown(name) for name in described.channel_names] or "",
        "rate": described.rate,
        "units": layout.shown(described.units),
        "device": layout.shown(description.device),
        "opened_time": description.opened_time,
        "time_unit": "ns since 1970-01-01T00:00 UTC",
        "description": description.to_json(),
    }


def closing_attributes(totals: StreamTotals, closed_time: Timestamp, *, sampled: bool) -> dict[str, Any]:
    """Attributes of a stream's group that are known when it is closed."""
    count = totals.message_count
    return {
        "closed_time": closed_time,
        "message_count": count,
        "sample_count": totals.extent if sampled else 0,
        "byte_count": totals.byte_count,
        "first_time": totals.first_time,
        "last_time": totals.last_time,
        "first_creation_time": totals.first_creation_time,
        "last_creation_time": totals.last_creation_time,
        "mean_latency_ns": totals.latency_sum / count if count else 0.0,
        "produced": totals.produced,
        "dropped": totals.dropped,
    }
