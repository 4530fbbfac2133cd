"""How a running pipeline comes to its end: cut-off, Stops, drain, finalization (rules E33-E48)."""

from collections.abc import Callable, Sequence

from studio.engine.element import Element, ElementState
from studio.engine.finalization import finalize_all
from studio.engine.scheduler import Scheduler
from studio.engine.work import SchedulingContext, Task
from studio.errors import StopTimeoutError
from studio.timing import TIME_MIN, Timestamp

LOOK_AGAIN_S = 0.5
"""How often a stop that takes longer looks whether anything still moves."""


class Stopping:
    """One orderly stop of the elements of a pipeline; runs on one thread that is not a worker."""

    def __init__(
        self,
        elements: Sequence[Element],
        scheduler: Scheduler,
        context: SchedulingContext,
        *,
        stop_timeout_s: float,
        report: Callable[[BaseException], None],
    ) -> None:
        self._elements = elements
        self._scheduler = scheduler
        self._context = context
        self._stop_timeout_s = stop_timeout_s
        self._report = report
        self.has_abandoned = False

    def run(self, final_time: Timestamp) -> None:
        """Let everything up to `final_time` through, then close all streams, upstream first."""
        with self._scheduler.lock:
            self._context.final_time = final_time
            self._scheduler.cancel_future(self._context)
        for element in self._elements:
            self._deactivate(element, final_time)
        self._wait_for_sources(final_time)
        finalize_all(
            self._elements,
            lambda element: self._finalize(element, final_time),
            lambda: self._scheduler.wait_until_empty(self._context),
        )
        self._scheduler.wait_until_empty(self._context)
        with self._scheduler.lock:
            self._context.is_closed = True

    def _deactivate(self, element: Element, final_time: Timestamp) -> None:
        if element.state is not ElementState.ACTIVATED:
            return
        if not element.is_source:
            element.state = ElementState.DEACTIVATED
            return
        element.state = ElementState.DEACTIVATING
        stop = Task(
            lambda: self._stop_source(element, final_time), element.lock, self._context, is_life_cycle=True
        )
        with self._scheduler.lock:
            self._scheduler.schedule(stop, TIME_MIN)

    def _stop_source(self, element: Element, final_time: Timestamp) -> None:
        acknowledged = False
        try:
            element.stop(final_time, lambda: self._acknowledge(element))
            acknowledged = True
        finally:
            if not acknowledged:  # a Stop that raises counts as completed (PORT of rule E38)
                self._acknowledge(element)

    def _acknowledge(self, element: Element) -> None:
        with self._scheduler.lock:
            if element.state is ElementState.DEACTIVATING:
                element.state = ElementState.DEACTIVATED
            self._scheduler.something_settled()

    # -- waiting, with a limit for those who do not answer ------------------------------------------------

    def _wait_for_sources(self, final_time: Timestamp) -> None:
        look_again_s = min(LOOK_AGAIN_S, self._stop_timeout_s)
        quiet_s = 0.0
        finished_count = -1
        while not self._scheduler.wait_until(self._is_settled, look_again_s):
            given_up: list[Element] = []
            with self._scheduler.lock:
                is_quiet = finished_count == self._scheduler.finished_count and self._is_stuck(final_time)
                finished_count = self._scheduler.finished_count
                quiet_s = quiet_s + look_again_s if is_quiet else 0.0
                if is_quiet:
                    self._scheduler.ignore_holds(element.lock for element in self._elements)
                if quiet_s >= self._stop_timeout_s:
                    given_up = self._give_up()
            for element in given_up:
                self._report(self._overdue(element))

    def _is_stuck(self, final_time: Timestamp) -> bool:
        return self._scheduler.now() >= final_time and not self._scheduler.is_making_progress()

    def _is_settled(self) -> bool:
        is_waiting = any(e.state is ElementState.DEACTIVATING for e in self._elements)
        return not is_waiting and not self._context.outstanding

    def _give_up(self) -> list[Element]:
        overdue = [e for e in self._elements if e.state is ElementState.DEACTIVATING]
        for element in overdue:
            element.state = ElementState.DEACTIVATED
            if element.lock.is_busy or element.lock.waiting:
                self._scheduler.abandon(element.lock)
        self.has_abandoned = True
        self._scheduler.something_settled()
        return overdue

    def _overdue(self, element: Element) -> StopTimeoutError:
        return StopTimeoutError(
            f"source {element.name} did not acknowledge Stop within {self._stop_timeout_s} s and was given "
            f"up; its last messages may be missing. It must call notify_completed after its last message"
        )

    def _finalize(self, element: Element, final_time: Timestamp) -> None:
        if element.was_activated:
            for emitter in tuple(element.emitters.values()):
                for error in emitter.end(final_time):
                    self._report(error)  # PORT of rule E179: each handler by itself
        element.state = ElementState.FINALIZED
