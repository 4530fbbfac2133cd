"""Intervals of time around some moment: windows of operators. Values only; offsets in ns, never sentinels."""

from dataclasses import dataclass
from typing import ClassVar

from studio.timing.clock import Duration


@dataclass(frozen=True, slots=True)
class RelativeTimeInterval:
    """The times between `left` and `right` ns after an anchor; closed unless said otherwise (rule E205)."""

    left: Duration | None = None
    """Negative: before the anchor. None: unbounded to the left."""
    right: Duration | None = None
    """None: unbounded to the right."""
    left_inclusive: bool = True
    right_inclusive: bool = True

    INFINITE: ClassVar["RelativeTimeInterval"]

    def __post_init__(self) -> None:
        if self.left is not None and self.right is not None and self.left > self.right:
            raise ValueError(f"a window must not end before it begins: {self.left} ns > {self.right} ns")

    @classmethod
    def past(cls, duration: Duration | None = None, *, inclusive: bool = True) -> "RelativeTimeInterval":
        """From `duration` ns before the anchor (None: from ever) up to the anchor itself (rule E227).

        `inclusive` says whether the left end belongs to it.
        """
        return cls(None if duration is None else -duration, 0, left_inclusive=inclusive)

    @classmethod
    def future(cls, duration: Duration | None = None, *, inclusive: bool = True) -> "RelativeTimeInterval":
        """From the anchor to `duration` ns after it (None: for ever); `inclusive` is about the right end."""
        return cls(0, duration, right_inclusive=inclusive)

    @classmethod
    def around(cls, tolerance: Duration) -> "RelativeTimeInterval":
        """From `tolerance` ns before the anchor to as much after it, both ends included (rule E203)."""
        return cls(-tolerance, tolerance)

    def is_before(self, offset: Duration) -> bool:
        """Whether what lies `offset` ns after the anchor lies left of the interval."""
        left = self.left
        return left is not None and (offset < left or (offset == left and not self.left_inclusive))

    def is_after(self, offset: Duration) -> bool:
        """Whether what lies `offset` ns after the anchor lies right of the interval."""
        right = self.right
        return right is not None and (offset > right or (offset == right and not self.right_inclusive))

    def contains(self, offset: Duration) -> bool:
        """Whether what lies `offset` ns after the anchor lies inside."""
        return not self.is_before(offset) and not self.is_after(offset)


RelativeTimeInterval.INFINITE = RelativeTimeInterval()
