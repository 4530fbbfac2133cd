"""From `run` to running, for a pipeline and for its subpipelines (rules E16-E27, E64-E68).

Decides the times of a run, tells the handlers, has the components activated, and hears from the sources
when the run is to end by itself. How it ends is in `ending`.
"""

import threading
from collections.abc import Callable

from studio.engine.body import Body
from studio.engine.clock_source import SourcedClock
from studio.engine.element import Element
from studio.engine.lifecycle import PipelineState
from studio.engine.pipeline_events import ComponentCompleted, PipelineRun
from studio.engine.replay import ReplayDescriptor
from studio.engine.starting import activate_all
from studio.errors import NotSynchronisedError, PipelineStateError
from studio.timing import (
    TIME_MAX,
    TIME_MIN,
    Clock,
    Duration,
    TimeInterval,
    Timestamp,
)


class Running:
    """Brings one pipeline to run, once."""

    def __init__(self, body: Body, clock: Clock, report: Callable[[BaseException], None]) -> None:
        self._body = body
        self.clock = clock
        """Of a live run."""
        self.is_synchronised = False
        """Whether it is that of the machine that is followed, until the end of the run (decision 30)."""
        self._report = report
        self._starter: int | None = None
        self._is_called_off = False
        self._tell_parent: Callable[[Timestamp], None] | None = None

    # -- the root -----------------------------------------------------------------------------------------

    def start(self, descriptor: ReplayDescriptor, offset: Duration, *, require_sync: bool = False) -> None:
        """Run a pipeline that is no subpipeline; returns when every source has started (rule E16)."""
        body = self._body
        limited = descriptor.within(TimeInterval.coverage(body.proposals))
        limited.require_start(body.name)
        if limited.is_live and body.lifecycle.state is PipelineState.INITIAL:
            self._choose_clock(require_sync=require_sync)
        body.lifecycle.begin()
        self._starter = threading.get_ident()
        self._set_times(descriptor, offset)
        errors = self._tell_run(PipelineRun(body.start_time))
        if errors or self._is_called_off:
            self._call_off()
            raise_together(errors, f"handlers of pipeline_run of pipeline {body.name!r} failed")
            return
        self._starter = None
        self._activate(lambda: None)
        body.lifecycle.wait_while(PipelineState.STARTING)

    def _choose_clock(self, *, require_sync: bool) -> None:
        clock, name = self.clock, self._body.name
        if isinstance(clock, SourcedClock):
            self.is_synchronised = clock.begin(name, require_sync=require_sync)
            self._body.pipeline_completed.connect(lambda _: clock.end())
        elif require_sync:
            raise NotSynchronisedError(
                f"Pipeline {name!r} shall run on another machine's clock only, but follows none. "
                "Make a RemoteClockImporter for it first."
            )

    def try_call_off(self) -> bool:
        """Whether the calling thread is starting the pipeline just now; then the start is called off."""
        if self._starter != threading.get_ident():
            return False
        self._is_called_off = True
        return True

    def _set_times(self, descriptor: ReplayDescriptor, offset: Duration) -> None:
        body = self._body
        body.descriptor = descriptor = descriptor.within(TimeInterval.coverage(body.proposals))
        clock: Clock
        if descriptor.is_live:
            clock = body.transport.live_clock(self.clock, offset)
        else:  # an offset does not shift recorded time (PORT of rule E141)
            clock = body.transport.replay_clock(self.clock, descriptor.start, descriptor.speed)
        body.scheduler.start(clock, is_enforced=descriptor.enforce_replay_clock)
        body.start_time = clock.now() if descriptor.is_live else descriptor.start

    def _tell_run(self, args: PipelineRun) -> tuple[Exception, ...]:
        errors: list[Exception] = []
        for body in self._body.tree():  # those that handlers add are visited too (rule E21)
            if not body.has_told_run:
                body.has_told_run = True
                errors += body.pipeline_run.emit(args)
        return tuple(errors)

    def _call_off(self) -> None:
        self._starter = None
        self._body.scheduler.stop()
        self._body.ending.call_off()
        if self._is_called_off:
            self._body.ending.dispose()

    # -- subpipelines -------------------------------------------------------------------------------------

    def start_with_parent(self, tell_parent: Callable[[Timestamp], None], go_on: Callable[[], None]) -> None:
        """Run a subpipeline as source of its parent; `go_on` is called when its sources have started."""
        parent = self._parent()
        if self._body.lifecycle.state is PipelineState.COMPLETED:  # disposed by its own
            go_on_under(self._body, go_on)
            return
        if parent.descriptor is None:
            raise PipelineStateError(f"pipeline {parent.name!r} is not running")
        self._tell_parent = tell_parent
        self._body.lifecycle.move(PipelineState.STARTING)
        self._start_nested(parent.descriptor, go_on)

    def start_by_itself(self, descriptor: ReplayDescriptor | None) -> None:
        """Run a subpipeline that was added to a running pipeline (rule E72).

        Called by code of a component it returns at once: the sources start when a worker is free.
        """
        body, parent = self._body, self._parent()
        state = parent.lifecycle.state
        if state not in (PipelineState.RUNNING, PipelineState.STOPPING) or parent.descriptor is None:
            raise PipelineStateError(
                f"subpipeline {body.name!r} is started by pipeline {parent.name!r}, which is {state.value}; "
                f"only one that was added to a running pipeline is run by itself"
            )
        with body.scheduler.lock:
            if parent.context.is_closed:
                raise PipelineStateError(f"pipeline {parent.name!r} has ended; nothing can run in it")
            body.lifecycle.begin()
        itself = parent.graph.standing_for(body)
        if itself is not None:
            itself.activate()
        self._start_nested(descriptor or parent.descriptor, lambda: None)
        if not body.ending.is_called_from_inside():
            body.lifecycle.wait_while(PipelineState.STARTING)

    def _parent(self) -> Body:
        if self._body.parent is None:
            raise PipelineStateError(f"pipeline {self._body.name!r} is no subpipeline")
        return self._body.parent

    def _start_nested(self, descriptor: ReplayDescriptor, go_on: Callable[[], None]) -> None:
        body = self._body
        body.descriptor = descriptor.within(TimeInterval.coverage(body.proposals))
        body.start_time = body.root.start_time if body.descriptor.is_live else body.descriptor.start
        for error in self._tell_run(PipelineRun(body.start_time)):
            self._report(error)
        self._activate(go_on)

    # -- both ---------------------------------------------------------------------------------------------

    def _activate(self, go_on: Callable[[], None]) -> None:
        body = self._body
        elements = body.graph.elements
        sources = [element for element in elements if element.is_source]
        body.completion.begin(sources)
        if not sources and self._tell_parent is not None:
            self._tell_parent(TIME_MAX)  # reactive: does not hold the parent open (rule E66)

        def open_for_work() -> None:
            body.scheduler.open(body.context)
            body.lifecycle.move(PipelineState.RUNNING)
            go_on()
            body.scheduler.something_settled()

        activate_all(
            elements,
            body.scheduler,
            notify=self.notify_completion_time,
            begin_subpipeline=self._begin_subpipeline,
            go_on=open_for_work,
            report=self._report,
        )

    def _begin_subpipeline(self, element: Element, go_on: Callable[[], None]) -> None:
        nested = element.nested
        if nested is not None:
            nested.running.start_with_parent(lambda time: self.notify_completion_time(element, time), go_on)

    def notify_completion_time(self, element: Element, time: Timestamp) -> None:
        """A source says when its last message is; TIME_MAX: never (rules E25-E31)."""
        body = self._body
        # A source that had nothing to tell of ends where the run began (PORT of rule E35).
        time = body.start_time if time == TIME_MIN else time
        is_finite, is_last = body.completion.notify(element, time)
        if is_finite:
            with body.ending.marked_as_inside():
                errors = body.component_completed.emit(ComponentCompleted(element.name, time))
            for error in errors:
                self._report(error)
        if is_last:
            self._all_sources_told()

    def _all_sources_told(self) -> None:
        body = self._body
        latest = body.completion.latest if body.completion.has_finite else TIME_MAX
        if self._tell_parent is not None:
            self._tell_parent(latest)  # it goes on until the parent stops it (rule E66)
        elif body.parent is None and body.completion.has_finite:
            with body.scheduler.lock:
                # The cut is sharp from here on, however long the stop takes to begin (E34, E44, E48).
                if body.context.final_time == TIME_MAX:
                    body.cut(latest)
            body.ending.request_stop(is_own_end=True)


def go_on_under(body: Body, go_on: Callable[[], None]) -> None:
    """Call `go_on` under the lock of the scheduler."""
    with body.scheduler.lock:
        go_on()


def raise_together(errors: tuple[Exception, ...], message: str) -> None:
    """Raise one error as it is, several as a group, none not at all."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ExceptionGroup(message, errors)
