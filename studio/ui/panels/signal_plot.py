"""Draws curves and waveforms of one or several streams in one field.

Shows what it is given (`take_window`); asks nobody. The range is of one size for all curves; each channel
of a waveform has a lane of its own, symmetric around its zero. Nothing is bridged: gaps are hatched, and
values that are no numbers, or infinite, have signs.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp, monotonic_ns
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.auto_range import AutoRange
from studio.ui.panels.curve_look import CurveLook
from studio.ui.panels.moving_picture import MovingPicture
from studio.ui.panels.panel_plan import LineStyle
from studio.ui.panels.signal_layer import SignalLayer, union_of
from studio.ui.panels.signal_marks import HATCH_ALPHA, draw_gaps, draw_oddities
from studio.ui.panels.signal_oddities import oddities_of, unlisted_gaps
from studio.ui.panels.signal_painting import ChannelLook, Look, draw_lines, paint_spans
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.span_canvas import CanvasState, LookKey, SpanCanvas
from studio.ui.panels.threshold import Threshold
from studio.ui.panels.threshold_marks import draw_beyond, draw_levels
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_lanes import Lane, lanes_of
from studio.ui.panels.value_range import ValueRange
from studio.ui.panels.value_ticks import value_ticks
from studio.ui.theme import Theme

MOST_CHEAP = 6
"""Channels: so many are painted anew with every move."""
AS_USUAL = CurveLook("")
GAP_STRIP_PIXELS = 6.0
"""Where several streams share a field, each has its gaps in a strip at the foot."""


class SignalPlot(QWidget):
    """The plot of one or several streams of numbers."""

    range_changed = Signal(object)  # AutoRange
    lanes_changed = Signal(int)  # how many there are
    fit_chosen = Signal()  # the user wants the range to be found again

    def __init__(self, theme: Theme, *styles: SignalStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layers = tuple(SignalLayer(style) for style in styles)
        self._range = ValueRange(styles[0].first_range())
        self._follows = all(style.follows for style in styles)
        self._waveform = all(style.waveform for style in styles)
        self._line = LineStyle.LINE
        self._threshold = Threshold()
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self._canvas = SpanCanvas()
        self._picture = MovingPicture(self)
        self._grid: list[QLineF] = []
        self._grid_key: tuple[float, float, int, int, int] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def shown_range(self) -> AutoRange:
        """The values from the lower to the upper edge (of each lane)."""
        return self._range.shown

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Where the channels are drawn: one lane for all curves, one for each channel of a waveform."""
        count = sum(len(layer.shown) for layer in self._layers) if self._waveform else 1
        return lanes_of(max(1, count), self.height())

    @property
    def window_shown(self) -> SignalWindow | None:
        """What was taken last of the first stream, divided by its style's scale."""
        return self._layers[0].window

    def take_window(
        self, window: SignalWindow, fresh_from: Timestamp | None = None, *, layer: int = 0
    ) -> None:
        """Show this from now on; a range that follows does so at most twice a second.

        `fresh_from`: it differs from the window before only from there on; None: anywhere.
        """
        self._layers[layer].take(window, fresh_from)
        low, high = self._layers[layer].value_range()
        if self._follows:
            self._set_range(self._range.following(low, high, monotonic_ns()))
        else:
            self._set_range(self._range.grown(low, high, monotonic_ns()))
        self.update()

    def fit(self) -> None:
        """Let the range suit what is in view at once; nothing stays fixed."""
        if self._frame is not None:
            axis = self._frame.axis
            low, high = union_of([layer.value_range(axis) for layer in self._layers])
            self._set_range(self._range.fitted(low, high, monotonic_ns()))
            self.update()
        self.fit_chosen.emit()

    @Slot(object, object)
    def show_range(self, low: float | None, high: float | None) -> None:
        """Fix the range, or one end of it; None: found by itself."""
        self._set_range(self._range.fixed(low, high))
        self.update()

    def show_line(self, line: LineStyle) -> None:
        """Join samples like this."""
        self._line = line
        self.update()

    def show_threshold(self, threshold: Threshold) -> None:
        """Mark what lies beyond these levels."""
        self._threshold = threshold
        self.update()

    def show_styles(self, styles: tuple[SignalStyle, ...]) -> None:
        """Draw the layers like this; scale, and channels until the next window, are those of before."""
        for layer, style in zip(self._layers, styles, strict=True):
            layer.style = style
        self.update()

    def hide_channels(self, hidden: Mapping[int, frozenset[int]]) -> None:
        """Do not draw these channels of these layers."""
        for number, layer in enumerate(self._layers):
            layer.hidden = hidden.get(number, frozenset())
        self.lanes_changed.emit(len(self.lanes))
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

    def _set_range(self, new: ValueRange) -> None:
        # The first range counts as a change even if it is the one assumed before.
        before, after = self._range.shown, new.shown
        self._range = new
        if (after.low, after.high, after.changed_ns is None) != (
            before.low,
            before.high,
            before.changed_ns is None,
        ):
            self.range_changed.emit(after)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, grid, gaps, signals, cursor, words; signals as a picture while an expensive view moves."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            if self._frame is not None:
                plot_paper.draw_time_grid(painter, self, self._theme, self._frame)
                marks = (painter, self, self._threshold, self.lanes[0], self._range.shown)
                draw_beyond(*marks, self._theme.colour("warning"))
                self._draw_value_grid(painter)
                painter.setOpacity(0.35 if self._dimmed else 1.0)
                with np.errstate(invalid="ignore", over="ignore"):  # a sensor may say infinity
                    self._paint_layers(painter, self._frame)
                painter.setOpacity(1.0)
                draw_levels(*marks, self._theme.colour("warning"))
                plot_paper.draw_cursor(painter, self, self._theme, self._frame)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)

    def _draw_value_grid(self, painter: QPainter) -> None:
        shown = self._range.shown
        key = (shown.low, shown.high, self.width(), self.height(), len(self.lanes))
        if key != self._grid_key:
            self._grid_key, self._grid = key, self._value_grid(shown)
        painter.setPen(QPen(self._theme.colour("grid"), 1))
        painter.drawLines(self._grid)

    def _value_grid(self, shown: AutoRange) -> list[QLineF]:
        lines = []
        for lane in self.lanes:
            ticks = value_ticks(shown.low, shown.high, int(lane.height))
            values = [0.0] if self._waveform else [tick.value for tick in ticks]
            ys = [round(lane.y_of(value, shown.low, shown.high)) + 0.5 for value in values]
            lines += [QLineF(0, y, self.width(), y) for y in ys if 0 <= y <= self.height()]
        return lines

    # Signals --------------------------------------------------------------------------------------------

    def _paint_layers(self, painter: QPainter, frame: TimeFrame) -> None:
        is_exact = True
        channels = sum(len(layer.shown) for layer in self._layers)
        if self._follows or channels <= MOST_CHEAP:
            self._draw_layers(painter, frame)  # live, the canvas moves along by itself
        else:
            is_exact = self._picture.paint(painter, frame, self._picture_key(), self._draw_layers)
        if is_exact:
            for layer, _ in self._drawn():
                self._draw_oddities(painter, layer, frame)

    def _picture_key(self) -> Hashable:
        looks = [look for _, look in self._drawn()]
        windows = tuple(layer.taken_count for layer in self._layers)
        style = (self._line, self.height(), self._dimmed, self._theme.name)
        return windows, style, _key_of(looks, 1.0) if looks else ()

    def _drawn(self) -> list[tuple[SignalLayer, Look]]:
        return [(layer, look) for layer, look in self._looks() if layer.has_data()]

    def _draw_layers(self, painter: QPainter, frame: TimeFrame) -> None:
        drawn = self._drawn()
        for number, (layer, _) in enumerate(drawn):
            self._draw_gaps(painter, layer, number, len(drawn), frame)
        lines = [(layer, look) for layer, look in drawn if layer.is_line(frame.axis)]
        spans = [(layer, look) for layer, look in drawn if not layer.is_line(frame.axis)]
        if spans:
            self._draw_spans(painter, spans, frame)
        for layer, look in lines:
            draw_lines(painter, layer, look, frame)

    def _draw_spans(self, painter: QPainter, drawn: list[tuple[SignalLayer, Look]], frame: TimeFrame) -> None:
        ratio = frame.pixel_ratio
        width, height = max(1, round(frame.axis.width * ratio)), max(1, round(self.height() * ratio))
        state = CanvasState.of(frame.axis, width, height, _key_of([look for _, look in drawn], ratio))
        freshness = [layer.taken_fresh() for layer, _ in drawn]
        known = [fresh for fresh in freshness if fresh is not None]
        fresh_from = min(known) if len(known) == len(freshness) else None
        pixels, first = self._canvas.begin(state, frame.axis, fresh_from)
        if first < width:
            for layer, look in drawn:
                paint_spans(pixels, layer, look, frame.axis, first, ratio)
        painter.drawImage(QPointF(0, 0), self._canvas.image(ratio))

    def _draw_gaps(
        self, painter: QPainter, layer: SignalLayer, number: int, count: int, frame: TimeFrame
    ) -> None:
        window = layer.window
        gaps = () if window is None else unlisted_gaps(window) if self._follows else window.gaps
        if not gaps:
            return
        room = QRectF(0, 0, frame.axis.width, self.height())
        colour = self._theme.colour("muted")
        if count > 1 and not self._waveform:
            colour = self._theme.stream_colour(layer.style.colour_index(layer.shown[0]))
            top = self.height() - (count - number) * GAP_STRIP_PIXELS
            room = QRectF(0, top, frame.axis.width, GAP_STRIP_PIXELS)
        colour.setAlpha(HATCH_ALPHA)
        draw_gaps(painter, gaps, frame.axis, room, colour)

    def _draw_oddities(self, painter: QPainter, layer: SignalLayer, frame: TimeFrame) -> None:
        if layer.window is None:
            return
        odd = oddities_of(layer.window, layer.shown, frame.axis, knows_gaps=not self._follows)
        if layer.style.sparse:
            odd = replace(odd, nothing=odd.nothing[:0])
        if odd.words:
            colour = self._theme.colour("warning")
            draw_oddities(painter, odd, QRectF(self.rect()), colour)
            painter.setPen(colour)
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(self.rect().adjusted(0, 4, -8, 0), corner, odd.words)

    def _looks(self) -> list[tuple[SignalLayer, Look]]:
        shown, lanes, made, lane = self._range.shown, self.lanes, [], 0
        for layer in self._layers:
            channels = []
            for channel in layer.shown:
                colour = self._theme.stream_colour(layer.style.colour_index(channel))
                place = lanes[lane if self._waveform else 0]
                chosen = layer.style.looks.get(channel, AS_USUAL)
                channels.append(ChannelLook(channel, colour, place, chosen.width, chosen.marker))
                lane += 1
            look = Look(tuple(channels), shown.low, shown.high, self._line, self._waveform)
            made.append((layer, look))
        return made


def _key_of(looks: list[Look], ratio: float) -> LookKey:
    """What a canvas was painted for."""
    key: list[float | int | str] = [ratio, looks[0].low, looks[0].high, looks[0].line is LineStyle.POINTS]
    for look in looks:
        for each in look.channels:
            key += [each.channel, each.colour.rgba(), each.lane.top, each.width, each.marker]
        key.append(-1)
    return tuple(key)
