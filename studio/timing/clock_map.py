"""Corrects times afterwards: a line through knots from times as recorded to times as known best. A value.

Whoever reads a recording applies it to any times of it: `corrected = clock_map.correct(times)`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.timing.clock import Duration, Timestamp

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClockMap:
    """Straight between knots; before the first and after the last the difference stays as it is there."""

    recorded: Int64s
    """(n,) n >= 1, increasing."""
    corrected: Int64s
    """(n,) increasing."""

    def __post_init__(self) -> None:
        if not len(self.recorded) or self.recorded.shape != self.corrected.shape or self.recorded.ndim != 1:
            raise ValueError("a map needs as many corrected as recorded times, and one at least")
        if (np.diff(self.recorded) <= 0).any() or (np.diff(self.corrected) <= 0).any():
            raise ValueError("the times of a map must increase")

    def correct(self, times: npt.ArrayLike) -> Int64s:
        """The corrected times, ns; never in another order than `times`, rounded to the nanosecond."""
        given = np.asarray(times, np.int64)
        changes = self.corrected - self.recorded
        if len(self.recorded) == 1:
            return np.asarray(given + changes[0], np.int64)
        place = np.clip(np.searchsorted(self.recorded, given, side="right") - 1, 0, len(self.recorded) - 2)
        spans = np.diff(self.recorded)[place]
        share = np.clip((given - self.recorded[place]) / spans, 0.0, 1.0)
        grown = np.rint(share * np.diff(changes)[place]).astype(np.int64)
        return np.asarray(given + changes[place] + grown, np.int64)

    def correct_time(self, time: Timestamp) -> Timestamp:
        """One of them."""
        return int(self.correct(np.array([time], np.int64))[0])

    @property
    def largest_change(self) -> Duration:
        """How much a time is changed at most."""
        return int(np.abs(self.corrected - self.recorded).max())
