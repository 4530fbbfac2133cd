"""What a window asks a reader about numbers inside streams and messages, as frozen values. No I/O here."""

from dataclasses import dataclass
from typing import TypeAlias

from studio.formats.points import PointAxis
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class ReadSeries:
    """The numbers inside messages of JSON in a window of time. Reply: SeriesWindow."""

    path: str
    stream: str
    left: Timestamp
    right: Timestamp
    columns: int
    members: tuple[str, ...] = ()
    """Which of them; empty: all."""


@dataclass(frozen=True, slots=True)
class ReadPoints:
    """One value against another over a stretch of time, at most `limit` points. Reply: PathPoints."""

    across: PointAxis
    up: PointAxis
    left: Timestamp
    right: Timestamp
    limit: int = 4000


@dataclass(frozen=True, slots=True)
class ReadMembers:
    """What is inside messages of JSON. Reply: Members."""

    path: str
    stream: str


InsideQuery: TypeAlias = ReadSeries | ReadMembers | ReadPoints
