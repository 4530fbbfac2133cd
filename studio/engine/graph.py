"""The components of one pipeline in order of creation, and the rules for adding and joining them."""

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.element import Element
from studio.engine.emitter import Emitter, Validator
from studio.engine.message import Envelope
from studio.engine.metering import keep_told_state
from studio.engine.receiver import Receiver
from studio.errors import PipelineStateError, PortError
from studio.timing import Timestamp

if TYPE_CHECKING:
    from studio.engine.body import Body
    from studio.engine.pipeline import Pipeline
    from studio.engine.posting_check import PostingCheck


class Graph:
    """Elements keyed by the identity of their owner, made with the first port of each (rule E9)."""

    def __init__(self, pipeline: "Pipeline", parent: "Graph | None" = None) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        self._elements: dict[int, Element] = {}
        self._element_ids = itertools.count()
        # Shared by the whole tree: an id names one stream among all subpipelines (rule E3).
        self.posting_check: PostingCheck | None = parent.posting_check if parent else None
        """Looks at who posts, if the pipeline was asked to (rule E75)."""
        self.emitter_ids: itertools.count[int] = parent.emitter_ids if parent else itertools.count(1)
        self.receiver_ids: itertools.count[int] = parent.receiver_ids if parent else itertools.count()

    @property
    def elements(self) -> tuple[Element, ...]:
        """All elements, oldest first."""
        with self._lock:
            return tuple(self._elements.values())

    def add_emitter(self, owner: object, name: str | None, validator: Validator | None) -> Emitter[Any]:
        """A new output of `owner`."""
        with self._lock:
            element = self._element_of(owner)
            if self.posting_check is not None:
                validator = self.posting_check.validator(element, name, validator)
            return element.add_emitter(next(self.emitter_ids), name, validator)

    def add_receiver(
        self, owner: object, action: Callable[[Any, Envelope], object], name: str | None
    ) -> Receiver[Any]:
        """A new input of `owner`."""
        return self._add_receiver(owner, action, name, is_timed=False)

    def add_timed_receiver(
        self, owner: object, action: Callable[[Any, Timestamp], object], name: str | None
    ) -> Receiver[Any]:
        """A new input of `owner` whose action gets the originating time in place of the envelope."""
        return self._add_receiver(owner, action, name, is_timed=True)

    def _add_receiver(
        self, owner: object, action: Callable[[Any, Any], object], name: str | None, *, is_timed: bool
    ) -> Receiver[Any]:
        with self._lock:
            element = self._element_of(owner)
            receiver = element.add_receiver(next(self.receiver_ids), action, name, is_timed=is_timed)
            if self.posting_check is not None:
                self.posting_check.watch(receiver)
            if self._pipeline.body.diagnostics is not None:
                keep_told_state(receiver)
            return receiver

    def add_subpipeline(self, body: "Body") -> Element:
        """The element that stands for a subpipeline among our components (rule E64)."""
        with self._lock:
            element = Element(self._pipeline, body.pipeline, next(self._element_ids), nested=body)
            self._elements[id(body.pipeline)] = element
            return element

    def standing_for(self, body: "Body") -> Element | None:
        """The element of a subpipeline of ours; None once it is forgotten."""
        with self._lock:
            return self._elements.get(id(body.pipeline))

    def forget(self, element: Element) -> None:
        """A component has ended for good while the pipeline goes on."""
        with self._lock:
            if self._elements.get(id(element.owner)) is element:
                del self._elements[id(element.owner)]

    def forget_emitter(self, emitter: Emitter[Any]) -> None:
        """An output is closed for good while its component goes on."""
        with self._lock:
            element = emitter.element
            element.emitters = {n: other for n, other in element.emitters.items() if other is not emitter}

    def forget_receiver(self, receiver: Receiver[Any]) -> None:
        """An input has ended for good while its component goes on."""
        with self._lock:
            element = receiver.element
            element.receivers = {n: other for n, other in element.receivers.items() if other is not receiver}

    def _element_of(self, owner: object) -> Element:
        if owner is self._pipeline:
            # PORT of rule E10: such ports would never be started or ended.
            raise PortError(
                f"pipeline {self._pipeline.name!r} cannot own inputs or outputs; give them to a component"
            )
        element = self._elements.get(id(owner))
        if element is None:
            element = Element(self._pipeline, owner, next(self._element_ids))
            self._elements[id(owner)] = element
        return element


def check_connection(emitter: Emitter[Any], receiver: Receiver[Any]) -> None:
    """Raise PipelineStateError if the two cannot be joined by their own (rule E12)."""
    if receiver.source is not None:
        raise PipelineStateError(
            f"input {receiver.name} of {receiver.element.name} already receives stream "
            f"{receiver.source.name} of {receiver.source.element.name}; one input has one source: merge the "
            f"streams first, or give the component another input"
        )
    if receiver.element.pipeline is not emitter.pipeline:
        raise PipelineStateError(
            f"stream {emitter.name} of {emitter.element.name} belongs to pipeline {emitter.pipeline.name!r}, "
            f"input {receiver.name} of {receiver.element.name} to pipeline "
            f"{receiver.element.pipeline.name!r}; streams cross pipelines through a connector only: bridge_to"
        )
