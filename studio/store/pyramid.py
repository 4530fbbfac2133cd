"""Folds samples into minimum and maximum per 64, 512, 4096, ... samples while they are recorded.

Holds only what does not fill a point yet, so its cost does not grow with the recording.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.store.layout import PYRAMID_BASE, PYRAMID_LEVELS, PYRAMID_STEP
from studio.store.row_times import Int64s

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Points:
    """Consecutive points of one level."""

    times: Int64s
    """`(m,)` time of the first sample of each."""
    extents: Array
    """`(m, 2, channels)` minimum and maximum; NaN is ignored unless there is nothing else."""

    def __len__(self) -> int:
        return len(self.times)


def extent_of(blocks: Array) -> Array:
    """`(m, n, channels)` samples to `(m, 2, channels)`."""
    low, high = (np.fmin, np.fmax) if blocks.dtype.kind == "f" else (np.minimum, np.maximum)
    return np.stack([low.reduce(blocks, axis=1), high.reduce(blocks, axis=1)], axis=1)


def merge(points: Points, size: int) -> Points:
    """Every `size` points as one; what is left over is left out."""
    count = len(points) // size
    grouped = points.extents[: count * size].reshape(count, size, 2, points.extents.shape[2])
    low, high = (np.fmin, np.fmax) if grouped.dtype.kind == "f" else (np.minimum, np.maximum)
    extents = np.stack([low.reduce(grouped[:, :, 0], axis=1), high.reduce(grouped[:, :, 1], axis=1)], axis=1)
    return Points(points.times[: count * size : size], extents)


class PyramidFolder:
    """The open ends of the levels of one stream."""

    def __init__(self, channels: int, dtype: np.dtype[Any]) -> None:
        self._samples: Array = np.empty((0, channels), dtype)
        self._starts: Int64s = np.empty(0, np.int64)
        empty = Points(np.empty(0, np.int64), np.empty((0, 2, channels), dtype))
        self._open = [empty] * (len(PYRAMID_LEVELS) - 1)

    def fold(self, samples: Array, starts: Int64s) -> list[Points]:
        """The points that `samples` (n, channels) complete, one entry per level.

        `starts` are the times of those of the samples that begin a point of the finest level, i.e. whose row
        number is a multiple of 64.
        """
        samples = np.concatenate([self._samples, samples])
        starts = np.concatenate([self._starts, starts])
        count = len(samples) // PYRAMID_BASE
        used = count * PYRAMID_BASE
        blocks = samples[:used].reshape(count, PYRAMID_BASE, samples.shape[1])
        self._samples, self._starts = samples[used:].copy(), starts[count:].copy()
        levels = [Points(starts[:count], extent_of(blocks))]
        for number in range(len(self._open)):
            levels.append(self._rise(number, levels[-1]))
        return levels

    def _rise(self, number: int, new: Points) -> Points:
        """Points of the next level that `new` ones of level `number` complete."""
        kept = self._open[number]
        if not len(new):
            return Points(kept.times[:0], kept.extents[:0])
        points = Points(np.concatenate([kept.times, new.times]), np.concatenate([kept.extents, new.extents]))
        merged = merge(points, PYRAMID_STEP)
        used = len(merged) * PYRAMID_STEP
        self._open[number] = Points(points.times[used:].copy(), points.extents[used:].copy())
        return merged
