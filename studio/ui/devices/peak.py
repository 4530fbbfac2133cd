"""The peak mark of a level meter: jumps up at once, rests, then falls. Arithmetic only; told the time."""

import math
from dataclasses import dataclass

from studio.timing import NS_PER_S

FLOOR_DB = -60.0
"""Left end of a meter."""
CEILING_DB = 0.0
HOLD_NS = NS_PER_S
FALL_DB_PER_S = 20.0


@dataclass(frozen=True, slots=True)
class Peak:
    """Where the mark stood, and when it was put there (ns of a steady clock)."""

    level: float = FLOOR_DB
    since: int = 0

    def at(self, moment: int) -> float:
        """Where it stands at `moment`, dB."""
        falling_s = max(0, moment - self.since - HOLD_NS) / NS_PER_S
        return max(FLOOR_DB, self.level - FALL_DB_PER_S * falling_s)

    def lifted(self, level: float | None, moment: int) -> "Peak":
        """After `level` was measured at `moment`."""
        measured = FLOOR_DB if level is None or math.isnan(level) else min(CEILING_DB, max(FLOOR_DB, level))
        return Peak(measured, moment) if measured >= self.at(moment) else self


def fraction(level: float | None) -> float:
    """How much of a meter a level fills, 0 to 1."""
    if level is None or math.isnan(level):
        return 0.0
    return min(1.0, max(0.0, (level - FLOOR_DB) / (CEILING_DB - FLOOR_DB)))
