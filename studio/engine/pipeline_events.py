"""What the events of a pipeline carry. Values only."""

from dataclasses import dataclass

from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class PipelineRun:
    """The pipeline starts; no component has started yet (rule E21)."""

    start_originating_time: Timestamp
    """The StartTime of the pipeline."""

    @property
    def start_time(self) -> Timestamp:
        """The same, under the name that the document uses (PORT of rule E22)."""
        return self.start_originating_time


@dataclass(frozen=True, slots=True)
class PipelineCompleted:
    """All components have stopped and no message is under way (rule E40)."""

    completed_originating_time: Timestamp
    """The final time: everything up to it was delivered (rule E34). TIME_MIN: the pipeline never ran."""
    errors: tuple[BaseException, ...]
    """What went wrong, in order; those taken by handlers included."""
    abandoned_pending_workitems: bool = False
    """Whether a source had to be given up because its Stop did not return."""


@dataclass(frozen=True, slots=True)
class ComponentCompleted:
    """A finite source has said when its last message is (rule E30)."""

    component_name: str
    completed_time: Timestamp


@dataclass(frozen=True, slots=True)
class PipelineExceptionNotHandled:
    """A component failed (rule E172)."""

    exception: BaseException
