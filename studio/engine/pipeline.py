"""The pipeline: makes the ports of components, runs them, ends them. What users hold in their hand.

Its parts do the work: `graph` (components), `lifecycle` (state), `scheduler` (threads), `starting`,
`completion` (when to stop by itself), `stopping` and `finalization` (how), `failures` (errors). This file
joins them, in the order of the rules.
"""

import threading
from collections.abc import Callable
from os import cpu_count
from types import TracebackType
from typing import Any

from studio.engine.completion import Completion
from studio.engine.delivery import DeliveryPolicy
from studio.engine.element import Element
from studio.engine.emitter import Emitter, Validator
from studio.engine.ending import Ending
from studio.engine.events import Event
from studio.engine.failures import Failures
from studio.engine.graph import Graph, check_connection
from studio.engine.lifecycle import Lifecycle, PipelineState
from studio.engine.message import Envelope
from studio.engine.pipeline_events import (
    ComponentCompleted,
    PipelineCompleted,
    PipelineExceptionNotHandled,
    PipelineRun,
)
from studio.engine.progress import ProgressReporter, estimate
from studio.engine.receiver import Receiver
from studio.engine.replay import REPLAY_ALL_REAL_TIME, ReplayDescriptor, descriptor_of
from studio.engine.scheduler import Scheduler
from studio.engine.starting import activate_all
from studio.engine.threads import StudioThread, spawn
from studio.engine.work import SchedulingContext
from studio.errors import PipelineDisposedError, PipelineStateError
from studio.timing import (
    NS_PER_MS,
    TIME_MAX,
    TIME_MIN,
    Clock,
    Duration,
    OffsetClock,
    ReplayClock,
    SystemClock,
    TimeInterval,
    Timestamp,
)

ProgressReport = Callable[[float], None]


def default_thread_count() -> int:
    """Two to four workers: enough to overlap what releases the interpreter, few enough to stay polite."""
    return min(4, max(2, cpu_count() or 1))


class Pipeline:
    """A graph of components and its run.

    It runs once. With finite sources it ends when all of them have; with infinite ones only, or without any
    source, it runs until disposed (rules E24-E29). `with Pipeline() as p:` disposes it at the end.
    """

    def __init__(
        self,
        name: str = "default",
        *,
        default_delivery_policy: DeliveryPolicy = DeliveryPolicy.UNLIMITED,
        thread_count: int = 0,
        clock: Clock | None = None,
        stop_timeout_s: float = 10.0,
    ) -> None:
        """`thread_count` 0: a default; `stop_timeout_s`: then a source that does not answer Stop is given up.

        Starts no thread.
        """
        self.name = name
        self.default_delivery_policy = default_delivery_policy
        self.clock: Clock = clock if clock is not None else SystemClock()
        self.virtual_time_offset: Duration = 0
        """Added to the clock of a live run; read at its start (rule E141)."""
        self.progress_report_interval: Duration = 500 * NS_PER_MS
        """Between two reports of progress; read at the start."""
        self.replay_descriptor: ReplayDescriptor | None = None
        """What is being run, limited to what was proposed; None before the run."""
        self.start_time: Timestamp = TIME_MIN
        """Pipeline time at which the run began (rule E140)."""
        self.pipeline_run: Event[PipelineRun] = Event()
        self.component_completed: Event[ComponentCompleted] = Event()
        self.context = SchedulingContext()
        self.scheduler = Scheduler(thread_count or default_thread_count(), self.report_error)
        self._graph = Graph(self)
        self._lifecycle = Lifecycle(name)
        self._failures = Failures(name)
        self._completion = Completion()
        self._proposals: list[TimeInterval] = []
        self._starter: int | None = None
        self._is_dispose_requested = False
        self._ending = self._make_ending(stop_timeout_s)
        self.pipeline_completed: Event[PipelineCompleted] = self._ending.completed

    def _make_ending(self, stop_timeout_s: float) -> Ending:
        return Ending(
            graph=self._graph,
            lifecycle=self._lifecycle,
            scheduler=self.scheduler,
            context=self.context,
            completion=self._completion,
            failures=self._failures,
            stop_timeout_s=stop_timeout_s,
            report=self.report_error,
        )

    # -- configuring --------------------------------------------------------------------------------------

    def create_emitter(
        self, owner: object, name: str | None = None, *, validator: Validator | None = None
    ) -> Emitter[Any]:
        """A new output of component `owner` (rules E9-E14).

        Raises ValueError for a name that is taken, PipelineStateError once the pipeline runs.
        """
        self._require_configurable("creating an emitter")
        return self._graph.add_emitter(owner, name, validator)

    def create_receiver(
        self, owner: object, action: Callable[[Any, Envelope], object], name: str | None = None
    ) -> Receiver[Any]:
        """A new input of component `owner`, whose messages go to `action(data, envelope)`.

        All actions of one component run one at a time. Raises as `create_emitter`.
        """
        self._require_configurable("creating a receiver")
        return self._graph.add_receiver(owner, action, name)

    def check_connection(self, emitter: Emitter[Any], receiver: Receiver[Any]) -> None:
        """Raise PipelineStateError if the two cannot be joined, or not any more (rule E12)."""
        check_connection(emitter, receiver)
        self._require_configurable("connecting a stream")

    def propose_replay_time(self, interval: TimeInterval) -> None:
        """A component tells which times it has data for; the run covers them all (rule E146).

        Raises ValueError for an interval without beginning; an empty one is ignored (PORT of rule E149).
        """
        self._require_usable("propose_replay_time", PipelineState.INITIAL)
        if not interval.is_left_bounded:
            raise ValueError("a proposed replay interval must have a beginning")
        if not interval.is_empty:
            self._proposals.append(interval)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The components with their ports, oldest first."""
        return self._graph.elements

    @property
    def pipeline_exception_not_handled(self) -> Event[PipelineExceptionNotHandled]:
        """A component failed; with a handler here nothing is raised (rules E172-E174)."""
        return self._failures.not_handled

    @property
    def state(self) -> PipelineState:
        """Where the pipeline is in its life."""
        return self._lifecycle.state

    @property
    def errors(self) -> tuple[BaseException, ...]:
        """What went wrong so far, in order."""
        return self._failures.errors

    def get_current_time(self) -> Timestamp:
        """Pipeline time: the world's when live, the recorded one in a replay; TIME_MIN when not running."""
        return self.scheduler.now()

    def real_time_until(self, time: Timestamp) -> Duration:
        """How long (ns, in the world) until the pipeline clock shows `time`; 0 or less if it has been."""
        return self.scheduler.real_time_until(time)

    # -- running ------------------------------------------------------------------------------------------

    def run(
        self,
        replay: ReplayDescriptor | None = None,
        *,
        interval: TimeInterval | None = None,
        start: Timestamp | None = None,
        end: Timestamp | None = None,
        enforce_replay_clock: bool = True,
        progress: ProgressReport | None = None,
    ) -> None:
        """Run to the end and raise what went wrong as one ExceptionGroup (rules E17, E173).

        What to run: a descriptor, or an interval, or a start and perhaps an end; nothing: everything, at the
        pace of the clock. Without a finite source this blocks until somebody disposes the pipeline (E28).
        """
        descriptor = descriptor_of(replay, interval, start, end, enforce_replay_clock)
        self._start(descriptor, progress)
        self._ending.wait()
        self._failures.raise_once()

    def run_async(
        self,
        replay: ReplayDescriptor | None = None,
        *,
        interval: TimeInterval | None = None,
        start: Timestamp | None = None,
        end: Timestamp | None = None,
        enforce_replay_clock: bool = True,
        progress: ProgressReport | None = None,
    ) -> "Pipeline":
        """As `run`, but return once every source has started; dispose the result to end the run (E15)."""
        self._start(descriptor_of(replay, interval, start, end, enforce_replay_clock), progress)
        return self

    def wait_all(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of the run; False after the time limit (rule E42).

        Raises what went wrong, once, if nobody has been told of it yet (decision 9).
        """
        self._require_not_disposed("wait_all")
        if self._ending.would_wait_for_itself():
            raise PipelineStateError(
                f"wait_all was called by a component of pipeline {self.name!r}, which would wait for itself"
            )
        is_finished = self._ending.wait(timeout_s)
        if is_finished:
            self._failures.raise_once()
        return is_finished

    def _start(self, descriptor: ReplayDescriptor, progress: ProgressReport | None) -> None:
        self._require_not_disposed("run")
        self._lifecycle.move(PipelineState.STARTING)
        self._starter = threading.get_ident()
        self._set_times(descriptor)
        errors = self.pipeline_run.emit(PipelineRun(self.start_time))
        if errors or self._is_dispose_requested:
            self._call_off_start()
            _raise_together(errors, f"handlers of pipeline_run of pipeline {self.name!r} failed")
            return
        elements = self._graph.elements
        self._completion.begin(element for element in elements if element.is_source)
        try:
            activate_all(elements, self.scheduler, self._notify_completion_time)
        finally:  # also when interrupted: sources have started and must be stopped in order
            self._go_on_running(progress)

    def _set_times(self, descriptor: ReplayDescriptor) -> None:
        descriptor = descriptor.within(TimeInterval.coverage(self._proposals))
        self.replay_descriptor = descriptor
        clock = self._make_clock(descriptor)
        speed = 1.0 if descriptor.is_live else descriptor.speed
        self.scheduler.start(clock, is_enforced=descriptor.enforce_replay_clock, speed=speed)
        self.start_time = clock.now() if descriptor.is_live else descriptor.start

    def _make_clock(self, descriptor: ReplayDescriptor) -> Clock:
        if not descriptor.is_live:
            return ReplayClock(descriptor.start, descriptor.speed)
        return OffsetClock(self.clock, self.virtual_time_offset) if self.virtual_time_offset else self.clock

    def _go_on_running(self, progress: ProgressReport | None) -> None:
        if progress is not None:
            self._ending.progress = ProgressReporter(
                progress, self._estimate, self.progress_report_interval, self.report_error
            )
            self._ending.progress.start()
        with self.scheduler.lock:
            self.scheduler.open(self.context)
        self._starter = None
        self._lifecycle.move(PipelineState.RUNNING)

    def _estimate(self) -> float:
        descriptor = self.replay_descriptor or REPLAY_ALL_REAL_TIME
        return estimate(self._graph.elements, descriptor.interval)

    def _notify_completion_time(self, element: Element, time: Timestamp) -> None:
        # A source that had nothing to tell of ends where the run began (PORT of rule E35).
        time = self.start_time if time == TIME_MIN else time
        is_finite, is_last = self._completion.notify(element, time)
        if is_finite:
            with self._ending.marked_as_inside():
                errors = self.component_completed.emit(ComponentCompleted(element.name, time))
            for error in errors:
                self.report_error(error)
        if is_last:
            with self.scheduler.lock:
                # The cut is sharp from here on, however long the stop takes to begin (rules E34, E44, E48).
                if self.context.final_time == TIME_MAX:
                    self.context.final_time = self._completion.latest
            self._ending.request_stop(is_own_end=True)

    # -- failing ------------------------------------------------------------------------------------------

    def report_error(self, error: BaseException) -> None:
        """Something of the run failed, on whatever thread: the pipeline stops and tells (rule E172)."""
        self._failures.add(error)
        if self._lifecycle.state in (PipelineState.STARTING, PipelineState.RUNNING):
            self._ending.request_stop(is_own_end=False)
        with self._ending.marked_as_inside():
            self._failures.tell(error)

    def spawn(self, name: str, run: Callable[[threading.Event], None]) -> StudioThread:
        """Start a thread `studio.<name>` for a component; what it raises goes to `report_error`."""

        def run_inside(cancelled: threading.Event) -> None:
            with self._ending.marked_as_inside():
                run(cancelled)

        return spawn(name, run_inside, self.report_error)

    # -- ending -------------------------------------------------------------------------------------------

    def dispose(self) -> None:
        """Stop if running, wait for the end, dispose the components (rules E55-E60).

        May be called by any thread, repeatedly and at once; every caller waits for the end. Called by code
        of a component or by a handler on its thread it only requests the end and returns, because that code
        has to return first. Raises what went wrong, once, if nobody has been told of it yet (decision 9).
        """
        if self._starter == threading.get_ident():
            self._is_dispose_requested = True
        elif self._ending.dispose():
            self._failures.raise_once()

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.dispose()
        except BaseException as own_error:
            if error is None:
                raise
            error.add_note(f"and {own_error}")  # what the block raised must not be hidden

    def _call_off_start(self) -> None:
        self.scheduler.stop()
        self._starter = None
        self._ending.call_off(self.start_time)
        if self._is_dispose_requested:
            self._ending.dispose()

    # -- what the state allows ----------------------------------------------------------------------------

    def _require_not_disposed(self, call: str) -> None:
        if self._ending.is_disposing:
            raise PipelineDisposedError(f"pipeline {self.name!r} has been disposed; {call} is not possible")

    def _require_usable(self, call: str, *states: PipelineState) -> None:
        self._require_not_disposed(call)
        self._lifecycle.require(call, *states)

    def _require_configurable(self, call: str) -> None:
        self._require_usable(call, PipelineState.INITIAL, PipelineState.STARTING)


def _raise_together(errors: tuple[Exception, ...], message: str) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ExceptionGroup(message, errors)
