"""How far a run has come, told to whoever asked, from a thread of its own (rules E184-E188)."""

import threading
from collections.abc import Callable, Sequence
from statistics import fmean

from studio.engine.element import Element, ElementState
from studio.engine.lifecycle import PipelineState
from studio.engine.threads import StudioThread, spawn
from studio.timing import Duration, TimeInterval, Timestamp, wait_on

PORTLESS_PROGRESS = {
    ElementState.INITIAL: 0.0,
    ElementState.ACTIVATED: 0.5,
    ElementState.DEACTIVATING: 0.9,
    ElementState.DEACTIVATED: 0.99,
    ElementState.FINALIZED: 1.0,
}
"""Estimate for a component without streams (rule E185)."""


def estimate(elements: Sequence[Element], interval: TimeInterval) -> float:
    """Mean progress of the elements, 0...1; 0 for an unbounded or empty interval (PORT of rule E186)."""
    is_bounded = interval.is_left_bounded and interval.is_right_bounded
    if not elements or not is_bounded or not interval.span:
        return 0.0
    parts = [part for element in elements if (part := _progress_of(element, interval)) is not None]
    return fmean(parts) if parts else 0.0


def _progress_of(element: Element, interval: TimeInterval) -> float | None:
    """Part of one element; None for a subpipeline that is empty or not running (rule E185)."""
    if element.nested is not None and element.state is not ElementState.FINALIZED:
        inner = element.nested.graph.elements
        is_running = element.nested.lifecycle.state is PipelineState.RUNNING
        return estimate(inner, interval) if inner and is_running else None
    last = [emitter.last_envelope for emitter in element.emitters.values()]
    last += [receiver.last_envelope for receiver in element.receivers.values()]
    if element.state is ElementState.FINALIZED or not last:
        return PORTLESS_PROGRESS[element.state]
    return fmean(_part(envelope.originating_time, interval) for envelope in last)


def _part(time: Timestamp, interval: TimeInterval) -> float:
    return (min(max(time, interval.left), interval.right) - interval.left) / interval.span


class ProgressReporter:
    """Calls `report(part)` from time to time: 0.0 to 1.0, never less than before, 1.0 once at the end."""

    def __init__(
        self,
        report: Callable[[float], None],
        estimate_now: Callable[[], float],
        interval: Duration,
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._report = report
        self._estimate_now = estimate_now
        self._interval = interval
        self._on_failure = on_failure
        self._last = 0.0
        self._lock = threading.Lock()
        self._is_finished = False
        self._thread: StudioThread | None = None

    def start(self) -> None:
        """Begin; the first report comes after one interval. No effect if the run has ended already."""
        with self._lock:
            if not self._is_finished:
                self._thread = spawn("progress", self._run, self._on_failure)

    def finish(self) -> None:
        """End with a report of 1.0."""
        with self._lock:
            self._is_finished = True
        if self._thread is not None:
            self._thread.cancel()
            self._thread.join()
        self._report(1.0)

    def _run(self, cancelled: threading.Event) -> None:
        while not wait_on(cancelled, self._interval):
            part = max(self._last, self._estimate_now())
            if part < 1.0:  # all that is left is to end, and `finish` tells that
                self._last = part
                self._report(part)
