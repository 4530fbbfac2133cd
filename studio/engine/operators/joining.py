"""`join` and `fuse`: each message of a stream with the value another has at its time (rules E203, E204).

`join` takes reproducible interpolators only: its result does not depend on when messages arrive. A tuple on
the left takes the value of the right as one further item; otherwise a tuple on the right is taken apart, so
that `a.join(b).join(c)` and `a.join(b.join(c))` both give `(a, b, c)`.
"""

from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

from studio.engine.interpolators import ChoiceOrDefault, Interpolator
from studio.engine.operators.forms import in_the_forms_of
from studio.engine.operators.matching import AnyMatch, Match, flattened, fuse_into, require_reproducible

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

PrimaryT = TypeVar("PrimaryT")
SecondaryT = TypeVar("SecondaryT")
ResultT = TypeVar("ResultT")
DefaultT = TypeVar("DefaultT")
Items = TypeVarTuple("Items")


@overload
def fuse(
    source: "Emitter[tuple[*Items]]",
    secondary: "Emitter[SecondaryT]",
    match: Match = None,
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[*Items, SecondaryT]]": ...
@overload
def fuse(
    source: "Emitter[tuple[*Items]]",
    secondary: "Emitter[SecondaryT]",
    match: ChoiceOrDefault[DefaultT],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[*Items, SecondaryT | DefaultT]]": ...
@overload
def fuse(
    source: "Emitter[tuple[*Items]]",
    secondary: "Emitter[SecondaryT]",
    match: Interpolator[SecondaryT, ResultT],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[*Items, ResultT]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[tuple[*Items]]",
    match: Match = None,
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, *Items]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[tuple[*Items]]",
    match: ChoiceOrDefault[tuple[*Items]],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, *Items]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[tuple[*Items]]",
    match: ChoiceOrDefault[DefaultT],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, *Items] | tuple[PrimaryT, DefaultT]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[SecondaryT]",
    match: Match = None,
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, SecondaryT]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[SecondaryT]",
    match: ChoiceOrDefault[DefaultT],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, SecondaryT | DefaultT]]": ...
@overload
def fuse(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[SecondaryT]",
    match: Interpolator[SecondaryT, ResultT],
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[tuple[PrimaryT, ResultT]]": ...
def fuse(
    source: "Emitter[Any]",
    secondary: "Emitter[Any]",
    match: AnyMatch = None,
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Each message with the value `secondary` has at its time, however that is found (rule E200).

    Not reproducible with interpolators that are not; `join` is the one that refuses these.
    """
    policies = (primary_policy, secondary_policy)
    return fuse_into(source, [secondary], match, lambda p, s: flattened(p, s[0]), policies)


@in_the_forms_of(fuse)
def join(
    source: "Emitter[Any]",
    secondary: "Emitter[Any]",
    match: AnyMatch = None,
    *,
    primary_policy: "DeliveryPolicy | None" = None,
    secondary_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Each message with the value `secondary` has at its time, the same in every run (rule E203).

    `match`: nothing: the message with the same originating time; a tolerance (ns) or a window: the nearest
    message in it; or a reproducible interpolator. What has no match is left out. ValueError for an
    interpolator that depends on when messages arrive.
    """
    require_reproducible(match)
    return fuse(source, secondary, match, primary_policy=primary_policy, secondary_policy=secondary_policy)
