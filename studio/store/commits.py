"""The table of commits: how far each stream is valid. A row is written when what it counts is in the file."""

import h5py
import numpy as np

from studio.store import layout
from studio.store.table import Table
from studio.timing import Timestamp

TIME_CHUNK_ROWS = 1024


def create_commits(file: h5py.File, chunk: tuple[int, ...] = layout.COUNTS_CHUNK) -> None:
    """Its two datasets, in a file that is not in SWMR mode."""
    group = file.create_group(layout.COMMITS)
    group.create_dataset(layout.TIME, shape=(0,), maxshape=(None,), chunks=(TIME_CHUNK_ROWS,), dtype="i8")
    columns = len(layout.COUNT_COLUMNS)
    counts = group.create_dataset(
        layout.COUNTS,
        shape=(0, 1, columns),
        maxshape=(None, None, columns),
        chunks=chunk,
        dtype="i8",
    )
    counts.attrs["columns"] = list(layout.COUNT_COLUMNS)


class Commits:
    """Appends rows of counts."""

    def __init__(self) -> None:
        self._time = Table(f"{layout.COMMITS}/{layout.TIME}", TIME_CHUNK_ROWS * 8)
        self._counts = Table(f"{layout.COMMITS}/{layout.COUNTS}")
        self.last_time: Timestamp = 0

    def attach(self, file: h5py.File | None) -> None:
        """Go on in a newly opened file."""
        self._time.attach(file)
        self._counts.attach(file)

    def widen(self, streams: int) -> None:
        """Make room for the counts of `streams` streams; the file is not in SWMR mode."""
        self._counts.dataset.resize(streams, axis=1)

    @property
    def count(self) -> int:
        """How many there are: the number of the next one."""
        return self._time.count

    def append(self, time: Timestamp, counts: list[list[int]]) -> None:
        """One row, brought to the file at once. The counted data must have been flushed before."""
        self._counts.append(np.array([counts], np.int64))
        self._counts.dataset.flush()
        self._time.append(np.array([time], np.int64))
        self._time.dataset.flush()
        self.last_time = time
