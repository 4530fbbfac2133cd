"""Interpolators that never wait but decide with what has arrived; for `fuse`, not for `join` (rule E212).

What they choose depends on timing and will differ from run to run.
"""

from typing import TypeVar

from studio.engine.interpolators.choice import Choice, ChoiceOrDefault
from studio.engine.interpolators.reproducible import AT_THE_TIME
from studio.engine.interpolators.searching import FirstSearch, LastSearch, NearestSearch
from studio.timing import RelativeTimeInterval

R = TypeVar("R")


def exact() -> Choice:
    """The message at exactly that time, if it has arrived."""
    return Choice(NearestSearch(AT_THE_TIME), is_reproducible=False)


def exact_or_default(default: R) -> ChoiceOrDefault[R]:
    """As `exact`, `default` where there is none."""
    return ChoiceOrDefault(exact(), default)


def nearest(window: RelativeTimeInterval = RelativeTimeInterval.INFINITE) -> Choice:
    """The nearest message in a window that has arrived, of two equally near the later one."""
    return Choice(NearestSearch(window), is_reproducible=False)


def nearest_or_default(
    default: R, window: RelativeTimeInterval = RelativeTimeInterval.INFINITE
) -> ChoiceOrDefault[R]:
    """As `nearest`, `default` where there is none."""
    return ChoiceOrDefault(nearest(window), default)


def first(window: RelativeTimeInterval) -> Choice:
    """The first message in a window that has arrived; NotImplementedError if that has no left end."""
    return Choice(FirstSearch(window), is_reproducible=False)


def first_or_default(default: R, window: RelativeTimeInterval) -> ChoiceOrDefault[R]:
    """As `first`, `default` where there is none."""
    return ChoiceOrDefault(first(window), default)


def last(window: RelativeTimeInterval = RelativeTimeInterval.INFINITE) -> Choice:
    """The last message in a window that has arrived."""
    return Choice(LastSearch(window), is_reproducible=False)


def last_or_default(
    default: R, window: RelativeTimeInterval = RelativeTimeInterval.INFINITE
) -> ChoiceOrDefault[R]:
    """As `last`, `default` where there is none."""
    return ChoiceOrDefault(last(window), default)
