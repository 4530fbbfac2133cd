"""Reads one stream of a recording, never beyond the last commit. Belongs to the thread of its reader.

One h5py dataset object per dataset, refreshed when it is too short: a second handle returned wrong rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np

from studio.engine.message import Envelope, Message
from studio.errors import StoreFormatError
from studio.formats.encoding import decode, stored_dtype
from studio.formats.recording import LossEntry, StreamInfo
from studio.store import layout
from studio.store.damage import explained
from studio.store.opening import open_of_a_screen
from studio.timing import Timestamp

CHUNK_MESSAGES = 4096
CHUNK_BYTES = 8 << 20
FIRST_CHUNK = 64
"""Messages; whoever begins in the middle sees the first ones soon, and then gets ever larger chunks."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a stream is valid."""

    messages: int = 0
    extent: int = 0
    loss_rows: int = 0
    produced: int = 0


@dataclass(frozen=True, slots=True)
class NotedCreation:
    """What was noted of creation times when a stream was closed."""

    first_time: Timestamp
    last_time: Timestamp
    mean_latency: int
    """ns from originating to creation."""


class StreamReader:
    """One stream. `counts` moves with the commits."""

    def __init__(
        self, path: Path, parent: h5py.Group, link: str, description: layout.StreamDescription
    ) -> None:
        """`parent` has its group under `link`, which is opened when a table of it is wanted."""
        self.description = description
        self.counts = Counts()
        self._path = path
        self._parent = parent
        self._link = link
        self._datasets: dict[str, Any] = {}
        self._found: dict[str, bool] = {}
        self._specs: dict[str, layout.DatasetSpec] = {}
        self._probed: dict[int, int] = {}
        self._probed_offsets: dict[int, int] = {}

    def rows(self, table: str, start: int, stop: int) -> np.ndarray[Any, Any]:
        """Rows `start` to `stop` of a table; raises StoreFormatError when they are not there."""
        with explained(self._path, f"{table} of stream {self.description.name!r}"):
            dataset = self._reaching(table, start, stop)
            if start == stop:  # h5py takes ten times as long to read nothing as to read a row
                return np.empty((0, *self._specs[table].row_shape), self._specs[table].dtype)
            return np.asarray(dataset[start:stop])

    def read_into(self, table: str, start: int, stop: int, target: np.ndarray[Any, Any]) -> None:
        """The same, at least one row, into a contiguous `target` of its type and shape."""
        with explained(self._path, f"{table} of stream {self.description.name!r}"):
            dataset = self._reaching(table, start, stop).id
            space = dataset.get_space()
            space.select_hyperslab((start, *(0 for _ in target.shape[1:])), target.shape)
            dataset.read(h5py.h5s.create_simple(target.shape), space, target)

    def _reaching(self, table: str, start: int, stop: int) -> Any:
        """The dataset, if it has these rows."""
        dataset = self._dataset(table)
        rows = dataset.shape[0]
        if rows < stop:
            dataset.refresh()
            rows = dataset.shape[0]
        if rows < stop or start < 0:
            raise StoreFormatError(
                f"{self._path} is damaged: {table} of stream {self.description.name!r} has "
                f"{rows} rows, expected {stop}"
            )
        return dataset

    def _dataset(self, table: str) -> Any:
        if table not in self._datasets:
            if not self._specs:
                self._specs = {spec.path: spec for spec in layout.stream_datasets(self.description.format)}
            group = self._parent[self._link]
            found = open_of_a_screen(group, table) if table.endswith(f"/{layout.EXTENT}") else group[table]
            self._datasets[table] = _checked(found, self._specs[table])
        return self._datasets[table]

    def rest(self) -> None:
        """Close its tables until they are read again: of very many streams they would not all have room."""
        self._datasets.clear()

    def has(self, table: str) -> bool:
        """Whether it has such a table: older recordings lack some."""
        with explained(self._path, f"{table} of stream {self.description.name!r}"):
            if table not in self._found:
                self._found[table] = table in self._parent[self._link]
            return self._found[table]

    def length_of(self, table: str) -> int:
        """Rows that a table has, committed or not."""
        with explained(self._path, f"{table} of stream {self.description.name!r}"):
            return int(self._dataset(table).shape[0])

    @property
    def last_time(self) -> Timestamp | None:
        """Originating time of the last message; None while there is none."""
        count = self.counts.messages
        return int(self.rows(layout.TIME, count - 1, count)[0]) if count else None

    def position(self, time: Timestamp, *, after: bool = False) -> int:
        """Number of messages before `time` (with `after`: at or before it)."""
        side: Literal["left", "right"] = "right" if after else "left"
        low, high = 0, -(-self.counts.messages // layout.COLUMN_CHUNK_ROWS)
        while low < high:  # among the first times of the chunks
            middle = (low + high) // 2
            first = self._first_time_of_chunk(middle)
            low, high = (middle + 1, high) if first < time or (after and first == time) else (low, middle)
        if low == 0:
            return 0
        start = (low - 1) * layout.COLUMN_CHUNK_ROWS
        stop = min(start + layout.COLUMN_CHUNK_ROWS, self.counts.messages)
        return start + int(np.searchsorted(self.rows(layout.TIME, start, stop), time, side=side))

    def _first_time_of_chunk(self, chunk: int) -> int:
        if chunk not in self._probed:
            start = chunk * layout.COLUMN_CHUNK_ROWS
            self._probed[chunk] = int(self.rows(layout.TIME, start, start + 1)[0])
        return self._probed[chunk]

    def message_of_row(self, row: int) -> int:
        """Number of the message that holds row (or byte) `row` of the data."""
        size = layout.INDEX_CHUNK_ROWS
        low, high = 0, -(-self.counts.messages // size)
        while high - low > 1:  # among the first offsets of the chunks
            middle = (low + high) // 2
            low, high = (middle, high) if self._first_offset_of_chunk(middle) <= row else (low, middle)
        start, stop = low * size, min((low + 1) * size, self.counts.messages)
        offsets = self.rows(layout.INDEX, start, stop)[:, 0]
        return start + max(0, int(np.searchsorted(offsets, row, side="right")) - 1)

    def _first_offset_of_chunk(self, chunk: int) -> int:
        if chunk not in self._probed_offsets:
            start = chunk * layout.INDEX_CHUNK_ROWS
            self._probed_offsets[chunk] = int(self.rows(layout.INDEX, start, start + 1)[0, 0])
        return self._probed_offsets[chunk]

    def times(self, start: int, stop: int, limit: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Times of messages `start` to `stop`, at most about `limit` of them, evenly chosen."""
        stride = max(1, -(-(stop - start) // max(1, limit)))
        if stop - start <= 64 * layout.COLUMN_CHUNK_ROWS:
            return self.rows(layout.TIME, start, stop)[::stride]
        chosen = [self.rows(layout.TIME, i, i + 1)[0] for i in range(start, stop, stride)]
        return np.array(chosen, np.int64)

    def messages(self, start: int, stop: int) -> Iterator[Message[Any]]:
        """Messages number `start` to `stop`, a chunk in memory at a time; envelopes as recorded, source 0."""
        size = FIRST_CHUNK
        while start < stop:
            # As many bytes at first as messages: a 64th of a full chunk, a picture at least.
            chunk = self._chunk(start, min(stop, start + size), CHUNK_BYTES * size // CHUNK_MESSAGES)
            yield from chunk
            start += len(chunk)
            size = min(4 * size, CHUNK_MESSAGES)

    def _chunk(self, start: int, stop: int, byte_limit: int) -> list[Message[Any]]:
        index = self.rows(layout.INDEX, start, stop)
        row_bytes = self._row_bytes()
        fits = int(
            np.searchsorted((index[:, 0] + index[:, 1] - index[0, 0]) * row_bytes, byte_limit, "right")
        )
        index = index[: max(1, fits)]
        stop = start + len(index)
        first, last = int(index[0, 0]), int(index[-1, 0] + index[-1, 1])
        if first < 0 or last > self.counts.extent or (index[:, 1] < 0).any():
            raise StoreFormatError(
                f"{self._path} is damaged: messages {start} to {stop} of stream {self.description.name!r} "
                f"lie outside its data"
            )
        data = self.rows(layout.DATA, first, last)
        with explained(self._path, f"messages {start} to {stop} of stream {self.description.name!r}"):
            return self._decoded(start, stop, index - np.eye(1, index.shape[1], dtype=np.int64) * first, data)

    def _decoded(
        self, start: int, stop: int, index: np.ndarray[Any, Any], data: np.ndarray[Any, Any]
    ) -> list[Message[Any]]:
        sampled = self.description.format.kind.is_sampled
        envelopes = zip(
            self.rows(layout.SEQUENCE_ID, start, stop).tolist(),
            self.rows(layout.TIME, start, stop).tolist(),
            self.rows(layout.CREATION_TIME, start, stop).tolist(),
            strict=True,
        )
        messages = []
        for (offset, length, *shape), (sequence_id, time, created) in zip(
            index.tolist(), envelopes, strict=True
        ):
            part = data[offset : offset + length]
            raw = part.copy() if sampled else part.tobytes()
            value = decode(self.description.format, raw, tuple(shape) if shape else layout.NO_SHAPE)
            messages.append(Message(value, Envelope(0, sequence_id, time, created)))
        return messages

    def _row_bytes(self) -> int:
        described = self.description.format
        return stored_dtype(described).itemsize * described.channels if described.kind.is_sampled else 1

    def losses(self) -> tuple[LossEntry, ...]:
        """The loss account."""
        rows = self.rows(layout.LOSS, 0, self.counts.loss_rows)
        return tuple(
            LossEntry(
                stream=self.description.name,
                reason=bytes(row["reason"]).decode("utf-8", "replace"),
                count=int(row["count"]),
                from_time=int(row["from_time"]),
                to_time=int(row["to_time"]),
            )
            for row in rows
        )

    def _ends(self) -> tuple[Timestamp, Timestamp]:
        """Times of the first and the last message; 0 where there is none.

        What was noted when the stream was closed is read in a tenth of the time, and opens no table: a
        recording may have very many streams.
        """
        count = self.counts.messages
        if not count:
            return 0, 0
        with explained(self._path, f"the attributes of stream {self.description.name!r}"):
            if self._noted("message_count") == count:
                return self._noted("first_time"), self._noted("last_time")
        return int(self.rows(layout.TIME, 0, 1)[0]), int(self.rows(layout.TIME, count - 1, count)[0])

    def _noted(self, name: str) -> int:
        """A number among the attributes of its group; 0: it is not there (yet)."""
        place, key, link = self._parent.id, name.encode(), self._link.encode()
        if not h5py.h5a.exists(place, key, obj_name=link):
            return 0
        value = np.zeros((), np.int64)
        h5py.h5a.open(place, key, obj_name=link).read(value)
        return int(value)

    def noted_creation(self) -> NotedCreation | None:
        """When its messages were made, as noted when it was closed; None if it was not."""
        with explained(self._path, f"the attributes of stream {self.description.name!r}"):
            first_time = self._noted("first_creation_time")
            if not first_time or self._noted("message_count") != self.counts.messages:
                return None
            last_time = self._noted("last_creation_time")
            return NotedCreation(first_time, last_time, self._noted("mean_latency_ns"))

    def noted_account(self) -> dict[str, int] | None:
        """Its counts as they were noted when it was closed; None if it was not."""
        names = ("message_count", "sample_count", "byte_count", "produced", "dropped")
        with explained(self._path, f"the attributes of stream {self.description.name!r}"):
            return {name: self._noted(name) for name in names} if self._noted("closed_time") else None

    def info(self) -> StreamInfo:
        """The stream as far as it is committed."""
        counts, described = self.counts, self.description
        count = counts.messages
        losses = self.losses() if counts.loss_rows else ()
        with explained(self._path, f"the attributes of stream {described.name!r}"):
            closed_time = self._noted("closed_time")
        first_time, last_time = self._ends()
        return StreamInfo(
            name=described.name,
            format=described.format,
            device=described.device,
            message_count=count,
            sample_count=counts.extent if described.format.kind.is_sampled else 0,
            byte_count=counts.extent * self._row_bytes(),
            first_time=first_time,
            last_time=last_time,
            opened_time=described.opened_time,
            closed_time=closed_time,
            dropped=sum(loss.count for loss in losses),
            produced=counts.produced,
            gaps=sum(loss.reason == layout.GAP for loss in losses),
            supplemental=described.supplemental,
        )


def description_in(parent: h5py.Group, link: str) -> layout.StreamDescription:
    """What the stream under `link` says of itself; opens nothing that stays open, raises as h5py does."""
    attribute = h5py.h5a.open(parent.id, b"description", obj_name=link.encode())
    value = np.empty((), h5py.string_dtype("utf-8"))
    attribute.read(value, mtype=h5py.h5t.py_create(value.dtype))
    return layout.StreamDescription.from_json(value.item().decode("utf-8"))


def _checked(dataset: Any, spec: layout.DatasetSpec) -> Any:
    """`dataset` if it is what the layout says; raises ValueError."""
    if dataset.dtype != np.dtype(spec.dtype) or dataset.shape[1:] != spec.row_shape:
        raise ValueError(f"it has rows of {dataset.shape[1:]} {dataset.dtype}, expected {spec.row_shape}")
    return dataset
