"""Whether another clock only counts in steps of milliseconds, as old Windows clocks do. Arithmetic only.

Such a clock tells the time of its last step, so its stamps may be late by nearly a whole one.
"""

from collections.abc import Sequence

from studio.timing import NS_PER_MS, Duration

FINEST: Duration = NS_PER_MS
COARSEST: Duration = 64 * NS_PER_MS
TOLERANCE: Duration = 20_000
"""By that a step may be off what the lattice says: the ticks are no whole number of nanoseconds."""
LEAST_STAMPS = 16


def tick_of(stamps: Sequence[int], sent: Sequence[int]) -> Duration:
    """The step in which a clock counts that gave `stamps` to what was sent at `sent`; 0: none that matters.

    Asked at random moments, a fine clock gives random stamps; all of them on one lattice are no accident,
    unless we asked on that lattice ourselves.
    """
    if len(stamps) < LEAST_STAMPS:
        return 0
    tick = _common_step([stamp - stamps[0] for stamp in stamps[1:]])
    if not FINEST <= tick <= COARSEST or _is_on_lattice([time - sent[0] for time in sent[1:]], tick):
        return 0
    return tick


def _common_step(differences: Sequence[int]) -> Duration:
    """The largest step of which all are multiples, more or less."""
    step = 0
    for difference in differences:
        step = _common(step, abs(difference))
        if step and step < FINEST - TOLERANCE:
            return 0
    if not step:
        return 0
    # Of the longest difference, since what it is off by is shared out among the most steps.
    longest = max(abs(difference) for difference in differences)
    return round(longest / round(longest / step))


def _common(first: Duration, second: Duration) -> Duration:
    while second > TOLERANCE:
        remainder = first % second
        first, second = second, min(remainder, second - remainder)
    return first


def _is_on_lattice(differences: Sequence[int], tick: Duration) -> bool:
    return all(min(d % tick, -d % tick) < tick // 8 for d in differences)
