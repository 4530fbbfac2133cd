"""`pair`: each message with what another stream brought last, whenever that was (rule E214)."""

from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

from studio.engine.message import Envelope
from studio.engine.operators.matching import flattened

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

PrimaryT = TypeVar("PrimaryT")
SecondaryT = TypeVar("SecondaryT")
InitialT = TypeVar("InitialT")
Items = TypeVarTuple("Items")


class _Nothing:
    """No initial value."""


_NOTHING = _Nothing()


class Pair:
    """Keeps the latest secondary value. Which one that is depends on timing: not reproducible."""

    def __init__(self, pipeline: "Pipeline", initial: object) -> None:
        self.name = "Pair"
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.receiver = pipeline.create_receiver(self, self._on_primary, "primary")
        self.secondary = pipeline.create_receiver(self, self._on_secondary, "secondary")
        self._latest = initial

    def _on_primary(self, data: Any, envelope: Envelope) -> None:
        if self._latest is not _NOTHING:
            self.out.post(flattened(data, self._latest), envelope.originating_time)

    def _on_secondary(self, data: Any, _envelope: Envelope) -> None:
        self._latest = data


@overload
def pair(
    source: "Emitter[tuple[*Items]]",
    secondary: "Emitter[SecondaryT]",
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[*Items, SecondaryT]]": ...
@overload
def pair(
    source: "Emitter[tuple[*Items]]",
    secondary: "Emitter[SecondaryT]",
    *,
    initial: InitialT,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[*Items, SecondaryT | InitialT]]": ...
@overload
def pair(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[tuple[*Items]]",
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, *Items]]": ...
@overload
def pair(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[SecondaryT]",
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, SecondaryT]]": ...
@overload
def pair(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[SecondaryT]",
    *,
    initial: InitialT,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, SecondaryT | InitialT]]": ...
def pair(
    source: "Emitter[Any]",
    secondary: "Emitter[Any]",
    *,
    initial: object = _NOTHING,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Each message with the message of `secondary` that arrived last, at its own time (rule E214).

    Before the first of those: `initial`, or nothing. Tuples are taken apart as in `join`.
    """
    component = Pair(source.pipeline, initial)
    source.pipe_to(component, primary_policy)
    secondary.pipe_to(component.secondary, secondary_policy)
    return component.out
