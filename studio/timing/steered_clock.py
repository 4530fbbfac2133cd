"""A clock that follows another one while somebody runs on it: corrected by going faster or slower, only.

It reads its line and the monotonic clock under one lock with those who correct it, so that whatever is asked
by whichever thread at whatever moment, a later moment is never told an earlier time.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from studio.timing.clock import NS_PER_S, Duration, Timestamp, monotonic_ns
from studio.timing.segments import LEAD, RATE_BITS, Segment, SegmentLine

FORESIGHT: Duration = NS_PER_S
"""What was told of moments up to so far ahead stays true; of later ones it is a forecast."""
MOST_SEGMENTS = 20_000
"""A day and more of corrections; older ones are forgotten by halves."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the clock shall come to show: `monotonic + offset`, `offset` growing by `rate`."""

    as_of: int
    """Monotonic ns for which `offset` holds."""
    offset: Duration
    rate: int
    """In units of 2**-40."""

    def offset_at(self, monotonic: int) -> Duration:
        """The offset at another moment."""
        return self.offset + ((monotonic - self.as_of) * self.rate >> RATE_BITS)


class SteeredClock:
    """Never decreases, never jumps, never runs faster than its limits. Any thread."""

    def __init__(self, target: Target, *, monotonic: Callable[[], int] = monotonic_ns) -> None:
        """Begins right on `target`. `monotonic`: what counts the nanoseconds of this machine."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        now = monotonic()
        self._line = SegmentLine.beginning(now, now + target.offset_at(now), target.rate)
        self._latest_asked = now

    def now(self) -> Timestamp:
        """The current time."""
        with self._lock:
            return self._told(self._monotonic())

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time at which the monotonic clock stands at `monotonic` ns.

        Of what is more than a second ahead it is a forecast, which the next correction may change.
        """
        with self._lock:
            return self._told(monotonic)

    @property
    def line(self) -> SegmentLine:
        """All that is decided, what is still to come included."""
        return self._line

    def begun_segments(self, since: int = 0) -> tuple[Segment, ...]:
        """The segments that have begun, which nothing will change any more, from that holding at `since`."""
        with self._lock:
            now = self._monotonic()
            segments = self._line.segments
        begun = bisect_right(segments, now, key=attrgetter("monotonic"))
        first = bisect_right(segments, since, hi=begun, key=attrgetter("monotonic"))
        return segments[max(0, first - 1) : begun]

    def steer(self, target: Target) -> None:
        """Work off the difference to `target`, from a moment on."""
        with self._lock:
            now = self._monotonic()
            ahead = min(self._latest_asked, now + FORESIGHT)
            begin = max(now, ahead - LEAD)
            line = self._line.steered(begin, offset=target.offset_at(begin), rate=target.rate)
            if len(line.segments) > MOST_SEGMENTS:
                line = SegmentLine(line.segments[-MOST_SEGMENTS // 2 :])
            self._line = line

    def offset_at(self, monotonic: int) -> Duration:
        """What it adds to the monotonic clock at a moment."""
        return self._line.time_at(monotonic) - monotonic

    def rate_at(self, monotonic: int) -> int:
        """How much faster than the monotonic clock it goes at a moment, in units of 2**-40."""
        return self._line.rate_at(monotonic)

    def _told(self, monotonic: int) -> Timestamp:
        self._latest_asked = max(self._latest_asked, monotonic)
        return self._line.time_at(monotonic)
