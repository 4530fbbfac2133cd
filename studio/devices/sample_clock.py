"""From the moments at which blocks of samples arrive to the times of the samples. Arithmetic only.

Arrivals jitter by milliseconds and are never early; a sound card's crystal is off by some hundred ppm. A
second-order loop (a delay-locked loop) follows the card: narrow once it has settled, wide at first.
"""

import math
from dataclasses import dataclass

from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp

MAX_DRIFT = 0.002
"""How far a crystal may be from its nominal rate, relative; real ones are ten times better."""
OUTLIER: Duration = 10 * NS_PER_MS
"""A later or earlier arrival moves the loop no more than this: a busy computer, not the card, was late."""
JUMP: Duration = 60 * NS_PER_MS
JUMP_PERSISTS: Duration = NS_PER_S
"""Off by more than JUMP for so long, samples are missing (or the first arrival was late)."""

_WIDE_HZ = 1.0
_NARROW_HZ = 0.05


@dataclass(frozen=True, slots=True)
class BlockTime:
    """Where a block of samples lies in time."""

    last_time: Timestamp
    """Of its last sample (decision 3)."""
    lost: int = 0
    """Samples missing between the previous block and this one, estimated."""


class CaptureStamps:
    """When the last sample of a block was taken, from what the sound system says of it.

    PortAudio promises the time of a block's first sample; its ALSA side counts from the last one where it
    reads through a plugin. That shows as samples from the future and is then remembered.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._counts_from_last = False

    def last_sample(self, *, now: int, adc_minus_current: float, count: int) -> int:
        """Monotonic ns of the last of `count` samples in a callback at `now`; never later than `now`."""
        delay = adc_minus_current if -2.0 < adc_minus_current < 0.0 else 0.0
        length = (count - 1) / self._rate
        if delay + length > 0.001:
            self._counts_from_last = True
        return now + min(0, round((delay if self._counts_from_last else delay + length) * NS_PER_S))


class SampleClock:
    """Times of the last samples of consecutive blocks, smoothed and strictly increasing."""

    def __init__(self, rate: float) -> None:
        self._nominal = NS_PER_S / rate
        self._period = self._nominal
        self._position = 0.0
        """Smoothed time of the newest sample, relative to `_origin`: floats would lose the ns of UTC."""
        self._origin: Timestamp | None = None
        self._elapsed = 0.0
        self._suspect = 0.0
        self._least_error = 0.0
        self._last_time: Timestamp | None = None
        self.corrections = 0
        """Stamps that would have gone back and were moved (decision 3)."""

    @property
    def period(self) -> float:
        """Measured ns between samples."""
        return self._period

    def restart(self) -> None:
        """The device was opened anew: forget its card, but never go back in time."""
        self._origin = None
        self._period = self._nominal
        self._elapsed = self._suspect = 0.0

    def block(self, count: int, observed: Timestamp, *, overflowed: bool = False) -> BlockTime:
        """Place a block of `count` samples whose last one was observed at `observed`."""
        if self._origin is None:
            self._origin, self._position = observed, 0.0
            return BlockTime(last_time=self._increasing(observed, count))
        duration = count * self._period
        self._position += duration
        error = (observed - self._origin) - self._position
        lost = self._jump(error, duration, overflowed=overflowed)
        if lost is None:
            self._follow(error, count)
        # Smoothing must not say that a sample was taken after it arrived.
        time = self._origin + math.floor(self._position)
        return BlockTime(last_time=self._increasing(min(time, observed), count), lost=lost or 0)

    def _follow(self, error: float, count: int) -> None:
        length = count * self._nominal
        self._elapsed += length
        bandwidth = max(_NARROW_HZ, min(_WIDE_HZ, NS_PER_S / self._elapsed))
        omega = min(0.3, 2 * math.pi * bandwidth * length / NS_PER_S)
        step = max(-OUTLIER, min(OUTLIER, error))
        self._position += math.sqrt(2.0) * omega * step
        period = self._period + omega * omega * step / count
        limit = self._nominal * MAX_DRIFT
        self._period = max(self._nominal - limit, min(self._nominal + limit, period))

    def _jump(self, error: float, duration: float, *, overflowed: bool) -> int | None:
        """Samples lost if the card's time has jumped (it is followed at once), None if it has not."""
        if overflowed and error > OUTLIER:
            return self._leap(error)
        same_side = self._suspect > 0 and (error > 0) == (self._least_error > 0)
        if abs(error) < JUMP:
            self._suspect = 0.0
            return None
        if not same_side or abs(error) < abs(self._least_error):
            self._least_error = error
        self._suspect = self._suspect + duration if same_side else duration
        return self._leap(self._least_error) if self._suspect > JUMP_PERSISTS else None

    def _leap(self, error: float) -> int:
        self._position += error
        self._suspect = 0.0
        return max(0, round(error / self._period))

    def _increasing(self, time: Timestamp, count: int) -> Timestamp:
        """At least one ns a sample after the last one."""
        if self._last_time is not None and time < self._last_time + count:
            self.corrections += 1
            time = self._last_time + count
        self._last_time = time
        return time
