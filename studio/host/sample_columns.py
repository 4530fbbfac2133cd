"""Draws a run of samples as columns of minimum and maximum. Arithmetic only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive samples or buckets."""

    times: npt.NDArray[Any]
    """(n,) increasing."""
    minimum: npt.NDArray[Any]
    """(n, channels)"""
    maximum: npt.NDArray[Any]


def samples_of(run: Run, gap: int) -> SignalWindow:
    """The samples themselves, with a NaN in each hole of more than `gap` ns (0: no hole is a gap)."""
    times, values = run.times.astype(np.int64), run.minimum.astype(np.float32)
    if gap and len(times) > 1:
        behind = np.flatnonzero(np.diff(times) > gap) + 1
        middles = times[behind - 1] + (times[behind] - times[behind - 1]) // 2
        times = np.insert(times, behind, middles)
        values = np.insert(values, behind, np.float32(np.nan), axis=0)
    return SignalWindow(times, values, values, 1.0)


def columns_of(
    run: Run, left: Timestamp, right: Timestamp, columns: int, *, gap: int, rows_per_item: int
) -> SignalWindow:
    """Minimum and maximum in each of `columns` columns from `left` to `right` (inclusive).

    A column without a sample is NaN where it lies in a hole of more than `gap` ns, and left out elsewhere.
    """
    edges = left + np.rint(np.linspace(0, right - left, columns + 1)).astype(np.int64)
    edges[-1] += 1
    positions = np.searchsorted(run.times, edges)
    starts, ends = positions[:-1], positions[1:]
    filled = ends > starts
    shown = filled | _in_gap(run.times, starts, gap)
    minimum = _reduced(extremes(run.minimum, starts[filled], np.minimum, np.fmin), filled, shown)
    maximum = _reduced(extremes(run.maximum, starts[filled], np.maximum, np.fmax), filled, shown)
    centres = (edges[:-1] + (edges[1:] - edges[:-1]) // 2)[shown]
    return SignalWindow(centres, minimum, maximum, len(run.times) * rows_per_item / columns)


def _in_gap(times: npt.NDArray[Any], starts: npt.NDArray[Any], gap: int) -> npt.NDArray[np.bool_]:
    """For each start of a column, whether the hole before the sample there is a gap."""
    if not gap or len(times) < 2:
        return np.zeros(len(starts), np.bool_)
    holes = np.concatenate(([0], np.diff(times), [0]))
    return np.asarray(holes[starts] > gap)


def extremes(
    values: npt.NDArray[Any], starts: npt.NDArray[Any], fold: np.ufunc, fold_without_nan: np.ufunc
) -> npt.NDArray[np.float32]:
    """`(len(starts), channels)`: the fold of the rows from each start to the next, NaN only if all are."""
    if not len(starts):
        return np.empty((0, values.shape[1]), np.float32)
    # Several times faster without the second axis, and by the fold that does not look for NaN.
    flat = values[:, 0] if values.shape[1] == 1 else values
    found = fold.reduceat(flat, starts, axis=0)
    if np.isnan(found).any():
        found = fold_without_nan.reduceat(flat, starts, axis=0)
    return np.asarray(found, np.float32).reshape(len(starts), values.shape[1])


def _reduced(
    found: npt.NDArray[np.float32], filled: npt.NDArray[np.bool_], shown: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    out = np.full((len(filled), found.shape[1]), np.nan, np.float32)
    out[filled] = found
    return out[shown]
