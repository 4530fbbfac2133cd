"""How long the disk will last, from our own byte counters: other programs' writes raise no alarm of ours."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from studio.store.free_space import reserve
from studio.timing import NS_PER_S, Timestamp

SMOOTHING_S = 10.0
"""Time constant of the rate: long enough not to dance, short enough to follow a camera that was added."""
WARN_BELOW_S = 600.0
"""Less recording time than this is worth a warning, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class VolumeSpace:
    """What the file system of the recording says."""

    free: int
    total: int

    @property
    def usable(self) -> int:
        """Bytes a recording may still use: free less the reserve of decision 26."""
        return max(0, self.free - reserve(self.total, 0))


AskSpace = Callable[[], VolumeSpace]
"""Asks the volume that is recorded to; may raise OSError when it has gone."""

AskLimit = Callable[[], float]
"""Seconds of recording that are little."""


@dataclass(frozen=True, slots=True)
class DiskForecast:
    """What the disk allows, as of the last look."""

    bytes_per_second: float = 0.0
    disk_free: int = 0
    """Bytes the recording may still use."""
    seconds_left: float | None = None
    """At the present rate; None: unknown, or nothing is being written."""
    is_known: bool = False
    """Whether the disk was asked."""
    warn_below_s: float = WARN_BELOW_S
    """Less than this is little, as the user says."""

    @property
    def is_short(self) -> bool:
        """Whether there is so little left that the user should know."""
        return self.seconds_left is not None and self.seconds_left < self.warn_below_s


class ForecastMeter:
    """Turns growing byte counts into a smoothed rate and a forecast. Belongs to one thread."""

    def __init__(self) -> None:
        self._last: tuple[Timestamp, int] | None = None
        self._rate: float | None = None

    def update(self, now: Timestamp, written: int, space: VolumeSpace) -> DiskForecast:
        """`written`: bytes our recording has put on the disk since it began."""
        self._follow(now, written)
        rate = self._rate or 0.0
        left = space.usable / rate if rate >= 1.0 else None
        return DiskForecast(bytes_per_second=rate, disk_free=space.usable, seconds_left=left, is_known=True)

    def _follow(self, now: Timestamp, written: int) -> None:
        if self._last is None:
            self._last = (now, written)
            return
        elapsed_s = (now - self._last[0]) / NS_PER_S
        if elapsed_s <= 0:
            return
        rate = max(0, written - self._last[1]) / elapsed_s
        weight = 1.0 - math.exp(-elapsed_s / SMOOTHING_S)
        self._rate = rate if self._rate is None else self._rate + weight * (rate - self._rate)
        self._last = (now, written)
