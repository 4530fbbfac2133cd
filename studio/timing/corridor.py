"""From stamps of another clock to its offset and rate: the corridor between what cannot be. Arithmetic only.

A probe asks the other clock once. Its stamp was made between sending and receiving, so the offset (other
clock minus our monotonic one) lay between `stamp - received` and `stamp - sent`, whatever the network did.
Many such intervals leave a corridor; its middle is the estimate, and what no interval excludes is the
guaranteed bound. No mean of round trips is taken: a late answer widens one interval and moves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.timing.clock import Duration, Timestamp
from studio.timing.concave import Tangent, crossing, highest

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
_TOLERANCE_PPM = 0.005
"""To which rates are found."""
_PPM = 1e-6

Floats = npt.NDArray[np.float64]
ProbeRows = npt.NDArray[np.int64]
"""(n, 4): sent, received, stamp and tick of each probe, ns."""
Places = npt.NDArray[np.intp]


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


def probe_rows(probes: Sequence[Probe]) -> ProbeRows:
    """The probes as a table, for who fits many corridors of one history."""
    rows = [(probe.sent, probe.received, probe.stamp, probe.tick) for probe in probes]
    return np.array(rows, np.int64).reshape(-1, 4)


def fit_corridor(
    probes: Sequence[Probe] | ProbeRows,
    now: int,
    *,
    belief: RateBelief = RateBelief(),
    spread_ppm: float = SPREAD_PPM,
) -> Corridor:
    """The corridor that at least one probe leaves, as of `now` (monotonic ns), before or after any of them.

    The rate is the one that leaves the corridor widest, drawn towards what is believed as far as the probes
    do not tell it from that. Raises ValueError without probes.
    """
    if not len(probes):
        raise ValueError("a corridor needs at least one probe")
    rows = probes if isinstance(probes, np.ndarray) else probe_rows(probes)
    edges = _Edges.of(rows, now, spread_ppm)
    best, spread = edges.rate(edges.scatter / len(rows) ** 0.5)
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
    def of(cls, rows: ProbeRows, now: int, spread_ppm: float) -> "_Edges":
        sent, received, stamp, tick = rows.T
        base = int(stamp[-1] - received[-1])
        elapsed = (now - (sent + received) // 2).astype(np.float64)
        return cls(
            base=base,
            elapsed=elapsed,
            wander=np.abs(elapsed) * (spread_ppm * _PPM),
            lower=(stamp - received - base).astype(np.float64),
            upper=(stamp + tick - sent - base).astype(np.float64),
            count=max(1, int(EDGE_SHARE * len(rows))),
            tick=int(tick.max()),
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
        lower, low, upper, high = self._ends(rate_ppm)
        return float(lower[low].sum()) / self.count, float(upper[high].sum()) / self.count

    def width(self, rate_ppm: float) -> Tangent:
        """Between the edges; concave in the rate, since more of it moves old probes farther."""
        lower, low, upper, high = self._ends(rate_ppm)
        value = float(upper[high].sum() - lower[low].sum()) / self.count
        slope = float(self.elapsed[high].sum() - self.elapsed[low].sum()) / self.count * _PPM
        return Tangent(rate_ppm, value, slope)

    def rate(self, slack: float) -> tuple[float, float]:
        """Where it is widest; half of the range of rates that cost less than `slack` of that width."""
        top = highest(self.width, -LARGEST_RATE_PPM, LARGEST_RATE_PPM, _TOLERANCE_PPM)
        best, wanted = top.best.place, top.best.value - slack
        outside = [tangent for tangent in top.seen if tangent.value < wanted]
        low = max((t for t in outside if t.place < best), key=lambda t: t.place, default=None)
        high = min((t for t in outside if t.place > best), key=lambda t: t.place, default=None)
        begin = -LARGEST_RATE_PPM if low is None else crossing(self.width, wanted, low, _TOLERANCE_PPM)
        end = LARGEST_RATE_PPM if high is None else crossing(self.width, wanted, high, _TOLERANCE_PPM)
        return best, (end - begin) / 2

    def _ends(self, rate_ppm: float) -> tuple[Floats, Places, Floats, Places]:
        """What each probe says of the lower edge, which of them make it; the same of the upper one."""
        gained, k = self.elapsed * (rate_ppm * _PPM), self.count
        upper = self.upper + gained
        upper += self.wander
        lower = self.lower + gained
        lower -= self.wander
        return lower, np.argpartition(lower, -k)[-k:], upper, np.argpartition(upper, k - 1)[:k]
