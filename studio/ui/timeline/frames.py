"""Makes the value that all parts are told at once: axis, ticks, cursor and selection of the moment."""

from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.time_view import TimeView
from studio.ui.timeline.timing import Timing, TimingMode


class Frames:
    """Frames of one navigator; knows how times are told."""

    def __init__(self, navigator: Navigator) -> None:
        self._navigator = navigator
        self.mode = TimingMode.SESSION

    @property
    def timing(self) -> Timing:
        """How times are told now."""
        selection = self._navigator.selection
        start = None if selection is None else selection.left
        return Timing(self.mode, self._navigator.origin_time, start)

    def frame(self, view: TimeView, width: int, ratio: float, hover_x: float | None) -> TimeFrame:
        """The frame of a view on `width` pixels; `hover_x`: where the pointer is."""
        cursor = self._navigator.cursor_time
        if view.is_live:
            axis = TimeAxis.on_grid(view.right, view.span, width, max(1, round(width * ratio)))
            # The line stays under the pointer while time runs below it.
            cursor = None if hover_x is None else axis.time_at(hover_x)
        else:
            axis = TimeAxis(view.left, view.right, width)
        timing = self.timing
        return TimeFrame(axis, timing.origin, timing.ticks(axis), cursor, ratio, self._navigator.selection)
