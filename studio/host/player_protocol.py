"""What the window and the player say to each other, as frozen values. No I/O here.

The window sends `Request(number, command)`; nothing is answered one by one. The player pushes `PlayerStatus`
values, some ten a second while it plays, and in each of them the number of the last command carried out.
"""

from dataclasses import dataclass
from typing import TypeAlias

from studio.app.player_status import Direction
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval, Timestamp


@dataclass(frozen=True, slots=True)
class Load:
    """These streams are played from now on; what was playing stops."""

    streams: tuple[StreamRef, ...]
    max_width: int = 960
    """Pictures are shrunk to fit; never enlarged."""
    max_height: int = 540


@dataclass(frozen=True, slots=True)
class Play:
    """Play an interval, both ends as it declares them."""

    interval: TimeInterval
    speed: float = 1.0
    loop: bool = False
    enforce_clock: bool = True
    """False: as fast as possible."""
    start: Timestamp | None = None
    """Begin there and not at the left end; a loop goes back to the left end."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to a time, and go on with what it is doing. Of several on their way only the newest counts."""

    time: Timestamp


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Seconds of recording in a second, 0.1 to 16."""

    speed: float


@dataclass(frozen=True, slots=True)
class SetLoop:
    """At the end of the interval begin again, or not."""

    loop: bool


@dataclass(frozen=True, slots=True)
class SetMuted:
    """Let no sound come out, or do; holds for all that is loaded later, too."""

    muted: bool


@dataclass(frozen=True, slots=True)
class Step:
    """To the next or previous message of a stream, or of any; stands still there."""

    direction: Direction
    stream: StreamRef | None = None


@dataclass(frozen=True, slots=True)
class StopPlaying:
    """Play no more; stays where it is."""


PlayerCommand: TypeAlias = (
    Load | Play | Pause | Resume | Seek | SetSpeed | SetLoop | SetMuted | Step | StopPlaying
)


@dataclass(frozen=True, slots=True)
class PlayerRequest:
    """A numbered command."""

    number: int
    body: PlayerCommand
