"""What a line of the recordings list says, as values. No Qt."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from studio.app.session_entries import SessionEntry
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.timing import NS_PER_S, Duration, Timestamp
from studio.ui import readable


class RowMark(StrEnum):
    """What a line is marked with."""

    NONE = ""
    LIVE = "live"
    WARNING = "warning"
    """Was not closed properly; opens all the same."""
    PROBLEM = "problem"
    """Cannot be opened."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line."""

    path: str
    title: str
    detail: str
    """`22 Nov 2026, 04:10 · 12:41 · 1.9 GB · 5 streams`, or what is wrong."""
    mark: RowMark = RowMark.NONE
    tooltip: str = ""

    @property
    def can_be_opened(self) -> bool:
        """Whether opening it makes sense."""
        return self.mark is not RowMark.PROBLEM


def row_of(entry: SessionEntry) -> SessionRow:
    """The line for a recording."""
    mark = _mark_of(entry)
    if mark is RowMark.PROBLEM:
        detail = f"{readable.size(entry.byte_size)} · cannot be opened"
    else:
        detail = " · ".join(_facts_of(entry))
    return SessionRow(entry.path, entry.name, detail, mark, _tooltip_of(entry, mark))


def _mark_of(entry: SessionEntry) -> RowMark:
    if entry.live:
        return RowMark.LIVE
    if entry.problem:
        return RowMark.PROBLEM
    return RowMark.NONE if entry.clean else RowMark.WARNING


def _facts_of(entry: SessionEntry) -> list[str]:
    if entry.live and entry.problem:
        return ["just begun"]
    streams = f"{entry.stream_count}{readable.SPACE}stream{'s' * (entry.stream_count != 1)}"
    # Of one that grows, the size in this list would be that of its first second; the status bar has it.
    grown = [] if entry.live else [duration_text(entry.duration_ns), readable.size(entry.byte_size)]
    return [date_text(entry.started_time), *grown, streams]


def _tooltip_of(entry: SessionEntry, mark: RowMark) -> str:
    says = {
        RowMark.NONE: "",
        RowMark.LIVE: "It is being recorded right now.",
        RowMark.WARNING: "It was not closed properly; all that had been written is there.",
        RowMark.PROBLEM: entry.problem,
    }[mark]
    return "\n".join(part for part in (says, entry.path) if part)


def stream_lines(info: RecordingInfo) -> tuple[tuple[str, str], ...]:
    """Name and facts of each stream, for the lines below a recording."""
    return tuple((stream.name, _stream_facts(stream)) for stream in info.streams)


def _stream_facts(stream: StreamInfo) -> str:
    if not stream.message_count:
        return "nothing was recorded"
    length = duration_text(stream.last_time - stream.first_time)
    facts = [readable.rate(stream.format, 0.0), length, readable.size(stream.byte_count)]
    if stream.dropped:
        facts.append(readable.dropped(stream.dropped))
    return " · ".join(fact for fact in facts if fact != readable.NOTHING)


def date_text(time: Timestamp) -> str:
    """`22 Nov 2026, 04:10` in this machine's zone."""
    local = datetime.fromtimestamp(time // NS_PER_S, UTC).astimezone()
    return f"{local.day}{readable.SPACE}{local:%b %Y, %H:%M}"


def duration_text(duration: Duration) -> str:
    """`12:41` or `1:12:41`; tenths of a second below a minute."""
    tenths = max(0, duration) // (NS_PER_S // 10)
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10}{readable.SPACE}s"
    seconds = tenths // 10
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
