"""Intervals of time, with the inclusiveness of each end (decision 2). Values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from studio.timing.clock import TIME_MAX, TIME_MIN, Duration, Timestamp


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """The times between `left` and `right`; closed at both ends unless said otherwise (rule E145)."""

    left: Timestamp = TIME_MIN
    """TIME_MIN: unbounded to the left."""
    right: Timestamp = TIME_MAX
    """TIME_MAX: unbounded to the right."""
    left_inclusive: bool = True
    right_inclusive: bool = True

    INFINITE: ClassVar["TimeInterval"]

    def __post_init__(self) -> None:
        if self.left > self.right:
            raise ValueError(f"an interval must not end before it begins: {self.left} > {self.right}")

    @property
    def is_left_bounded(self) -> bool:
        """Whether there is a first time."""
        return self.left != TIME_MIN

    @property
    def is_right_bounded(self) -> bool:
        """Whether there is a last time."""
        return self.right != TIME_MAX

    @property
    def is_empty(self) -> bool:
        """Whether no time at all lies inside."""
        return self.left == self.right and not (self.left_inclusive and self.right_inclusive)

    @property
    def span(self) -> Duration:
        """Length in ns; raises ValueError for an unbounded interval."""
        if not (self.is_left_bounded and self.is_right_bounded):
            raise ValueError("an unbounded interval has no length")
        return self.right - self.left

    def contains(self, time: Timestamp) -> bool:
        """Whether `time` lies inside, each end as it is declared."""
        after = time > self.left or (time == self.left and self.left_inclusive)
        before = time < self.right or (time == self.right and self.right_inclusive)
        return after and before

    def intersection(self, other: "TimeInterval") -> "TimeInterval":
        """What both have in common; where they do not meet, the point at the later left end (rule E147)."""
        left, left_inclusive = max(
            (self.left, not self.left_inclusive), (other.left, not other.left_inclusive)
        )
        right, right_inclusive = min((self.right, self.right_inclusive), (other.right, other.right_inclusive))
        if right < left:
            return TimeInterval(left, left)
        return TimeInterval(left, right, not left_inclusive, right_inclusive)

    @staticmethod
    def coverage(intervals: Iterable["TimeInterval"]) -> "TimeInterval | None":
        """Smallest left to largest right, gaps included, empty ones ignored; None of nothing (rule E146)."""
        kept = [interval for interval in intervals if not interval.is_empty]
        if not kept:
            return None
        left, left_open = min((i.left, not i.left_inclusive) for i in kept)
        right, right_inclusive = max((i.right, i.right_inclusive) for i in kept)
        return TimeInterval(left, right, not left_open, right_inclusive)


TimeInterval.INFINITE = TimeInterval()
