"""Numbers as people read them: bytes, durations, rates, levels. Arithmetic and text only.

Spaces inside a quantity do not break, the minus is a real one, and figures keep their places while they run.
"""

from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S, Duration

SPACE = "\u00a0"
"""Does not break."""
NARROW_SPACE = "\u202f"
"""Between groups of three digits."""
MINUS = "\u2212"
NOTHING = "\u2013"
"""Stands where there is no value."""

SETTLED_AFTER_S = 3.0
"""Before that a measured rate is off by what the first block brought."""

SETTLED_AFTER = 12
"""Nor can fewer messages tell a rate."""

OFTEN = 10.0
"""Messages a second; what comes less often is counted by the minute."""

_NS_PER_TENTH = NS_PER_S // 10

_KINDS = {
    PayloadKind.AUDIO: "sound",
    PayloadKind.SAMPLES: "signal",
    PayloadKind.SCALAR: "numbers",
    PayloadKind.IMAGE: "pictures",
    PayloadKind.JPEG: "pictures",
    PayloadKind.STRING: "texts",
    PayloadKind.JSON: "texts",
    PayloadKind.EVENT: "events",
    PayloadKind.BYTES: "bytes",
}


def count(number: int) -> str:
    """`12 345`."""
    return f"{number:,}".replace(",", NARROW_SPACE)


def size(byte_count: float) -> str:
    """`1.9 GB`, in powers of ten as disks are sold."""
    value = max(0.0, byte_count)
    for unit in ("B", "kB", "MB", "GB"):
        # What would be shown as 1000 belongs to the next unit.
        if value < 999.5:
            return f"{value:.{_decimals(value, unit)}f}{SPACE}{unit}"
        value /= 1000
    return f"{value:.1f}{SPACE}TB"


def _decimals(value: float, unit: str) -> int:
    return 1 if unit in ("MB", "GB") and value < 99.95 else 0


def running_clock(duration: Duration) -> str:
    """`00:12:41.5`: hours, minutes, seconds and tenths, rounded down so that it never runs ahead."""
    tenths = max(0, duration) // _NS_PER_TENTH
    seconds, tenth = divmod(tenths, 10)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{tenth}"


def time_left(seconds: float | None) -> str:
    """`3 d 2 h`, `2 h 14 min`, `9 min`, `40 s`; rounded down, so that it never promises too much."""
    if seconds is None or seconds > 99 * 86400:
        return ""
    whole = max(0, int(seconds))
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days}{SPACE}d{SPACE}{hours}{SPACE}h"
    if hours:
        return f"{hours}{SPACE}h{SPACE}{minutes}{SPACE}min"
    return f"{minutes}{SPACE}min" if minutes else f"{whole}{SPACE}s"


def frequency(hertz: float) -> str:
    """`48 kHz`, `44.1 kHz`, `100 Hz`, `0.5 Hz`; a dash for nothing."""
    if hertz <= 0:
        return NOTHING
    if round(hertz) >= 1000:
        return f"{_short(hertz / 1000, 1)}{SPACE}kHz"
    return f"{_short(hertz, 0 if hertz >= 20 else 1)}{SPACE}Hz"


def _short(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def live_rate(stream_format: StreamFormat, measured: float, produced: int) -> str:
    """The rate of a running stream: the nominal one until enough has been `produced` to measure it."""
    settled = not stream_format.rate or produced >= max(SETTLED_AFTER, SETTLED_AFTER_S * stream_format.rate)
    return rate(stream_format, measured if settled else 0.0)


def rate(stream_format: StreamFormat, measured: float) -> str:
    """The measured rate of a stream in the unit of its kind, else the nominal one."""
    value = measured if measured > 0 else stream_format.rate
    if stream_format.kind.is_picture:
        return f"{value:.1f}{SPACE}fps" if value > 0 else NOTHING
    if stream_format.kind in (PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON):
        return _how_often(value) if value > 0 else NOTHING
    return frequency(value)


def _how_often(per_second: float) -> str:
    """Of what comes now and then, in the unit that keeps the number small."""
    if per_second >= OFTEN:
        return f"{per_second:.0f}{SPACE}per s"
    return f"{per_second * 60:.0f}{SPACE}per min"


def kind(payload: PayloadKind) -> str:
    """What a stream holds, in a word that nobody has to look up."""
    return _KINDS[payload]


def picture_size(width: int, height: int) -> str:
    """Width and height with a multiplication sign; empty if unknown."""
    return f"{width}\u00d7{height}" if width and height else ""


def level(decibels: float | None) -> str:
    """Whole decibels; a dash for silence."""
    if decibels is None or decibels <= -100:
        return f"{NOTHING}{SPACE}dB"
    rounded = round(decibels)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded)}{SPACE}dB"


def dropped(number: int) -> str:
    """`0 dropped`."""
    return f"{count(number)}{SPACE}dropped"
