"""`sample` and `interpolate`: a stream seen at the times of a clock (rule E213)."""

from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.delivery import DeliveryPolicy
from studio.engine.interpolators import Choice, ChoiceOrDefault, Interpolator
from studio.engine.operators.matching import AnyMatch, fuse_into
from studio.timing import Duration, RelativeTimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter

T = TypeVar("T")
ResultT = TypeVar("ResultT")
DefaultT = TypeVar("DefaultT")


def sample(
    source: "Emitter[T]",
    clock: "Emitter[Any] | Duration",
    match: Duration | RelativeTimeInterval = RelativeTimeInterval.INFINITE,
    *,
    align_time: Timestamp | None = None,
) -> "Emitter[T]":
    """At each tick of `clock` the nearest message, within a tolerance (ns) or window if given (rule E213).

    `clock`: a stream, or an interval (ns): then an endless source of ticks joins the pipeline, on the grid
    through `align_time` if given, and what lies after the last message shows only when the run ends.
    """
    return _seen_at(source, clock, match, align_time)


@overload
def interpolate(
    source: "Emitter[T]",
    clock: "Emitter[Any] | Duration",
    interpolator: Choice,
    *,
    align_time: Timestamp | None = None,
) -> "Emitter[T]": ...
@overload
def interpolate(
    source: "Emitter[T]",
    clock: "Emitter[Any] | Duration",
    interpolator: ChoiceOrDefault[DefaultT],
    *,
    align_time: Timestamp | None = None,
) -> "Emitter[T | DefaultT]": ...
@overload
def interpolate(
    source: "Emitter[T]",
    clock: "Emitter[Any] | Duration",
    interpolator: Interpolator[T, ResultT],
    *,
    align_time: Timestamp | None = None,
) -> "Emitter[ResultT]": ...
def interpolate(
    source: "Emitter[Any]",
    clock: "Emitter[Any] | Duration",
    interpolator: Interpolator[Any, Any],
    *,
    align_time: Timestamp | None = None,
) -> "Emitter[Any]":
    """At each tick of `clock` what the interpolator makes of the stream; `clock` as in `sample`."""
    return _seen_at(source, clock, interpolator, align_time)


def _seen_at(
    source: "Emitter[Any]", clock: "Emitter[Any] | Duration", match: AnyMatch, align_time: Timestamp | None
) -> "Emitter[Any]":
    if not isinstance(clock, int):
        return fuse_into(clock, [source], match, lambda _tick, values: values[0])
    from studio.engine import generators  # streams are made of operators, generators of streams

    ticks = generators.repeat(source.pipeline, 0, interval=clock, align_time=align_time)
    policies = (DeliveryPolicy.UNLIMITED, None)
    return fuse_into(ticks, [source], match, lambda _tick, values: values[0], policies)
