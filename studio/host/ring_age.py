"""How long ago a ring was written to, so that a frozen picture can be told from a live one (decision 20)."""

import math

from studio.timing import NS_PER_S, monotonic_ns

NO_SIGNAL_S = 1.0
"""A ring older than that shows "no signal" (streams of less than one message a second: their own period)."""


def age_s_of(written_monotonic: int) -> float:
    """Seconds since the monotonic clock stood at `written_monotonic`; infinite for 0, never written."""
    if written_monotonic == 0:
        return math.inf
    return max(0, monotonic_ns() - written_monotonic) / NS_PER_S
