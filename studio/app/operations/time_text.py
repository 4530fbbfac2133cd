"""Moments as people type them: seconds or a clock since the beginning, or a date with time. Text only."""

import re
from datetime import datetime
from decimal import Decimal

from studio.errors import SettingsError
from studio.timing import NS_PER_S, Timestamp

_SECONDS = re.compile(r"\d+(\.\d*)?|\.\d+")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d*)?)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def moment(text: str, begin: Timestamp) -> Timestamp:
    """The time that `text` means in a recording that begins at `begin`.

    `12.5` and `1:02:03.5` count from the beginning; `2026-11-22T03:48:50.5Z` is a date, in local time without
    a zone. Raises SettingsError for anything else.
    """
    given = text.strip()
    if _SECONDS.fullmatch(given):
        return begin + _nanoseconds(given)
    if (clock := _CLOCK.fullmatch(given)) and int(clock[2]) < 60 and Decimal(clock[3]) < 60:
        whole = int(clock[1] or 0) * 3600 + int(clock[2]) * 60
        return begin + whole * NS_PER_S + _nanoseconds(clock[3])
    if (date := _DATE.fullmatch(given)) and (found := _date(date[1], date[3])) is not None:
        return found + _nanoseconds(date[2] or "0")
    raise SettingsError(
        f"{text!r} is no time: write seconds since the beginning (12.5), a clock (1:02:03.5) or a date with "
        "time (2026-11-22T03:48:50.5Z)."
    )


def _nanoseconds(seconds: str) -> int:
    return int((Decimal(seconds) * NS_PER_S).to_integral_value())


def _date(text: str, zone: str | None) -> Timestamp | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "T") + (zone or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return int(found.astimezone().timestamp()) * NS_PER_S
