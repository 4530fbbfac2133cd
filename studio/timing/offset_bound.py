"""What is certain of an offset: the interval that no recent probe excludes. Arithmetic only.

Two things are assumed and nothing else: the stamp was made between question and answer (true of any honest
clock), and over a minute the rate is constant to 15 ppm (false only while a time daemon slews). So the bound
grows by itself while nothing is heard, and widens at the first burst that disagrees with those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from studio.timing.clock import NS_PER_S, Duration
from studio.timing.corridor import Probe

WINDOW: Duration = 60 * NS_PER_S
"""Probes older than that, before the newest one, say nothing more."""
HOLD_PPM = 15.0
"""What rates may change by, unknown to us (NTP's PHI)."""
UNKNOWN_PPM = 200.0
"""What a rate may be off by while it is not known any better."""
_PPM = 1e-6


@dataclass(frozen=True, slots=True)
class OffsetBound:
    """The offset lies between these two, ends included."""

    lower: Duration
    upper: Duration

    def hull(self, other: "OffsetBound") -> "OffsetBound":
        """From the lowest to the highest of both."""
        return OffsetBound(min(self.lower, other.lower), max(self.upper, other.upper))

    def largest_error(self, offset: Duration) -> Duration:
        """How far from the truth somebody may be who takes `offset` for it."""
        return max(0, self.upper - offset, offset - self.lower)


def offset_bound(
    bursts: Sequence[Sequence[Probe]], now: int, *, rate_ppm: float, rate_spread_ppm: float
) -> OffsetBound:
    """What the bursts of the last minute leave of the offset as of `now` (monotonic ns).

    If they cannot all be true, the clock has been set or steered, or somebody lies: then the bound reaches
    over all that was said, until the older half is forgotten. Raises ValueError without probes.
    """
    probes = [probe for burst in bursts for probe in burst]
    if not probes:
        raise ValueError("a bound needs at least one probe")
    newest = probes[-1].middle
    spread = HOLD_PPM + min(UNKNOWN_PPM, rate_spread_ppm)
    allowed = [_allowed(probe, now, rate_ppm, spread) for probe in probes if newest - probe.middle <= WINDOW]
    return reduce(OffsetBound.hull, _agreements(allowed))


def _agreements(allowed: Sequence[OffsetBound]) -> list[OffsetBound]:
    """Runs of probes that can be true together, each as what it leaves."""
    runs = [allowed[0]]
    for bound in allowed[1:]:
        both = _both(runs[-1], bound)
        if both is None:
            runs.append(bound)
        else:
            runs[-1] = both
    return runs


def _allowed(probe: Probe, now: int, rate_ppm: float, spread_ppm: float) -> OffsetBound:
    """What one probe says of now."""
    age = abs(now - probe.middle)
    gained, wander = (now - probe.middle) * rate_ppm * _PPM, age * spread_ppm * _PPM
    return OffsetBound(
        probe.lower + int((gained - wander) // 1), probe.upper + int(-((-gained - wander) // 1))
    )


def _both(first: OffsetBound, second: OffsetBound) -> OffsetBound | None:
    """Where both are true; None where they cannot be."""
    lower, upper = max(first.lower, second.lower), min(first.upper, second.upper)
    return OffsetBound(lower, upper) if lower <= upper else None
