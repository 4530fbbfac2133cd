"""Which stretch of a stored stream to ask for, and where what is answered lies. Arithmetic only.

A little panning needs no new answer.
"""

from dataclasses import dataclass, replace

import numpy as np

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp
from studio.ui.panels.time_axis import TimeAxis

MARGIN = 0.5
"""Of the view, asked for on each side beyond it."""
SAME_ZOOM = 1.05


@dataclass(frozen=True, slots=True)
class StoredStretch:
    """From `left` to `right` in `columns`."""

    left: Timestamp
    right: Timestamp
    columns: int

    @classmethod
    def around(cls, axis: TimeAxis, pixel_ratio: float) -> "StoredStretch":
        """The view and its margins, a column per device pixel."""
        margin = int(axis.span * MARGIN)
        columns = max(1, round(axis.width * pixel_ratio * (1 + 2 * MARGIN)))
        return cls(axis.left - margin, axis.right + margin, columns)

    def serves(self, axis: TimeAxis, pixel_ratio: float) -> bool:
        """Whether this stretch shows the view as finely as one asked for it alone."""
        if not (self.left <= axis.left and axis.right <= self.right):
            return False
        wanted = StoredStretch.around(axis, pixel_ratio)
        have_ns, want_ns = (
            (self.right - self.left) / self.columns,
            (wanted.right - wanted.left) / wanted.columns,
        )
        return max(have_ns, want_ns) <= SAME_ZOOM * min(have_ns, want_ns)


def centred(window: SignalWindow) -> SignalWindow:
    """A window of the store, whose columns are named by their first sample, with their centres instead."""
    if window.samples_per_column <= 1.0 or len(window.times) < 2:
        return window
    shift = int(np.median(np.diff(window.times))) // 2
    return replace(window, times=window.times + shift)
