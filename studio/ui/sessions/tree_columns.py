"""The columns of the list of sessions: what stands in each, and in which order rows are sorted. No Qt."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.formats.recording import StreamInfo
from studio.timing import NS_PER_S, Duration
from studio.ui import readable
from studio.ui.sessions.session_texts import date_text, duration_text
from studio.ui.sync.clock_texts import bound_text

Entry: TypeAlias = SessionEntry | PartitionEntry | StreamInfo


class Column(StrEnum):
    """In the order in which they stand; the name is always shown."""

    NAME = "name"
    START = "start"
    DURATION = "duration"
    SIZE = "size"
    STREAMS = "streams"
    MESSAGES = "messages"
    RATE = "rate"
    CLOCK = "clock"
    STATE = "state"


HEADINGS = {
    Column.NAME: "Name",
    Column.START: "Start",
    Column.DURATION: "Duration",
    Column.SIZE: "Size",
    Column.STREAMS: "Streams",
    Column.MESSAGES: "Messages",
    Column.RATE: "Rate",
    Column.CLOCK: "Clock bound",
    Column.STATE: "State",
}
COLUMNS = tuple(Column)
NUMBERS = frozenset(COLUMNS) - {Column.NAME, Column.START, Column.STATE}
"""Aligned to the right."""
NEWEST_FIRST = f"-{Column.START}"
"""The order at first: a minus means that the greatest comes first."""


def cell(entry: Entry, column: Column) -> str:
    """What stands there; empty where it makes no sense."""
    if isinstance(entry, StreamInfo):
        text = _STREAM_CELLS.get(column)
        return text(entry) if text is not None else ""
    return _ENTRY_CELLS[column](entry)


def state_of(entry: Entry) -> str:
    """`live`, `recovered`, ... in a word."""
    if isinstance(entry, StreamInfo):
        return f"{readable.dropped(entry.dropped)}" if entry.dropped else ""
    if entry.live:
        return "live"
    if entry.problem:
        return "broken"
    if entry.recovered:
        return "recovered"
    return "clean" if entry.clean else "not closed"


def sort_key(entry: Entry, column: Column) -> tuple[Any, ...]:
    """What rows are compared by; those that are alike stand in the order of their names."""
    return (_SORT[column](entry), natural(entry.name))


@lru_cache(maxsize=16384)
def natural(name: str) -> tuple[Any, ...]:
    """Names in the order in which people count: `P2` before `P10`."""
    parts: list[tuple[int, Any]] = []
    digits = ""
    for sign in name.casefold() + "\0":
        if sign.isascii() and sign.isdigit():
            digits += sign
            continue
        if digits:
            parts.append((0, int(digits[:18])))
            digits = ""
        parts.append((1, sign))
    return tuple(parts)


def clock_text(bound_ns: Duration | None) -> str:
    """`± 41 µs`; a dash where nothing is known."""
    return "\u2014" if bound_ns is None else bound_text(bound_ns)


def _messages_per_second(count: int, duration: Duration) -> str:
    if count < 2 or duration <= 0:
        return readable.NOTHING
    rate = count * NS_PER_S / duration
    return f"{rate:.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def _is_known(entry: SessionEntry | PartitionEntry) -> bool:
    return not entry.problem and bool(entry.stream_count)


_ENTRY_CELLS: dict[Column, Callable[[Any], str]] = {
    Column.NAME: lambda entry: entry.name,
    Column.START: lambda entry: date_text(entry.started_time),
    Column.DURATION: lambda entry: duration_text(entry.duration_ns) if _is_known(entry) else "",
    Column.SIZE: lambda entry: readable.size(entry.byte_size),
    Column.STREAMS: lambda entry: readable.count(entry.stream_count) if _is_known(entry) else "",
    Column.MESSAGES: lambda entry: readable.count(entry.message_count) if _is_known(entry) else "",
    Column.RATE: lambda entry: _messages_per_second(entry.message_count, entry.duration_ns),
    Column.CLOCK: lambda entry: clock_text(entry.clock_bound_ns),
    Column.STATE: state_of,
}

_STREAM_CELLS: dict[Column, Callable[[StreamInfo], str]] = {
    Column.NAME: lambda stream: stream.name,
    Column.START: lambda stream: date_text(stream.first_time) if stream.message_count else "",
    Column.DURATION: lambda stream: duration_text(_length(stream)) if stream.message_count else "",
    Column.SIZE: lambda stream: readable.size(stream.byte_count),
    Column.MESSAGES: lambda stream: readable.count(stream.message_count),
    Column.RATE: lambda stream: readable.rate(stream.format, measured_rate(stream)),
    Column.STATE: state_of,
}

_SORT: dict[Column, Callable[[Any], Any]] = {
    Column.NAME: lambda entry: (),
    Column.START: lambda entry: entry.started_time,
    Column.DURATION: lambda entry: entry.duration_ns,
    Column.SIZE: lambda entry: entry.byte_size,
    Column.STREAMS: lambda entry: entry.stream_count,
    Column.MESSAGES: lambda entry: entry.message_count,
    Column.RATE: lambda entry: entry.message_count / max(1, entry.duration_ns),
    Column.CLOCK: lambda entry: -1 if entry.clock_bound_ns is None else entry.clock_bound_ns,
    Column.STATE: state_of,
}


def _length(stream: StreamInfo) -> Duration:
    return stream.last_time - stream.first_time


def measured_rate(stream: StreamInfo) -> float:
    """Messages a second of those without a rate of their own; 0 for others, whose rate is nominal."""
    if stream.format.rate or stream.message_count < readable.SETTLED_AFTER or _length(stream) <= 0:
        return 0.0
    return (stream.message_count - 1) * NS_PER_S / _length(stream)
