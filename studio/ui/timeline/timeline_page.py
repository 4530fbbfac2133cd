"""The page of the timeline that has something to show: times, overview, ruler, panels, from top to bottom."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.panels.questions import Reader
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.overview import Overview
from studio.ui.timeline.overview_corner import OverviewCorner
from studio.ui.timeline.panel_stack import PanelStack
from studio.ui.timeline.ruler import cursor_decimals
from studio.ui.timeline.selection_bar import SelectionBar
from studio.ui.timeline.session import Session
from studio.ui.timeline.time_bar import TimeBar
from studio.ui.timeline.time_rows import TimeRows
from studio.ui.timeline.time_view import TimeView
from studio.ui.timeline.timing import Timing, TimingMode


class TimelinePage(QWidget):
    """Lays the parts out; each of them knows by itself what to show."""

    frame_shown = Signal(object)  # TimeFrame

    def __init__(self, theme: Theme, navigator: Navigator, reader: Reader, parent: QWidget) -> None:
        super().__init__(parent)
        self.selection_bar = SelectionBar(theme, navigator, self)
        self.time_rows = TimeRows(theme, navigator, self)
        self._decimals = 3
        self.overview = Overview(theme, navigator, reader, self)
        self.bar = TimeBar(theme, self)
        self.stack = PanelStack(self)
        self._overview_row = QWidget(self)
        row = QHBoxLayout(self._overview_row)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(0)
        row.addWidget(OverviewCorner(theme, self.overview, navigator, self._overview_row))
        row.addWidget(self.overview, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.selection_bar, self.time_rows, self._overview_row, self.bar):
            column.addWidget(part)
        column.addWidget(self.stack, 1)

    @property
    def plot_width(self) -> int:
        """Pixels of the time axis."""
        return max(1, self.stack.viewport().width() - PLOT_LEFT)

    @property
    def has_room(self) -> bool:
        """Whether a plot is wider than nothing: before the page was laid out, it is not."""
        return self.stack.viewport().width() > PLOT_LEFT

    def add_strip(self, strip: QWidget) -> None:
        """Another part between the ruler and the panels, which stays there when they are scrolled."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.stack), strip)

    def show_session(self, session: Session | None) -> None:
        """A session has an overview and a selection; live there is neither."""
        self.selection_bar.setVisible(session is not None)
        self.time_rows.setVisible(session is not None and bool(self.time_rows.modes))
        self._overview_row.setVisible(session is not None)

    def show_time_rows(self, modes: Collection[TimingMode]) -> None:
        """Have a row of times for each of these ways to count."""
        self.time_rows.show_modes(modes)
        self.time_rows.show_times(self._decimals)
        self.time_rows.setVisible(not self.selection_bar.isHidden() and bool(modes))

    def show_view(self, view: TimeView, frame: TimeFrame, timing: Timing) -> None:
        """Say what is in view."""
        self.bar.show_view(view, frame, timing)
        self.frame_shown.emit(frame)
        if not view.is_live:
            self._decimals = cursor_decimals(frame.axis)
            self.selection_bar.show_times(timing, self._decimals)
            self.time_rows.show_times(self._decimals)
