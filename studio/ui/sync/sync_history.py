"""The last ten minutes of a clock that follows another, and the curve that is drawn of them. No Qt.

The offset itself grows with the drift between the two clocks by far more than the bound is wide; what the
curve shows is the offset less its own straight line: the correction that a steady drift does not explain. A
step of the reference begins a new line.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.timing import NS_PER_S, Duration
from studio.timing.sync_status import FOLLOWING, Reference, SyncState, SyncStatus

KEPT: Duration = 600 * NS_PER_S
EVERY: Duration = NS_PER_S
SILENT_AFTER: Duration = 15 * NS_PER_S
"""Three bursts without a reply (sync.md 4.3)."""
LONGEST_PAUSE: Duration = 5 * NS_PER_S
"""Between two points; a window that stood still for longer has seen nothing of what lies between."""
LEAST_STEP: Duration = 50_000

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SyncPoint:
    """How it stood at a moment."""

    monotonic: int
    offset: Duration
    bound: Duration
    is_fresh: bool
    """The reference has answered within `SILENT_AFTER`."""


@dataclass(frozen=True, slots=True)
class Step:
    """The reference was set."""

    monotonic: int
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

    @property
    def stretches(self) -> tuple[slice, ...]:
        """Runs of points that are to be joined: ends at a pause and at a step."""
        if not len(self.times):
            return ()
        breaks = set((np.flatnonzero(np.diff(self.times) > self.longest_pause) + 1).tolist())
        breaks |= {int(np.searchsorted(self.times, step.monotonic)) for step in self.steps}
        edges = [0, *sorted(breaks - {0, len(self.times)}), len(self.times)]
        return tuple(slice(first, last) for first, last in pairwise(edges))


class SyncHistory:
    """Collects points while statuses arrive; forgets those older than ten minutes or of another reference."""

    def __init__(self) -> None:
        self._points: deque[SyncPoint] = deque()
        self._steps: deque[Step] = deque()
        self._address: tuple[str, int] | None = None
        self._held_step: Duration = 0

    def take(self, sync: SyncStatus, now: int) -> bool:
        """Remember how it stands; whether there is anything new to draw."""
        self._follow(sync.reference)
        if sync.state not in FOLLOWING | {SyncState.SYNCING} or sync.offset is None or sync.bound is None:
            return False
        last = self._points[-1] if self._points else None
        if last is not None and now - last.monotonic < EVERY:
            return False
        is_fresh = sync.last_reply is not None and now - sync.last_reply <= SILENT_AFTER
        point = SyncPoint(now, sync.offset, sync.bound, is_fresh)
        self._note_step(last, point, sync)
        self._points.append(point)
        while self._points[0].monotonic < now - KEPT:
            self._points.popleft()
        while self._steps and self._steps[0].monotonic < now - KEPT:
            self._steps.popleft()
        return True

    def _follow(self, reference: Reference | None) -> None:
        address = None if reference is None else (reference.host, reference.port)
        if address is not None and address != self._address:
            self._points.clear()
            self._steps.clear()
            self._address = address

    def _note_step(self, last: SyncPoint | None, point: SyncPoint, sync: SyncStatus) -> None:
        held, self._held_step = self._held_step, sync.held_step
        if sync.held_step and sync.held_step != held:
            self._steps.append(Step(point.monotonic, sync.held_step - held))
        elif last is not None and point.monotonic - last.monotonic <= LONGEST_PAUSE:
            drift = (sync.rate_ppm or 0.0) * (point.monotonic - last.monotonic) / 1e6
            jump = point.offset - last.offset - round(drift)
            # Both cannot be right to within their bounds: the other clock is not the one it was.
            if abs(jump) > min(last.bound, point.bound) + LEAST_STEP:
                self._steps.append(Step(point.monotonic, jump))

    def curve(self) -> ClockCurve:
        """What is to be drawn of it."""
        times = np.array([point.monotonic for point in self._points], np.int64)
        first = self._points[0].offset if self._points else 0
        offsets = np.array([point.offset - first for point in self._points], np.float64)
        bounds = np.array([point.bound for point in self._points], np.float64)
        is_fresh = np.array([point.is_fresh for point in self._points], np.bool_)
        steps = tuple(self._steps)
        return ClockCurve(times, without_drift(times, offsets, steps), bounds, is_fresh, steps)


def without_drift(times: npt.NDArray[np.int64], offsets: Numbers, steps: tuple[Step, ...]) -> Numbers:
    """What is left of the offsets when the straight line of each stretch between steps is taken away."""
    left = np.zeros_like(offsets)
    edges = [0, *sorted(int(np.searchsorted(times, step.monotonic)) for step in steps), len(times)]
    for begin, end in pairwise(edges):
        if end - begin > 2:
            left[begin:end] = _off_line((times[begin:end] - times[begin]) / NS_PER_S, offsets[begin:end])
    return left


def _off_line(seconds: npt.NDArray[Any], offsets: Numbers) -> Numbers:
    middle = seconds - seconds.mean()
    slope = float(middle @ (offsets - offsets.mean())) / float(middle @ middle)
    return np.asarray(offsets - offsets.mean() - slope * middle, np.float64)
