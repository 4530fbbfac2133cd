"""Recorded time that runs: at a speed, paused, or moved on by hand (rules E135, E139, decision 7)."""

import threading
from dataclasses import dataclass

from studio.timing.clock import Duration, Timestamp, monotonic_ns

SLOWEST = 0.1
FASTEST = 16.0


def checked_speed(speed: float) -> float:
    """The speed; ValueError outside 0.1 to 16."""
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"the speed of a replay must lie between {SLOWEST} and {FASTEST}, not {speed}")
    return speed


@dataclass(frozen=True, slots=True)
class _Line:
    """Time as a straight line, up to the next change."""

    origin: int
    """Monotonic ns at which it begins."""
    start: Timestamp
    """Recorded time at which it begins."""
    speed: float
    """0: paused."""

    def at(self, monotonic: int) -> Timestamp:
        elapsed = monotonic - self.origin
        # Not through a float at normal speed: whole nanoseconds stay whole.
        return self.start + (elapsed if self.speed == 1.0 else int(elapsed * self.speed))


class ReplayClock:
    """Begins at `start` when made and advances at `speed`; never goes back, whatever is changed.

    May be read and changed by any thread.
    """

    def __init__(self, start: Timestamp, speed: float = 1.0, *, is_paused: bool = False) -> None:
        """ValueError for a speed outside 0.1 to 16."""
        self._lock = threading.Lock()
        self._speed = checked_speed(speed)
        self._is_paused = is_paused
        self._line: _Line | None = _Line(monotonic_ns(), start, 0.0 if is_paused else speed)

    def now(self) -> Timestamp:
        """The current time."""
        while True:
            line = self._line
            monotonic = monotonic_ns()
            # A reading that crosses a change might lie ahead of what comes after it: read again.
            if line is not None and self._line is line:
                return line.at(monotonic)
            with self._lock:
                pass

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The recorded time at monotonic time `monotonic` ns, if nothing is changed in between."""
        return self._current().at(monotonic)

    def to_monotonic(self, time: Timestamp) -> int:
        """When the monotonic clock shows it, or showed it, if nothing is changed in between.

        While paused: as if it were resumed now.
        """
        line = self._current()
        if line.speed:
            return line.origin + round((time - line.start) / line.speed)
        return monotonic_ns() + round((time - line.start) / self._speed)

    def real_time_until(self, time: Timestamp) -> Duration | None:
        """How long (ns, in the world) until the clock shows `time`; None: it is paused before it."""
        ahead = time - self.now()
        if ahead <= 0:
            return ahead
        speed = self._current().speed
        # Rounded up: whoever waits so long must not wake before the time.
        return int(ahead / speed) + 1 if speed else None

    @property
    def speed(self) -> float:
        """Seconds of recorded time in a second of the world while it is not paused."""
        return self._speed

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        return self._is_paused

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, if paused once resumed; ValueError outside 0.1 to 16."""
        with self._lock:
            self._speed = checked_speed(speed)
            self._change()

    def pause(self) -> None:
        """Stand still; again: no effect."""
        with self._lock:
            self._is_paused = True
            self._change()

    def resume(self) -> None:
        """Go on; again: no effect."""
        with self._lock:
            self._is_paused = False
            self._change()

    def move_to(self, time: Timestamp) -> None:
        """Jump ahead; a time that has been already is ignored: a clock does not go back."""
        with self._lock:
            self._change(time)

    def _change(self, to: Timestamp | None = None) -> None:
        line, self._line = self._current_locked(), None  # from here on nobody gets a time of the old line
        monotonic = monotonic_ns()
        time = line.at(monotonic)
        time = time if to is None else max(time, to)
        self._line = _Line(monotonic, time, 0.0 if self._is_paused else self._speed)

    def _current(self) -> _Line:
        with self._lock:
            return self._current_locked()

    def _current_locked(self) -> _Line:
        if self._line is None:
            raise RuntimeError("a change of the clock was left unfinished")
        return self._line
