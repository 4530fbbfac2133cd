"""Times as people read them: elapsed since the beginning, and by the clock on the wall. Text only."""

from datetime import UTC, datetime

from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp
from studio.ui.readable import MINUS


def decimals_for(step: Duration) -> int:
    """How many decimals of a second tell apart times that lie `step` ns from each other: 0, 3, 6 or 9."""
    for decimals, unit in ((0, NS_PER_S), (3, NS_PER_MS), (6, 1_000)):
        if step % unit == 0:
            return decimals
    return 9


def elapsed_text(duration: Duration, decimals: int = 3) -> str:
    """`12:41.503`, `1:12:41.503`, `2d 01:12:41`; rounded down, so that it never runs ahead."""
    sign, unit = ("" if duration >= 0 else MINUS), 10 ** (9 - decimals)
    parts = abs(duration) // unit
    seconds, fraction = divmod(parts, 10**decimals)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    days, hours = divmod(hours, 24)
    head = f"{hours}:{minutes:02}:" if hours else f"{minutes:02}:"
    if days:
        head = f"{days}d {hours:02}:{minutes:02}:"
    tail = f".{fraction:0{decimals}}" if decimals else ""
    return f"{sign}{head}{seconds % 60:02}{tail}"


def span_text(duration: Duration) -> str:
    """`10 s`, `250 ms`, `2:00:00`: how much time there is."""
    for unit, name in ((NS_PER_S, "s"), (NS_PER_MS, "ms"), (1_000, "µs")):
        if duration >= unit:
            if duration >= 100 * NS_PER_S:
                return elapsed_text(duration, 0)
            return f"{duration / unit:.3g}\u00a0{name}"
    return f"{duration}\u00a0ns"


def clock_text(time: Timestamp, decimals: int = 3) -> str:
    """`03:48:51.123` in this machine's zone; nothing where calendars end."""
    tail = f".{time % NS_PER_S // 10 ** (9 - decimals):0{decimals}}" if decimals else ""
    try:
        return f"{datetime.fromtimestamp(time // NS_PER_S, UTC).astimezone():%H:%M:%S}{tail}"
    except (OverflowError, ValueError, OSError):
        return ""


def wall_text(time: Timestamp) -> str:
    """`2026-11-22 03:48:51.123456` in this machine's zone; seconds since 1970 where calendars end."""
    try:
        local = datetime.fromtimestamp(time // NS_PER_S, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return f"{time // NS_PER_S}\u00a0s"
    return f"{local:%Y-%m-%d %H:%M:%S}.{time % NS_PER_S // 1000:06}"
