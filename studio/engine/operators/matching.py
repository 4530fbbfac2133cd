"""How a match is said, and putting a Fuse component between streams: what all forms of joining share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from studio.engine.interpolators import Choice, ChoiceOrDefault, Interpolator, reproducible
from studio.engine.operators.fusing import Combine, Fuse
from studio.timing import Duration, RelativeTimeInterval

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

Match: TypeAlias = Duration | RelativeTimeInterval | Choice | None
"""Which message matches: a tolerance (ns) or a window: the nearest in it; None: the one at the same time."""

AnyMatch: TypeAlias = Match | ChoiceOrDefault[Any] | Interpolator[Any, Any]
Policies: TypeAlias = "tuple[DeliveryPolicy | None, DeliveryPolicy | None]"


def interpolator_of(match: AnyMatch) -> Interpolator[Any, Any]:
    """The interpolator that is meant; ValueError for a negative tolerance."""
    if match is None:
        return reproducible.exact()
    if isinstance(match, int):
        if match < 0:
            raise ValueError(f"a tolerance must not be negative: {match} ns")
        return reproducible.nearest(RelativeTimeInterval.around(match))
    if isinstance(match, RelativeTimeInterval):
        return reproducible.nearest(match)
    return match


def require_reproducible(match: AnyMatch) -> None:
    """Raise ValueError for an interpolator that depends on when messages arrive (rule E203)."""
    if not interpolator_of(match).is_reproducible:
        raise ValueError(
            "join needs a reproducible interpolator, this one decides with what has arrived; use fuse, or "
            "one of studio.engine.interpolators.reproducible"
        )


def flattened(primary: Any, secondary: Any) -> tuple[Any, ...]:
    """Both as one tuple; a tuple on the left, or else on the right, is taken apart (rule E203)."""
    if type(primary) is tuple:
        return (*primary, secondary)
    if type(secondary) is tuple:
        return (primary, *secondary)
    return (primary, secondary)


def fuse_into(
    source: "Emitter[Any]",
    secondaries: Sequence["Emitter[Any]"],
    match: AnyMatch,
    combine: Combine,
    policies: Policies = (None, None),
) -> "Emitter[Any]":
    """A stream of `combine(primary, values)`."""
    interpolator = interpolator_of(match)
    fuse = Fuse(source.pipeline, combine)
    source.pipe_to(fuse, policies[0])
    for secondary in secondaries:
        fuse.connect(secondary, interpolator, policies[1])
    return fuse.out
