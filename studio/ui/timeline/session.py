"""The session on screen, as a value: its partitions, and where its streams lie in time. No Qt."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from studio.formats.recording import RecordingInfo, StreamInfo, StreamRef
from studio.formats.stream_columns import finder, last_first_time
from studio.timing import NS_PER_S, TIME_MAX, TIME_MIN, Duration, TimeInterval, Timestamp

LONGEST: Duration = 2**61
"""73 years: what spans more cannot be reckoned with in whole nanoseconds, margins included."""
EARLIEST: Timestamp = TIME_MIN + LONGEST
LATEST: Timestamp = TIME_MAX - LONGEST


@dataclass(frozen=True)
class Session:
    """One or several partitions on one axis of time: a recording, and what was derived from it."""

    infos: tuple[RecordingInfo, ...]

    @property
    def name(self) -> str:
        """Of its first partition."""
        return self.infos[0].name if self.infos else ""

    @property
    def is_live(self) -> bool:
        """Whether a partition is being recorded."""
        return any(info.live for info in self.infos)

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the partitions."""
        return tuple(info.path for info in self.infos)

    @property
    def shape(self) -> dict[str, tuple[Timestamp, int]]:
        """When each partition was made and how many streams it has; of the same shape, the same streams."""
        return {info.path: (info.created, len(info.streams)) for info in self.infos}

    @property
    def extent(self) -> TimeInterval | None:
        """From the first message of all partitions to the last, as far as a screen can show it; None while
        there is none."""
        told = self._told_extent
        if told is None:
            return None
        left, right = max(told.left, EARLIEST), min(told.right, LATEST)
        return TimeInterval(max(left, right - LONGEST), right) if left <= right else None

    @property
    def time_problem(self) -> str:
        """What is wrong with the times, in people's words; empty: nothing."""
        told, shown = self._told_extent, self.extent
        if told is None or told == shown:
            return ""
        first, last = (_year_of(time) for time in (told.left, told.right))
        what = f"The times of “{self.name}” lie between the years {first} and {last}: a clock was wrong."
        if shown is None:
            return f"{what} That is too far from now to be shown."
        return f"{what} What lies from {_year_of(shown.left)} to {_year_of(shown.right)} is shown."

    @property
    def _told_extent(self) -> TimeInterval | None:
        spans = [(info.first_time, info.last_time) for info in self.infos if info.first_time]
        if not spans:
            return None
        first = min(first for first, _ in spans)
        return TimeInterval(first, max(first, *(last for _, last in spans)))

    @property
    def cursor_time(self) -> Timestamp:
        """Where a cursor stands well at first: every stream has said something by then."""
        extent = self.extent
        if extent is None:
            return 0
        begun = max(last_first_time(info.streams) for info in self.infos)
        return min(begun or extent.left, extent.right)

    def streams(self) -> Iterator[tuple[StreamRef, StreamInfo]]:
        """All streams in the order of their partitions."""
        for info in self.infos:
            for stream in info.streams:
                yield StreamRef(info.path, stream.name), stream

    def only(self, refs: Iterable[StreamRef]) -> tuple[RecordingInfo, ...]:
        """The partitions that hold one of these streams, described with these streams only."""
        found: dict[str, list[StreamInfo]] = {}
        for ref in dict.fromkeys(refs):
            stream = self.stream(ref)
            if stream is not None:
                found.setdefault(ref.path, []).append(stream)
        return tuple(
            replace(info, streams=tuple(found[info.path])) for info in self.infos if info.path in found
        )

    def partition(self, path: str) -> RecordingInfo | None:
        """The partition of this path."""
        return next((info for info in self.infos if info.path == path), None)

    def stream(self, ref: StreamRef) -> StreamInfo | None:
        """What a reference names; None: no such stream here."""
        find = self._finders.get(ref.path)
        return None if find is None else find(ref.name)

    @cached_property
    def _finders(self) -> dict[str, Callable[[str], StreamInfo | None]]:
        """Looked up for every panel; a recording may have very many streams."""
        return {info.path: finder(info.streams) for info in self.infos}

    def replaced(self, info: RecordingInfo) -> "Session":
        """The same with a newer description of one partition."""
        return Session(tuple(info if known.path == info.path else known for known in self.infos))


def _year_of(time: Timestamp) -> int:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time // NS_PER_S)).year
