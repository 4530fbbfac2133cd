"""From stamps of another clock to its offset and rate: the corridor between what cannot be. Arithmetic only.

A probe asks the other clock once. Its stamp was made between sending and receiving, so the offset (other
clock minus our monotonic one) lay between `stamp - received` and `stamp - sent`, whatever the network did.
Many such intervals leave a corridor; its middle is the estimate, and what no interval excludes is the
guaranteed bound. No mean of round trips is taken: a late answer widens one interval and moves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.timing.clock import Duration, Timestamp

EDGE_SHARE = 0.02
"""Of the probes, so many make up an edge of the corridor: one liar among them must not be all of it."""
SPREAD_PPM = 1.0
"""How much rates wander within the history."""
ENOUGH_TO_COMPARE = 16
"""With fewer probes the shorter ones among them agree by chance."""
LARGEST_RATE_PPM = 500.0
NEW_PPM = 50.0
"""What the rate of an unknown machine is believed to be off by."""
KNOWN_PPM = 10.0
"""The same of a machine whose rate is remembered."""
_GOLDEN = (5**0.5 - 1) / 2
_PPM = 1e-6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Probe:
    """One question and its answer."""

    sent: int
    """Monotonic ns, just before the question left."""
    received: int
    """Monotonic ns, when the first byte of the answer was there."""
    stamp: Timestamp
    """The other clock in between."""
    tick: Duration = 0
    """The other clock only counts in steps of that, and may have been nearly so much later."""

    @property
    def lower(self) -> Duration:
        """The offset was at least that."""
        return self.stamp - self.received

    @property
    def upper(self) -> Duration:
        """The offset was at most that."""
        return self.stamp + self.tick - self.sent

    @property
    def round_trip(self) -> Duration:
        """From sending to receiving."""
        return self.received - self.sent

    @property
    def middle(self) -> int:
        """The moment it stands for, monotonic ns."""
        return (self.sent + self.received) // 2


@dataclass(frozen=True, slots=True)
class Corridor:
    """What probes leave of offset and rate at a moment."""

    monotonic: int
    offset: Duration
    """Middle of the corridor at that moment."""
    rate_ppm: float
    """How much the other clock gains on our monotonic one."""
    rate_spread_ppm: float
    """Rates that much off cost so little of the corridor that they may be as true."""
    width: Duration
    """Upper minus lower edge; negative when probes contradict each other."""

    def offset_at(self, monotonic: int) -> Duration:
        """The offset at another moment, on the same rate."""
        return self.offset + round((monotonic - self.monotonic) * self.rate_ppm * _PPM)


@dataclass(frozen=True, slots=True)
class RateBelief:
    """What is believed of a rate before probes say more."""

    ppm: float = 0.0
    spread_ppm: float = NEW_PPM


def fit_corridor(
    probes: "tuple[Probe, ...] | list[Probe]",
    now: int,
    *,
    belief: RateBelief = RateBelief(),
    spread_ppm: float = SPREAD_PPM,
) -> Corridor:
    """The corridor that at least one probe leaves, as of `now` (monotonic ns), before or after any of them.

    The rate is the one that leaves the corridor widest, drawn towards what is believed as far as the probes
    do not tell it from that. Raises ValueError without probes.
    """
    if not probes:
        raise ValueError("a corridor needs at least one probe")
    edges = _Edges.of(probes, now, spread_ppm)
    best = _highest(edges.width, -LARGEST_RATE_PPM, LARGEST_RATE_PPM)
    slack = edges.scatter / len(probes) ** 0.5
    spread = edges.spread_of_rate(best, slack)
    trust = belief.spread_ppm**2 / (belief.spread_ppm**2 + spread**2)
    rate = belief.ppm + (best - belief.ppm) * trust
    lower, upper = edges.at(rate)
    return Corridor(now, edges.base + round((lower + upper) / 2), rate, spread, round(upper - lower))


@dataclass(frozen=True, slots=True)
class _Edges:
    """Intervals of probes relative to `base`, so that floats hold them to the nanosecond."""

    base: Duration
    elapsed: Floats
    """From each probe to now, ns; negative where it came later."""
    wander: Floats
    """What each probe is worth less for that, ns."""
    lower: Floats
    upper: Floats
    count: int
    """Probes that make up an edge."""
    tick: Duration
    """The step in which the other clock counts: where in it a stamp was made is chance."""

    @classmethod
    def of(cls, probes: "tuple[Probe, ...] | list[Probe]", now: int, spread_ppm: float) -> "_Edges":
        base = probes[-1].lower
        elapsed = np.array([now - probe.middle for probe in probes], np.float64)
        return cls(
            base=base,
            elapsed=elapsed,
            wander=np.abs(elapsed) * (spread_ppm * _PPM),
            lower=np.array([probe.lower - base for probe in probes], np.float64),
            upper=np.array([probe.upper - base for probe in probes], np.float64),
            count=max(1, int(EDGE_SHARE * len(probes))),
            tick=max(probe.tick for probe in probes),
        )

    @property
    def scatter(self) -> float:
        """How much round trips differ, and stamps within a tick; ns.

        From the middle two thirds of them, or from the shorter ones, if these agree better: they make the
        edges, and what a busy machine adds to the others says nothing of the rate.
        """
        shortest, low, high = np.percentile(self.upper - self.lower, (0, 16, 84))
        usual = (high - low) / 2
        return (
            float(min(usual, low - shortest) if len(self.lower) >= ENOUGH_TO_COMPARE else usual) + self.tick
        )

    def at(self, rate_ppm: float) -> tuple[float, float]:
        """Both edges as of now, if the other clock gains that much."""
        gained = self.elapsed * (rate_ppm * _PPM)
        upper = self.upper + gained + self.wander
        lower = self.lower + gained - self.wander
        k = self.count
        return (
            float(np.partition(lower, -k)[-k:].mean()),
            float(np.partition(upper, k - 1)[:k].mean()),
        )

    def width(self, rate_ppm: float) -> float:
        """Concave in the rate."""
        lower, upper = self.at(rate_ppm)
        return upper - lower

    def spread_of_rate(self, best_ppm: float, slack: float) -> float:
        """Half of the range of rates that cost less than `slack` of the corridor's width."""
        wanted = self.width(best_ppm) - slack
        low = _crossing(self.width, wanted, best_ppm, -LARGEST_RATE_PPM)
        high = _crossing(self.width, wanted, best_ppm, LARGEST_RATE_PPM)
        return (high - low) / 2


def _highest(function: Callable[[float], float], low: float, high: float, tolerance: float = 0.01) -> float:
    """Where a concave function is highest, by golden section."""
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_inner, at_outer = function(inner), function(outer)
    while high - low > tolerance:
        if at_inner >= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - _GOLDEN * (high - low)
            at_inner = function(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + _GOLDEN * (high - low)
            at_outer = function(outer)
    return (low + high) / 2


def _crossing(function: Callable[[float], float], wanted: float, inside: float, outside: float) -> float:
    """Where a function falls below `wanted` between two places; `outside` where it does not."""
    if function(outside) >= wanted:
        return outside
    while abs(outside - inside) > 0.01:
        middle = (inside + outside) / 2
        if function(middle) >= wanted:
            inside = middle
        else:
            outside = middle
    return inside
