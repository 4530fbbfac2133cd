"""The components of one pipeline in order of creation, and the rules for adding and joining them."""

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.element import Element
from studio.engine.emitter import Emitter, Validator
from studio.engine.message import Envelope
from studio.engine.receiver import Receiver
from studio.errors import PipelineStateError

if TYPE_CHECKING:
    from studio.engine.body import Body
    from studio.engine.pipeline import Pipeline


class Graph:
    """Elements keyed by the identity of their owner, made with the first port of each (rule E9)."""

    def __init__(self, pipeline: "Pipeline", parent: "Graph | None" = None) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        self._elements: dict[int, Element] = {}
        # Shared by the whole tree: an id names one stream among all subpipelines (rule E3).
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
            return self._element_of(owner).add_emitter(next(self.emitter_ids), name, validator)

    def add_receiver(
        self, owner: object, action: Callable[[Any, Envelope], object], name: str | None
    ) -> Receiver[Any]:
        """A new input of `owner`."""
        with self._lock:
            return self._element_of(owner).add_receiver(next(self.receiver_ids), action, name)

    def add_subpipeline(self, body: "Body") -> Element:
        """The element that stands for a subpipeline among our components (rule E64)."""
        with self._lock:
            element = Element(self._pipeline, body.pipeline, len(self._elements), nested=body)
            self._elements[id(body.pipeline)] = element
            return element

    def _element_of(self, owner: object) -> Element:
        if owner is self._pipeline:
            # PORT of rule E10: such ports would never be started or ended.
            raise ValueError("a pipeline cannot own emitters or receivers; give them to a component")
        element = self._elements.get(id(owner))
        if element is None:
            element = Element(self._pipeline, owner, len(self._elements))
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
