"""Timestamps and clocks. The only module that asks the operating system for the time."""

import time
from dataclasses import dataclass
from threading import Event
from typing import Protocol, TypeAlias

Timestamp: TypeAlias = int
"""Nanoseconds since 1970-01-01T00:00 UTC (decision 1)."""

Duration: TypeAlias = int
"""Nanoseconds."""

TIME_MIN: Timestamp = -(2**63)
"""Sentinel: unset, or unbounded to the left. Never computed with."""

TIME_MAX: Timestamp = 2**63 - 1
"""Sentinel: infinite, no more to come. Never computed with."""

NS_PER_MS: Duration = 1_000_000
NS_PER_S: Duration = 1_000_000_000


def monotonic_ns() -> int:
    """Nanoseconds of the monotonic clock: steady, shared by all processes of this start-up of the machine."""
    return time.monotonic_ns()


def wait_on(event: Event, duration: Duration) -> bool:
    """Wait until `event` is set or `duration` (ns) has passed; True if it was set."""
    return event.wait(max(0, duration) / NS_PER_S)


class Clock(Protocol):
    """Tells the time that messages are stamped with."""

    def now(self) -> Timestamp:
        """The current time."""
        ...

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time at which the monotonic clock stood at `monotonic` ns (device callbacks stamp with it)."""
        ...


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    """One reading of the wall clock together with the monotonic clock (decision 5)."""

    utc_time: Timestamp
    monotonic: int

    @classmethod
    def read(cls) -> "ClockAnchor":
        """Read both clocks now, the monotonic one around the other; the tightest of 5 tries is taken."""
        tries = [(time.monotonic_ns(), time.time_ns(), time.monotonic_ns()) for _ in range(5)]
        before, utc_time, after = min(tries, key=lambda reading: reading[2] - reading[0])
        return cls(utc_time=utc_time, monotonic=(before + after) // 2)


class SystemClock:
    """UTC as anchored once, advanced by the monotonic clock: never steps, never goes back (decision 5)."""

    def __init__(self, anchor: ClockAnchor | None = None) -> None:
        self.anchor = anchor if anchor is not None else ClockAnchor.read()
        self._offset = self.anchor.utc_time - self.anchor.monotonic

    def now(self) -> Timestamp:
        """The current time."""
        return time.monotonic_ns() + self._offset

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time at which the monotonic clock stood at `monotonic` ns."""
        return monotonic + self._offset


class ReplayClock:
    """Recorded time: begins at `start` when made and advances at `speed` (rules E135, E139)."""

    def __init__(self, start: Timestamp, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._origin = time.monotonic_ns()

    def now(self) -> Timestamp:
        """The current time."""
        return self.from_monotonic(time.monotonic_ns())

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The recorded time shown when the monotonic clock stood at `monotonic` ns."""
        elapsed = monotonic - self._origin
        # Not through a float at normal speed: whole nanoseconds stay whole.
        return self._start + (elapsed if self._speed == 1.0 else int(elapsed * self._speed))


class OffsetClock:
    """Another clock, shifted (rule E139)."""

    def __init__(self, clock: Clock, offset: Duration) -> None:
        self._clock = clock
        self._offset = offset

    def now(self) -> Timestamp:
        """The current time."""
        return self._clock.now() + self._offset

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time shown when the monotonic clock stood at `monotonic` ns."""
        return self._clock.from_monotonic(monotonic) + self._offset
