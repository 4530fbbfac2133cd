"""What the player is doing, which moves it may make, and what it tells about itself. Values only."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from studio.app.status import LiveView
from studio.formats.recording import StreamRef
from studio.timing import Duration, TimeInterval, Timestamp


class PlayerState(StrEnum):
    """What the player is doing."""

    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


class Direction(StrEnum):
    """Which way a step goes."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Move(Enum):
    """What can happen to a player."""

    PLAY = auto()
    PAUSE = auto()
    RESUME = auto()
    SEEK = auto()
    STEP = auto()
    STOP = auto()
    END = auto()
    """The end of the interval has come."""
    FAIL = auto()


_STOPPED, _PLAYING, _PAUSED = PlayerState
MOVES: dict[tuple[PlayerState, Move], PlayerState] = {
    (_STOPPED, Move.PLAY): _PLAYING,
    (_STOPPED, Move.SEEK): _STOPPED,
    (_STOPPED, Move.STEP): _PAUSED,
    (_STOPPED, Move.STOP): _STOPPED,
    (_STOPPED, Move.FAIL): _STOPPED,
    (_PLAYING, Move.PLAY): _PLAYING,
    (_PLAYING, Move.PAUSE): _PAUSED,
    (_PLAYING, Move.SEEK): _PLAYING,
    (_PLAYING, Move.STEP): _PAUSED,
    (_PLAYING, Move.STOP): _STOPPED,
    (_PLAYING, Move.END): _STOPPED,
    (_PLAYING, Move.FAIL): _STOPPED,
    (_PAUSED, Move.PLAY): _PLAYING,
    (_PAUSED, Move.RESUME): _PLAYING,
    (_PAUSED, Move.SEEK): _PAUSED,
    (_PAUSED, Move.STEP): _PAUSED,
    (_PAUSED, Move.STOP): _STOPPED,
    (_PAUSED, Move.FAIL): _STOPPED,
}
"""Every legal move; any other is ignored: two keys may cross on their way."""


@dataclass(frozen=True, slots=True)
class PlayedPictures:
    """Where the pictures of one stream are shown while it is played."""

    stream: StreamRef
    view: LiveView
    """A new size is a new file."""


@dataclass(frozen=True, slots=True)
class PlayerStatus:
    """The player at one moment."""

    state: PlayerState = PlayerState.STOPPED
    time: Timestamp = 0
    """What is being seen and heard; 0: nothing was ever played."""
    monotonic: int = 0
    """Monotonic ns at which `time` was right."""
    rate: float = 0.0
    """How fast `time` goes on from there, seconds in a second; 0.0 unless it plays."""
    interval: TimeInterval = TimeInterval.INFINITE
    speed: float = 1.0
    """As wished."""
    loop: bool = False
    enforce_clock: bool = True
    """False: as fast as possible."""
    rings: tuple[PlayedPictures, ...] = ()
    has_sound: bool = False
    """Whether sound is being played, and the clock follows it; nobody hears it if it is muted."""
    muted: bool = False
    """As wished."""
    lag: Duration = 0
    """How late the last picture was shown, ns; what the computer cannot keep up with grows."""
    problem: str = ""
    """Why it stopped, or what is missing, in people's words; gone with the next play."""
    answered: int = 0
    """Number of the last command that has been carried out."""
    runs: int = 0
    """How many runs of the pipeline there have been: one more after each seek and each turn of a loop."""

    def time_at(self, monotonic: int) -> Timestamp:
        """What is being seen at monotonic time `monotonic` ns, if nothing changes; never beyond the end."""
        moved = self.time + int((monotonic - self.monotonic) * self.rate) if self.rate else self.time
        return max(self.time, min(moved, self.interval.right))
