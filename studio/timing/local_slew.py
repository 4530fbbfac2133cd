"""Notices when a time service of this machine makes the monotonic clock go faster or slower. Asks no clock.

Such a service corrects the rate a little all the time, which harms nobody: rates are learnt. But when it
works off an error, by up to 500 ppm, our own clock runs away from all others meanwhile, and what was certain
of them is not any more.
"""

from studio.timing.clock import NS_PER_MS, Duration
from studio.timing.rate_bound import HOLD_PPM

SHORTEST: Duration = 500 * NS_PER_MS
"""Rates over less are noise."""
LEARNT = 0.1
"""With each look so much of what a rate is off is taken over ..."""
MOST_LEARNT = 0.1e-6
"""... but no more than that: what lasts for minutes is the rate, not a slew."""


class LocalSlew:
    """Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._last: tuple[int, Duration] | None = None
        self._usual: float | None = None

    def look(self, monotonic: int, gained: Duration) -> Duration | None:
        """By how much the clock was slewed since the last look, beyond its usual rate; 0: it was not.

        None: it is too early to tell.
        `gained`: what the monotonic clock, which stands at `monotonic`, has gained on the oscillator.
        """
        if self._last is None:
            self._last = (monotonic, gained)
            return None
        elapsed = monotonic - self._last[0]
        if elapsed < SHORTEST:
            return None
        moved = gained - self._last[1]
        self._last = (monotonic, gained)
        rate = moved / elapsed
        if self._usual is None:
            self._usual = rate
            return None
        excess = rate - self._usual
        is_slew = abs(excess) > HOLD_PPM * 1e-6
        self._usual += max(-MOST_LEARNT, min(LEARNT * excess, MOST_LEARNT))
        return round(excess * elapsed) if is_slew else 0
