"""Timestamps and clocks. The only module that asks the operating system for the time."""

import time
from collections.abc import Callable
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

LONGEST_WAIT_S = 3_000_000.0
"""A month: what the operating system takes as a limit everywhere."""


monotonic_ns: Callable[[], int] = time.monotonic_ns
"""Nanoseconds of the monotonic clock: steady, shared by all processes of this start-up of the machine."""


def slept_ns() -> Duration:
    """How long the machine has been suspended since it started, as far as it can tell; 0 where it cannot.

    The monotonic clock stands still meanwhile.
    """
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    return 0 if boot_clock is None else time.clock_gettime_ns(boot_clock) - time.monotonic_ns()


def gained_ns() -> Duration:
    """What the monotonic clock has gained on the bare oscillator, by the doing of a time service; 0 where
    that cannot be told. The tightest of 5 readings is taken.
    """
    oscillator = getattr(time, "CLOCK_MONOTONIC_RAW", None)
    if oscillator is None:
        return 0
    tries = [(time.monotonic_ns(), time.clock_gettime_ns(oscillator), time.monotonic_ns()) for _ in range(5)]
    before, raw, after = min(tries, key=lambda reading: reading[2] - reading[0])
    return (before + after) // 2 - raw


def wait_on(event: Event, duration: Duration) -> bool:
    """Wait until `event` is set or `duration` (ns), a month at most, has passed; True if it was set."""
    return event.wait(min(max(0, duration) / NS_PER_S, LONGEST_WAIT_S))


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


def constant_offset(clock: Clock) -> Duration | None:
    """What the clock adds to the monotonic one, if that never changes; who reads it very often may do so.

    None: it may change, and the clock has to be asked each time.
    """
    return clock.from_monotonic(0) if type(clock) is SystemClock else None
