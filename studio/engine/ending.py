"""Who may end a pipeline, from where, and that everybody waits for the same end (rules E33, E55-E60).

How a stop proceeds is in `stopping`; here is that it happens once, on a thread that may wait.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studio.engine.body import Body
from studio.engine.element import Element
from studio.engine.lifecycle import PipelineState
from studio.engine.pipeline_events import PipelineCompleted
from studio.engine.retiring import retire
from studio.engine.stopping import Stopping
from studio.engine.threads import StudioThread, spawn
from studio.timing import TIME_MIN, Timestamp

if TYPE_CHECKING:
    from studio.engine.progress import ProgressReporter


class Ending:
    """Stops and disposes one pipeline, at most once each."""

    def __init__(self, body: Body, *, stop_timeout_s: float, report: Callable[[BaseException], None]) -> None:
        self.progress: ProgressReporter | None = None
        self.is_disposing = False
        self._body = body
        self._stop_timeout_s = stop_timeout_s
        self._report = report
        self._lock = threading.Lock()
        self._threads: list[StudioThread] = []
        self._stopper: int | None = None
        self._disposer: int | None = None
        self._is_stop_requested = False
        self._is_dispose_requested = False
        self._has_disposed_components = False
        self._finished = threading.Event()
        self._disposed = threading.Event()

    # -- for the pipeline ---------------------------------------------------------------------------------

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the run has ended and its event has been told; False after the time limit."""
        is_finished = self._finished.wait(timeout_s)
        if is_finished:
            self._join_threads()
        return is_finished

    def request_stop(self, *, is_own_end: bool = False, final_time: Timestamp | None = None) -> None:
        """Have the pipeline stop, on a thread of its own; returns at once."""
        with self._lock:
            if not self._is_stop_requested:
                self._is_stop_requested = True
                self._in_background("stop", lambda: self._stop(is_own_end=is_own_end, final_time=final_time))

    def stop_by_itself(self, final_time: Timestamp) -> None:
        """Stop a subpipeline while its parent goes on (rule E72); waits unless called from inside.

        A parent that stops takes its subpipelines along in the right order: then only the time is noted.
        """
        with self._body.scheduler.lock:
            self._body.cut(final_time)
        if self._body.is_stopping:
            return
        self.request_stop(final_time=final_time)
        if not self.is_called_from_inside():
            self.wait()

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

    def call_off(self) -> None:
        """End a pipeline of which no component has been started (PORT of rules E23, E59)."""
        self._finish_all(self._body.start_time, False)

    def is_called_from_inside(self) -> bool:
        """Whether the calling thread runs code that the end would have to wait for."""
        is_worker = self._body.scheduler.is_worker() or getattr(self._body.inside, "depth", 0) > 0
        is_stopper = self._is_stopper and self._body.lifecycle.state is PipelineState.STOPPING
        parent = self._body.parent
        return is_worker or is_stopper or (parent is not None and parent.ending.is_called_from_inside())

    def would_wait_for_itself(self) -> bool:
        """Whether `wait`, called on this thread, could never return."""
        return self.is_called_from_inside() or (self._is_stopper and not self._finished.is_set())

    @contextmanager
    def marked_as_inside(self) -> Iterator[None]:
        """While handlers run on this thread, or the thread of a source, the end must not be waited for."""
        inside = self._body.inside
        inside.depth = getattr(inside, "depth", 0) + 1
        try:
            yield
        finally:
            inside.depth -= 1

    # -- stopping -----------------------------------------------------------------------------------------

    @property
    def _is_stopper(self) -> bool:
        return self._stopper == threading.get_ident()

    def _stop(self, *, is_own_end: bool = False, final_time: Timestamp | None = None) -> None:
        lifecycle = self._body.lifecycle
        lifecycle.wait_while(PipelineState.STARTING)
        if self._body.parent is None:
            with self._body.stop_turn:
                completed = self._stop_if_running(is_own_end=is_own_end, final_time=final_time)
            if completed is not None:
                self._finish_all(*completed)
        else:
            with self.marked_as_inside():
                with self._body.stop_turn:
                    completed = self._stop_if_running(is_own_end=is_own_end, final_time=final_time)
                    if completed is not None:
                        self._finish_all(*completed, then=self._retire)
                if completed is not None and self._body.is_forgettable:
                    for body in self._body.tree():  # nobody else will do it
                        body.ending.dispose_components()
        if not self._is_stopper:
            self._finished.wait()

    def _stop_if_running(
        self, *, is_own_end: bool, final_time: Timestamp | None
    ) -> tuple[Timestamp, bool] | None:
        """The final time and whether a source was given up; None if others stop or have stopped it."""
        lifecycle = self._body.lifecycle
        if lifecycle.try_move(PipelineState.STOPPING):
            self._stopper = threading.get_ident()
            if final_time is None:
                final_time = self._final_time(is_own_end=is_own_end)
            return final_time, self._run_stop(final_time)
        # Never run: rule E57.
        return (TIME_MIN, False) if lifecycle.state is PipelineState.INITIAL else None

    def _run_stop(self, final_time: Timestamp) -> bool:
        """Stop everything; whether a source had to be given up."""
        stopping = Stopping(self._body, stop_timeout_s=self._stop_timeout_s, report=self._report)
        stopping.run(final_time)
        if self.progress is not None:
            self._keep_errors(self.progress.finish)
        if self._body.parent is None:
            self._body.scheduler.stop()
        return stopping.has_abandoned

    def _final_time(self, *, is_own_end: bool) -> Timestamp:
        """No message later than this is delivered (rule E34)."""
        body = self._body
        latest = body.completion.latest
        if is_own_end:
            return latest
        times = [latest, body.scheduler.now()]
        if not body.scheduler.is_enforced:
            # The clock may lag far behind the data (PORT of rule E35).
            sources = (element for element in body.elements() if element.is_source)
            emitters = (emitter for element in sources for emitter in element.emitters.values())
            times += [emitter.last_envelope.originating_time for emitter in emitters]
        return max(times)

    def _finish_all(
        self, final_time: Timestamp, has_abandoned: bool, then: Callable[[], None] = lambda: None
    ) -> None:
        """The subpipelines first, each below before the one above (PORT of rule E67)."""
        self._stopper = threading.get_ident()
        for child in self._body.children:
            child.ending.finish_with_parent(final_time, has_abandoned)
        self._body.lifecycle.move(PipelineState.COMPLETED)
        completed = PipelineCompleted(final_time, self._body.failures.errors, has_abandoned)
        for error in self._body.pipeline_completed.emit(completed):
            self._body.root.failures.keep(error)  # PORT of rule E41
        then()
        self._finished.set()
        self._stopper = None  # the number of a thread is used again after its end

    def finish_with_parent(self, final_time: Timestamp, has_abandoned: bool) -> None:
        """The parent has stopped, and with it this subpipeline."""
        state = self._body.lifecycle.state
        if state is PipelineState.INITIAL:
            final_time = TIME_MIN
        if state is not PipelineState.COMPLETED:
            self._finish_all(min(final_time, self._body.context.final_time), has_abandoned)

    # -- disposing ----------------------------------------------------------------------------------------

    def _dispose(self) -> None:
        with self._lock:
            is_first = not self.is_disposing
            self.is_disposing = True
        if is_first:
            self._disposer = threading.get_ident()
            if self._body.parent is None:
                self._body.transport.let_go()
            self._stop(is_own_end=False)
            self.dispose_components()
            self._disposed.set()
            self._disposer = None
        elif threading.get_ident() not in (self._stopper, self._disposer):
            self._disposed.wait()
        self._join_threads()

    def _retire(self) -> None:
        """A subpipeline that was added to a running pipeline leaves nothing behind in it."""
        if self._body.is_forgettable:
            retire(self._body)
            self._body.root.ending.take_over(self._threads)

    def take_over(self, threads: list[StudioThread]) -> None:
        """Wait at the end for these, too."""
        with self._lock:
            self._threads = [thread for thread in self._threads if thread.is_alive] + threads

    def dispose_components(self) -> None:
        with self._lock:
            elements = () if self._has_disposed_components else self._body.graph.elements
            self._has_disposed_components = True
        for element in elements:
            self._dispose_component(element)

    def _dispose_component(self, element: Element) -> None:
        dispose = getattr(element.owner, "dispose", None)
        # What never came back from its Stop is not to be waited for again.
        if callable(dispose) and not element.lock.is_abandoned:
            self._keep_errors(dispose)

    def _keep_errors(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # raised with the others later; the end has to go on (PORT of rule E58)
            self._body.root.failures.keep(error)

    # -- threads ------------------------------------------------------------------------------------------

    def _in_background(self, name: str, call: Callable[[], None]) -> None:
        self._threads.append(spawn(name, lambda _cancelled: call(), self._body.root.failures.keep))

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
