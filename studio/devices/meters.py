"""Measures how fast and how loud a stream is. Arithmetic only: not thread-safe, asks no clock."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from studio.timing import NS_PER_MS, NS_PER_S, Duration

RATE_WINDOW: Duration = 3 * NS_PER_S
LEVEL_WINDOW: Duration = 100 * NS_PER_MS
SILENCE_DB = -120.0
"""What the level meter says of digital silence."""


class RateMeter:
    """How many of something came per second, over the last `window`."""

    def __init__(self, window: Duration = RATE_WINDOW) -> None:
        self._window = window
        self._arrivals: deque[tuple[int, int]] = deque()
        self._count = 0

    def observe(self, count: int, monotonic: int) -> None:
        """`count` came at `monotonic` ns."""
        self._arrivals.append((monotonic, count))
        self._count += count
        self._forget(monotonic)

    def rate(self, monotonic: int) -> float:
        """Per second, as of `monotonic` ns; 0.0 while fewer than two arrivals are remembered."""
        self._forget(monotonic)
        if len(self._arrivals) < 2:
            return 0.0
        first_monotonic, first_count = self._arrivals[0]
        elapsed = self._arrivals[-1][0] - first_monotonic
        return (self._count - first_count) * NS_PER_S / elapsed if elapsed > 0 else 0.0

    def _forget(self, monotonic: int) -> None:
        while self._arrivals and self._arrivals[0][0] < monotonic - self._window:
            self._count -= self._arrivals.popleft()[1]


class SteadyRate:
    """The rate of something that comes regularly while it comes: outages do not count."""

    def __init__(self, nominal: float = 0.0) -> None:
        """`nominal` per second is believed until something better is known; 0.0: unknown."""
        self._rate = nominal
        self._meter = RateMeter()
        self._since: int | None = None

    def restart(self) -> None:
        """An outage has ended; what was known stays known until it is measured again."""
        self._meter = RateMeter()
        self._since = None

    def observe(self, monotonic: int) -> None:
        """One came at `monotonic` ns."""
        self._meter.observe(1, monotonic)
        if self._since is None:
            self._since = monotonic
        if monotonic - self._since >= NS_PER_S or self._rate == 0.0:
            self._rate = self._meter.rate(monotonic) or self._rate

    @property
    def rate(self) -> float:
        """Per second; 0.0 unknown."""
        return self._rate


class LevelMeter:
    """Peak of sound over the last tenth of a second, in dB of full scale."""

    def __init__(self, window: Duration = LEVEL_WINDOW) -> None:
        self._window = window
        self._peaks: deque[tuple[int, float]] = deque()

    def observe(self, block: NDArray[np.generic], monotonic: int) -> None:
        """A block of sound (n, channels), float in -1..1 or int16, that came at `monotonic` ns."""
        self._peaks.append((monotonic, peak_of(block)))
        self._forget(monotonic)

    def level(self, monotonic: int) -> float | None:
        """Peak in dB of full scale as of `monotonic` ns; None when nothing came lately."""
        self._forget(monotonic)
        if not self._peaks:
            return None
        return decibels(max(peak for _, peak in self._peaks))

    def _forget(self, monotonic: int) -> None:
        while self._peaks and self._peaks[0][0] < monotonic - self._window:
            self._peaks.popleft()


def peak_of(block: NDArray[np.generic]) -> float:
    """Largest absolute value, full scale being 1.0; 0.0 of an empty block."""
    if block.size == 0:
        return 0.0
    # Not np.abs: the lowest int16 has no positive twin.
    peak = max(-float(block.min()), float(block.max()))
    return peak / 32768.0 if block.dtype == np.int16 else peak


def decibels(peak: float) -> float:
    """A peak of full scale 1.0 in dB; never below SILENCE_DB."""
    return max(SILENCE_DB, float(20.0 * np.log10(peak))) if peak > 0.0 else SILENCE_DB
