"""What is certain of a rate: those that no pair of probes excludes. Arithmetic only.

How surely a rate is known cannot be told from how little the probes scatter: a few that happen to be alike
would make it look certain to a millionth after a second. Two probes do exclude rates, whatever the network
did: between the two moments at which the stamps were made, the other clock went as far as the stamps say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.timing.clock import Duration
from studio.timing.corridor import Probe, ProbeRows, probe_rows

HOLD_PPM = 15.0
"""What rates may change by, unknown to us (NTP's PHI)."""
UNKNOWN_PPM = 200.0
"""What a rate may be while nothing is known of it."""
MOST_COMPARED = 128
"""Of more probes those with the shortest round trips are compared, evenly chosen over their time."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateBound:
    """Over any stretch of time near the probes, the other clock gained that much on ours, ends included."""

    lower_ppm: float = -UNKNOWN_PPM - HOLD_PPM
    upper_ppm: float = UNKNOWN_PPM + HOLD_PPM

    @property
    def half_width_ppm(self) -> float:
        """How far off the rate in the middle may be."""
        return (self.upper_ppm - self.lower_ppm) / 2

    def nearest(self, rate_ppm: float) -> float:
        """That rate if it may be, else the nearest that may."""
        return max(self.lower_ppm, min(rate_ppm, self.upper_ppm))

    def largest_error(self, rate_ppm: float) -> float:
        """How far from the truth somebody may be who goes at `rate_ppm`; ppm."""
        return max(0.0, self.upper_ppm - rate_ppm, rate_ppm - self.lower_ppm)

    def least_gain(self, elapsed: Duration) -> Duration:
        """The other clock gains at least that in `elapsed` ns, which may be negative: then going back."""
        rate = self.lower_ppm if elapsed >= 0 else self.upper_ppm
        return int(elapsed * rate * 1e-6 // 1)

    def most_gain(self, elapsed: Duration) -> Duration:
        """The same at most."""
        rate = self.upper_ppm if elapsed >= 0 else self.lower_ppm
        return -int(-elapsed * rate * 1e-6 // 1)


def rate_bound(probes: Sequence[Probe] | ProbeRows) -> RateBound:
    """What the probes, in their order, leave of the rate, if it does not change by more than `HOLD_PPM`.

    Where they cannot all be true, only the newest that can count: the rate has changed, or the clock was set.
    """
    rows = _shortest(probes if isinstance(probes, np.ndarray) else probe_rows(probes))
    if len(rows) < 2:
        return RateBound()
    lower, upper = _left_by_pairs(rows)
    lower, upper = lower - HOLD_PPM, upper + HOLD_PPM
    usual = RateBound()
    if lower > usual.upper_ppm or upper < usual.lower_ppm:
        return RateBound(lower, upper)
    return RateBound(max(lower, usual.lower_ppm), min(upper, usual.upper_ppm))


def _shortest(rows: ProbeRows) -> ProbeRows:
    """Of each so many, which are near to each other in time, the one with the shortest round trip."""
    size = -(-len(rows) // MOST_COMPARED)
    if size < 2:
        return rows
    begins = np.arange(0, len(rows), size)
    round_trips = np.full(len(begins) * size, np.iinfo(np.int64).max)
    round_trips[: len(rows)] = rows[:, 1] - rows[:, 0]
    chosen: ProbeRows = rows[begins + round_trips.reshape(-1, size).argmin(axis=1)]
    return chosen


def _left_by_pairs(rows: ProbeRows) -> tuple[float, float]:
    """The largest of the least rates and the least of the largest, over the newest probes that agree; ppm.

    A stamp was made at the latest when its answer was there, and at the earliest when it was asked for: the
    stretch between two stamps is longest, and the rate least, from the first question to the second answer.
    """
    sent, received, stamps, ticks = (rows - (rows[0, 0], rows[0, 0], rows[0, 2], 0)).T.astype(np.float64)
    gained = stamps[None, :] - stamps[:, None]
    least = _ratios(gained - ticks[:, None], received[None, :] - sent[:, None], -np.inf)
    most = _ratios(gained + ticks[None, :], sent[None, :] - received[:, None], np.inf)
    lower = np.maximum.accumulate(least.max(axis=1)[::-1])
    upper = np.minimum.accumulate(most.min(axis=1)[::-1])
    agreeing = int(np.count_nonzero(upper - lower >= -2 * HOLD_PPM))
    return float(lower[agreeing - 1]), float(upper[agreeing - 1])


def _ratios(gained: Floats, spans: Floats, otherwise: float) -> Floats:
    """By how many millionths more than each stretch of ours, from an earlier to a later one, it went."""
    found = np.full(gained.shape, otherwise)
    usable = np.triu(spans > 0, 1)
    np.divide(gained - spans, spans, out=found, where=usable)
    found *= 1e6
    return found
