"""What all panels are told at once: which time is in view and where the cursor stands. A value."""

from dataclasses import dataclass

from studio.timing import TimeInterval, Timestamp
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_ticks import Tick


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """One state of the time axis."""

    axis: TimeAxis
    origin_time: Timestamp = 0
    """Where elapsed time begins."""
    ticks: tuple[Tick, ...] = ()
    cursor_time: Timestamp | None = None
    """None: the pointer is elsewhere; panels then show their newest."""
    pixel_ratio: float = 1.0
    """Device pixels per logical pixel."""
    selection: TimeInterval | None = None
    """What is selected, whether it is in view or not."""

    @property
    def cursor_x(self) -> float | None:
        """Where the cursor line is drawn; None: not in view."""
        if self.cursor_time is None or not self.axis.contains(self.cursor_time):
            return None
        return self.axis.x_of(self.cursor_time)

    @property
    def selected_xs(self) -> tuple[float, float] | None:
        """Where the selection begins and ends, a little outside at most; None: none of it is in view."""
        if self.selection is None:
            return None
        left, right = (self.axis.x_of(time) for time in (self.selection.left, self.selection.right))
        if right < 0 or left > self.axis.width:
            return None
        # Far ends would lose digits in the paint engine.
        return max(left, -8.0), min(right, self.axis.width + 8.0)

    @property
    def reading_time(self) -> Timestamp:
        """The moment whose values are shown: the cursor's, else the newest in view."""
        return self.axis.right if self.cursor_time is None else self.cursor_time
