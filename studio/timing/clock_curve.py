"""How a clock was corrected over time, and how well that was known: what is drawn of it. Arithmetic only.

The offset between two clocks grows with their drift by far more than its bound is wide; the curve shows what
is left when a straight line is taken away: the correction that no steady drift explains.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.timing.clock import NS_PER_S, Duration, Timestamp
from studio.timing.segments import SegmentLine
from studio.timing.sync_status import ClockLog, ProbeOutcome

SILENT_AFTER: Duration = 15 * NS_PER_S
"""Three bursts without a reply."""
LONGEST_PAUSE: Duration = 5 * NS_PER_S
"""Between two points; what was not looked at for longer is not known."""
MOST_POINTS = 900
"""No plot has more pixels; of hours, each point tells the widest bound of its stretch."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """The reference was set."""

    moment: int
    """In the time that the curve is in."""
    size: Duration


@dataclass(frozen=True, slots=True)
class ClockCurve:
    """What is drawn: columns of one length, by time."""

    times: npt.NDArray[np.int64]
    corrections: Numbers
    """ns that no steady drift explains."""
    bounds: Numbers
    """ns; the correction is right to within that."""
    is_fresh: npt.NDArray[np.bool_]
    """False: no reply for a while."""
    steps: tuple[Step, ...] = ()
    longest_pause: Duration = LONGEST_PAUSE
    """Points farther apart are not joined."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """From when to when a bound was told that turned out to be wrong."""
    is_parted_by_steps: bool = True
    """False: it is the line of a recording, which goes on whatever the reference does."""

    @property
    def stretches(self) -> tuple[slice, ...]:
        """Runs of points that are to be joined: ends at a pause and at a step."""
        if not len(self.times):
            return ()
        breaks = set((np.flatnonzero(np.diff(self.times) > self.longest_pause) + 1).tolist())
        if self.is_parted_by_steps:
            breaks |= {int(np.searchsorted(self.times, step.moment)) for step in self.steps}
        edges = [0, *sorted(breaks - {0, len(self.times)}), len(self.times)]
        return tuple(slice(first, last) for first, last in pairwise(edges))


def curve_of_log(log: ClockLog, doubtful: Sequence[tuple[Timestamp, Timestamp]] = ()) -> ClockCurve | None:
    """By the times of the recording; None where it followed nobody."""
    if not log.segments or not log.bounds:
        return None
    line = SegmentLine(log.segments)
    moments, bounds = _thinned(log.bounds)
    times = np.array([line.time_at(moment) for moment in moments], np.int64)
    own = np.array([moment - moments[0] for moment in moments], np.int64)
    steered = (times - times[0] - own).astype(np.float64)
    replies = sorted(each.received for each in log.probes if each.outcome is ProbeOutcome.ANSWERED)
    fresh = [_is_fresh(replies, moment) for moment in moments]
    steps = (Step(line.time_at(each.monotonic), each.held_step) for each in log.changes if each.held_step)
    return ClockCurve(
        times=times,
        corrections=without_drift(times, steered, ()),
        bounds=np.array(bounds, np.float64),
        is_fresh=np.array(fresh, np.bool_),
        steps=tuple(steps),
        longest_pause=max(LONGEST_PAUSE, 3 * _usual_gap(times)),
        doubtful=tuple(doubtful),
        is_parted_by_steps=False,
    )


def _thinned(bounds: Sequence[tuple[int, Duration]]) -> tuple[list[int], list[Duration]]:
    size = -(-len(bounds) // MOST_POINTS)
    groups = [bounds[first : first + size] for first in range(0, len(bounds), size)]
    return [group[-1][0] for group in groups], [max(bound for _, bound in group) for group in groups]


def _is_fresh(replies: list[int], moment: int) -> bool:
    before = bisect_right(replies, moment)
    return before > 0 and moment - replies[before - 1] <= SILENT_AFTER


def _usual_gap(times: npt.NDArray[np.int64]) -> int:
    gaps = sorted(int(later - earlier) for earlier, later in pairwise(times))
    return gaps[len(gaps) // 2] if gaps else 0


def without_drift(times: npt.NDArray[np.int64], offsets: Numbers, steps: tuple[Step, ...]) -> Numbers:
    """What is left of the offsets when the straight line of each stretch between steps is taken away."""
    left = np.zeros_like(offsets)
    edges = [0, *sorted(int(np.searchsorted(times, step.moment)) for step in steps), len(times)]
    for begin, end in pairwise(edges):
        if end - begin > 2:
            left[begin:end] = _off_line((times[begin:end] - times[begin]) / NS_PER_S, offsets[begin:end])
    return left


def _off_line(seconds: npt.NDArray[Any], offsets: Numbers) -> Numbers:
    middle = seconds - seconds.mean()
    slope = float(middle @ (offsets - offsets.mean())) / float(middle @ middle)
    return np.asarray(offsets - offsets.mean() - slope * middle, np.float64)
