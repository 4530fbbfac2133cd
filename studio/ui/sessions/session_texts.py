"""Dates and lengths as the list of sessions writes them. No Qt."""

import unicodedata
from datetime import UTC, datetime, timedelta

from studio.timing import NS_PER_S, Duration, Timestamp
from studio.ui import readable

_SIGNS = {"\n": "\u2424", "\r": "\u240d", "\t": " "}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def date_text(time: Timestamp) -> str:
    """`22 Nov 2026, 04:10` in this machine's zone; a dash for what no calendar has."""
    try:
        local = (_EPOCH + timedelta(seconds=time // NS_PER_S)).astimezone()
    except (OverflowError, ValueError, OSError):
        return readable.NOTHING
    return f"{local.day}{readable.SPACE}{local:%b %Y, %H:%M}"


def duration_text(duration: Duration) -> str:
    """`12:41` or `1:12:41`; tenths of a second below a minute."""
    tenths = max(0, duration) // (NS_PER_S // 10)
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10}{readable.SPACE}s"
    seconds = tenths // 10
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def one_line(name: str) -> str:
    """A name as a line can show it: what would begin a new line, or is no character, becomes a sign."""
    return "".join(_SIGNS.get(c, "\ufffd") if _is_control(c) else c for c in name)


def title(session: str, part: str) -> str:
    """A recording in one line: its session, and its part of it where that says more."""
    return one_line(f"{session} \u00b7 {part}" if session and part and part != session else session or part)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn", "Zl", "Zp")


def plural(count: int, word: str) -> str:
    """`1 stream`, `5 streams`."""
    return f"{readable.count(count)}{readable.SPACE}{word}{'s' * (count != 1)}"
