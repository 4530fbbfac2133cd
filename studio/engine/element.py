"""An element: one component of a pipeline with its emitters, receivers, lock and state (rules E5, E8, E9)."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from studio.engine.emitter import Emitter, Validator
from studio.engine.receiver import Receiver
from studio.engine.source import SourceComponent, is_source
from studio.engine.work import ComponentLock
from studio.errors import PortError
from studio.timing import Timestamp

if TYPE_CHECKING:
    from studio.engine.body import Body
    from studio.engine.pipeline import Pipeline
    from studio.engine.scheduler import Scheduler
    from studio.engine.work import SchedulingContext


class ElementState(Enum):
    """Where a component is in its life (rule E8)."""

    INITIAL = "initial"
    ACTIVATED = "activated"
    DEACTIVATING = "deactivating"
    """A source that was told to stop and has not acknowledged."""
    DEACTIVATED = "deactivated"
    FINALIZED = "finalized"


class Element:
    """Keeps what belongs to one owner object; the owner is kept alive with it."""

    def __init__(
        self, pipeline: "Pipeline", owner: object, element_id: int, *, nested: "Body | None" = None
    ) -> None:
        self.pipeline = pipeline
        self.owner = owner
        self.name = f"{element_id}.{'Subpipeline' if nested else type(owner).__name__}"
        self.nested = nested
        """What the element stands for if its owner is a subpipeline."""
        self.entrance: Element | None = None
        """Of the half of a connector that posts: the half that receives, in another pipeline (rule E50)."""
        self.exit: Element | None = None
        """Of the half of a connector that receives: the half that posts, if in another pipeline."""
        self.is_source = nested is not None or is_source(owner)
        self.state = ElementState.INITIAL
        self.was_activated = False
        self.lock = ComponentLock()
        self.emitters: dict[str, Emitter[Any]] = {}
        self.receivers: dict[str, Receiver[Any]] = {}
        self.told_state = ""
        """What the component said of itself after its last message; only where diagnostics are on (E231)."""

    @property
    def scheduler(self) -> "Scheduler":
        """The workers of the pipeline."""
        return self.pipeline.scheduler

    @property
    def context(self) -> "SchedulingContext":
        """The work of the pipeline."""
        return self.pipeline.context

    def add_emitter(self, emitter_id: int, name: str | None, validator: Validator | None) -> Emitter[Any]:
        """A new output; PortError if the name is taken (rule E11)."""
        name = self._free_name(self.emitters, name, f"out-{emitter_id}", "output")
        emitter: Emitter[Any] = Emitter(self, emitter_id, name, validator)
        self.emitters[name] = emitter
        return emitter

    def add_receiver(
        self, receiver_id: int, action: Callable[[Any, Any], object], name: str | None, *, is_timed: bool
    ) -> Receiver[Any]:
        """A new input; PortError if the name is taken (rule E11)."""
        name = self._free_name(self.receivers, name, f"in-{receiver_id}", "input")
        receiver: Receiver[Any] = Receiver(self, receiver_id, action, name, is_timed=is_timed)
        self.receivers[name] = receiver
        return receiver

    def _free_name(self, taken: dict[str, Any], name: str | None, default: str, kind: str) -> str:
        if name is not None and name in taken:
            raise PortError(
                f"component {self.name} of pipeline {self.pipeline.name!r} already has an {kind} named "
                f"{name!r}; choose another name, or none"
            )
        return default if name is None else name

    def upstream(self) -> Iterator["Element"]:
        """The components its inputs still come from, one for each such input; through connectors too."""
        if self.entrance is not None:
            yield from self.entrance.upstream()
        for receiver in self.receivers.values():
            source = receiver.source
            if source is not None:
                yield source.element

    def activate(self) -> None:
        """From now on it belongs to the run, and its streams are closed at the end (rule E49)."""
        self.state = ElementState.ACTIVATED
        self.was_activated = True

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Start the source."""
        if isinstance(self.owner, SourceComponent):
            self.owner.start(notify_completion_time)

    def stop(self, final_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Stop the source."""
        if isinstance(self.owner, SourceComponent):
            self.owner.stop(final_time, notify_completed)

    def report(self, error: BaseException) -> None:
        """Something of this component failed outside the workers."""
        self.pipeline.report_error(error)
