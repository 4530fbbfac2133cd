"""The pipeline: makes the ports of components, runs them, ends them. What users hold in their hand.

Its parts do the work: `body` holds them together; `graph` (components), `lifecycle` (state), `scheduler`
(threads), `running` and `starting`, `completion` (when to stop by itself), `ending`, `stopping` and
`finalization` (how), `failures` (errors).
"""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from studio.engine.body import Body
from studio.engine.connector import Connector
from studio.engine.delivery import DeliveryPolicy
from studio.engine.diagnostics import DiagnosticsConfiguration, PipelineDiagnostics
from studio.engine.element import Element
from studio.engine.emitter import Emitter, Validator
from studio.engine.ending import Ending
from studio.engine.events import Event
from studio.engine.graph import check_connection
from studio.engine.lifecycle import PipelineState
from studio.engine.message import Envelope
from studio.engine.pipeline_events import (
    ComponentCompleted,
    PipelineCompleted,
    PipelineExceptionNotHandled,
    PipelineRun,
)
from studio.engine.posting_check import PostingCheck
from studio.engine.progress import ProgressReporter, estimate
from studio.engine.receiver import Receiver
from studio.engine.replay import REPLAY_ALL_REAL_TIME, ReplayDescriptor, descriptor_of
from studio.engine.running import Running
from studio.engine.sampling import Sampler, snapshot
from studio.engine.scheduler import Scheduler
from studio.engine.threads import StudioThread, default_thread_count, spawn
from studio.engine.transport import Transport
from studio.errors import PipelineDisposedError, PipelineStateError, ReplayIntervalError
from studio.timing import NS_PER_MS, Clock, Duration, SystemClock, TimeInterval, Timestamp

ProgressReport = Callable[[float], None]

OPEN_STATES = frozenset(PipelineState) - {PipelineState.COMPLETED}
"""Also while it stops: what is let through to the end may still need a subpipeline of its own."""


class Pipeline:
    """A graph of components and its run.

    It runs once. With finite sources it ends when all of them have; with infinite ones only, or without any
    source, it runs until disposed (rules E24-E29). `with Pipeline() as p:` disposes it at the end.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        default_delivery_policy: DeliveryPolicy = DeliveryPolicy.UNLIMITED,
        thread_count: int = 0,
        clock: Clock | None = None,
        stop_timeout_s: float = 10.0,
        parent: "Pipeline | None" = None,
        diagnostics: DiagnosticsConfiguration | None = None,
        check_posting: bool = False,
    ) -> None:
        """`thread_count` 0: a default; `stop_timeout_s`: then a source that does not answer Stop is given up.

        `parent`: see `create_subpipeline`. `diagnostics`: measure, and post what is measured on the stream
        `diagnostics` (rule E228). `check_posting`: of who posts (E75). Starts no thread.
        """
        self.name: str = name or ("default" if parent is None else f"Sub[{parent.name}]")
        self.default_delivery_policy = default_delivery_policy
        self.parent = parent
        self.clock: Clock = parent.clock if parent else clock if clock is not None else SystemClock()
        self.virtual_time_offset: Duration = 0
        """Added to the clock of a live run; read at the start of the root (rules E69, E141)."""
        self.progress_report_interval: Duration = 500 * NS_PER_MS
        """Between two reports of progress; read at the start."""
        if parent is not None:
            parent.require_open_for_subpipelines()
        self.scheduler: Scheduler = parent.scheduler if parent else self._make_scheduler(thread_count)
        self.body: Body = Body(self, self.name, self.scheduler, parent.body if parent else None)
        self.body.ending = Ending(self.body, stop_timeout_s=stop_timeout_s, report=self.report_error)
        self.body.running = Running(self.body, self.clock, self.report_error)
        self.context = self.body.context
        self.pipeline_run: Event[PipelineRun] = self.body.pipeline_run
        self.component_completed: Event[ComponentCompleted] = self.body.component_completed
        self.pipeline_completed: Event[PipelineCompleted] = self.body.pipeline_completed
        if parent is not None:
            parent.body.add(self.body)
        self._sampler = self._look_on(diagnostics, check_posting) if parent is None else None

    def _make_scheduler(self, thread_count: int) -> Scheduler:
        return Scheduler(thread_count or default_thread_count(), self.report_error)

    def _look_on(self, diagnostics: DiagnosticsConfiguration | None, check_posting: bool) -> Sampler | None:
        self.body.graph.posting_check = PostingCheck() if check_posting else None
        self.body.diagnostics = diagnostics
        return None if diagnostics is None else Sampler(self, diagnostics)

    # -- configuring --------------------------------------------------------------------------------------

    def create_emitter(
        self, owner: object, name: str | None = None, *, validator: Validator | None = None
    ) -> Emitter[Any]:
        """A new output of component `owner` (rules E9-E14); of a subpipeline: a port of it as a component.

        Raises PortError for a name that is taken, PipelineStateError once the pipeline runs.
        """
        self._require_configurable(f"creating an emitter of {type(owner).__name__}")
        return self.body.graph.add_emitter(owner, name, validator)

    def create_receiver(
        self, owner: object, action: Callable[[Any, Envelope], object], name: str | None = None
    ) -> Receiver[Any]:
        """A new input of component `owner`, whose messages go to `action(data, envelope)`.

        All actions of one component run one at a time. Raises as `create_emitter`.
        """
        self._require_configurable(f"creating a receiver of {type(owner).__name__}")
        return self.body.graph.add_receiver(owner, action, name)

    def check_connection(
        self, emitter: Emitter[Any], receiver: Receiver[Any], *, while_running: bool = False
    ) -> None:
        """Raise PipelineStateError if the two cannot be joined, or not any more (rule E12)."""
        check_connection(emitter, receiver)
        if not while_running:
            self._require_configurable(f"connecting stream {emitter.name} of {emitter.element.name}")

    def create_subpipeline(
        self, name: str | None = None, *, default_delivery_policy: DeliveryPolicy = DeliveryPolicy.UNLIMITED
    ) -> "Pipeline":
        """A pipeline that is a component of this one (rules E64-E72).

        It runs on the same workers and clock, starts and ends with this one, and counts as a source that
        ends when the last of its finite sources has; without sources it holds nothing open. Streams cross
        its border through connectors. One that is created while this pipeline runs is wired and then run by
        itself: `run_async`; it may be stopped by itself: `stop`.
        """
        return Pipeline(name, default_delivery_policy=default_delivery_policy, parent=self)

    def create_connector(self, name: str | None = None, *, preserve_envelope: bool = False) -> Connector[Any]:
        """A stage that passes on what it gets, inside this pipeline."""
        return Connector(self, self, name, preserve_envelope=preserve_envelope)

    def create_input_connector_from(
        self, outer: "Pipeline", name: str | None = None, *, preserve_envelope: bool = False
    ) -> Connector[Any]:
        """Brings a stream of another pipeline into this one; ValueError for the same pipeline (rule E71)."""
        return Connector.between(outer, self, name, preserve_envelope=preserve_envelope)

    def create_output_connector_to(
        self, outer: "Pipeline", name: str | None = None, *, preserve_envelope: bool = False
    ) -> Connector[Any]:
        """Brings a stream of this pipeline into another one; ValueError for the same pipeline (rule E71)."""
        return Connector.between(self, outer, name, preserve_envelope=preserve_envelope)

    def propose_replay_time(self, interval: TimeInterval) -> None:
        """A component tells which times it has data for; the run covers them all (rule E146).

        Raises ReplayIntervalError for one without beginning; an empty one is ignored (PORT of rule E149).
        """
        self._require_usable("propose_replay_time", PipelineState.INITIAL)
        if not interval.is_left_bounded:
            raise ReplayIntervalError(f"times proposed to pipeline {self.name!r} must have a beginning")
        for body in self.body.lineage:  # a subpipeline speaks for its ancestors too (rule E69)
            body.proposals.append(interval)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The components with their ports, oldest first."""
        return self.body.graph.elements

    @property
    def pipeline_exception_not_handled(self) -> Event[PipelineExceptionNotHandled]:
        """A component failed; with a handler here nothing is raised (rules E172-E174)."""
        return self.body.failures.not_handled

    @property
    def diagnostics(self) -> Emitter[PipelineDiagnostics]:
        """Snapshots of the whole tree, one every sampling interval (rules E228, E73).

        Raises PipelineStateError if they were not asked for when the pipeline was made, or of a subpipeline.
        """
        if self._sampler is None:
            raise PipelineStateError(
                f"pipeline {self.name!r} has no diagnostics; make the root with diagnostics=..."
            )
        return self._sampler.out

    def diagnostics_snapshot(self) -> PipelineDiagnostics:
        """What goes on just now; measures are 0 unless diagnostics are on (rule E231)."""
        return snapshot(self.body, self.body.diagnostics or DiagnosticsConfiguration())

    @property
    def state(self) -> PipelineState:
        """Where the pipeline is in its life."""
        return self.body.lifecycle.state

    @property
    def replay_descriptor(self) -> ReplayDescriptor | None:
        """What is being run, limited to what was proposed; None before the run."""
        return self.body.descriptor

    @property
    def start_time(self) -> Timestamp:
        """Pipeline time at which the run began; TIME_MIN before it (rule E140)."""
        return self.body.start_time

    @property
    def errors(self) -> tuple[BaseException, ...]:
        """What went wrong so far, in order."""
        return self.body.failures.errors

    def get_current_time(self) -> Timestamp:
        """Pipeline time: the world's when live, the recorded one in a replay; TIME_MIN when not running."""
        return self.scheduler.now()

    def real_time_until(self, time: Timestamp) -> Duration | None:
        """How long (ns, in the world) until the pipeline clock shows `time`; 0 or less if it has been.

        None: never, as long as the replay is paused.
        """
        return self.scheduler.real_time_until(time)

    def convert_to_real_time(self, time: Timestamp) -> Timestamp:
        """When in the world the pipeline clock shows `time` (rule E143)."""
        return self.body.transport.to_real_time(time)

    def convert_from_real_time(self, time: Timestamp) -> Timestamp:
        """What the pipeline clock shows at `time` in the world (rule E143)."""
        return self.body.transport.from_real_time(time)

    @property
    def transport(self) -> Transport:
        """Pause, speed and single steps of a replay; shared with subpipelines (decision 7)."""
        return self.body.transport

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
        self.run_async(
            replay,
            interval=interval,
            start=start,
            end=end,
            enforce_replay_clock=enforce_replay_clock,
            progress=progress,
        )
        self.body.ending.wait()
        self.body.failures.raise_once()

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
        is_given = not (replay is None and interval is None and start is None and end is None)
        descriptor = descriptor_of(replay, interval, start, end, enforce_replay_clock)
        self._require_not_disposed("run")
        reporter = self._reporter(progress)
        if self.parent is None:
            self.body.running.start(descriptor, self.virtual_time_offset)
        else:
            self.body.running.start_by_itself(descriptor if is_given else None)
        if reporter is not None:
            reporter.start()
        return self

    def _reporter(self, progress: ProgressReport | None) -> ProgressReporter | None:
        if progress is None or self.state is not PipelineState.INITIAL:
            return None
        reporter = ProgressReporter(
            progress, self._estimate, self.progress_report_interval, self.report_error
        )
        self.body.ending.progress = reporter
        return reporter

    def _estimate(self) -> float:
        descriptor = self.replay_descriptor or REPLAY_ALL_REAL_TIME
        return estimate(self.body.graph.elements, descriptor.interval)

    def wait_all(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of the run; False after the time limit (rule E42).

        Raises what went wrong, once, if nobody has been told of it yet (decision 9).
        """
        self._require_not_disposed("wait_all")
        if self.body.ending.would_wait_for_itself():
            raise PipelineStateError(
                f"wait_all was called by a component of pipeline {self.name!r}, which would wait for itself"
            )
        is_finished = self.body.ending.wait(timeout_s)
        if is_finished:
            self.body.failures.raise_once()
        return is_finished

    # -- failing ------------------------------------------------------------------------------------------

    def report_error(self, error: BaseException) -> None:
        """Something of the run failed, on whatever thread: the pipeline stops and tells (rule E172).

        An error in a subpipeline is told by it and by its ancestors, and stops the root (PORT of E70).
        """
        lineage = self.body.lineage
        is_handled = any(body.failures.not_handled.has_handlers for body in lineage)
        for body in lineage:
            body.failures.add(error, is_handled=is_handled or body.parent is not None)
        root = self.body.root
        if root.lifecycle.state in (PipelineState.STARTING, PipelineState.RUNNING):
            root.ending.request_stop()
        with root.ending.marked_as_inside():
            for body in lineage:
                body.failures.tell(error)

    def spawn(self, name: str, run: Callable[[threading.Event], None]) -> StudioThread:
        """Start a thread `studio.<name>` for a component; what it raises goes to `report_error`."""

        def run_inside(cancelled: threading.Event) -> None:
            with self.body.ending.marked_as_inside():
                run(cancelled)

        return spawn(name, run_inside, self.report_error)

    # -- ending -------------------------------------------------------------------------------------------

    def dispose(self) -> None:
        """Stop if running, wait for the end, dispose the components (rules E55-E60).

        May be called by any thread, repeatedly and at once; every caller waits for the end. Called by code
        of a component or by a handler on its thread it only requests the end and returns, because that code
        has to return first. Raises what went wrong, once, if nobody has been told of it yet (decision 9).
        """
        if not self.body.running.try_call_off() and self.body.ending.dispose():
            self.body.failures.raise_once()

    def stop(self, final_time: Timestamp) -> None:
        """Stop a subpipeline while its parent goes on: everything up to `final_time` is let through (E72).

        Waits for the end, except in code of a component or handler: there it only requests it. What is
        still on its way to it in the parent is dropped: to lose nothing, stop it when its input has ended
        (`connector.receiver.unsubscribed.connect(inner.stop)`). One added to a running pipeline is disposed
        at its end, its connectors close, and the parent forgets it. PipelineStateError if it is none.
        """
        if self.parent is None:
            raise PipelineStateError(f"pipeline {self.name!r} is no subpipeline; dispose it to end it")
        self.body.ending.stop_by_itself(final_time)

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

    # -- what the state allows ----------------------------------------------------------------------------

    def require_open_for_subpipelines(self) -> None:
        """Raise PipelineStateError if no subpipeline can be added any more (rule E61)."""
        self._require_usable("creating a subpipeline", *OPEN_STATES)

    def _require_not_disposed(self, call: str) -> None:
        if self.body.ending.is_disposing:
            raise PipelineDisposedError(f"pipeline {self.name!r} has been disposed; {call} is not possible")

    def _require_usable(self, call: str, *states: PipelineState) -> None:
        self._require_not_disposed(call)
        self.body.lifecycle.require(call, *states)

    def _require_configurable(self, call: str) -> None:
        self._require_not_disposed(call)
        self.body.lifecycle.require_configurable(call)
