"""What all panels are told at once: which time is in view and where the cursor stands. A value."""

from dataclasses import dataclass

from studio.timing import Timestamp
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

    @property
    def cursor_x(self) -> float | None:
        """Where the cursor line is drawn; None: not in view."""
        if self.cursor_time is None or not self.axis.contains(self.cursor_time):
            return None
        return self.axis.x_of(self.cursor_time)

    @property
    def reading_time(self) -> Timestamp:
        """The moment whose values are shown: the cursor's, else the newest in view."""
        return self.axis.right if self.cursor_time is None else self.cursor_time
