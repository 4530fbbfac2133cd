"""The smallest and the largest so far, over the last n messages, or over a time span (rule E227)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.operators.aggregation import aggregate
from studio.engine.operators.forms import in_the_forms_of
from studio.engine.operators.statistics import statistic
from studio.timing import Duration

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")
NumberT = TypeVar("NumberT", int, float)

Choose = Callable[..., Any]


@overload
def minimum(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT]": ...
@overload
def minimum(
    source: "Emitter[NumberT | None]",
    condition: Callable[[NumberT | None], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT | None]": ...
@overload
def minimum(
    source: "Emitter[T]",
    condition: Callable[[T], bool] | None = None,
    *,
    key: Callable[[T], Any],
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[T]": ...
def minimum(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None = None,
    *,
    key: Callable[[Any], Any] | None = None,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """The smallest, as `key` orders them if given; None where there is only None."""
    return _extreme(source, condition, min, key, size, time_span, policy)


@in_the_forms_of(minimum)
def maximum(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None = None,
    *,
    key: Callable[[Any], Any] | None = None,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """The largest, as `key` orders them if given; None where there is only None."""
    return _extreme(source, condition, max, key, size, time_span, policy)


def _extreme(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None,
    choose: Choose,
    key: Callable[[Any], Any] | None,
    size: int | None,
    time_span: Duration | None,
    policy: "DeliveryPolicy | None",
) -> "Emitter[Any]":
    def of_values(values: Any) -> Any:
        return choose((value for value in values if value is not None), key=key, default=None)

    def running(stream: "Emitter[Any]") -> "Emitter[Any]":
        return aggregate(stream, None, lambda state, data: of_values((state, data)))

    return statistic(source, condition, size, time_span, running, of_values, policy)
