"""Writes blocks of samples into a ring and folds them into its buckets. Belongs to one thread at a time."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.host.ring_file import RingFile
from studio.host.sample_columns import extremes
from studio.host.sample_layout import (
    BUCKET_ROWS,
    CELLS,
    LEVEL_CELLS,
    MAGIC,
    MAXIMUM_BYTES,
    SampleArrays,
    SampleShape,
    arrays_of_new,
    gap_duration,
)
from studio.timing import Timestamp, monotonic_ns

SMALLER = (1, 4, 16)
"""When the memory is not there, the ring is tried this many times smaller (decision 20)."""


class SampleRingWriter:
    """The writing side of a ring of samples."""

    def __init__(self, file: RingFile, arrays: SampleArrays) -> None:
        self._file = file
        self._arrays = arrays
        self._gap = gap_duration(arrays.shape.rate)
        self._last_time = 0
        empty = np.empty((0, arrays.shape.channels), np.float32)
        self._unfolded = [_Bucket(empty, empty, np.empty(0, np.int64)) for _ in BUCKET_ROWS]
        file.publish()

    @classmethod
    def create(cls, path: Path, *, channels: int, rate: float) -> "SampleRingWriter | None":
        """A new ring at `path`, smaller if memory is short; None if there is no memory for any."""
        for smaller in SMALLER:
            shape = SampleShape.fitting(channels, rate, MAXIMUM_BYTES // smaller)
            file = RingFile.create(path, MAGIC, shape.body_bytes)
            if file is not None:
                return cls(file, arrays_of_new(file, shape))
        return None

    @property
    def channels(self) -> int:
        """Columns of a block."""
        return self._arrays.shape.channels

    def write(self, block: npt.NDArray[Any], last_time: Timestamp) -> None:
        """Append `(n, channels)` rows of which the last was taken at `last_time` (decision 3)."""
        rows = np.asarray(block, np.float32)[-self._arrays.shape.rows :]
        if not len(rows):
            return
        times = self._times_of(len(rows), last_time)
        breaks = self._gap and self._last_time and int(times[0]) - self._last_time > self._gap
        self._append(rows, times)
        self._fold(0, _Bucket(rows, rows, times), ended=bool(breaks))
        self._last_time = last_time
        self._arrays.cells[CELLS.newest_time] = last_time
        self._arrays.cells[CELLS.monotonic] = monotonic_ns()

    def close(self) -> None:
        """Unmap and remove the file. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()

    def _times_of(self, count: int, last_time: Timestamp) -> npt.NDArray[np.int64]:
        """A time for each row by the nominal rate, never before the last row of the block before."""
        rate = self._arrays.shape.rate
        period = 1e9 / rate if rate > 0 else 0.0
        hole = last_time - self._last_time
        if self._last_time and hole > 0 and (rate <= 0 or count * period > hole):
            period = hole / count
        before_last: npt.NDArray[np.int64] = np.rint(np.arange(count - 1, -1, -1) * period).astype(np.int64)
        return last_time - before_last

    def _append(self, rows: npt.NDArray[np.float32], times: npt.NDArray[np.int64]) -> None:
        cells = self._arrays.cells
        written = int(cells[CELLS.written])
        cells[CELLS.begun] = written + len(rows)
        self._file.fence()
        _put(self._arrays.rows, written, rows)
        _put(self._arrays.times, written, times)
        self._file.fence()
        cells[CELLS.written] = written + len(rows)

    def _fold(self, level: int, new: "_Bucket", *, ended: bool) -> None:
        """Make whole buckets of what waits and what is new; a gap before the new ones ends what waits."""
        if level == len(BUCKET_ROWS):
            return
        width = BUCKET_ROWS[level] // (BUCKET_ROWS[level - 1] if level else 1)
        waiting = self._unfolded[level]
        if ended:
            if len(waiting.times):
                folded = waiting.folded(np.zeros(1, np.intp))
                self._append_buckets(level, folded)
                self._fold(level + 1, folded, ended=False)
            self._fold(level + 1, waiting.first(0), ended=True)
            waiting = waiting.first(0)
        together = waiting.followed_by(new)
        whole = len(together.times) // width * width
        self._unfolded[level] = together.after(whole)
        if whole:
            folded = together.first(whole).folded(np.arange(0, whole, width))
            self._append_buckets(level, folded)
            self._fold(level + 1, folded, ended=False)

    def _append_buckets(self, level: int, folded: "_Bucket") -> None:
        arrays, cells, cell = self._arrays.levels[level], self._arrays.cells, LEVEL_CELLS[level]
        folded = folded.after(max(0, len(folded.times) - len(arrays.times)))
        written = int(cells[cell + 1])
        cells[cell] = written + len(folded.times)
        self._file.fence()
        _put(arrays.minimum, written, folded.minimum)
        _put(arrays.maximum, written, folded.maximum)
        _put(arrays.times, written, folded.times)
        self._file.fence()
        cells[cell + 1] = written + len(folded.times)


class _Bucket:
    """Consecutive minima, maxima and last times, of rows or of smaller buckets."""

    __slots__ = ("maximum", "minimum", "times")

    def __init__(self, minimum: npt.NDArray[Any], maximum: npt.NDArray[Any], times: npt.NDArray[Any]) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.times = times

    def first(self, count: int) -> "_Bucket":
        return _Bucket(self.minimum[:count], self.maximum[:count], self.times[:count])

    def after(self, count: int) -> "_Bucket":
        # Copies, so that what waits does not keep the whole block alive.
        return _Bucket(self.minimum[count:].copy(), self.maximum[count:].copy(), self.times[count:].copy())

    def followed_by(self, other: "_Bucket") -> "_Bucket":
        return _Bucket(
            np.concatenate((self.minimum, other.minimum)),
            np.concatenate((self.maximum, other.maximum)),
            np.concatenate((self.times, other.times)),
        )

    def folded(self, starts: npt.NDArray[np.intp]) -> "_Bucket":
        ends = np.append(starts[1:], len(self.times)) - 1
        return _Bucket(
            extremes(self.minimum, starts, np.minimum, np.fmin),
            extremes(self.maximum, starts, np.maximum, np.fmax),
            self.times[ends],
        )


def _put(ring: npt.NDArray[Any], position: int, items: npt.NDArray[Any]) -> None:
    """Write `items` behind `position` items, around the end of the ring if need be."""
    start = position % len(ring)
    fitting = min(len(items), len(ring) - start)
    ring[start : start + fitting] = items[:fitting]
    ring[: len(items) - fitting] = items[fitting:]
