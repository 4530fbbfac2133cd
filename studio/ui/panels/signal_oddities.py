"""Finds what a curve cannot show: values that are no numbers, and infinite ones. Arithmetic only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.formats.signal import Gap, SignalWindow
from studio.ui.panels.time_axis import TimeAxis

Columns = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Oddities:
    """Logical pixel columns in which any of the channels says something that cannot be drawn."""

    nothing: Columns
    """Not a number."""
    above: Columns
    """Plus infinity."""
    below: Columns
    """Minus infinity."""

    @property
    def words(self) -> str:
        """What there is, for people; empty: nothing."""
        parts = ["not a number"] * bool(len(self.nothing))
        parts += ["infinite"] * bool(len(self.above) or len(self.below))
        return " · ".join(parts)


def oddities_of(
    window: SignalWindow, channels: tuple[int, ...], axis: TimeAxis, *, knows_gaps: bool
) -> Oddities:
    """Those in view. Rows of NaN that stand in a gap of the window are no oddities.
    Columns that hold other values besides are told by the window, for all channels together.

    `knows_gaps`: the window lists its gaps; else (live) a row without any number counts as one.
    """
    first, last = np.searchsorted(window.times, (axis.left, axis.right))
    times = window.times[first:last]
    low, high = window.minimum[first:last, channels], window.maximum[first:last, channels]
    begin, end = np.searchsorted(window.unknown, (axis.left, axis.right))
    hidden = window.unknown[begin:end]
    if not len(hidden) and np.isfinite(low).all() and np.isfinite(high).all():
        none = np.empty(0, np.intp)
        return Oddities(none, none, none)
    unknown = np.isnan(low)
    missing = unknown.any(axis=1) & ~(in_gaps(window, times) if knows_gaps else unknown.all(axis=1))
    return Oddities(
        _columns(np.concatenate((times[missing], hidden)), axis),
        _columns(times[np.isposinf(high).any(axis=1)], axis),
        _columns(times[np.isneginf(low).any(axis=1)], axis),
    )


def unlisted_gaps(window: SignalWindow) -> tuple[Gap, ...]:
    """Gaps of a window that does not list them (live): where rows have no number at all."""
    absent = np.isnan(window.minimum)
    missing = absent.all(axis=1) if absent.any() else np.zeros(0, np.bool_)
    if not missing.any():
        return ()
    edges = np.flatnonzero(np.diff(np.concatenate(([False], missing, [False])).astype(np.int8)))
    last = len(window.times) - 1
    return tuple(
        Gap(int(window.times[max(0, begin - 1)]), int(window.times[min(end, last)]))
        for begin, end in edges.reshape(-1, 2).tolist()
    )


def in_gaps(window: SignalWindow, times: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of the times lie strictly inside a gap.

    Columns are drawn at their centres, and so are the rows in gaps: half a column behind where they stood.
    """
    inside = np.zeros(len(times), np.bool_)
    moved = 0
    if window.samples_per_column > 1.0 and len(window.times) > 1:
        moved = int(np.median(np.diff(window.times))) // 2
    for gap in window.gaps:
        first, last = np.searchsorted(times, (gap.from_time + 1, gap.to_time + moved))
        inside[first:last] = True
    return inside


def _columns(times: npt.NDArray[np.int64], axis: TimeAxis) -> Columns:
    return np.unique(axis.xs_of(times).astype(np.intp))
