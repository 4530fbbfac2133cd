"""Which stretch of a stored stream to ask for; a little panning needs no new answer. Arithmetic only."""

from dataclasses import dataclass

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
