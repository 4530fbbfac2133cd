"""How a running pipeline comes to its end: cut-off, Stops, drain, finalization (rules E33-E48)."""

from collections.abc import Callable, Iterator, Sequence

from studio.engine.body import Body
from studio.engine.element import Element, ElementState
from studio.engine.finalization import finalize_all
from studio.engine.lifecycle import PipelineState
from studio.engine.work import SchedulingContext, Task
from studio.errors import StopTimeoutError
from studio.timing import TIME_MIN, Timestamp

LOOK_AGAIN_S = 0.5
"""How often a stop that takes longer looks whether anything still moves."""


class Stopping:
    """One orderly stop of a pipeline with its subpipelines; runs on one thread that is not a worker."""

    def __init__(self, body: Body, *, stop_timeout_s: float, report: Callable[[BaseException], None]) -> None:
        self._body = body
        self._scheduler = body.scheduler
        self._stop_timeout_s = stop_timeout_s
        self._report = report
        self._awaited: set[Element] = set()
        self.has_abandoned = False

    def run(self, final_time: Timestamp) -> None:
        """Let everything up to `final_time` through, then close all streams, upstream first."""
        with self._scheduler.lock:
            self._body.context.final_time = final_time
        self._let_sources_end(final_time)
        while not self._try_close():
            finalize_all(
                self._unfinalized,
                lambda element: self._finalize(element, final_time),
                lambda: self._let_sources_end(final_time),
                self._next_ended,
            )
            self._let_sources_end(final_time)

    def _let_sources_end(self, final_time: Timestamp) -> None:
        """Stop every source and wait until nothing is under way; also those added meanwhile (rule E36)."""
        while True:
            with self._scheduler.lock:
                self._body.cut(final_time)
                contexts = [body.context for body in self._body.tree()]
                for context in contexts:
                    context.is_ending = True
                self._scheduler.cancel_future(contexts)
            for body in self._body.tree():
                body.lifecycle.try_move(PipelineState.STOPPING)
            active = [e for e in self._running_elements() if e.state is ElementState.ACTIVATED]
            for element in active:
                self._deactivate(element, final_time)
            self._wait_for_sources(final_time, contexts)
            if not active and not self._is_anything_starting():
                return

    def _running_elements(self) -> Iterator[Element]:
        for body in self._body.tree():
            if body.lifecycle.state is PipelineState.STOPPING:
                yield from body.graph.elements

    def _unfinalized(self) -> list[Element]:
        """What still has to end; a subpipeline after all that is in it (rule E50)."""
        found = []
        for element in self._body.elements():
            nested = element.nested
            is_due = nested is None or all(e.state is ElementState.FINALIZED for e in nested.graph.elements)
            if element.state is not ElementState.FINALIZED and is_due:
                found.append(element)
        return found

    def _next_ended(self) -> Sequence[Element]:
        """Elements an input of which has ended; none when nothing is under way, or nothing moves."""
        contexts = [body.context for body in self._body.tree()]
        self._scheduler.wait_until(
            lambda: any(context.ended_inputs for context in contexts) or self._is_settled(contexts),
            LOOK_AGAIN_S,
        )
        with self._scheduler.lock:
            ended = [element for context in contexts for element in context.ended_inputs]
            for context in contexts:
                context.ended_inputs.clear()
        exits = [element.exit for element in ended if element.exit is not None]
        return [e for e in (*ended, *exits) if e.state is ElementState.DEACTIVATED]

    def _try_close(self) -> bool:
        """Admit no more work, unless something has been added while the last streams were closed."""
        with self._scheduler.lock:
            bodies = list(self._body.tree())
            if not self._is_settled([body.context for body in bodies]):
                return False
            if any(element.state is not ElementState.FINALIZED for element in self._body.elements()):
                return False
            for body in bodies:
                body.context.is_closed = True
            return True

    def _deactivate(self, element: Element, final_time: Timestamp) -> None:
        if not element.is_source or element.nested is not None:
            element.state = ElementState.DEACTIVATED  # the sources in a subpipeline are stopped one by one
            return
        element.state = ElementState.DEACTIVATING
        stop = Task(
            lambda: self._stop_source(element, final_time),
            element.lock,
            element.context,
            is_life_cycle=True,
        )
        with self._scheduler.lock:
            self._awaited.add(element)
            self._scheduler.schedule(stop, TIME_MIN, TIME_MIN)

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
                self._awaited.discard(element)
            if not self._awaited:
                self._scheduler.something_settled()

    # -- waiting, with a limit for those who do not answer ------------------------------------------------

    def _wait_for_sources(self, final_time: Timestamp, contexts: Sequence[SchedulingContext]) -> None:
        look_again_s = min(LOOK_AGAIN_S, self._stop_timeout_s)
        quiet_s = 0.0
        finished_count = -1
        while not self._scheduler.wait_until(lambda: self._is_settled(contexts), look_again_s):
            given_up: list[Element] = []
            with self._scheduler.lock:
                is_quiet = finished_count == self._scheduler.finished_count and self._is_stuck(final_time)
                finished_count = self._scheduler.finished_count
                quiet_s = quiet_s + look_again_s if is_quiet else 0.0
                if is_quiet:
                    self._scheduler.ignore_holds(element.lock for element in self._body.elements())
                if quiet_s >= self._stop_timeout_s:
                    given_up = self._give_up()
            for element in given_up:
                self._report(self._overdue(element))

    def _is_stuck(self, final_time: Timestamp) -> bool:
        return self._scheduler.now() >= final_time and not self._scheduler.is_making_progress()

    def _is_settled(self, contexts: Sequence[SchedulingContext]) -> bool:
        is_quiet = not self._awaited and not any(context.outstanding for context in contexts)
        return is_quiet and not self._is_anything_starting()

    def _is_anything_starting(self) -> bool:
        return any(body.lifecycle.state is PipelineState.STARTING for body in self._body.tree())

    def _give_up(self) -> list[Element]:
        overdue = list(self._awaited)
        self._awaited.clear()
        for element in overdue:
            element.state = ElementState.DEACTIVATED
            if element.lock.is_busy or element.lock.waiting:
                self._scheduler.abandon(element.lock)
        self.has_abandoned = self.has_abandoned or bool(overdue)
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
