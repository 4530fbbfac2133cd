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


FOLDED_BYTES = 1024
"""Of rows that are folded side by side: numpy spends more time between short stretches than on them."""
FEWEST_STRETCHES = 4


def extent_of(blocks: Array) -> Array:
    """`(m, n, channels)` samples to `(m, 2, channels)`; n is a power of two."""
    low, high = (np.fmin, np.fmax) if blocks.dtype.kind == "f" else (np.minimum, np.maximum)
    return np.stack([_folded(low, blocks), _folded(high, blocks)], axis=1)


def _folded(fold: np.ufunc, blocks: Array) -> Array:
    """`(m, n, channels)` to `(m, channels)`.

    Rows of some bytes are folded one upon the other in stretches of a kilobyte, so that only the first of
    them is written again and again, and stays in the nearest cache. The rest, and what has few such
    stretches, is folded by halves.
    """
    count, rows, channels = blocks.shape
    if channels == 1:
        return np.asarray(fold.reduce(blocks, axis=1))
    stretches = min(rows, _power_below(rows * channels * blocks.itemsize // FOLDED_BYTES))
    if stretches >= FEWEST_STRETCHES:
        stacked = blocks.reshape(count, stretches, rows // stretches * channels)
        blocks = fold.reduce(stacked, axis=1).reshape(count, rows // stretches, channels)
    while (half := blocks.shape[1] // 2) > 0:
        blocks = fold(blocks[:, :half], blocks[:, half:])
    return blocks[:, 0]


def _power_below(number: int) -> int:
    """The largest power of two that is not more; 1 for less than one."""
    return 1 << max(0, number.bit_length() - 1)


def unknown_in(blocks: Array) -> Int64s:
    """Which of the `(m, n, channels)` blocks hold a NaN."""
    if blocks.dtype.kind != "f" or not len(blocks):
        return np.empty(0, np.int64)
    # A sum is no number where any part of it is none, and costs least; infinities are told apart after.
    with np.errstate(invalid="ignore", over="ignore"):
        suspects = np.flatnonzero(np.isnan(blocks.sum(axis=(1, 2))))
    return suspects[np.isnan(blocks[suspects]).any(axis=(1, 2))].astype(np.int64)


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
        self._nothing: Int64s = np.empty(0, np.int64)
        self._count = 0
        """Points of the finest level so far."""
        self.unknown = self._nothing
        """Which of those that were completed last hold a NaN."""
        self._samples: Array = np.empty((0, channels), dtype)
        self._starts: Int64s = np.empty(0, np.int64)
        empty = Points(np.empty(0, np.int64), np.empty((0, 2, channels), dtype))
        self._open = [empty] * (len(PYRAMID_LEVELS) - 1)

    def fold(self, samples: Array, starts: Int64s) -> list[Points]:
        """The points that `samples` (n, channels) complete, one entry per level.

        `starts` are the times of those of the samples that begin a point of the finest level, i.e. whose row
        number is a multiple of 64.
        """
        extents = self._extents(samples)
        starts = np.concatenate([self._starts, starts])
        self._starts = starts[len(extents) :].copy()
        levels = [Points(starts[: len(extents)], extents)]
        for number in range(len(self._open)):
            levels.append(self._rise(number, levels[-1]))
        return levels

    def _extents(self, samples: Array) -> Array:
        """`(m, 2, channels)` of the points of the finest level that `samples` complete, none of them copied
        but those of the point that was begun before."""
        head = samples[: -len(self._samples) % PYRAMID_BASE]
        begun = np.concatenate([self._samples, head])
        if 0 < len(begun) < PYRAMID_BASE:
            self._samples, whole = begun, [samples[:0]]
        else:
            end = len(samples) - (len(samples) - len(head)) % PYRAMID_BASE
            self._samples, whole = samples[end:].copy(), [begun, samples[len(head) : end]]
        blocks = [s.reshape(-1, PYRAMID_BASE, s.shape[1]) for s in whole]
        unknown, count = [self._nothing], self._count
        for each in blocks:
            unknown.append(count + unknown_in(each))
            count += len(each)
        self.unknown, self._count = np.concatenate(unknown), count
        return np.concatenate([extent_of(each) for each in blocks])

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
