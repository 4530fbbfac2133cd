"""Keeps simulated devices and films in step with the clock, without drift. Arithmetic and waiting only."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from studio.timing import NS_PER_S, Clock, Duration, Timestamp, wait_on

MAX_WAIT: Duration = NS_PER_S // 4
"""No single wait is longer, so that a clock that is slewed is looked at again."""


@dataclass(frozen=True, slots=True)
class SampleGrid:
    """Sample k was taken at `start + k / rate`, exactly, whatever k."""

    start: Timestamp
    rate: Fraction
    """Samples per second, above 0 and at most one a nanosecond."""

    @classmethod
    def of(cls, start: Timestamp, rate: float) -> "SampleGrid":
        """The grid of a rate in Hz; raises ValueError for a rate outside 0 < rate <= 1e9."""
        if not 0.0 < rate <= NS_PER_S:
            raise ValueError(f"{rate} samples per second cannot be kept")
        return cls(start=start, rate=Fraction(rate).limit_denominator(1_000_000))

    def time_of(self, index: int) -> Timestamp:
        """When sample `index` is taken, rounded down to ns; strictly increasing."""
        return self.start + index * NS_PER_S * self.rate.denominator // self.rate.numerator

    def count_until(self, time: Timestamp) -> int:
        """How many samples have been taken up to and including `time`."""
        if time < self.start:
            return 0
        # time_of(i) <= time  <=>  i * NS_PER_S / rate < elapsed + 1
        elapsed = (time - self.start + 1) * self.rate.numerator
        return -(-elapsed // (NS_PER_S * self.rate.denominator))


def run_paced(
    cancelled: threading.Event,
    clock: Clock,
    grid: SampleGrid,
    step: int,
    *,
    final_time: Callable[[], Timestamp],
    post: Callable[[int, int], None],
) -> None:
    """Call `post(first, count)` for each block of `step` samples once its last one is due, until cancelled.

    Then the samples up to `final_time()` follow. Late blocks are all made up for.
    """
    sent = 0
    while not wait_on(cancelled, min(MAX_WAIT, grid.time_of(sent + step - 1) - clock.now())):
        if clock.now() >= grid.time_of(sent + step - 1):
            post(sent, step)
            sent += step
    due = grid.count_until(final_time())
    while sent < due:
        count = min(step, due - sent)
        post(sent, count)
        sent += count
