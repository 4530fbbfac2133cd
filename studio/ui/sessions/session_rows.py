"""What a row of the list of sessions says, as values. No Qt."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from studio.app.session_entries import DatasetEntry, PartitionEntry, SessionEntry
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo
from studio.timing import Duration, Timestamp
from studio.ui import readable
from studio.ui.sessions.session_texts import date_text, duration_text, one_line, plural
from studio.ui.sessions.tree_columns import measured_rate

MOST_TAGS = 3


class RowMark(StrEnum):
    """What a row is marked with."""

    NONE = ""
    LIVE = "live"
    DERIVED = "derived"
    """Made by processing."""
    RECOVERED = "recovered"
    """Was not closed properly, and has been put in order."""
    WARNING = "warning"
    """Was not closed properly; opens all the same."""
    PROBLEM = "problem"
    """Cannot be opened."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    title: str
    detail: str = ""
    """`22 Nov 2026, 04:10 · 12:41 · 1.9 GB · 5 streams`, or what is wrong."""
    icon: str = ""
    mark: RowMark = RowMark.NONE
    tooltip: str = ""


_SAYS = {
    RowMark.LIVE: "It is being recorded right now.",
    RowMark.DERIVED: "It was made by processing.",
    RowMark.RECOVERED: "Its recorder died; it was put in order, and all that had been written is there.",
    RowMark.WARNING: "It was not closed properly; it opens, and all that had been written is there.",
}
_ICONS = {
    PayloadKind.AUDIO: "microphone",
    PayloadKind.JPEG: "video",
    PayloadKind.EVENT: "events",
    PayloadKind.STRING: "text",
    PayloadKind.JSON: "text",
}


def session_row(session: SessionEntry) -> Row:
    """The row of a session."""
    mark = _mark_of(session)
    return Row(
        one_line(session.name),
        _session_detail(session, mark),
        "session",
        mark,
        _tooltip(_says(session, mark), session.description_problem, _described(session), session.path),
    )


def partition_row(partition: PartitionEntry) -> Row:
    """The row of a recording of a session."""
    mark = _mark_of(partition)
    if mark is RowMark.NONE and partition.derived:
        mark = RowMark.DERIVED
    about = f"Recorded on {partition.machine}" if partition.machine else ""
    devices = ", ".join(partition.devices)
    return Row(
        one_line(partition.name),
        _partition_detail(partition, mark),
        "derived" if partition.derived else "recording",
        mark,
        _tooltip(_says(partition, mark), about, devices, partition.path),
    )


def stream_row(stream: StreamInfo, shown: str = "") -> Row:
    """The row of a stream; `shown`: what is left of its name below its group."""
    detail = _stream_facts(stream)
    return Row(
        one_line(shown or stream.name),
        detail,
        "video" if stream.format.kind.is_picture else _ICONS.get(stream.format.kind, "signal"),
        tooltip=_tooltip(one_line(stream.name), detail, *_stream_particulars(stream), stream.device),
    )


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder of sessions, a dataset, in numbers."""

    sessions: int = 0
    byte_size: int = 0
    duration_ns: Duration = 0
    """Of all sessions together."""
    first_time: Timestamp = 0
    """The earliest beginning of a session; 0 while there is none."""
    last_time: Timestamp = 0

    @property
    def extent(self) -> str:
        """`14 Nov 2023, 22:13 to 2 Dec 2023, 09:00`; empty: there is none."""
        return f"{date_text(self.first_time)} to {date_text(self.last_time)}" if self.last_time else ""


def folder_row(folder: str, said: DatasetEntry, facts: FolderFacts, shown: int, problem: str) -> Row:
    """The row of a folder of sessions."""
    name = one_line(said.name.strip() or PurePath(folder).name or folder)
    if problem:
        return Row(name, problem, "folder", RowMark.PROBLEM, _tooltip(problem, folder))
    count = plural(facts.sessions, "session")
    if shown != facts.sessions:
        count = f"{readable.count(shown)} of {count}"
    lasts = [duration_text(facts.duration_ns)] if facts.duration_ns else []
    detail = " · ".join((count, *lasts, readable.size(facts.byte_size)))
    about = (said.description[:400], said.problem, facts.extent, folder)
    return Row(name, detail, "folder", RowMark.WARNING if said.problem else RowMark.NONE, _tooltip(*about))


def _mark_of(entry: SessionEntry | PartitionEntry) -> RowMark:
    if entry.live:
        return RowMark.LIVE
    if entry.problem:
        return RowMark.PROBLEM
    if entry.clean:
        return RowMark.NONE
    return RowMark.RECOVERED if entry.recovered else RowMark.WARNING


def _says(entry: SessionEntry | PartitionEntry, mark: RowMark) -> str:
    return entry.problem if mark is RowMark.PROBLEM else _SAYS.get(mark, "")


def _session_detail(session: SessionEntry, mark: RowMark) -> str:
    if mark is RowMark.PROBLEM:
        return f"{readable.size(session.byte_size)} · cannot be opened"
    if not session.partitions:
        return (
            f"{date_text(session.created)} · no recording in it" if session.created else "no recording in it"
        )
    if session.live and not session.stream_count:
        return "just begun"
    facts = [date_text(session.started_time), *_amount(session, mark)]
    facts += [session.participant] if session.participant else []
    facts += [f"#{tag}" for tag in session.tags[:MOST_TAGS]]
    return one_line(" · ".join(facts))


def _partition_detail(partition: PartitionEntry, mark: RowMark) -> str:
    if mark is RowMark.PROBLEM:
        return f"{readable.size(partition.byte_size)} · {partition.problem}"
    if partition.live and not partition.stream_count:
        return "just begun"
    return " · ".join(_amount(partition, mark))


def _amount(entry: SessionEntry | PartitionEntry, mark: RowMark) -> list[str]:
    # Of one that grows, the size in this list would be that of some seconds ago; the status bar has it.
    grown = [] if mark is RowMark.LIVE else [duration_text(entry.duration_ns), readable.size(entry.byte_size)]
    return [*grown, plural(entry.stream_count, "stream")]


def _described(session: SessionEntry) -> str:
    tags = " ".join(f"#{tag}" for tag in session.tags)
    return "\n".join(part for part in (session.participant, tags, session.notes[:400]) if part)


def _tooltip(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _stream_facts(stream: StreamInfo) -> str:
    if not stream.message_count:
        return "nothing was recorded"
    facts = [
        readable.rate(stream.format, measured_rate(stream)),
        duration_text(stream.last_time - stream.first_time),
        readable.size(stream.byte_count),
    ]
    if stream.dropped:
        facts.append(readable.dropped(stream.dropped))
    return " · ".join(fact for fact in facts if fact != readable.NOTHING)


def _stream_particulars(stream: StreamInfo) -> tuple[str, ...]:
    """What it holds, since when, how much of it, and what is missing: a line each."""
    held = stream.format
    what = [readable.kind(held.kind), held.dtype if held.kind.is_sampled else "", held.units]
    what += [plural(held.channels, "channel")] if held.kind.is_sampled else []
    if not stream.message_count:
        return (" · ".join(part for part in what if part),)
    amount = [plural(stream.message_count, "message")]
    amount += [plural(stream.sample_count, "value")] if stream.sample_count else []
    amount.append(f"{readable.size(round(stream.byte_count / stream.message_count))} each")
    missing = f"{readable.count(stream.dropped)} of {readable.count(stream.produced)} missing"
    gaps = f", in {plural(stream.gaps, 'gap')}" if stream.gaps else ""
    return (
        " · ".join(part for part in what if part),
        f"from {date_text(stream.first_time)}",
        " · ".join(amount),
        f"{missing}{gaps}" if stream.dropped and stream.produced else "",
    )
