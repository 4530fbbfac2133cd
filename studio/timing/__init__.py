"""What time is: timestamps, intervals and clocks. Nothing here knows of messages or devices.

A timestamp is an `int`: nanoseconds since 1970-01-01T00:00 UTC (decision 1). `TIME_MIN` and `TIME_MAX` are
sentinels ("unset / unbounded") and are never computed with. UTC is read once per start-up of the studio on
this machine, kept as an anchor shared by all its processes, and advanced by the monotonic clock
(decision 5): no step of the wall clock can reach a recording.
"""

from studio.timing.clock import (
    NS_PER_MS,
    NS_PER_S,
    TIME_MAX,
    TIME_MIN,
    Clock,
    ClockAnchor,
    Duration,
    OffsetClock,
    SystemClock,
    Timestamp,
    constant_offset,
    gained_ns,
    monotonic_ns,
    slept_ns,
    wait_on,
)
from studio.timing.interval import TimeInterval
from studio.timing.relative_interval import RelativeTimeInterval
from studio.timing.replay_clock import ReplayClock

__all__ = [
    "NS_PER_MS",
    "NS_PER_S",
    "TIME_MAX",
    "TIME_MIN",
    "Clock",
    "ClockAnchor",
    "Duration",
    "OffsetClock",
    "RelativeTimeInterval",
    "ReplayClock",
    "SystemClock",
    "TimeInterval",
    "Timestamp",
    "constant_offset",
    "gained_ns",
    "monotonic_ns",
    "slept_ns",
    "wait_on",
]
