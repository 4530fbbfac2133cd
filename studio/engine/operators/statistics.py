"""Statistics of a stream: running ones, over the last n messages, or over a time span (rule E227).

All take a condition (only what satisfies it counts, and is answered), or a `size` (nothing before that many
messages), or a `time_span` in ns (from the first message on, both ends included). None is skipped.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.operators import array_statistics
from studio.engine.operators.aggregation import aggregate
from studio.engine.operators.forms import in_the_forms_of
from studio.engine.operators.index_window import history
from studio.engine.operators.processing import where
from studio.engine.operators.time_window import window
from studio.engine.operators.values import Values
from studio.timing import Duration, RelativeTimeInterval

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")
NumberT = TypeVar("NumberT", int, float)


def count(
    source: "Emitter[T]",
    condition: Callable[[T], bool] | None = None,
    *,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[int]":
    """How many messages so far, or within the time span."""

    def running(stream: "Emitter[T]") -> "Emitter[int]":
        return aggregate(stream, 0, lambda state, _data: state + 1)

    return statistic(source, condition, None, time_span, running, array_statistics.count, policy)


@overload
def total(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT]": ...
@overload
def total(
    source: "Emitter[NumberT | None]",
    condition: Callable[[NumberT | None], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT]": ...
def total(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Their sum; 0 where there is only None."""

    def running(stream: "Emitter[Any]") -> "Emitter[Any]":
        return aggregate(stream, 0, lambda state, data: state if data is None else state + data)

    return statistic(source, condition, size, time_span, running, array_statistics.total, policy)


@overload
def average(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[float]": ...
@overload
def average(
    source: "Emitter[NumberT | None]",
    condition: Callable[[NumberT | None], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[float | None]": ...
def average(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Their mean; None where there is only None."""
    return statistic(
        source, condition, size, time_span, _running_average, array_statistics.average_or_none, policy
    )


@in_the_forms_of(average)
def std(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None = None,
    *,
    size: int | None = None,
    time_span: Duration | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Sample standard deviation; of one number NaN while running, 0 over messages or time (rule E227)."""
    return statistic(source, condition, size, time_span, _running_std, array_statistics.std_or_none, policy)


def absolute(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT]":
    """The absolute value of each number (that satisfies the condition)."""
    return (source if condition is None else where(source, condition, policy)).select(abs, policy)


def logarithm(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[float]":
    """The natural logarithm of each number (that satisfies the condition); of 0 -inf, below it NaN."""
    return (source if condition is None else where(source, condition, policy)).select(_log, policy)


def _log(number: float) -> float:
    # A single bad number must not end a recording, as math.log would have it.
    if number > 0:
        return math.log(number)
    return -math.inf if number == 0 else math.nan


def _running_average(stream: "Emitter[Any]") -> "Emitter[Any]":
    def step(state: tuple[int, float], data: Any) -> tuple[int, float]:
        return state if data is None else (state[0] + 1, state[1] + float(data))

    return aggregate(stream, (0, 0.0), step, lambda state: state[1] / state[0] if state[0] else None)


def _running_std(stream: "Emitter[Any]") -> "Emitter[Any]":
    def step(state: tuple[int, float, float], data: Any) -> tuple[int, float, float]:
        if data is None:
            return state
        n, mean, squares = state  # Welford: stays exact however far the mean lies from 0
        data = float(data)  # also of a Decimal
        step_up = data - mean
        mean += step_up / (n + 1)
        return (n + 1, mean, squares + step_up * (data - mean))

    def result(state: tuple[int, float, float]) -> float:
        n, _, squares = state
        return math.sqrt(squares / (n - 1)) if n > 1 else math.nan

    return aggregate(stream, (0, 0.0, 0.0), step, result)


def statistic(
    source: "Emitter[Any]",
    condition: Callable[[Any], bool] | None,
    size: int | None,
    time_span: Duration | None,
    running: "Callable[[Emitter[Any]], Emitter[Any]]",
    of_values: Callable[[Values[Any]], Any],
    policy: "DeliveryPolicy | None",
) -> "Emitter[Any]":
    """A statistic in all its forms: `running(stream)`, or `of_values` of each window."""
    stream = source if condition is None else where(source, condition, policy)
    if size is not None and time_span is not None:
        raise ValueError("give a number of messages or a time span for a statistic, not both")
    if size is not None:
        return history(stream, size, policy).select(of_values)
    if time_span is not None:
        return window(stream, RelativeTimeInterval.past(time_span), policy=policy).select(of_values)
    return running(stream)
