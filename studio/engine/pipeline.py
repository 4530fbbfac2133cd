"""The pipeline: makes the ports of components, runs them, ends them. What users hold in their hand.

Some of its methods stand in modules of their own: those that add and join in `wiring`, those that run it in
`launching`. Its parts do the work: `body` holds them together; `graph` (components), `lifecycle`
(state), `scheduler` (threads), `running` and `starting`, `completion` (when to stop by itself), `ending`,
`stopping` and `finalization` (how), `failures` (errors).
"""

import threading
from collections.abc import Callable
from types import TracebackType

from studio.engine import launching, wiring
from studio.engine.body import Body
from studio.engine.clock_source import ClockSource, SourcedClock
from studio.engine.delivery import DeliveryPolicy
from studio.engine.diagnostics import DiagnosticsConfiguration, PipelineDiagnostics
from studio.engine.element import Element
from studio.engine.emitter import Emitter
from studio.engine.ending import Ending
from studio.engine.events import Event
from studio.engine.lifecycle import PipelineState
from studio.engine.pipeline_events import (
    ComponentCompleted,
    PipelineCompleted,
    PipelineExceptionNotHandled,
    PipelineRun,
)
from studio.engine.posting_check import PostingCheck
from studio.engine.replay import ReplayDescriptor
from studio.engine.running import Running
from studio.engine.sampling import Sampler, snapshot
from studio.engine.scheduler import Scheduler
from studio.engine.threads import StudioThread, default_thread_count, spawn
from studio.engine.transport import Transport
from studio.errors import PipelineStateError
from studio.timing import NS_PER_MS, Clock, Duration, SystemClock, Timestamp


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
        self.virtual_time_offset: Duration = 0
        """Added to the clock of a live run; read at the start of the root (rules E69, E141)."""
        self.progress_report_interval: Duration = 500 * NS_PER_MS
        """Between two reports of progress; read at the start."""
        if parent is not None:
            wiring.require_open_for_subpipelines(parent)
        self.scheduler: Scheduler = parent.scheduler if parent else self._make_scheduler(thread_count)
        self.body: Body = Body(self, self.name, self.scheduler, parent.body if parent else None)
        self.body.ending = Ending(self.body, stop_timeout_s=stop_timeout_s, report=self.report_error)
        own_clock = parent.clock if parent else clock if clock is not None else SystemClock()
        self.body.running = Running(self.body, own_clock, self.report_error)
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

    create_emitter = wiring.create_emitter
    create_receiver = wiring.create_receiver
    create_timed_receiver = wiring.create_timed_receiver
    check_connection = wiring.check_connection
    create_subpipeline = wiring.create_subpipeline
    create_connector = wiring.create_connector
    create_input_connector_from = wiring.create_input_connector_from
    create_output_connector_to = wiring.create_output_connector_to
    propose_replay_time = wiring.propose_replay_time

    def follow(self, source: ClockSource) -> None:
        """Ask `source` for the clock of the run when it starts live (decision 30); of the whole tree.

        To be called before components are made that keep `clock`. Raises PipelineStateError once it runs, or
        if it has another source.
        """
        running = self.body.root.running
        if self.state is not PipelineState.INITIAL or isinstance(running.clock, SourcedClock):
            raise PipelineStateError(
                f"pipeline {self.name!r} cannot follow another clock: it has run, or follows one already"
            )
        running.clock = SourcedClock(running.clock, source)

    # -- looking on ---------------------------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        """The clock of live runs: while it runs, that of the machine that is followed, if there is one."""
        return self.body.root.running.clock

    @property
    def is_synchronised(self) -> bool:
        """Whether the run has the clock of the machine that is followed; false without one (decision 30)."""
        return self.body.root.running.is_synchronised

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
    def errors(self) -> tuple[BaseException, ...]:
        """What went wrong so far, in order."""
        return self.body.failures.errors

    @property
    def replay_descriptor(self) -> ReplayDescriptor | None:
        """What is being run, limited to what was proposed; None before the run."""
        return self.body.descriptor

    @property
    def start_time(self) -> Timestamp:
        """Pipeline time at which the run began; TIME_MIN before it (rule E140)."""
        return self.body.start_time

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

    run = launching.run
    run_async = launching.run_async
    wait_all = launching.wait_all

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
