"""Interpolators whose answer does not depend on when messages arrive: the ones for `join` (rule E203)."""

from collections.abc import Callable
from typing import TypeVar

from studio.engine.interpolators.adjacent import Adjacent, on_a_line
from studio.engine.interpolators.choice import Choice, ChoiceOrDefault, ValueOrDefault
from studio.engine.interpolators.interpolation import Interpolator
from studio.engine.interpolators.searching import FirstSearch, LastSearch, NearestSearch
from studio.timing import Duration, RelativeTimeInterval

T = TypeVar("T")
R = TypeVar("R")

AT_THE_TIME = RelativeTimeInterval(0, 0)


def exact() -> Choice:
    """The message at exactly that time (rule E208)."""
    return Choice(NearestSearch(AT_THE_TIME))


def exact_or_default(default: R) -> ChoiceOrDefault[R]:
    """As `exact`, `default` where there is none."""
    return ChoiceOrDefault(exact(), default)


def nearest(window: RelativeTimeInterval = RelativeTimeInterval.INFINITE) -> Choice:
    """The nearest message in a window, of two equally near the later one (rule E206)."""
    return Choice(NearestSearch(window))


def nearest_or_default(
    default: R, window: RelativeTimeInterval = RelativeTimeInterval.INFINITE
) -> ChoiceOrDefault[R]:
    """As `nearest`, `default` where there is none."""
    return ChoiceOrDefault(nearest(window), default)


def first(window: RelativeTimeInterval) -> Choice:
    """The first message in a window (rule E209); NotImplementedError if that has no left end."""
    return Choice(FirstSearch(window))


def first_or_default(default: R, window: RelativeTimeInterval) -> ChoiceOrDefault[R]:
    """As `first`, `default` where there is none."""
    return ChoiceOrDefault(first(window), default)


def last(window: RelativeTimeInterval = RelativeTimeInterval.INFINITE) -> Choice:
    """The last message in a window; for "the last so far" give `RelativeTimeInterval.past()` (rule E210)."""
    return Choice(LastSearch(window))


def last_or_default(
    default: R, window: RelativeTimeInterval = RelativeTimeInterval.INFINITE
) -> ChoiceOrDefault[R]:
    """As `last`, `default` where there is none."""
    return ChoiceOrDefault(last(window), default)


def linear(max_span: Duration | None = None) -> Interpolator[float, float]:
    """On a straight line between the message before and the one at or after the time (rule E211)."""
    return Adjacent(on_a_line, max_span)


def adjacent(f: Callable[[T | None, T, float], R], max_span: Duration | None = None) -> Interpolator[T, R]:
    """`f(before, after, ratio)` of the messages around the time (rule E211); see `Adjacent`."""
    return Adjacent(f, max_span)


def adjacent_or_default(
    f: Callable[[T | None, T, float], R], default: R, max_span: Duration | None = None
) -> Interpolator[T, R]:
    """As `adjacent`, `default` where there is no value."""
    return ValueOrDefault(Adjacent(f, max_span), default)
