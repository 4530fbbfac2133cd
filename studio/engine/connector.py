"""Stages that hand a stream over, most of all from one pipeline to another (rules E50, E71, E134)."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.lifecycle import PipelineState
from studio.engine.message import Envelope

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline
    from studio.engine.receiver import Receiver

T = TypeVar("T")


class Connector(Generic[T]):
    """An input in one pipeline and an output, with the same originating times, in another or the same.

    Between unrelated pipelines each side keeps its own clock: a message ahead of the clock of the receiving
    one waits there, and throttling does not reach back.
    """

    def __init__(
        self,
        source: "Pipeline",
        target: "Pipeline",
        name: str | None = None,
        *,
        preserve_envelope: bool = False,
    ) -> None:
        """`preserve_envelope`: creation time and sequence id are kept as well (rule E93).

        May be made while `source` or `target` runs (rule E72).
        """
        self.name = name or f"connector {source.name}-{target.name}"
        entrance = source.body.graph.add_receiver(self, self._pass_on, "in")
        exit_ = target.body.graph.add_emitter(self, "out", None)
        self.receiver: Receiver[T] = entrance
        self.out: Emitter[T] = exit_
        self._preserves_envelope = preserve_envelope
        if entrance.element is not exit_.element:
            exit_.element.entrance = entrance.element
            entrance.element.exit = exit_.element
            if source.scheduler is target.scheduler:
                # Throttling of the output must hold the input, too (rule E134).
                exit_.element.lock = entrance.element.lock
        for pipeline, element in ((source, entrance.element), (target, exit_.element)):
            if pipeline.state in (PipelineState.RUNNING, PipelineState.STOPPING):
                element.activate()

    @classmethod
    def between(
        cls, source: "Pipeline", target: "Pipeline", name: str | None, *, preserve_envelope: bool
    ) -> "Connector[Any]":
        """A connector that crosses a border; ValueError if there is none (rule E71)."""
        if source is target:
            raise ValueError(f"a connector of pipeline {source.name!r} must lead to or from another pipeline")
        return Connector(source, target, name, preserve_envelope=preserve_envelope)

    def _pass_on(self, data: T, envelope: Envelope) -> None:
        if self._preserves_envelope:
            self.out.deliver(data, envelope)
        else:
            self.out.post(data, envelope.originating_time)
