"""Streams across the border of pipelines (rule E198)."""

from typing import TYPE_CHECKING, TypeVar

from studio.engine.connector import Connector

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

T = TypeVar("T")


def bridge_to(
    source: "Emitter[T]",
    pipeline: "Pipeline",
    name: str | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[T]":
    """The stream in another pipeline, at the same originating times; in its own: the stream itself."""
    if source.pipeline is pipeline:
        return source
    connector: Connector[T] = Connector(source.pipeline, pipeline, name)
    source.pipe_to(connector, policy)
    return connector.out
