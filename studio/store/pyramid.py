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


@dataclass(frozen=True, slots=True)
class Folded:
    """What some samples complete."""

    levels: list[Points]
    unknown: Int64s
    """Which points of the finest level hold a NaN."""


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


def extent_and_unknown(blocks: Array) -> tuple[Array, Int64s]:
    """`extent_of` and `unknown_in` the `(m, n, channels)` blocks, in one look at the data."""
    if blocks.dtype.kind != "f":
        return extent_of(blocks), np.empty(0, np.int64)
    # A minimum that passes a NaN on tells at once where there is none, which is nearly everywhere.
    low = _folded(np.minimum, blocks)
    unknown = np.flatnonzero(np.isnan(low).any(axis=1)).astype(np.int64)
    if len(unknown) > len(blocks) // 4:
        return extent_of(blocks), unknown
    extents = np.stack([low, _folded(np.maximum, blocks)], axis=1)
    if len(unknown):
        extents[unknown] = extent_of(blocks[unknown])
    return extents, unknown


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
        self._count = 0
        """Points of the finest level so far."""
        self._samples: Array = np.empty((0, channels), dtype)
        self._starts: Int64s = np.empty(0, np.int64)
        empty = Points(np.empty(0, np.int64), np.empty((0, 2, channels), dtype))
        self._open = [empty] * (len(PYRAMID_LEVELS) - 1)

    def fold(self, samples: Array, starts: Int64s) -> Folded:
        """The points that `samples` (n, channels) complete, one entry per level.

        `starts` are the times of those of the samples that begin a point of the finest level, i.e. whose row
        number is a multiple of 64.
        """
        extents, unknown = self._extents(samples)
        starts = np.concatenate([self._starts, starts])
        self._starts = starts[len(extents) :].copy()
        levels = [Points(starts[: len(extents)], extents)]
        for number in range(len(self._open)):
            levels.append(self._rise(number, levels[-1]))
        return Folded(levels, unknown)

    def _extents(self, samples: Array) -> tuple[Array, Int64s]:
        """`(m, 2, channels)` of the points of the finest level that `samples` complete, none of them copied
        but those of the point that was begun before, and which of all points these are that hold a NaN."""
        head = samples[: -len(self._samples) % PYRAMID_BASE]
        begun = np.concatenate([self._samples, head])
        if 0 < len(begun) < PYRAMID_BASE:
            self._samples, whole = begun, [samples[:0]]
        else:
            end = len(samples) - (len(samples) - len(head)) % PYRAMID_BASE
            self._samples, whole = samples[end:].copy(), [begun, samples[len(head) : end]]
        extents, unknown = [], []
        for part in whole:
            blocks = part.reshape(-1, PYRAMID_BASE, part.shape[1])
            extent, holding = extent_and_unknown(blocks)
            extents.append(extent)
            unknown.append(self._count + holding)
            self._count += len(blocks)
        return np.concatenate(extents), np.concatenate(unknown)

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
