"""Who may end a pipeline, from where, and that everybody waits for the same end (rules E33, E55-E60).

How a stop proceeds is in `stopping`; here is that it happens once, on a thread that may wait.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studio.engine.completion import Completion
from studio.engine.element import Element
from studio.engine.events import Event
from studio.engine.failures import Failures
from studio.engine.graph import Graph
from studio.engine.lifecycle import Lifecycle, PipelineState
from studio.engine.pipeline_events import PipelineCompleted
from studio.engine.scheduler import Scheduler
from studio.engine.stopping import Stopping
from studio.engine.threads import StudioThread, spawn
from studio.engine.work import SchedulingContext
from studio.timing import TIME_MIN, Timestamp

if TYPE_CHECKING:
    from studio.engine.progress import ProgressReporter


class Ending:
    """Stops and disposes one pipeline, at most once each."""

    def __init__(
        self,
        *,
        graph: Graph,
        lifecycle: Lifecycle,
        scheduler: Scheduler,
        context: SchedulingContext,
        completion: Completion,
        failures: Failures,
        stop_timeout_s: float,
        report: Callable[[BaseException], None],
    ) -> None:
        self.completed: Event[PipelineCompleted] = Event()
        self.progress: ProgressReporter | None = None
        self.is_disposing = False
        self._graph = graph
        self._lifecycle = lifecycle
        self._scheduler = scheduler
        self._context = context
        self._completion = completion
        self._failures = failures
        self._stop_timeout_s = stop_timeout_s
        self._report = report
        self._lock = threading.Lock()
        self._threads: list[StudioThread] = []
        self._inside = threading.local()
        self._stopper: int | None = None
        self._disposer: int | None = None
        self._is_stop_requested = False
        self._is_dispose_requested = False
        self._finished = threading.Event()
        self._disposed = threading.Event()

    # -- for the pipeline ---------------------------------------------------------------------------------

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the run has ended and its event has been told; False after the time limit."""
        is_finished = self._finished.wait(timeout_s)
        if is_finished:
            self._join_threads()
        return is_finished

    def request_stop(self, *, is_own_end: bool) -> None:
        """Have the pipeline stop, on a thread of its own; returns at once."""
        with self._lock:
            if not self._is_stop_requested:
                self._is_stop_requested = True
                self._in_background("stop", lambda: self._stop(is_own_end=is_own_end))

    def dispose(self) -> bool:
        """Stop, wait for the end and dispose the components; every caller waits (PORT of rule E55).

        Called from inside (see `is_called_from_inside`) it only requests that: returns False (PORT of E59).
        """
        if self.is_called_from_inside():
            with self._lock:
                if not self._is_dispose_requested:
                    self._is_dispose_requested = True
                    self._in_background("dispose", self._dispose)
            return False
        self._dispose()
        return True

    def call_off(self, start_time: Timestamp) -> None:
        """End a pipeline of which no component has been started (PORT of rules E23, E59)."""
        self._finish(PipelineCompleted(start_time, self._failures.errors))

    def is_called_from_inside(self) -> bool:
        """Whether the calling thread runs code that the end would have to wait for."""
        is_worker = self._scheduler.is_worker() or getattr(self._inside, "depth", 0) > 0
        return is_worker or (self._is_stopper and self._lifecycle.state is PipelineState.STOPPING)

    def would_wait_for_itself(self) -> bool:
        """Whether `wait`, called on this thread, could never return."""
        return self.is_called_from_inside() or (self._is_stopper and not self._finished.is_set())

    @contextmanager
    def marked_as_inside(self) -> Iterator[None]:
        """While handlers run on this thread, or the thread of a source, the end must not be waited for."""
        self._inside.depth = getattr(self._inside, "depth", 0) + 1
        try:
            yield
        finally:
            self._inside.depth -= 1

    # -- stopping -----------------------------------------------------------------------------------------

    @property
    def _is_stopper(self) -> bool:
        return self._stopper == threading.get_ident()

    def _stop(self, *, is_own_end: bool) -> None:
        self._lifecycle.wait_while(PipelineState.STARTING)
        if self._lifecycle.try_move(PipelineState.STOPPING):
            self._stopper = threading.get_ident()
            self._finish(self._run_stop(self._final_time(is_own_end=is_own_end)))
        elif self._lifecycle.state is PipelineState.INITIAL:
            self._finish(PipelineCompleted(TIME_MIN, self._failures.errors))  # never run (rule E57)
        elif not self._is_stopper:
            self._finished.wait()

    def _run_stop(self, final_time: Timestamp) -> PipelineCompleted:
        stopping = Stopping(
            self._graph.elements,
            self._scheduler,
            self._context,
            stop_timeout_s=self._stop_timeout_s,
            report=self._report,
        )
        stopping.run(final_time)
        if self.progress is not None:
            self._keep_errors(self.progress.finish)
        self._scheduler.stop()
        return PipelineCompleted(final_time, self._failures.errors, stopping.has_abandoned)

    def _final_time(self, *, is_own_end: bool) -> Timestamp:
        """No message later than this is delivered (rule E34)."""
        latest = self._completion.latest
        if is_own_end:
            return latest
        times = [latest, self._scheduler.now()]
        if not self._scheduler.is_enforced:
            # The clock may lag far behind the data (PORT of rule E35).
            sources = (element for element in self._graph.elements if element.is_source)
            emitters = (emitter for element in sources for emitter in element.emitters.values())
            times += [emitter.last_envelope.originating_time for emitter in emitters]
        return max(times)

    def _finish(self, completed: PipelineCompleted) -> None:
        self._stopper = threading.get_ident()
        self._lifecycle.move(PipelineState.COMPLETED)
        for error in self.completed.emit(completed):
            self._failures.keep(error)  # PORT of rule E41
        self._finished.set()
        self._stopper = None  # the number of a thread is used again after its end

    # -- disposing ----------------------------------------------------------------------------------------

    def _dispose(self) -> None:
        with self._lock:
            is_first = not self.is_disposing
            self.is_disposing = True
        if is_first:
            self._disposer = threading.get_ident()
            self._stop(is_own_end=False)
            for element in self._graph.elements:
                self._dispose_component(element)
            self._disposed.set()
            self._disposer = None
        elif threading.get_ident() not in (self._stopper, self._disposer):
            self._disposed.wait()
        self._join_threads()

    def _dispose_component(self, element: Element) -> None:
        dispose = getattr(element.owner, "dispose", None)
        # What never came back from its Stop is not to be waited for again.
        if callable(dispose) and not element.lock.is_abandoned:
            self._keep_errors(dispose)

    def _keep_errors(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # raised with the others later; the end has to go on (PORT of rule E58)
            self._failures.keep(error)

    # -- threads ------------------------------------------------------------------------------------------

    def _in_background(self, name: str, call: Callable[[], None]) -> None:
        self._threads.append(spawn(name, lambda _cancelled: call(), self._failures.keep))

    def _join_threads(self) -> None:
        if self._is_background:
            return
        with self._lock:
            threads = tuple(self._threads)
        if self._finished.is_set():
            for thread in threads:
                thread.join()

    @property
    def _is_background(self) -> bool:
        return any(thread.ident == threading.get_ident() for thread in self._threads)
