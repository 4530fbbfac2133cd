"""Times between clocks as people read them: offsets, bounds, rates, ages. Text only, no Qt.

A bound is a promise and is rounded up; everything else to the nearest.
"""

from studio.timing import NS_PER_MS, NS_PER_S, Duration
from studio.ui import readable
from studio.ui.readable import MINUS, NARROW_SPACE, NOTHING, SPACE

NS_PER_US = 1_000
PLUS_MINUS = f"\u00b1{SPACE}"
FRESH: Duration = 2 * NS_PER_S
"""What is not older than that is from now."""

_UNITS = ((NS_PER_US, "\u00b5s"), (NS_PER_MS, "ms"), (NS_PER_S, "s"))


def bound_text(bound: Duration | None) -> str:
    """`± 43 µs`, `± 1.4 ms`: rounded up, for it is a promise; a dash where nothing is promised."""
    return NOTHING if bound is None else PLUS_MINUS + span_text(bound, rounding_up=True)


def span_text(span: Duration, *, rounding_up: bool = False) -> str:
    """`6.1 µs`, `43 µs`, `1.4 ms`, `250 ms`, `3.5 s`, `12 min`: short, for what is not exact anyway."""
    if span >= 100 * NS_PER_S:
        return readable.time_left(span / NS_PER_S)
    texts = (_in_unit(span, unit, name, rounding_up) for unit, name in _UNITS)
    return next((text for text in texts if text), f"100{SPACE}s")


def limit_text(span: Duration) -> str:
    """`5 ms`, `0.5 ms`: what somebody has typed, with no more figures than that."""
    return f"{span / NS_PER_MS:g}{SPACE}ms"


def step_text(size: Duration) -> str:
    """`+250 ms`: signed and short."""
    return f"{MINUS if size < 0 else '+'}{span_text(abs(size))}"


def _in_unit(span: Duration, unit: int, name: str, rounding_up: bool) -> str:
    """Empty where it would be shown as 1000 or more: that belongs to the next unit."""
    decimals = 1 if 0 < span < 10 * unit or (unit == NS_PER_MS and span < 100 * unit) else 0
    part = unit // 10**decimals
    parts = -(-span // part) if rounding_up else (span + part // 2) // part
    if parts >= 1000 * 10**decimals:
        return ""
    return f"{parts / 10**decimals:.{decimals}f}{SPACE}{name}"


def offset_text(offset: Duration | None) -> str:
    """`+3.500 123 s`, `-18.300 ms`, `+12 µs`, `+2:03:04 h`: signed, to the microsecond where it is short."""
    if offset is None:
        return NOTHING
    sign, size = (MINUS if offset < 0 else "+"), abs(offset)
    microseconds = round(size / NS_PER_US)
    if microseconds < 1_000:
        return f"{sign}{microseconds}{SPACE}\u00b5s" if microseconds else f"0{SPACE}\u00b5s"
    if microseconds < 1_000_000:
        return f"{sign}{microseconds / 1000:.3f}{SPACE}ms"
    seconds, rest = divmod(microseconds, 1_000_000)
    if seconds < 100:
        return f"{sign}{seconds}.{rest // 1000:03}{NARROW_SPACE}{rest % 1000:03}{SPACE}s"
    return f"{sign}{_long(seconds)}"


def far_text(far: Duration) -> str:
    """`3 d 2 h ahead of`, `20,409 d 1 h behind`: of clocks that are more than a day apart."""
    return f"{_long(abs(far) // NS_PER_S)} {'ahead of' if far > 0 else 'behind'}"


def _long(seconds: int) -> str:
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{readable.count(days)}{SPACE}d {hours}{SPACE}h"
    return (
        f"{hours}:{minutes:02}:{seconds % 60:02}{SPACE}h"
        if hours
        else f"{minutes}:{seconds % 60:02}{SPACE}min"
    )


def rate_text(ppm: float | None) -> str:
    """`+19.98 ppm`: how much faster the other clock runs."""
    return NOTHING if ppm is None else f"{_signed(ppm, 2)}{SPACE}ppm"


def correction_text(ppm: float) -> str:
    """`+0.4 ppm`, or that nothing is being corrected."""
    return f"{_signed(ppm, 1)}{SPACE}ppm" if abs(ppm) >= 0.05 else "nothing"


def _signed(value: float, decimals: int) -> str:
    text = f"{abs(value):.{decimals}f}"
    if not float(text):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def age_text(age: Duration | None) -> str:
    """`now`, `4 s ago`, `3 min ago`; a dash for never."""
    if age is None:
        return NOTHING
    return "now" if age < FRESH else f"{how_long(age)} ago"


def how_long(span: Duration) -> str:
    """`42 s`, `4 min 33 s`, `2 h 5 min`: rounded down."""
    seconds = max(0, span) // NS_PER_S
    if seconds < 60 or seconds >= 3600:
        return readable.time_left(seconds) or f"{readable.count(seconds // 86400)}{SPACE}d"
    rest = f" {seconds % 60}{SPACE}s" if seconds % 60 and seconds < 600 else ""
    return f"{seconds // 60}{SPACE}min{rest}"
