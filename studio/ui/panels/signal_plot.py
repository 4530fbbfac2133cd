"""Draws curves and waveforms: filled spans where a pixel stands for many samples, lines where it does not.

Shows what it is given (`take_window`); asks nobody. The range is of one size for all channels of a curve;
each channel of a waveform has a lane of its own, symmetric around its zero.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import SignalWindow, full_scale
from studio.timing import TIME_MAX, Timestamp, monotonic_ns
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.column_spans import PixelColumns, finite_range, linked, paint_span, pixel_columns
from studio.ui.panels.polyline import polygon_of, runs_of
from studio.ui.panels.span_canvas import CanvasState, SpanCanvas
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_lanes import Lane, lanes_of
from studio.ui.panels.value_ticks import value_ticks
from studio.ui.theme import Theme

LEAST_PEAK = 0.01
"""Of full scale: a waveform quieter than that is not blown up further."""
MANY_POINTS = 200
COLUMNS_BEFORE = 8
"""Read together with the columns that are painted anew: curves are linked, holes bridged from there."""
DOT_PIXELS = 12.0
"""Samples further apart than that get a dot each."""


@dataclass(frozen=True, slots=True)
class SignalStyle:
    """How a stream of numbers is drawn."""

    channels: int = 1
    waveform: bool = False
    scale: float = 1.0
    """What the values are divided by: 1, or the full scale of integer sound."""
    first_colour: int = 0
    one_colour: bool = False
    follows: bool = True
    """The range follows the signal; else the first window decides it, until `fit` is asked for."""

    @classmethod
    def of(cls, stream_format: StreamFormat, first_colour: int, *, follows: bool) -> "SignalStyle":
        """The style that suits a stream; a single curve takes the colour of its panel."""
        waveform = stream_format.kind is PayloadKind.AUDIO
        channels = max(1, stream_format.channels)
        single = waveform or channels == 1
        return cls(
            channels=channels,
            waveform=waveform,
            scale=full_scale(stream_format),
            first_colour=first_colour if single else 0,
            one_colour=waveform,
            follows=follows,
        )

    def colour_index(self, channel: int) -> int:
        """Which of the theme's stream colours a channel has."""
        return self.first_colour if self.one_colour else self.first_colour + channel

    def first_range(self) -> AutoRange:
        """Before anything has been seen."""
        shape = RangeShape.SYMMETRIC if self.waveform else RangeShape.PLAIN
        return AutoRange(shape, LEAST_PEAK if self.waveform else 0.0)


class SignalPlot(QWidget):
    """The plot of one stream of numbers."""

    range_changed = Signal(object)  # AutoRange

    def __init__(self, theme: Theme, style: SignalStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._range = style.first_range()
        self._window: SignalWindow | None = None
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self._canvas = SpanCanvas()
        self._fresh_from: Timestamp | None = None
        """Since the last painting the signal may have changed from there on; None: everywhere."""
        self._grid: list[QLineF] = []
        self._grid_key: tuple[float, float, int, int] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def shown_range(self) -> AutoRange:
        """The values from the lower to the upper edge (of each lane)."""
        return self._range

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Where each channel is drawn."""
        return lanes_of(self._style.channels if self._style.waveform else 1, self.height())

    @property
    def window_shown(self) -> SignalWindow | None:
        """What was taken last, divided by the style's scale."""
        return self._window

    def take_window(self, window: SignalWindow, fresh_from: Timestamp | None = None) -> None:
        """Show this from now on; the range follows it, at most twice a second.

        `fresh_from`: it differs from the window before only from there on; None: anywhere.
        """
        if fresh_from is None or self._fresh_from is None:
            self._fresh_from = None
        else:
            self._fresh_from = min(self._fresh_from, fresh_from)
        scale = np.float32(self._style.scale)
        if scale != 1:
            window = SignalWindow(
                window.times, window.minimum / scale, window.maximum / scale, window.samples_per_column
            )
        self._window = window
        if self._style.follows or self._range.changed_ns is None:
            self._set_range(self._range.following(*finite_range(window), monotonic_ns()))
        self.update()

    def fit(self) -> None:
        """Let the range suit what is in view at once."""
        if self._window is not None and self._frame is not None:
            axis = self._frame.axis
            seen = (self._window.times >= axis.left) & (self._window.times <= axis.right)
            part = SignalWindow(
                self._window.times[seen], self._window.minimum[seen], self._window.maximum[seen]
            )
            low, high = finite_range(part)
            if low <= high:
                self._set_range(self._range.fitted(low, high, monotonic_ns()))
            self.update()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none), and whether its data are old."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._frame = frame
        self.update()

    def _set_range(self, new: AutoRange) -> None:
        # The first range counts as a change even if it is the one assumed before.
        before = (self._range.low, self._range.high, self._range.changed_ns is None)
        changed = (new.low, new.high, new.changed_ns is None) != before
        self._range = new
        if changed:
            self.range_changed.emit(new)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, grid, signal, cursor, words."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            if self._frame is not None:
                plot_paper.draw_time_grid(painter, self, self._theme, self._frame)
                self._draw_value_grid(painter)
                if self._window is not None and len(self._window.times):
                    painter.setOpacity(0.35 if self._dimmed else 1.0)
                    with np.errstate(invalid="ignore", over="ignore"):  # a sensor may say infinity
                        self._draw_signal(painter, self._window, self._frame)
                    painter.setOpacity(1.0)
                plot_paper.draw_cursor(painter, self, self._theme, self._frame)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)

    def _draw_value_grid(self, painter: QPainter) -> None:
        key = (self._range.low, self._range.high, self.width(), self.height())
        if key != self._grid_key:
            self._grid_key, self._grid = key, self._value_grid()
        painter.setPen(QPen(self._theme.colour("grid"), 1))
        painter.drawLines(self._grid)

    def _value_grid(self) -> list[QLineF]:
        low, high, lines = self._range.low, self._range.high, []
        for lane in self.lanes:
            ticks = value_ticks(low, high, int(lane.height))
            values = [0.0] if self._style.waveform else [tick.value for tick in ticks]
            ys = [round(lane.y_of(value, low, high)) + 0.5 for value in values]
            lines += [QLineF(0, y, self.width(), y) for y in ys]
        return lines

    def _draw_signal(self, painter: QPainter, window: SignalWindow, frame: TimeFrame) -> None:
        axis = frame.axis
        seen = np.count_nonzero((window.times >= axis.left) & (window.times <= axis.right))
        if window.samples_per_column <= 1.0 and seen <= 2 * axis.width:
            self._draw_lines(painter, window, frame)
        else:
            self._draw_spans(painter, window, frame)

    def _draw_lines(self, painter: QPainter, window: SignalWindow, frame: TimeFrame) -> None:
        xs = frame.axis.xs_of(window.times)
        # A point beyond the edges by far more than the view loses digits in the paint engine.
        near = (xs > -4.0 * self.width()) & (xs < 5.0 * self.width())
        xs, values = xs[near], window.minimum[near].astype(np.float64)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        dots = len(xs) > 1 and float(np.median(np.diff(xs))) >= DOT_PIXELS
        for channel in range(min(self._style.channels, values.shape[1])):
            ys = self._lane(channel).ys_of(values[:, channel], self._range.low, self._range.high)
            colour = self._colour(channel)
            for begin, end in runs_of(ys):
                painter.setPen(_line_pen(colour, end - begin))
                painter.drawPolyline(polygon_of(xs[begin:end], ys[begin:end]))
                if dots or end - begin == 1:
                    painter.setPen(QPen(colour, 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                    painter.drawPoints(polygon_of(xs[begin:end], ys[begin:end]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_spans(self, painter: QPainter, window: SignalWindow, frame: TimeFrame) -> None:
        ratio = frame.pixel_ratio
        width, height = max(1, round(frame.axis.width * ratio)), max(1, round(self.height() * ratio))
        state = CanvasState.of(frame.axis, width, height, self._look(ratio))
        pixels, first = self._canvas.begin(state, frame.axis, self._fresh_from)
        self._fresh_from = TIME_MAX
        if first < width:
            columns = self._columns(window, frame.axis, width, first)
            for channel in range(min(self._style.channels, columns.low.shape[1])):
                self._paint_channel(pixels[:, first:], columns, channel, ratio)
        painter.drawImage(QPointF(0, 0), self._canvas.image(ratio))

    def _look(self, ratio: float) -> tuple[float | int, ...]:
        colours = (self._colour(channel).rgba() for channel in range(self._style.channels))
        return self._range.low, self._range.high, ratio, *colours

    def _columns(self, window: SignalWindow, axis: TimeAxis, width: int, first: int) -> PixelColumns:
        """The columns from `first` on, drawn with regard to those before them."""
        before = min(first, COLUMNS_BEFORE)
        left = axis.left + (first - before) * axis.span // width
        columns = pixel_columns(window, left, axis.right, width - first + before)
        if not self._style.waveform:
            columns = linked(columns)
        return PixelColumns(columns.low[before:], columns.high[before:])

    def _paint_channel(
        self, canvas: npt.NDArray[np.uint32], columns: PixelColumns, channel: int, ratio: float
    ) -> None:
        lane, low, high = self._lane(channel), self._range.low, self._range.high
        upper = lane.ys_of(columns.high[:, channel], low, high)
        lower = lane.ys_of(columns.low[:, channel], low, high)
        if self._style.waveform:
            upper, lower = lane.held_in(upper), lane.held_in(lower)
        thickness = max(1, round(ratio))
        paint_span(canvas, upper * ratio, lower * ratio, self._colour(channel).rgba(), thickness=thickness)

    def _lane(self, channel: int) -> Lane:
        lanes = self.lanes
        return lanes[min(channel, len(lanes) - 1)]

    def _colour(self, channel: int) -> QColor:
        return self._theme.stream_colour(self._style.colour_index(channel))


def _line_pen(colour: QColor, points: int) -> QPen:
    pen = QPen(colour, 1.5 if points < MANY_POINTS else 1.0)
    # Wider than a pixel, a line of many points costs twenty times as much.
    pen.setCosmetic(points >= MANY_POINTS)
    return pen
