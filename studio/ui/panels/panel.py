"""One panel: header, value axis and plot side by side. Knows not where its data come from.

Where it stands beside others it shows an instant only: the header is one line above the plot, and neither
value axis nor cursor has a meaning.
"""

from dataclasses import replace
from typing import Protocol, TypeAlias

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from studio.formats.payload import StreamFormat
from studio.ui.panels import panel_header, value_axis
from studio.ui.panels.density_plot import DensityPlot
from studio.ui.panels.header_text import HeaderText
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel_header import PanelHeader
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.plane_plot import PlanePlot
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.spectrogram_plot import SpectrogramPlot
from studio.ui.panels.text_plot import TextPlot
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_axis import ValueAxis
from studio.ui.theme import Theme

PLOT_LEFT = panel_header.WIDTH + value_axis.WIDTH
"""Where the time axis begins, in pixels from the left edge of a panel: the same in all of them."""
MINIMUM_HEIGHT = 48


class Plot(Protocol):
    """What every plot can do besides being a widget."""

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        ...

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot, and whether its data are old."""
        ...


PlotWidget: TypeAlias = (
    SignalPlot | SpectrogramPlot | PicturePlot | PlanePlot | MarkPlot | DensityPlot | TextPlot
)


class Panel(QWidget):
    """The panel of one stream; its objectName is `panel_<stream>`."""

    menu_requested = Signal(object)  # QPoint of the screen

    def __init__(self, theme: Theme, name: str, plot: PlotWidget, axis: QWidget, height: int) -> None:
        super().__init__()
        self.setObjectName(f"panel_{name}")
        self.name = name
        self.header = PanelHeader(theme, self)
        self.plot = plot
        self._axis = axis
        self._height = height
        self.is_beside = False
        """Whether others stand in its row: then its plot does not follow the axis of time."""
        plot.setObjectName(f"plot_{name}")
        plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(MINIMUM_HEIGHT if height <= 160 else 2 * MINIMUM_HEIGHT)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(0)
        for part in (self.header, axis, plot):
            self._parts.addWidget(part)
        plot.setMouseTracking(True)
        plot.setCursor(Qt.CursorShape.CrossCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """A menu is wanted; with Shift, the right button sets the end of the selection instead."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.menu_requested.emit(event.globalPos())
        event.accept()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As high as its kind likes to be; the splitter shares what there is by this."""
        return QSize(640, self._height)

    @property
    def is_in_sight(self) -> bool:
        """Whether any of it can be seen. The parts are asked: they may cover all of the panel itself."""
        return any(not part.visibleRegion().isEmpty() for part in (self.plot, self.header))

    @property
    def has_own_mouse(self) -> bool:
        """Whether its plot has axes of its own, along which the mouse moves and the wheel zooms."""
        return isinstance(self.plot, PlanePlot)

    def stand_beside(self, is_beside: bool) -> None:
        """Stand in a row with others, or have it for itself."""
        if is_beside == self.is_beside:
            return
        self.is_beside = is_beside
        self.header.show_as_line(is_beside)
        self._axis.setVisible(not is_beside)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._parts.setDirection(down if is_beside else across)
        self.plot.setCursor(Qt.CursorShape.ArrowCursor if is_beside else Qt.CursorShape.CrossCursor)

    def show_header(self, text: HeaderText) -> None:
        """Say this in the header, and in the plot what is wrong."""
        self.header.show_text(text)

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time; beside others there is no axis on which the cursor would stand."""
        if self.is_beside:
            frame = replace(frame, cursor_time=None, selection=None)
        self.plot.show_frame(frame)


def signals_panel(
    theme: Theme, name: str, styles: tuple[SignalStyle, ...]
) -> tuple[Panel, SignalPlot, ValueAxis]:
    """A panel for the numbers or the sound of several streams."""
    plot = SignalPlot(theme, *styles)
    axis = ValueAxis(theme)
    plot.range_changed.connect(axis.show_range)
    plot.lanes_changed.connect(axis.show_lanes)
    axis.range_previewed.connect(plot.show_range)
    axis.auto_chosen.connect(plot.fit)
    axis.show_lanes(len(plot.lanes))
    height = 96 if styles[0].waveform else 112
    return Panel(theme, name, plot, axis, height), plot, axis


def picture_panel(theme: Theme, name: str, stream_format: StreamFormat) -> tuple[Panel, PicturePlot]:
    """A panel for video."""
    plot = PicturePlot(theme, (stream_format.width, stream_format.height), unit=stream_format.units)
    return Panel(theme, name, plot, ValueAxis(theme), 224), plot


def plane_panel(theme: Theme, name: str, index: int) -> tuple[Panel, PlanePlot]:
    """A panel for one value against another."""
    plot = PlanePlot(theme, index)
    return Panel(theme, name, plot, ValueAxis(theme), 264), plot


def density_panel(theme: Theme, name: str, index: int) -> tuple[Panel, DensityPlot]:
    """A panel for messages of any kind."""
    plot = DensityPlot(theme, colour_index=index)
    return Panel(theme, name, plot, ValueAxis(theme), 56), plot


def text_panel(theme: Theme, name: str) -> tuple[Panel, TextPlot]:
    """A panel for texts in full."""
    plot = TextPlot(theme)
    return Panel(theme, name, plot, ValueAxis(theme), 112), plot


def spectrogram_panel(theme: Theme, name: str) -> tuple[Panel, SpectrogramPlot, ValueAxis]:
    """A panel for frequencies."""
    plot, axis = SpectrogramPlot(theme), ValueAxis(theme)
    return Panel(theme, name, plot, axis, 144), plot, axis


def mark_panel(theme: Theme, name: str, index: int) -> tuple[Panel, MarkPlot]:
    """A panel for events and texts."""
    plot = MarkPlot(theme, colour_index=index)
    return Panel(theme, name, plot, ValueAxis(theme), 72), plot
