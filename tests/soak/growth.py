"""Whether something grows with time: the line through what was measured, and its doubt. Arithmetic only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURE = 2.0
"""Standard errors by which growth must exceed what is allowed before it is called growth."""
LEAST = 4
"""Rows without which nothing can be said."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How fast a figure grew while it was watched."""

    per_hour: float
    """Of the line that fits best."""
    doubt: float
    """Its standard error: what grows not at all, and wobbles, has about 0 ± this."""

    def exceeds(self, limit: float) -> bool:
        """Whether it certainly grew faster than `limit` an hour."""
        return self.per_hour - SURE * self.doubt > limit


def growth_of(hours: Sequence[float], values: Sequence[float]) -> Growth:
    """The line through `values` over `hours`. Raises ValueError for fewer than `LEAST` of them."""
    if len(hours) < LEAST:
        raise ValueError(f"growth needs at least {LEAST} rows; there are {len(hours)}")
    x, y = np.asarray(hours, np.float64), np.asarray(values, np.float64)
    x = x - x.mean()
    spread = float(np.sum(x * x))
    slope = float(np.sum(x * (y - y.mean())) / spread)
    rest = y - y.mean() - slope * x
    return Growth(slope, float(np.sqrt(np.sum(rest * rest) / (len(x) - 2) / spread)))
