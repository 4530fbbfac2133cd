"""Reads a ring of samples while another process writes it: a few points per column, never a torn row."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.formats.signal import SignalWindow
from studio.host.ring_age import age_s_of
from studio.host.ring_file import RingFile
from studio.host.sample_columns import Run, columns_of, samples_of
from studio.host.sample_layout import (
    BUCKET_ROWS,
    CELLS,
    LEVEL_CELLS,
    MAGIC,
    arrays_of_existing,
    gap_duration,
)
from studio.timing import TIME_MAX, TIME_MIN, Timestamp

ATTEMPTS = 5
ROWS_PER_COLUMN = 128
"""With more rows than that in a column, buckets are read instead."""
BUCKETS_PER_COLUMN = 32
"""With more small buckets than that in a column, large ones are read instead."""


class SampleRingReader:
    """The reading side of a ring of samples; used by one thread."""

    def __init__(self, path: str | Path) -> None:
        """Map the ring; raises LiveViewError if it is not there."""
        self._file = RingFile.open(Path(path), MAGIC)
        self._arrays = arrays_of_existing(self._file)
        self._sources = (
            _Source(self._arrays.rows, self._arrays.rows, self._arrays.times, CELLS.begun, 1),
            *(
                _Source(level.minimum, level.maximum, level.times, cell, rows)
                for level, cell, rows in zip(self._arrays.levels, LEVEL_CELLS, BUCKET_ROWS, strict=True)
            ),
        )

    @property
    def rate(self) -> float:
        """Nominal rows per second; 0: unknown."""
        return self._arrays.shape.rate

    @property
    def channels(self) -> int:
        """Columns of a row."""
        return self._arrays.shape.channels

    @property
    def newest_time(self) -> Timestamp:
        """Originating time of the newest row; 0: none yet."""
        return int(self._arrays.cells[CELLS.newest_time])

    @property
    def age_s(self) -> float:
        """Seconds since the last write by the monotonic clock; infinite before the first."""
        return age_s_of(int(self._arrays.cells[CELLS.monotonic]))

    def window(self, left: Timestamp, right: Timestamp, columns: int) -> SignalWindow:
        """What the signal did from `left` to `right`, in about `columns` columns.

        With few samples in view these themselves, including the neighbours just outside; else minimum and
        maximum of each column. A gap of the stream is NaN.
        """
        for attempt in range(ATTEMPTS):
            window = self._try_window(left, right, max(1, columns), attempt)
            if window is not None:
                return window
        return self._empty()

    def rows(
        self, left: Timestamp, right: Timestamp, limit: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Single rows from `left` to `right`, `(m,)` times and `(m, channels)`, as far back as they are kept;
        of very many at most `limit`, evenly chosen, so that the same are chosen the next time."""
        source, cells = self._sources[0], self._arrays.cells
        for attempt in range(ATTEMPTS):
            span = source.span(cells, attempt)
            if span.is_empty:
                break
            times, values = span.rows(left, right, limit)
            self._file.fence()
            if span.is_still_whole(cells):
                return times, values
        return np.empty(0, np.int64), np.empty((0, self.channels), np.float32)

    def close(self) -> None:
        """Unmap. Idempotent."""
        if not self._file.is_closed:
            del self._sources, self._arrays
            self._file.close()

    def _try_window(
        self, left: Timestamp, right: Timestamp, columns: int, attempt: int
    ) -> SignalWindow | None:
        """None if the writer overtook the reading; each attempt leaves more room to it."""
        newest = self.newest_time
        right = newest if right == TIME_MAX else right
        spans = [source.span(self._arrays.cells, attempt) for source in self._sources]
        if not newest or spans[0].is_empty:
            return self._empty()
        left = spans[-1].oldest_time if left == TIME_MIN else left
        if right < left:
            return self._empty()
        chosen = self._choose(spans, left, right, columns)
        drawn = self._draw(chosen, left, right, columns)
        self._file.fence()
        # All of them, as the times of an overtaken one may have led to the wrong choice.
        whole = all(span.is_still_whole(self._arrays.cells) for span in spans)
        return drawn if whole else None

    def _choose(self, spans: "list[_Span]", left: Timestamp, right: Timestamp, columns: int) -> "_Span":
        """The finest source that covers the window and does not cost too much."""
        rows, small, large = spans
        left += (right - left) // 16  # a finer source that lacks a sliver is still the better one
        covers = rows.first == 0 or rows.oldest_time <= left
        if small.is_empty or (covers and rows.count(left, right) <= ROWS_PER_COLUMN * columns):
            return rows
        small_covers = small.first == 0 or small.oldest_time <= left
        if large.is_empty or (small_covers and small.count(left, right) <= BUCKETS_PER_COLUMN * columns):
            return small
        return large if large.oldest_time < small.oldest_time or small_covers else small

    def _draw(self, span: "_Span", left: Timestamp, right: Timestamp, columns: int) -> SignalWindow:
        gap = gap_duration(self.rate)
        count = span.count(left, right)
        if span.source.bucket_rows == 1 and count <= 2 * columns:
            return samples_of(span.run(left, right, neighbours=1), gap)
        if gap:
            # The times of buckets are those of their last rows.
            gap += int(span.source.bucket_rows / self.rate * 1e9) * (span.source.bucket_rows > 1)
        run = span.run(left, right, neighbours=0)
        return columns_of(run, left, right, columns, gap=gap, rows_per_item=span.source.bucket_rows)

    def _empty(self) -> SignalWindow:
        nothing = np.empty((0, self.channels), np.float32)
        return SignalWindow(np.empty(0, np.int64), nothing, nothing)


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows, or buckets of one size: three rings that run together."""

    minimum: npt.NDArray[Any]
    maximum: npt.NDArray[Any]
    times: npt.NDArray[Any]
    begun_cell: int
    bucket_rows: int

    def span(self, cells: npt.NDArray[Any], attempt: int) -> "_Span":
        """What can be read now."""
        capacity = len(self.times)
        end = int(cells[self.begun_cell + 1])
        first = max(0, end - capacity + capacity * attempt // (2 * ATTEMPTS))
        return _Span(self, first, end)


@dataclass(frozen=True, slots=True)
class _Span:
    """Items `first` to `end`, counted from the beginning of the stream."""

    source: _Source
    first: int
    end: int

    @property
    def is_empty(self) -> bool:
        return self.end <= self.first

    @property
    def oldest_time(self) -> Timestamp:
        return TIME_MAX if self.is_empty else int(self.source.times[self.first % len(self.source.times)])

    def is_still_whole(self, cells: npt.NDArray[Any]) -> bool:
        """Whether the writer has not begun to overwrite any of it."""
        return int(cells[self.source.begun_cell]) - len(self.source.times) <= self.first

    def count(self, left: Timestamp, right: Timestamp) -> int:
        return self._position(right, "right") - self._position(left, "left")

    def run(self, left: Timestamp, right: Timestamp, *, neighbours: int) -> Run:
        """The items from `left` to `right`, and so many more on both sides."""
        begin = max(self.first, self._position(left, "left") - neighbours)
        end = min(self.end, self._position(right, "right") + neighbours)
        source = self.source
        return Run(*(_slice(ring, begin, end) for ring in (source.times, source.minimum, source.maximum)))

    def rows(
        self, left: Timestamp, right: Timestamp, limit: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Copies of every so many rows."""
        begin, end = self._position(left, "left"), self._position(right, "right")
        step = max(1, -(-(end - begin) // max(1, limit)))
        places = np.arange(-(-begin // step) * step, end, step) % len(self.source.times)
        return self.source.times[places], self.source.minimum[places]

    def _position(self, time: Timestamp, side: Any) -> int:
        times = self.source.times
        begin, count = self.first % len(times), self.end - self.first
        head = times[begin : begin + count]
        position = int(np.searchsorted(head, time, side))
        if position == len(head) and count > len(head):
            position += int(np.searchsorted(times[: count - len(head)], time, side))
        return self.first + position


def _slice(ring: npt.NDArray[Any], begin: int, end: int) -> npt.NDArray[Any]:
    """Items `begin` to `end` in order: a view where they lie together, else a copy."""
    start, count = begin % len(ring), max(0, end - begin)
    head = ring[start : start + count]
    return head if len(head) == count else np.concatenate((head, ring[: count - len(head)]))
