"""Reads times and durations as people type them. Text and integers only, exact to the nanosecond.

| typed                                   | means                                                     |
|-----------------------------------------|-----------------------------------------------------------|
| `62.5`, `1:02.5`, `1:02:03`, `2d 3:00:00` | elapsed since the origin                                |
| `90 s`, `250 ms`, `1h 2m`, `3 µs`       | the same, with units                                      |
| `+3.5`, `-250 ms`                       | later or earlier than the base (the cursor, or the start) |
| `2026-11-22 03:48:51.25`, with `Z`, `+01:00` | by the clock on the wall; without a zone in this one |
| `@03:48:51`                             | by the clock on the wall, on the day of the recording     |
| `40%`, `start`, `end`                   | of the recording                                          |
| 16 digits or more                       | nanoseconds since 1970                                    |
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal

from studio.errors import TimeTextError
from studio.timing import NS_PER_S, TIME_MAX, TIME_MIN, Duration, TimeInterval, Timestamp

_UNITS = {
    **dict.fromkeys(("d", "day", "days"), 86_400 * NS_PER_S),
    **dict.fromkeys(("h", "hour", "hours"), 3600 * NS_PER_S),
    **dict.fromkeys(("m", "min", "minutes"), 60 * NS_PER_S),
    **dict.fromkeys(("s", "sec", "seconds"), NS_PER_S),
    "ms": 1_000_000,
    **dict.fromkeys(("us", "µs", "μs"), 1_000),
    "ns": 1,
}
_CLOCK = re.compile(r"(?:(\d+)\s*d\s+)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)")
_PARTS = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-zµμ]+)\s*")
_WALL = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?", re.I
)
_OF_DAY = re.compile(r"@\s*(\d\d?):(\d\d)(?::(\d\d)(\.\d+)?)?")
_NS = re.compile(r"-?\d{16,19}")

EXAMPLES = "1:02.5, 90 s, +3.5, 40%, @14:03:20 or 2026-11-22 14:03:20"


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What a typed time is measured from."""

    origin: Timestamp
    base: Timestamp
    """What `+` and `-` begin at."""
    extent: TimeInterval
    zone: tzinfo | None = None
    """Of clocks on the wall; None: this machine's."""


def parse_time(text: str, context: TimeContext) -> Timestamp:
    """The time that was typed, wherever it lies; TimeTextError says what can be typed."""
    typed = text.strip().replace("\u2212", "-").replace(",", ".")
    found = _placed(typed, context)
    if found is None and typed[:1] in ("+", "-"):
        found = _signed(typed, context.base)
    if found is None:
        found = context.origin + parse_duration(typed)
    if not TIME_MIN < found < TIME_MAX:
        raise TimeTextError(f"“{text.strip()}” lies further away than clocks can count.")
    return found


def parse_duration(text: str) -> Duration:
    """`62.5`, `1:02.5`, `250 ms`, `1h 2m`; TimeTextError says what can be typed."""
    typed = text.strip().replace(",", ".")
    clock = _CLOCK.fullmatch(typed)
    if clock is not None:
        days, hours, minutes, seconds = clock.groups()
        whole = (int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)
        return whole * 60 * NS_PER_S + _ns(seconds)
    parts = _PARTS.findall(typed.lower())
    known = all(unit in _UNITS for _, unit in parts)
    if not parts or not known or _PARTS.sub("", typed.lower()).strip():
        raise TimeTextError(f"“{text.strip()}” is no time. Type for example {EXAMPLES}.")
    return sum(int(Decimal(number) * _UNITS[unit]) for number, unit in parts)


def _signed(typed: str, base: Timestamp) -> Timestamp:
    duration = parse_duration(typed[1:])
    return base + duration if typed[0] == "+" else base - duration


def _placed(typed: str, context: TimeContext) -> Timestamp | None:
    """Times that stand for themselves; None: it is none of these."""
    extent = context.extent
    ends = {"start": extent.left, "begin": extent.left, "end": extent.right}
    if typed.lower() in ends:
        return ends[typed.lower()]
    if _NS.fullmatch(typed):
        return int(typed)
    if re.fullmatch(r"\d+(\.\d+)?\s*%", typed):
        return extent.left + int(Decimal(typed.rstrip("% ")) * extent.span / 100)
    wall = _WALL.fullmatch(typed)
    if wall is not None:
        return _wall_time(wall, context)
    of_day = _OF_DAY.fullmatch(typed)
    return None if of_day is None else _time_of_day(of_day, context)


def _wall_time(found: re.Match[str], context: TimeContext) -> Timestamp:
    year, month, day, hours, minutes, seconds, fraction, zone = found.groups()
    try:
        told = datetime(
            int(year), int(month), int(day), int(hours or 0), int(minutes or 0), int(seconds or 0)
        )
        local = told.replace(tzinfo=_zone_of(zone)) if zone else _localised(told, context.zone)
        return _seconds_of(local) * NS_PER_S + _ns(f"0{fraction or ''}")
    except (ValueError, OverflowError) as error:
        raise TimeTextError(f"“{found.string}” is no date and time ({error}).") from error


def _time_of_day(found: re.Match[str], context: TimeContext) -> Timestamp:
    """The first such moment that lies in the recording, else the one on the day it begins."""
    hours, minutes, seconds, fraction = found.groups()
    try:
        told = time(int(hours), int(minutes), int(seconds or 0))
    except ValueError as error:
        raise TimeTextError(f"“{found.string}” is no time of a day ({error}).") from error
    begin = datetime.fromtimestamp(context.extent.left // NS_PER_S, UTC).astimezone(context.zone)
    for day in (begin.date(), begin.date() + timedelta(days=1)):
        moment = _localised(datetime.combine(day, told), context.zone)
        wanted = _seconds_of(moment) * NS_PER_S + _ns(f"0{fraction or ''}")
        if context.extent.contains(wanted):
            return wanted
    moment = _localised(datetime.combine(begin.date(), told), context.zone)
    return _seconds_of(moment) * NS_PER_S + _ns(f"0{fraction or ''}")


def _localised(told: datetime, zone: tzinfo | None) -> datetime:
    return told.astimezone() if zone is None else told.replace(tzinfo=zone)


def _zone_of(text: str) -> tzinfo:
    if text.upper() in ("Z", "UTC"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _seconds_of(moment: datetime) -> int:
    # Not `timestamp()`: a float loses digits.
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def _ns(seconds: str) -> int:
    """Digits beyond the nanosecond are cut off."""
    return int(Decimal(seconds) * NS_PER_S)


def iso_text(time: Timestamp) -> str:
    """`2026-11-22T03:48:51.123456789Z`: exact, and read back by `parse_time`."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time // NS_PER_S)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time % NS_PER_S:09}Z"
