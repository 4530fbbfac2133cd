"""The parts that make up one pipeline, and its place among its subpipelines. State only; others move it."""

import threading
from typing import TYPE_CHECKING

from studio.engine.completion import Completion
from studio.engine.events import Event
from studio.engine.failures import Failures
from studio.engine.graph import Graph
from studio.engine.lifecycle import Lifecycle, PipelineState
from studio.engine.transport import Transport
from studio.engine.work import SchedulingContext
from studio.timing import TIME_MIN, TimeInterval, Timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.engine.diagnostics import DiagnosticsConfiguration
    from studio.engine.element import Element
    from studio.engine.ending import Ending
    from studio.engine.pipeline import Pipeline
    from studio.engine.pipeline_events import ComponentCompleted, PipelineCompleted, PipelineRun
    from studio.engine.replay import ReplayDescriptor
    from studio.engine.running import Running
    from studio.engine.scheduler import Scheduler


ADDING_STATES = (PipelineState.RUNNING, PipelineState.STOPPING)


class Body:
    """What one pipeline has of its own; the scheduler is shared with its subpipelines (rule E64)."""

    ending: "Ending"
    running: "Running"

    def __init__(
        self, pipeline: "Pipeline", name: str, scheduler: "Scheduler", parent: "Body | None" = None
    ) -> None:
        self.pipeline = pipeline
        self.name = name
        self.scheduler = scheduler
        self.parent = parent
        self.children: list[Body] = []
        self.context = SchedulingContext(pipeline.report_error)
        self.graph: Graph = Graph(pipeline, parent.graph if parent else None)
        self.lifecycle = Lifecycle(name)
        self.failures = Failures(name)
        self.completion = Completion()
        self.transport: Transport = parent.transport if parent else Transport(name, self.lifecycle, scheduler)
        self.pipeline_run: Event[PipelineRun] = Event()
        self.component_completed: Event[ComponentCompleted] = Event()
        self.pipeline_completed: Event[PipelineCompleted] = Event()
        self.start_time: Timestamp = TIME_MIN
        self.descriptor: ReplayDescriptor | None = None
        self.diagnostics: DiagnosticsConfiguration | None = parent.diagnostics if parent else None
        """How to measure; None: nothing is."""
        self.proposals: list[TimeInterval] = []
        self.has_told_run = False
        self.is_added = parent is not None and parent.lifecycle.state in ADDING_STATES
        """Whether its parent ran already when it was made (rule E72)."""
        self._children_lock = threading.Lock()
        self.stop_turn: threading.Lock = parent.stop_turn if parent else threading.Lock()
        """Held by the one who stops a part of the tree: two never finalize the same components."""
        self.inside: threading.local = parent.inside if parent else threading.local()
        """Marks threads in code that the end would have to wait for."""

    def add(self, child: "Body") -> None:
        """A subpipeline belongs to this pipeline from now on."""
        self.graph.add_subpipeline(child)
        with self._children_lock:
            self.children.append(child)

    def remove(self, child: "Body") -> None:
        """A subpipeline has ended for good; who goes through the children just now still meets it."""
        with self._children_lock:
            self.children = [other for other in self.children if other is not child]

    @property
    def is_forgettable(self) -> bool:
        """Whether nobody asks for it after its end: it was added to a running pipeline (rules E72, E229)."""
        shown = self.diagnostics
        is_shown = shown is not None and (shown.include_stopped_pipelines or shown.include_stopped_elements)
        return self.is_added and not is_shown

    @property
    def root(self) -> "Body":
        """The pipeline that is nobody's subpipeline."""
        return self if self.parent is None else self.parent.root

    @property
    def lineage(self) -> "tuple[Body, ...]":
        """This pipeline, its parent, and so on to the root."""
        return (self,) if self.parent is None else (self, *self.parent.lineage)

    def tree(self) -> "Iterator[Body]":
        """This pipeline, then all below it, parents first; those added meanwhile too."""
        yield self
        for child in self.children:
            yield from child.tree()

    def elements(self) -> "Iterator[Element]":
        """All components of the tree in order of creation; those of a subpipeline before itself (E50)."""
        for element in self.graph.elements:
            if element.nested is not None:
                yield from element.nested.elements()
            yield element

    def cut(self, final_time: Timestamp) -> None:
        """Under the scheduler's lock: refuse messages later than this in the whole tree (PORT of E68)."""
        for body in self.tree():
            body.context.final_time = min(body.context.final_time, final_time)

    @property
    def is_stopping(self) -> bool:
        """Whether the pipeline or one above it stops or has stopped."""
        stopped = (PipelineState.STOPPING, PipelineState.COMPLETED)
        return any(body.lifecycle.state in stopped for body in self.lineage)
