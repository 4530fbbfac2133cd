"""How long work tells what it has done, is called off, and what it came to. Values and arithmetic only."""

from dataclasses import dataclass
from typing import Protocol

from studio.errors import Cancelled as Cancelled
from studio.timing import NS_PER_S, Duration


class Progress(Protocol):
    """Who wants to know how far an operation is; called on its thread, often."""

    def report(self, done: float, text: str = "") -> None:
        """`done` from 0 to 1, `text` what is being done. Raises Cancelled when the result is not wanted."""
        ...

    def makes(self, place: str) -> None:
        """A folder with unfinished work, to be removed by whoever ends this process by force."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation has come to."""

    paths: tuple[str, ...]
    """What was made, absolute; empty when nothing was to be made."""
    text: str
    """A sentence for people."""
    remarks: tuple[str, ...] = ()
    """More lines: what is wrong, what was left out and why."""
    is_good: bool = True
    """False: it was done, and what it found is not as it should be."""


class Unwatched:
    """Progress that nobody looks at."""

    def report(self, done: float, text: str = "") -> None:
        """Go on."""

    def makes(self, place: str) -> None:
        """Nobody would remove it."""


class Share:
    """The part of a longer progress that one step of it makes, from `begin` to `end`."""

    def __init__(self, whole: Progress, begin: float, end: float, text: str = "") -> None:
        self._whole = whole
        self._begin = begin
        self._end = end
        self._text = text

    def report(self, done: float, text: str = "") -> None:
        """As of the whole."""
        done = min(1.0, max(0.0, done))
        self._whole.report(self._begin + (self._end - self._begin) * done, text or self._text)

    def makes(self, place: str) -> None:
        """As of the whole."""
        self._whole.makes(place)


class RemainingTime:
    """Estimates how long work still takes, from when it had done how much."""

    PATIENCE: Duration = NS_PER_S
    """Before that nothing is said: a first guess is often wrong by a factor."""
    MEMORY = 0.3
    """Share of a new speed in the average; what was true a minute ago need not be true now."""

    def __init__(self) -> None:
        self._begun: Duration | None = None
        self._last: tuple[Duration, float] | None = None
        self._speed = 0.0

    def take(self, now: Duration, done: float) -> float | None:
        """Seconds that remain when `done` of 1 was done at `now` (monotonic ns); None: not known yet."""
        if self._last is None or self._begun is None:
            self._begun, self._last = now, (now, done)
            return None
        elapsed, step = now - self._last[0], done - self._last[1]
        if elapsed >= NS_PER_S // 4 and step >= 0:
            speed = step / (elapsed / NS_PER_S)
            self._speed = speed if not self._speed else self._speed + self.MEMORY * (speed - self._speed)
            self._last = (now, done)
        if now - self._begun < self.PATIENCE or self._speed <= 0:
            return None
        return (1.0 - done) / self._speed
