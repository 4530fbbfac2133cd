"""Which values a plot shows: a range that follows the signal without dancing. Arithmetic only."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from studio.timing import NS_PER_MS
from studio.ui.panels.value_ticks import nice_step

GROW_AFTER_NS = 500 * NS_PER_MS
"""Changes come at most twice a second: more often costs half of the drawing and the eye its hold."""
SHRINK_AFTER_NS = 3000 * NS_PER_MS
SHRINK_BELOW = 0.4
"""Of the range in use: below it the range shrinks."""
MARGIN = 0.06
CONSTANT_SHARE = 0.1
"""Of a value that never changes: how much is shown around it."""
EDGE = 0.005
"""Of the range: nearer to an edge than that is outside."""


class RangeShape(StrEnum):
    """How a range lies around its values."""

    PLAIN = "plain"
    SYMMETRIC = "symmetric"
    """Around zero, as a waveform is drawn."""


@dataclass(frozen=True, slots=True)
class AutoRange:
    """The range shown, and since when."""

    shape: RangeShape = RangeShape.PLAIN
    least: float = 0.0
    """SYMMETRIC: silence is not blown up beyond this."""
    low: float = -1.0
    high: float = 1.0
    changed_ns: int | None = None
    """Of the monotonic clock; None: no value has been seen yet."""

    @property
    def largest(self) -> float:
        """The largest distance from zero in it."""
        return max(abs(self.low), abs(self.high))

    def following(self, low: float, high: float, now_ns: int) -> "AutoRange":
        """The range to show when values from `low` to `high` are in view."""
        if not (math.isfinite(low) and math.isfinite(high)) or low > high:
            return self
        if self.changed_ns is not None and not self._is_due(low, high, now_ns - self.changed_ns):
            return self
        return self.fitted(low, high, now_ns)

    def fitted(self, low: float, high: float, now_ns: int) -> "AutoRange":
        """The range that suits these values best, whatever is shown now."""
        new_low, new_high = self._wanted(low, high)
        if (new_low, new_high) == (self.low, self.high):
            return self if self.changed_ns is not None else replace(self, changed_ns=now_ns)
        return replace(self, low=new_low, high=new_high, changed_ns=now_ns)

    def _is_due(self, low: float, high: float, age_ns: int) -> bool:
        # What touches an edge cannot be told from what is cut off there.
        edge = EDGE * (self.high - self.low)
        if low < self.low + edge or high > self.high - edge:
            return age_ns >= GROW_AFTER_NS
        used = max(abs(low), abs(high)) / self.high if self.shape is RangeShape.SYMMETRIC else None
        if used is None:
            used = (high - low) / (self.high - self.low)
        return used < SHRINK_BELOW and age_ns >= SHRINK_AFTER_NS

    def _wanted(self, low: float, high: float) -> tuple[float, float]:
        if self.shape is RangeShape.SYMMETRIC:
            peak = nice_step(max(abs(low), abs(high), self.least, 1e-9) * (1 + MARGIN))
            return -peak, peak
        # A constant is drawn in the middle; a span too small for its values cannot be told apart.
        largest = max(abs(low), abs(high))
        span = max(high - low, 1e-6 * largest, 1e-9)
        if high == low:
            span = CONSTANT_SHARE * largest or 1.0
        step = nice_step(span / 8)
        middle_low = min(low, (low + high - span) / 2) - MARGIN * span
        middle_high = max(high, (low + high + span) / 2) + MARGIN * span
        return math.floor(middle_low / step) * step, math.ceil(middle_high / step) * step
