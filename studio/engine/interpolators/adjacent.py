"""Values made of the two messages around a time, straight lines above all (rule E211)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from studio.engine.interpolators.interpolation import (
    INSUFFICIENT_DATA,
    Created,
    DoesNotExist,
    Interpolation,
)
from studio.engine.message import Message
from studio.timing import TIME_MIN, Duration, Timestamp

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Adjacent(Generic[T, R]):
    """`f(before, after, ratio)` of the last message before a time and the first at or after it.

    `ratio` says where between the two the time lies, 0 to 1. A message exactly at the time that has none
    before it is used alone: `before` is None and the ratio 1.
    """

    f: Callable[[T | None, T, float], R]
    max_span: Duration | None = None
    """Two messages this far apart, or farther, have nothing between them. None: no limit."""
    is_reproducible: bool = True

    def interpolate(
        self, time: Timestamp, messages: Sequence[Message[T]], closing_time: Timestamp | None
    ) -> Interpolation[R]:
        """Waits for a message at or after the time; without one at the end there is no value."""
        before: Message[T] | None = None
        for message in messages:
            if message.envelope.originating_time >= time:
                return self._between(time, before, message)
            before = message
        if closing_time is None:
            return INSUFFICIENT_DATA
        return DoesNotExist(TIME_MIN if before is None else before.envelope.originating_time)

    def _between(self, time: Timestamp, before: Message[T] | None, after: Message[T]) -> Interpolation[R]:
        right = after.envelope.originating_time
        if before is None:
            return Created(self.f(None, after.data, 1.0), time) if right == time else DoesNotExist(time)
        left = before.envelope.originating_time
        if self.max_span is not None and right - left >= self.max_span:
            return DoesNotExist(left)
        return Created(self.f(before.data, after.data, (time - left) / (right - left)), left)


def on_a_line(before: float | None, after: float, ratio: float) -> float:
    """The number that lies `ratio` of the way from `before` to `after`."""
    return after if before is None else (1 - ratio) * before + ratio * after
