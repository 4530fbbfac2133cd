"""Which values a plot shows: found by itself, or fixed by the user at one or both ends. Arithmetic only."""

import math
from dataclasses import dataclass, replace

from studio.ui.panels.auto_range import AutoRange, RangeShape


@dataclass(frozen=True, slots=True)
class ValueRange:
    """An automatic range, and what the user fixed of it."""

    auto: AutoRange
    low: float | None = None
    """None: found by itself."""
    high: float | None = None
    seen: tuple[float, float] | None = None
    """What a range that only grows has to hold."""

    @property
    def is_fixed(self) -> bool:
        """Whether the user fixed anything."""
        return self.low is not None or self.high is not None

    @property
    def shown(self) -> AutoRange:
        """The range to draw."""
        low = self.auto.low if self.low is None else self.low
        high = self.auto.high if self.high is None else self.high
        if not self.is_fixed or not (math.isfinite(high - low) and low < high):
            return self.auto
        shape = RangeShape.SYMMETRIC if low == -high else RangeShape.PLAIN
        # A range that was fixed is known before anything is seen.
        changed_ns = 0 if self.auto.changed_ns is None else self.auto.changed_ns
        return replace(self.auto, shape=shape, low=low, high=high, changed_ns=changed_ns)

    def fixed(self, low: float | None, high: float | None) -> "ValueRange":
        """With these ends fixed."""
        return replace(self, low=low, high=high)

    def following(self, low: float, high: float, now_ns: int) -> "ValueRange":
        """When values from `low` to `high` are in view, a live range follows them, at most twice a second."""
        return replace(self, auto=self.auto.following(low, high, now_ns))

    def grown(self, low: float, high: float, now_ns: int) -> "ValueRange":
        """A range that holds all that was ever seen, so that it does not jump while one looks around."""
        if not (math.isfinite(low) and math.isfinite(high)) or low > high:
            return self
        if self.seen is not None:
            low, high = min(low, self.seen[0]), max(high, self.seen[1])
            if (low, high) == self.seen:
                return self
        inside = self.auto.low <= low and high <= self.auto.high
        auto = self.auto if self.seen is not None and inside else self.auto.fitted(low, high, now_ns)
        return replace(self, auto=auto, seen=(low, high))

    def fitted(self, low: float, high: float, now_ns: int) -> "ValueRange":
        """The range that suits these values best, nothing fixed any more."""
        if not (math.isfinite(low) and math.isfinite(high)) or low > high:
            return replace(self, low=None, high=None)
        auto = self.auto.fitted(low, high, now_ns)
        return replace(self, auto=auto, low=None, high=None, seen=(low, high))
