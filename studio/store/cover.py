"""The points of one level of the pyramid that cover a stretch of rows, read to where they are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from studio.formats.encoding import stored_dtype
from studio.store import layout
from studio.store.pyramid import Points, merge
from studio.store.row_times import Int64s, row_steps, times_of_rows
from studio.store.stream_reader import StreamReader


@dataclass(frozen=True, slots=True)
class Cover:
    """Points `first` to `last` of the level of `samples` samples, and what lies behind them as one more."""

    samples: int
    first: int
    last: int
    tail: Points
    """The end that fills no point of the level yet, of finer ones; one point or none."""

    def times(self, stream: StreamReader) -> Int64s:
        """`(m,)` time of the first sample of each point."""
        stored = stream.rows(f"{layout.level_path(self.samples)}/{layout.TIME}", self.first, self.last)
        return np.concatenate([stored, self.tail.times])

    def extents(self, stream: StreamReader, breaks: Sequence[int] = ()) -> np.ndarray[Any, Any]:
        """`(m + breaks, 2, channels)`; in front of each point of `breaks` (sorted) a row is left free.

        Read in place: of very many channels each copy would take as long as to read them.
        """
        table = f"{layout.level_path(self.samples)}/{layout.EXTENT}"
        stored = self.last - self.first
        described = stream.description.format
        shape = (stored + len(self.tail) + len(breaks), 2, described.channels)
        extents = np.empty(shape, stored_dtype(described))
        for skipped, (begin, end) in enumerate(pairwise((0, *breaks, stored + len(self.tail)))):
            until = min(end, stored)
            if begin < until:
                target = extents[begin + skipped : until + skipped]
                stream.read_into(table, self.first + begin, self.first + until, target)
        if len(self.tail):
            extents[-1] = self.tail.extents[0]
        return extents


def pyramid_cover(stream: StreamReader, samples: int, first_row: int, last_row: int) -> Cover:
    """What covers the rows; the end that fills no point yet is made of finer ones."""
    first = first_row // samples
    last = max(first, min(-(-last_row // samples), stream.counts.extent // samples))
    if last_row > last * samples:
        return Cover(samples, first, last, _tail(stream, samples, last * samples, last_row))
    channels = stream.description.format.channels
    return Cover(samples, first, last, Points(np.empty(0, np.int64), np.empty((0, 2, channels))))


def _tail(stream: StreamReader, samples: int, first_row: int, last_row: int) -> Points:
    """The rows behind the last full point, as one point."""
    if samples == layout.PYRAMID_BASE:
        first = stream.message_of_row(first_row)
        points = raw_points(stream, first, stream.message_of_row(last_row - 1) + 1)
        skipped = first_row - int(stream.rows(layout.INDEX, first, first + 1)[0, 0])
        points = Points(points.times[skipped:], points.extents[skipped:])
    else:
        cover = pyramid_cover(stream, samples // layout.PYRAMID_STEP, first_row, last_row)
        points = Points(cover.times(stream), cover.extents(stream))
    return merge(points, len(points))


def raw_points(stream: StreamReader, first: int, last: int) -> Points:
    """The samples of messages `first` to `last`, each a point."""
    begin, times = times_of_samples(stream, first, last)
    data = stream.rows(layout.DATA, begin, begin + len(times))
    return Points(times, np.stack([data, data], axis=1))


def times_of_samples(stream: StreamReader, first: int, last: int) -> tuple[int, np.ndarray[Any, Any]]:
    """The first row of messages `first` to `last`, and when each of their rows was sampled."""
    index = stream.rows(layout.INDEX, first, last)
    known = stream.rows(layout.TIME, max(0, first - 1), last)
    previous, times = (int(known[0]), known[1:]) if first else (None, known)
    offsets, lengths = index[:, 0], index[:, 1]
    begin, end = int(offsets[0]), int(offsets[-1] + lengths[-1])
    steps = row_steps(times, lengths, previous, stream.description.format.rate)
    return begin, times_of_rows(np.arange(begin, end, dtype=np.int64), offsets, lengths, times, steps)
