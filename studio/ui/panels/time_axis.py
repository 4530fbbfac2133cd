"""Where a moment lies on the screen, and which moment lies at a pixel. Arithmetic only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.timing import Duration, Timestamp


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The times from `left` to `right` laid over `width` pixels."""

    left: Timestamp
    right: Timestamp
    """After `left`."""
    width: int
    """Logical pixels, at least 1."""

    def __post_init__(self) -> None:
        if self.right <= self.left or self.width < 1:
            raise ValueError(
                f"an axis needs time and room: {self.left} to {self.right} in {self.width} pixels"
            )

    @classmethod
    def on_grid(cls, right: Timestamp, span: Duration, width: int, columns: int) -> "TimeAxis":
        """About `span` ns up to `right`, so that its `columns` begin at multiples of their own duration.

        While time passes, a sample then always falls into the same column: the picture moves by whole
        columns and does not shimmer.
        """
        step = max(1, span // columns)
        end = -(-right // step) * step
        return cls(end - step * columns, end, width)

    @property
    def span(self) -> Duration:
        """ns from the left to the right edge."""
        return self.right - self.left

    def x_of(self, time: Timestamp) -> float:
        """Pixels from the left edge; outside 0 to `width` for a time that is not in view."""
        return (time - self.left) * self.width / self.span

    def xs_of(self, times: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """`x_of` of many int64 times."""
        return (times - self.left).astype(np.float64) * (self.width / self.span)

    def time_at(self, x: float) -> Timestamp:
        """The time at a pixel."""
        return self.left + round(x * self.span / self.width)

    def duration_of(self, pixels: float) -> Duration:
        """ns that so many pixels stand for."""
        return round(pixels * self.span / self.width)

    def contains(self, time: Timestamp) -> bool:
        """Whether the time is in view."""
        return self.left <= time <= self.right
