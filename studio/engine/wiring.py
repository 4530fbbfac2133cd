"""What can be added to a pipeline and joined in it: ports, connectors, subpipelines, proposed times.

Functions of a pipeline, called as its methods; they see to it that its state allows the change.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.connector import Connector
from studio.engine.delivery import DeliveryPolicy
from studio.engine.graph import check_connection as check_ports
from studio.engine.lifecycle import PipelineState
from studio.errors import PipelineDisposedError, ReplayIntervalError
from studio.timing import TimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter, Validator
    from studio.engine.message import Envelope
    from studio.engine.pipeline import Pipeline
    from studio.engine.receiver import Receiver

OPEN_STATES = frozenset(PipelineState) - {PipelineState.COMPLETED}
"""Also while it stops: what is let through to the end may still need a subpipeline of its own."""


def create_emitter(
    pipeline: "Pipeline", owner: object, name: str | None = None, *, validator: "Validator | None" = None
) -> "Emitter[Any]":
    """A new output of component `owner` (rules E9-E14); of a subpipeline: a port of it as a component.

    Raises PortError for a name that is taken, PipelineStateError once the pipeline runs.
    """
    _require_configurable(pipeline, f"creating an emitter of {type(owner).__name__}")
    return pipeline.body.graph.add_emitter(owner, name, validator)


def create_receiver(
    pipeline: "Pipeline",
    owner: object,
    action: "Callable[[Any, Envelope], object]",
    name: str | None = None,
) -> "Receiver[Any]":
    """A new input of component `owner`, whose messages go to `action(data, envelope)`.

    All actions of one component run one at a time. Raises as `create_emitter`.
    """
    _require_configurable(pipeline, f"creating a receiver of {type(owner).__name__}")
    return pipeline.body.graph.add_receiver(owner, action, name)


def create_timed_receiver(
    pipeline: "Pipeline", owner: object, action: Callable[[Any, Timestamp], object], name: str | None = None
) -> "Receiver[Any]":
    """As `create_receiver`, for `action(data, originating_time)`: saves making the rest of the envelope."""
    _require_configurable(pipeline, f"creating a receiver of {type(owner).__name__}")
    return pipeline.body.graph.add_timed_receiver(owner, action, name)


def check_connection(
    pipeline: "Pipeline", emitter: "Emitter[Any]", receiver: "Receiver[Any]", *, while_running: bool = False
) -> None:
    """Raise PipelineStateError if the two cannot be joined, or not any more (rule E12)."""
    check_ports(emitter, receiver)
    if not while_running:
        _require_configurable(pipeline, f"connecting stream {emitter.name} of {emitter.element.name}")


def create_subpipeline(
    pipeline: "Pipeline",
    name: str | None = None,
    *,
    default_delivery_policy: DeliveryPolicy = DeliveryPolicy.UNLIMITED,
) -> "Pipeline":
    """A pipeline that is a component of this one (rules E64-E72).

    It runs on the same workers and clock, starts and ends with this one, and counts as a source that
    ends when the last of its finite sources has; without sources it holds nothing open. Streams cross
    its border through connectors. One that is created while this pipeline runs is wired and then run by
    itself: `run_async`; it may be stopped by itself: `stop`.
    """
    return type(pipeline)(name, default_delivery_policy=default_delivery_policy, parent=pipeline)


def create_connector(
    pipeline: "Pipeline", name: str | None = None, *, preserve_envelope: bool = False
) -> Connector[Any]:
    """A stage that passes on what it gets, inside this pipeline."""
    return Connector(pipeline, pipeline, name, preserve_envelope=preserve_envelope)


def create_input_connector_from(
    pipeline: "Pipeline", outer: "Pipeline", name: str | None = None, *, preserve_envelope: bool = False
) -> Connector[Any]:
    """Brings a stream of another pipeline into this one; ValueError for the same pipeline (rule E71)."""
    return Connector.between(outer, pipeline, name, preserve_envelope=preserve_envelope)


def create_output_connector_to(
    pipeline: "Pipeline", outer: "Pipeline", name: str | None = None, *, preserve_envelope: bool = False
) -> Connector[Any]:
    """Brings a stream of this pipeline into another one; ValueError for the same pipeline (rule E71)."""
    return Connector.between(pipeline, outer, name, preserve_envelope=preserve_envelope)


def propose_replay_time(pipeline: "Pipeline", interval: TimeInterval) -> None:
    """A component tells which times it has data for; the run covers them all (rule E146).

    Raises ReplayIntervalError for one without beginning; an empty one is ignored (PORT of rule E149).
    """
    _require(pipeline, "propose_replay_time", PipelineState.INITIAL)
    if not interval.is_left_bounded:
        raise ReplayIntervalError(f"times proposed to pipeline {pipeline.name!r} must have a beginning")
    for body in pipeline.body.lineage:  # a subpipeline speaks for its ancestors too (rule E69)
        body.proposals.append(interval)


# -- what the state allows -----------------------------------------------------------------------------------


def require_open_for_subpipelines(pipeline: "Pipeline") -> None:
    """Raise PipelineStateError if no subpipeline can be added any more (rule E61)."""
    _require(pipeline, "creating a subpipeline", *OPEN_STATES)


def require_not_disposed(pipeline: "Pipeline", call: str) -> None:
    """Raise PipelineDisposedError if the pipeline is being, or has been, disposed."""
    if pipeline.body.ending.is_disposing:
        raise PipelineDisposedError(f"pipeline {pipeline.name!r} has been disposed; {call} is not possible")


def _require(pipeline: "Pipeline", call: str, *states: PipelineState) -> None:
    require_not_disposed(pipeline, call)
    pipeline.body.lifecycle.require(call, *states)


def _require_configurable(pipeline: "Pipeline", call: str) -> None:
    require_not_disposed(pipeline, call)
    pipeline.body.lifecycle.require_configurable(call)
