"""A clock made of straight segments: it follows another one without ever stepping back or jumping.

Each segment maps the monotonic clock to time with a rate of its own, in integers, so that every process and
every reader of a recording computes the same to the nanosecond. A segment that has begun is never changed: a
correction begins a little in the future, on the line that holds until then. Arithmetic only; asks no clock.
"""

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

from studio.timing.clock import NS_PER_MS, NS_PER_S, Duration, Timestamp

RATE_BITS = 40
"""A rate is a deviation from one second a second in units of 2**-40: steps of 1e-12."""
RATE_ONE = 1 << RATE_BITS
PPM = RATE_ONE // 1_000_000

LEAD: Duration = 50 * NS_PER_MS
"""How far in the future a correction begins: all processes have heard of it by then."""
USED_UP_IN: Duration = 5 * NS_PER_S
"""A small error is worked off in that time; a large one at the limit."""
SLEW_LIMIT = 500 * PPM
"""How much faster or slower than the followed rate the clock may go: half a millisecond a second."""
RATE_LIMIT = 500 * PPM
"""Quartz is never as far off; a rate beyond it is a mistake."""


@dataclass(frozen=True, slots=True)
class Segment:
    """From `monotonic` on: `time`, and then a second and `rate` a second."""

    monotonic: int
    time: Timestamp
    rate: int
    """Deviation from one in units of 2**-40."""

    def time_at(self, monotonic: int) -> Timestamp:
        """The time on this line, rounded down."""
        elapsed = monotonic - self.monotonic
        return self.time + elapsed + (elapsed * self.rate >> RATE_BITS)

    def monotonic_at(self, time: Timestamp) -> int:
        """The first moment at which this line shows `time` or later."""
        wanted = time - self.time
        guess = self.monotonic + wanted * RATE_ONE // (RATE_ONE + self.rate)
        while self.time_at(guess) >= time:
            guess -= 1
        while self.time_at(guess) < time:
            guess += 1
        return guess


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """The whole map from the monotonic clock to time, as a value: segments by their beginning."""

    segments: tuple[Segment, ...]

    @classmethod
    def beginning(cls, monotonic: int, time: Timestamp, rate: int = 0) -> "SegmentLine":
        """One straight line."""
        return cls((Segment(monotonic, time, _limited(rate, RATE_LIMIT)),))

    def time_at(self, monotonic: int) -> Timestamp:
        """The time at a moment; before the first segment on the first line."""
        return self._at(monotonic).time_at(monotonic)

    def rate_at(self, monotonic: int) -> int:
        """The rate at a moment."""
        return self._at(monotonic).rate

    def monotonic_at(self, time: Timestamp) -> int:
        """The first moment at which the clock shows `time` or later; the only one, without steps back."""
        place = bisect_right(self.segments, time, key=attrgetter("time"))
        return self.segments[max(0, place - 1)].monotonic_at(time)

    def steered(self, now: int, *, offset: Duration, rate: int) -> "SegmentLine":
        """Go on so that time comes to be `monotonic + offset`, with `offset` growing by `rate`.

        `offset` is as of `now`. The correction begins `LEAD` later on the line that holds then, runs at most
        `SLEW_LIMIT` faster or slower than `rate`, and ends when the error is used up. What had begun by then
        stays; what was only planned is forgotten.
        """
        rate = _limited(rate, RATE_LIMIT)
        begin = now + LEAD
        here = self.time_at(begin)
        error = begin + offset + (LEAD * rate >> RATE_BITS) - here
        slew = _limited(error * RATE_ONE // USED_UP_IN, SLEW_LIMIT)
        kept = tuple(segment for segment in self.segments if segment.monotonic < begin) or self.segments[:1]
        correcting = Segment(begin, here, rate + slew)
        if not slew:
            return SegmentLine((*kept, correcting))
        end = begin + abs(error) * RATE_ONE // abs(slew)
        return SegmentLine((*kept, correcting, Segment(end, correcting.time_at(end), rate)))

    def stepped(self, now: int, *, offset: Duration, rate: int) -> "SegmentLine":
        """Be right at once. Only while nobody looks: time may go back here."""
        kept = tuple(segment for segment in self.segments if segment.monotonic < now)
        return SegmentLine((*kept, Segment(now, now + offset, _limited(rate, RATE_LIMIT))))

    def error_at(self, monotonic: int, offset: Duration) -> Duration:
        """How much the clock would have to go on to show `monotonic + offset`."""
        return monotonic + offset - self.time_at(monotonic)

    def _at(self, monotonic: int) -> Segment:
        last = self.segments[-1]
        if monotonic >= last.monotonic:
            return last
        place = bisect_right(self.segments, monotonic, key=attrgetter("monotonic"))
        return self.segments[max(0, place - 1)]


def _limited(value: int, limit: int) -> int:
    return max(-limit, min(limit, value))


def rate_of_ppm(ppm: float) -> int:
    """Parts per million as a rate."""
    return round(ppm * RATE_ONE / 1_000_000)


def ppm_of_rate(rate: int) -> float:
    """A rate as parts per million."""
    return rate * 1_000_000 / RATE_ONE
