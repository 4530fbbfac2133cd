"""The last ten minutes of a clock that follows another. Asks nobody; belongs to one thread at a time.

The recorder collects them as long as it follows; a window that is opened later begins with what it has.

What is drawn of them is the offset less its own straight line; a step of the reference begins a new line.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from studio.timing import NS_PER_S, Duration
from studio.timing.clock_curve import LONGEST_PAUSE, SILENT_AFTER, ClockCurve, Step, without_drift
from studio.timing.sync_status import FOLLOWING, Reference, SyncState, SyncStatus

KEPT: Duration = 600 * NS_PER_S
EVERY: Duration = NS_PER_S
LEAST_STEP: Duration = 50_000


@dataclass(frozen=True, slots=True)
class SyncPoint:
    """How it stood at a moment."""

    monotonic: int
    offset: Duration
    bound: Duration
    is_fresh: bool
    """The reference has answered within `SILENT_AFTER`."""


@dataclass(frozen=True, slots=True)
class ClockPast:
    """What was collected so far, as a window asks for it."""

    points: tuple[SyncPoint, ...] = ()
    steps: tuple[Step, ...] = ()
    address: tuple[str, int] | None = None
    """Of the reference; None: none was followed."""


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
        while self._steps and self._steps[0].moment < now - KEPT:
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

    def past(self) -> ClockPast:
        """All of it."""
        return ClockPast(tuple(self._points), tuple(self._steps), self._address)

    def begin_with(self, past: ClockPast) -> None:
        """Somebody has looked for longer. Of another reference than ours it tells nothing."""
        if not past.points or (self._points and self._address != past.address):
            return
        first, last = past.points[0].monotonic, past.points[-1].monotonic
        self._address = past.address
        before = [point for point in self._points if point.monotonic < first]
        after = [point for point in self._points if point.monotonic >= last + EVERY]
        self._points = deque([*before, *past.points, *after])
        # A step that both saw was seen by the other one, too, but for those at the very end.
        ours = [step for step in self._steps if not first <= step.moment < last + EVERY]
        self._steps = deque(sorted([*ours, *past.steps], key=lambda step: step.moment))

    def curve(self) -> ClockCurve:
        """What is to be drawn of it."""
        times = np.array([point.monotonic for point in self._points], np.int64)
        first = self._points[0].offset if self._points else 0
        offsets = np.array([point.offset - first for point in self._points], np.float64)
        bounds = np.array([point.bound for point in self._points], np.float64)
        is_fresh = np.array([point.is_fresh for point in self._points], np.bool_)
        steps = tuple(self._steps)
        return ClockCurve(times, without_drift(times, offsets, steps), bounds, is_fresh, steps)
