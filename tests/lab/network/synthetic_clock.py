"""A clock that is a pure function of the monotonic one: everybody can compute what it truly shows."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Self

NS_PER_S = 1_000_000_000
HOUR_NS = 3600 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticClock:
    """Offset, rate, wander and steps, all known."""

    offset: int
    """What it shows more than the monotonic clock, ns, at `begin`."""
    begin: int = 0
    """Monotonic ns."""
    ppm: float = 0.0
    """How much faster than the monotonic clock it runs."""
    wander: int = 0
    """It sways by so many ns to either side of that..."""
    wander_period_s: float = 600.0
    """... and back within that."""
    steps: tuple[tuple[int, int], ...] = ()
    """(monotonic, ns): somebody sets it by so much at that moment."""
    tick: int = 1
    """It only shows multiples of so many ns."""

    def offset_at(self, monotonic: int) -> int:
        """The truth: time minus monotonic clock at that moment, apart from the coarse tick."""
        since = monotonic - self.begin
        sway = self.wander * math.sin(2 * math.pi * since / (self.wander_period_s * NS_PER_S))
        stepped = sum(by for moment, by in self.steps if monotonic >= moment)
        return self.offset + round(since * self.ppm * 1e-6 + sway) + stepped

    def time_at(self, monotonic: int) -> int:
        """What it shows at that moment, ns UTC since 1970."""
        time = monotonic + self.offset_at(monotonic)
        return time - time % self.tick

    def to_text(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `to_text` made."""
        fields = json.loads(text)
        return cls(**fields | {"steps": tuple((moment, by) for moment, by in fields["steps"])})
