"""Where things lie in a ring of samples, for its writer and its readers. Opens no file.

A ring holds the newest rows with a time each, and beside them buckets of 64 and of 512 rows with their
minimum, maximum and last time, so that half a minute can be drawn without touching every row.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy.typing as npt

from studio.host.ring_file import RingFile, array_bytes

MAGIC = b"STSAMP01"
BUCKET_ROWS = (64, 512)
"""Rows of a bucket at each level; a gap ends a bucket early."""
WANTED_S = 33.0
MAXIMUM_BYTES = 16 * 1024 * 1024
UNKNOWN_RATE_ROWS = 32_768
MINIMUM_ROWS = 256


class Cells(NamedTuple):
    """The numbers of a ring that change, each an int64 of its own."""

    begun: int
    """Rows whose writing has begun; the rows older than `begun - capacity` may be half overwritten."""
    written: int
    """Rows that are complete."""
    newest_time: int
    monotonic: int
    """When it was last written to."""


CELLS = Cells(0, 1, 2, 3)
LEVEL_CELLS = (4, 6)
"""Per level: buckets begun, and behind it buckets written."""
CELL_COUNT = 16


@dataclass(frozen=True, slots=True)
class SampleShape:
    """How large the parts of a ring are."""

    channels: int
    rate: float
    """Nominal rows per second; 0: unknown."""
    rows: int
    buckets: tuple[int, ...]
    """Capacity of each level."""

    @classmethod
    def fitting(cls, channels: int, rate: float, limit: int = MAXIMUM_BYTES) -> "SampleShape":
        """Half a minute of samples in at most `limit` bytes: buckets first, as many rows as then fit."""
        wanted = max(MINIMUM_ROWS, int(rate * WANTED_S)) if rate > 0 else UNKNOWN_RATE_ROWS
        row_bytes = 4 * channels + 8
        bucket_bytes = 8 * channels + 8
        # Gaps end buckets early, so a little more than the division says.
        buckets = [wanted // rows + 64 for rows in BUCKET_ROWS]
        while sum(buckets) * bucket_bytes > limit * 3 // 4 and max(buckets) > 2:
            buckets = [max(2, count // 2) for count in buckets]
        room = limit - sum(buckets) * bucket_bytes - 64 * 16
        return cls(channels, rate, max(2, min(wanted, room // row_bytes)), tuple(buckets))

    @property
    def body_bytes(self) -> int:
        """Bytes behind the header of the file."""
        parts: list[tuple[str, tuple[int, ...]]] = [
            ("float64", (2,)),
            ("int64", (2 + len(self.buckets),)),
            ("int64", (CELL_COUNT,)),
            ("float32", (self.rows, self.channels)),
            ("int64", (self.rows,)),
        ]
        for count in self.buckets:
            parts += [("float32", (count, self.channels))] * 2 + [("int64", (count,))]
        return sum(array_bytes(dtype, shape) for dtype, shape in parts)


@dataclass(frozen=True, slots=True)
class Level:
    """Buckets of one size, as a ring."""

    minimum: npt.NDArray[Any]
    maximum: npt.NDArray[Any]
    times: npt.NDArray[Any]
    """Of the last row of each bucket."""


@dataclass(frozen=True, slots=True)
class SampleArrays:
    """The arrays of a ring's file."""

    shape: SampleShape
    cells: npt.NDArray[Any]
    rows: npt.NDArray[Any]
    times: npt.NDArray[Any]
    levels: tuple[Level, ...]


def arrays_of_new(file: RingFile, shape: SampleShape) -> SampleArrays:
    """Lay out a file just created, and write its shape into it."""
    file.array("float64", (2,))[:] = (shape.rate, 0.0)
    file.array("int64", (2 + len(shape.buckets),))[:] = (shape.channels, shape.rows, *shape.buckets)
    return _remaining_arrays(file, shape)


def arrays_of_existing(file: RingFile) -> SampleArrays:
    """Find the arrays of a file made by `arrays_of_new`."""
    rate = float(file.array("float64", (2,))[0])
    channels, rows, *buckets = (int(n) for n in file.array("int64", (2 + len(BUCKET_ROWS),)))
    return _remaining_arrays(file, SampleShape(channels, rate, rows, tuple(buckets)))


def _remaining_arrays(file: RingFile, shape: SampleShape) -> SampleArrays:
    cells = file.array("int64", (CELL_COUNT,))
    rows = file.array("float32", (shape.rows, shape.channels))
    times = file.array("int64", (shape.rows,))
    levels = tuple(
        Level(
            file.array("float32", (count, shape.channels)),
            file.array("float32", (count, shape.channels)),
            file.array("int64", (count,)),
        )
        for count in shape.buckets
    )
    return SampleArrays(shape, cells, rows, times, levels)


def gap_duration(rate: float) -> int:
    """ns without a sample from which on a signal is drawn with a gap; 0: never (unknown rate)."""
    return int(max(2.5e9 / rate, 20e6)) if rate > 0 else 0
