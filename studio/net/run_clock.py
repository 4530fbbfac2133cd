"""The clock that somebody runs on just now: one for all, slewed while it is held, begun anew afterwards.

A large step of the reference is not followed while it is held: what is being recorded keeps its time line.
"""

from collections.abc import Callable

from studio.timing import NS_PER_MS, Duration
from studio.timing.offset_tracking import OffsetEstimate
from studio.timing.segments import Segment, ppm_of_rate, rate_of_ppm
from studio.timing.steered_clock import SteeredClock, Target

SLEWED_AT_MOST: Duration = 20 * NS_PER_MS
"""A larger step is held."""
TOLD_SEGMENTS = 4


class RunClock:
    """Belongs to one thread at a time; the clocks that it hands out may be read by any."""

    def __init__(self, monotonic: Callable[[], int]) -> None:
        """`monotonic`: what counts the nanoseconds for the clocks that are handed out."""
        self._monotonic = monotonic
        self._clock: SteeredClock | None = None
        self._holders = 0
        self.held_step: Duration = 0
        """By that the clock is not the reference's, since it is held."""

    def take(self, estimate: OffsetEstimate) -> SteeredClock:
        """Hold it, until `release`; the first one to do so has it begin right on time."""
        if self._clock is None:
            self._clock = SteeredClock(_target(estimate, 0), monotonic=self._monotonic)
        self._holders += 1
        return self._clock

    def release(self, clock: SteeredClock) -> None:
        """Once for each `take`; a clock that is not held (any more) is ignored."""
        if clock is not self._clock:
            return
        self._holders -= 1
        if not self._holders:
            self._clock, self.held_step = None, 0

    def stepped(self, step: Duration) -> bool:
        """The reference was set by `step`; whether the clock does not go along."""
        if self._clock is None or abs(step) <= SLEWED_AT_MOST:
            return False
        held = self.held_step + step
        # It may have been set back: what little is left then is slewed.
        self.held_step = held if abs(held) > SLEWED_AT_MOST else 0
        return True

    def follow(self, estimate: OffsetEstimate) -> None:
        """Work off what the clock is wrong by."""
        if self._clock is not None:
            self._clock.steer(_target(estimate, self.held_step))

    def offset(self, estimate: OffsetEstimate) -> Duration:
        """What our pipelines add to the monotonic clock, as of the estimate."""
        return estimate.offset if self._clock is None else self._clock.offset_at(estimate.monotonic)

    def correction_ppm(self, estimate: OffsetEstimate) -> float:
        """How much faster than the reference it goes, to use up an error."""
        if self._clock is None:
            return 0.0
        return ppm_of_rate(self._clock.rate_at(estimate.monotonic)) - estimate.rate_ppm

    def line(self, estimate: OffsetEstimate) -> tuple[Segment, ...]:
        """Its newest segments, or that with which it would begin."""
        if self._clock is not None:
            return self._clock.line.segments[-TOLD_SEGMENTS:]
        now = estimate.monotonic
        return (Segment(now, now + estimate.offset, rate_of_ppm(estimate.rate_ppm)),)

    def begun_segments(self, since: int) -> tuple[Segment, ...]:
        """What is decided for good; nothing while nobody holds it."""
        return () if self._clock is None else self._clock.begun_segments(since)


def _target(estimate: OffsetEstimate, held_step: Duration) -> Target:
    return Target(estimate.monotonic, estimate.offset - held_step, rate_of_ppm(estimate.rate_ppm))
