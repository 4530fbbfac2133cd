"""Times as \\psi writes them: ticks of 100 ns since the beginning of the year 1, and back (decision 1).

Ticks exist at the edge to \\psi only. Its two ends of time stand for ours; any other time outside of the
years 1677 to 2262 has no place in 64 bits of nanoseconds. Nanoseconds become ticks by rounding down.
"""

from studio.timing import TIME_MAX, TIME_MIN, Timestamp

NS_PER_TICK = 100
TICKS_AT_1970 = 621_355_968_000_000_000
FIRST_TICKS = 0
"""DateTime.MinValue."""
LAST_TICKS = 3_155_378_975_999_999_999
"""DateTime.MaxValue."""


def time_from_ticks(ticks: int) -> Timestamp:
    """The time that \\psi writes as `ticks`; raises ValueError for one that has no place here."""
    if ticks == FIRST_TICKS:
        return TIME_MIN
    if ticks == LAST_TICKS:
        return TIME_MAX
    time = (ticks - TICKS_AT_1970) * NS_PER_TICK
    if not TIME_MIN < time < TIME_MAX:
        raise ValueError(f"{ticks} ticks since the year 1 is a time outside of the years 1677 to 2262")
    return time


def ticks_from_time(time: Timestamp) -> int:
    """The ticks that \\psi would write, rounded down; raises ValueError for what is no time of ours."""
    if time == TIME_MIN:
        return FIRST_TICKS
    if time == TIME_MAX:
        return LAST_TICKS
    if not TIME_MIN < time < TIME_MAX:
        raise ValueError(f"{time} is no time in nanoseconds since 1970: it takes more than 64 bits")
    return time // NS_PER_TICK + TICKS_AT_1970
