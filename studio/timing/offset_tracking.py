"""Follows the offset of another clock through the bursts of probes that come in. Decides; asks nobody.

Keeps the history from which offset and rate are fitted, notices when the other clock was set or steered, and
says at any moment what the offset is and how wrong that may be. Belongs to one thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce

from studio.timing.clock import NS_PER_S, Duration
from studio.timing.corridor import KNOWN_PPM, SPREAD_PPM, Corridor, Probe, RateBelief, fit_corridor
from studio.timing.offset_bound import WINDOW, OffsetBound, Slew, offset_bound
from studio.timing.rate_bound import HOLD_PPM, UNKNOWN_PPM, RateBound, rate_bound

HISTORY: Duration = 900 * NS_PER_S
MOST_PROBES = 1500
SUSPECT_NS: Duration = 50_000
"""A burst that misses what was predicted by more is suspect."""
SUSPECTS_FOR_STEP = 3
NARROW = 0.7
"""A corridor narrower than that share of those of its halves: the rate has not been constant."""
WIDEST_SPREAD_PPM = 10.0
CALM_BURSTS = 24
RATE_JUMP_PPM = 4.0
KEPT_AFTER_RATE_JUMP = 48
FEW = 16
"""With fewer probes nothing is concluded about the history."""


class Finding(Enum):
    """What a burst showed."""

    AGREES = "agrees"
    SUSPECT = "suspect"
    """It cannot be true together with the history; more are wanted soon."""
    STEP = "step"
    """The other clock was set: three bursts in a row say so. The history begins anew."""


@dataclass(frozen=True, slots=True)
class OffsetEstimate:
    """The offset at a moment, as well as it is known."""

    monotonic: int
    offset: Duration
    rate_ppm: float
    rate_spread_ppm: float
    bound: OffsetBound
    """Where the offset certainly is, as of `monotonic`."""
    rate_bound: RateBound
    """Where its rate certainly is."""
    probes: int
    """In the history."""


class OffsetTracker:
    """The history of one clock that is followed."""

    def __init__(self, belief: RateBelief | None = None, *, patience: Duration = 0) -> None:
        """`belief`: the rate remembered of this machine, if any.

        `patience`: while bursts agree with what was fitted, it is fitted anew only when it is older than
        that. A burst that does not agree is never judged but by a fresh one.
        """
        self._belief = belief if belief is not None else RateBelief()
        self._patience = patience
        self._bursts: list[tuple[Probe, ...]] = []
        self._suspects: list[tuple[Probe, ...]] = []
        self._surprise: tuple[Probe, ...] | None = None
        """The newest burst, if it missed what was predicted, even by less than makes it suspect."""
        self._corridor: Corridor | None = None
        self._rate_bound = RateBound()
        self._slews: list[Slew] = []
        self._spread_ppm = SPREAD_PPM
        self._calm = 0
        self._usual_rate: float | None = None

    @property
    def probe_count(self) -> int:
        """Probes in the history."""
        return sum(map(len, self._bursts))

    @property
    def is_doubtful(self) -> bool:
        """Whether the last burst was suspect."""
        return bool(self._suspects)

    @property
    def belief(self) -> RateBelief:
        """What may be remembered of the rate for the next time."""
        if self._corridor is None or not self._is_known(self._corridor):
            return self._belief
        return RateBelief(self._corridor.rate_ppm, KNOWN_PPM)

    def take(self, burst: Sequence[Probe]) -> Finding:
        """Take the answers of one burst, in their order; at least one."""
        probes = tuple(burst)
        self._surprise = None
        if self._corridor is not None and self._misses(probes, self._corridor, 0):
            self._refit()
        if self._corridor is not None and self._misses(probes, self._corridor, 0):
            self._surprise = probes
            if self._misses(probes, self._corridor, self._tolerance(probes, self._corridor)):
                return self._doubt(probes)
        self._suspects.clear()
        self._bursts.append(probes)
        self._forget_old(probes[-1].middle)
        if self._corridor is None or self._surprise or self._is_old(self._corridor):
            self._fit(probes[-1].middle)
        return Finding.AGREES

    def slewed(self, now: int, by: Duration) -> None:
        """Our own clock was slewed by so much since the look before: older probes are worth less."""
        oldest = self._bursts[-1][0].sent - WINDOW if self._bursts else now
        self._slews = [slew for slew in self._slews if slew[0] >= oldest]
        self._slews.append((now, by))

    def estimate(self, now: int) -> OffsetEstimate | None:
        """Offset, rate and bound as of `now` (monotonic ns); None before the first burst."""
        corridor = self._corridor
        if corridor is None:
            return None
        offset = corridor.offset_at(now)
        bound = self._bound(now)
        if not self._suspects:
            # What is certain wins over what is likely.
            offset = max(bound.lower, min(offset, bound.upper))
        return OffsetEstimate(
            monotonic=now,
            offset=offset,
            rate_ppm=corridor.rate_ppm,
            rate_spread_ppm=corridor.rate_spread_ppm,
            bound=bound,
            rate_bound=self._rate_bound,
            probes=self.probe_count,
        )

    def _bound(self, now: int) -> OffsetBound:
        """From the first burst that disagrees, the bound reaches over old and new (decision 31).

        The other clock may have been set by less than the probes are wide: then old and new could be true
        together, and what they have in common need not be. What the newest burst says by itself is true.
        """
        runs = [self._bursts, self._suspects, [] if self._surprise is None else [self._surprise]]
        bounds = [offset_bound(run, now, self._rate_bound, self._slews) for run in runs if run]
        return reduce(OffsetBound.hull, bounds)

    def _tolerance(self, burst: tuple[Probe, ...], corridor: Corridor) -> Duration:
        """What a prediction may miss by: while the rate is hardly known, what it may be off by as well.

        Else those bursts would be doubted of all that could tell the rate, and it would never be learnt. Of
        few probes the middle says little: then only what cannot be true together is doubted.
        """
        ahead = burst[-1].middle - corridor.monotonic
        unknown_ppm = max(
            corridor.rate_spread_ppm, self._rate_bound.largest_error(corridor.rate_ppm) - HOLD_PPM
        )
        unsure = max(0, corridor.width) // 2 if self.probe_count < FEW else 0
        return SUSPECT_NS + unsure + round(ahead * min(UNKNOWN_PPM, unknown_ppm) * 1e-6)

    def _misses(self, burst: tuple[Probe, ...], corridor: Corridor, slack: Duration) -> bool:
        now = burst[-1].middle
        predicted = corridor.offset_at(now)
        lower = max(probe.lower for probe in burst)
        upper = min(probe.upper for probe in burst)
        return not lower - slack <= predicted <= upper + slack

    def _doubt(self, burst: tuple[Probe, ...]) -> Finding:
        self._suspects.append(burst)
        if len(self._suspects) < SUSPECTS_FOR_STEP:
            return Finding.SUSPECT
        self._bursts, self._suspects, self._surprise = self._suspects, [], None
        self._belief = self.belief
        self._spread_ppm, self._calm, self._usual_rate = SPREAD_PPM, 0, None
        self._fit(burst[-1].middle)
        return Finding.STEP

    def _forget_old(self, now: int) -> None:
        while len(self._bursts) > 1 and (
            now - self._bursts[0][-1].middle > HISTORY or self.probe_count > MOST_PROBES
        ):
            del self._bursts[0]

    def _is_old(self, corridor: Corridor) -> bool:
        return self._bursts[-1][-1].middle - corridor.monotonic >= self._patience

    def _refit(self) -> None:
        """From all that agreed with what was fitted last, if there was any."""
        newest = self._bursts[-1][-1].middle
        if self._corridor is not None and self._corridor.monotonic < newest and not self._suspects:
            self._fit(newest)

    def _fit(self, now: int) -> None:
        self._loosen(now)
        corridor = self._fitted(self._bursts, now)
        if self._rate_jumped(corridor):
            self._bursts = _newest(self._bursts, KEPT_AFTER_RATE_JUMP)
            usual = RateBelief(self._usual_rate or 0.0, SPREAD_PPM)
            corridor = fit_corridor(_flat(self._bursts), now, belief=usual, spread_ppm=self._spread_ppm)
            self._usual_rate = None
        # What is certain wins over what is likely.
        self._rate_bound = rate_bound(_flat(self._bursts))
        self._corridor = replace(corridor, rate_ppm=self._rate_bound.nearest(corridor.rate_ppm))

    def _fitted(self, bursts: list[tuple[Probe, ...]], now: int) -> Corridor:
        return fit_corridor(_flat(bursts), now, belief=self._belief, spread_ppm=self._spread_ppm)

    def _loosen(self, now: int) -> None:
        """Where old and new do not fit on one straight line, let rates wander more, and forget the oldest."""
        while len(self._bursts) >= 8 and self._is_bent(now):
            self._spread_ppm = min(WIDEST_SPREAD_PPM, 2 * self._spread_ppm)
            self._calm = 0
            del self._bursts[: max(1, len(self._bursts) // 8)]
        self._calm += 1
        if self._calm >= CALM_BURSTS and self._spread_ppm > SPREAD_PPM:
            self._spread_ppm, self._calm = max(SPREAD_PPM, self._spread_ppm / 2), 0

    def _is_bent(self, now: int) -> bool:
        half = len(self._bursts) // 2
        whole = self._fitted(self._bursts, now).width
        parts = min(self._fitted(part, now).width for part in (self._bursts[:half], self._bursts[half:]))
        return whole < NARROW * parts

    def _is_known(self, corridor: Corridor) -> bool:
        """Whether its rate may be told from others; in the first seconds it may only look so."""
        return corridor.rate_spread_ppm <= KNOWN_PPM and self._rate_bound.half_width_ppm <= UNKNOWN_PPM / 2

    def _rate_jumped(self, corridor: Corridor) -> bool:
        if self.probe_count < FEW or not self._is_known(corridor):
            return False
        usual = self._usual_rate
        if usual is None:
            self._usual_rate = corridor.rate_ppm
            return False
        if abs(corridor.rate_ppm - usual) > RATE_JUMP_PPM + corridor.rate_spread_ppm:
            return True
        self._usual_rate = usual + 0.1 * (corridor.rate_ppm - usual)
        return False


def _flat(bursts: list[tuple[Probe, ...]]) -> list[Probe]:
    return [probe for burst in bursts for probe in burst]


def _newest(bursts: list[tuple[Probe, ...]], count: int) -> list[tuple[Probe, ...]]:
    """Whole bursts from the newest back, until there are `count` probes."""
    kept: list[tuple[Probe, ...]] = []
    for burst in reversed(bursts):
        kept.insert(0, burst)
        if sum(map(len, kept)) >= count:
            break
    return kept
