"""What is certain of an offset: the interval that no recent probe excludes. Arithmetic only.

Two things are assumed and nothing else: the stamp was made between question and answer (true of any honest
clock), and the rate is constant to 15 ppm (false only while a time daemon slews). How fast the other clock
may go is certain in the same sense (`rate_bound`), never a matter of how well the probes happen to agree. So
the bound grows by itself while nothing is heard, and widens at the first burst that disagrees with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from studio.timing.clock import NS_PER_S, Duration
from studio.timing.corridor import Probe
from studio.timing.rate_bound import RateBound

Slew: TypeAlias = tuple[int, Duration]
"""Noticed at that moment (monotonic ns): our own clock was slewed by so much since the look before."""
WINDOW: Duration = 60 * NS_PER_S
"""Probes older than that, before the newest one, say nothing more."""


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
    bursts: Sequence[Sequence[Probe]], now: int, rate: RateBound, slews: Sequence[Slew] = ()
) -> OffsetBound:
    """What the bursts of the last minute leave of the offset as of `now` (monotonic ns), at such a rate.

    `slews` of our own clock take from what was said before them. If the bursts cannot all be true, the clock
    has been set or steered, or somebody lies: then the bound reaches over all that was said, until the older
    half is forgotten. Raises ValueError without probes.
    """
    probes = [probe for burst in bursts for probe in burst]
    if not probes:
        raise ValueError("a bound needs at least one probe")
    newest = probes[-1].middle
    recent = [probe for probe in probes if newest - probe.middle <= WINDOW]
    allowed = [_allowed(probe, now, rate, _slewed_since(probe.sent, slews)) for probe in recent]
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


def _slewed_since(moment: int, slews: Sequence[Slew]) -> Duration:
    return sum(abs(by) for until, by in slews if until >= moment)


def _allowed(probe: Probe, now: int, rate: RateBound, slewed: Duration) -> OffsetBound:
    """What one probe says of now: the offset was least if the stamp was made when the answer was there."""
    return OffsetBound(
        probe.lower + rate.least_gain(now - probe.received) - slewed,
        probe.upper + rate.most_gain(now - probe.sent) + slewed,
    )


def _both(first: OffsetBound, second: OffsetBound) -> OffsetBound | None:
    """Where both are true; None where they cannot be."""
    lower, upper = max(first.lower, second.lower), min(first.upper, second.upper)
    return OffsetBound(lower, upper) if lower <= upper else None
