"""Where the parts of the overview strip lie, and what a drag of each makes of view and selection.

Arithmetic only.
"""

from dataclasses import dataclass
from enum import Enum, auto

from studio.timing import TimeInterval, Timestamp
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.timeline.time_view import TimeView

GRIP_PIXELS = 5.0
SMALLEST_WINDOW = 8.0
"""Pixels the view window is wide at least, so that it can be seen and taken."""


class Part(Enum):
    """What is under the pointer."""

    NOTHING = auto()
    WINDOW = auto()
    WINDOW_LEFT = auto()
    WINDOW_RIGHT = auto()
    SELECTION_LEFT = auto()
    SELECTION_RIGHT = auto()


@dataclass(frozen=True, slots=True)
class OverviewParts:
    """The strip as it is drawn."""

    axis: TimeAxis
    """All of the session."""
    view: TimeView
    selection: TimeInterval | None = None

    @property
    def window(self) -> tuple[float, float]:
        """From where to where the view window is drawn."""
        left, right = self.axis.x_of(self.view.left), self.axis.x_of(self.view.right)
        lacking = max(0.0, SMALLEST_WINDOW - (right - left)) / 2
        return left - lacking, right + lacking

    def part_at(self, x: float) -> Part:
        """What can be dragged there; of two, the nearer."""
        left, right = self.window
        grips = [(abs(x - left), Part.WINDOW_LEFT), (abs(x - right), Part.WINDOW_RIGHT)]
        if self.selection is not None:
            grips.append((abs(x - self.axis.x_of(self.selection.left)), Part.SELECTION_LEFT))
            grips.append((abs(x - self.axis.x_of(self.selection.right)), Part.SELECTION_RIGHT))
        is_small = right - left <= 2 * GRIP_PIXELS
        if is_small and left <= x <= right:
            return Part.WINDOW  # no room for grips inside: the middle moves it
        distance, part = min(grips, key=lambda grip: grip[0])
        if distance <= GRIP_PIXELS:
            return part
        return Part.WINDOW if left < x < right and not self.view.is_whole else Part.NOTHING

    def dragged(self, part: Part, x: float, offset: float) -> TimeView:
        """The view after a part of its window was dragged to `x`; `offset`: where in the window it was
        taken."""
        time, view = self.axis.time_at(x), self.view
        if part is Part.WINDOW_LEFT:
            return view.between(min(time, view.right - 1), view.right)
        if part is Part.WINDOW_RIGHT:
            return view.between(view.left, max(time, view.left + 1))
        return view.panned(self.axis.time_at(x - offset) - view.left)

    def centred(self, x: float) -> TimeView:
        """The view with the time at `x` in its middle."""
        return self.view.panned(self.axis.time_at(x) - (self.view.left + self.view.right) // 2)

    def other_end(self, part: Part) -> Timestamp | None:
        """The end of the selection that stays while the other is dragged."""
        if self.selection is None or part not in (Part.SELECTION_LEFT, Part.SELECTION_RIGHT):
            return None
        return self.selection.right if part is Part.SELECTION_LEFT else self.selection.left
