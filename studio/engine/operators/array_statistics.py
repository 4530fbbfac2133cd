"""Numbers about a sequence of numbers, for `select` and for windows (rule E227). Plain functions.

Those that need a value raise ValueError for an empty sequence; the `..._or_none` forms skip None and answer
None where no number is left.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

NumberT = TypeVar("NumberT", int, float)
ResultT = TypeVar("ResultT")


def count(values: Sequence[object]) -> int:
    """How many there are."""
    return len(values)


def total(values: Sequence[NumberT | None]) -> NumberT:
    """Their sum; None is skipped, the sum of nothing is 0."""
    return sum(_numbers(values))


def minimum(values: Sequence[NumberT]) -> NumberT:
    """The smallest."""
    _require_some(values, "minimum")
    return min(values)


def maximum(values: Sequence[NumberT]) -> NumberT:
    """The largest."""
    _require_some(values, "maximum")
    return max(values)


def average(values: Sequence[NumberT]) -> float:
    """Their mean."""
    _require_some(values, "average")
    return math.fsum(values) / len(values)


def std(values: Sequence[NumberT]) -> float:
    """Sample standard deviation (n - 1); 0 of one value or none."""
    if len(values) < 2:
        return 0.0
    mean = average(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def minimum_or_none(values: Sequence[NumberT | None]) -> NumberT | None:
    """The smallest number."""
    return min(_numbers(values), default=None)


def maximum_or_none(values: Sequence[NumberT | None]) -> NumberT | None:
    """The largest number."""
    return max(_numbers(values), default=None)


def average_or_none(values: Sequence[NumberT | None]) -> float | None:
    """The mean of the numbers."""
    return _of_some(average, _numbers(values))


def std_or_none(values: Sequence[NumberT | None]) -> float | None:
    """Sample standard deviation of the numbers; 0 of one."""
    return _of_some(std, _numbers(values))


def _numbers(values: Sequence[NumberT | None]) -> list[NumberT]:
    return [value for value in values if value is not None]


def _of_some(f: Callable[[Sequence[NumberT]], ResultT], values: Sequence[NumberT]) -> ResultT | None:
    return f(values) if values else None


def _require_some(values: Sequence[object], what: str) -> None:
    if not len(values):
        raise ValueError(f"an empty sequence has no {what}")
