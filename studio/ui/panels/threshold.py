"""Levels a user watches on the value axis: what lies beyond them is marked. A value; draws nothing."""

from dataclasses import dataclass

ABOVE = "\u25b2"
BELOW = "\u25bc"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level, or two with a band between them."""

    low: float | None = None
    """What lies below is marked; None: nothing is too low."""
    high: float | None = None

    def sign_of(self, value: float) -> str:
        """An arrow for a value beyond a level; empty: it lies within, or is no number."""
        if self.high is not None and value > self.high:
            return ABOVE
        return BELOW if self.low is not None and value < self.low else ""


NOTHING_WATCHED = Threshold()
