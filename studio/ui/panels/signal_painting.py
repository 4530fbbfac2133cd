"""Draws the channels of one stream: spans where a pixel stands for many samples, else lines, steps or points.

Stateless; what is drawn where is told by a `Look`.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.ui.panels.column_spans import PixelColumns, linked, paint_rows, pixel_columns, span_rows
from studio.ui.panels.curve_look import Marker
from studio.ui.panels.curve_markers import MARKER_ROOM, draw_markers
from studio.ui.panels.panel_plan import LineStyle
from studio.ui.panels.polyline import polygon_of, runs_of
from studio.ui.panels.signal_layer import SignalLayer
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_lanes import Lane

Reals = npt.NDArray[np.float64]

MANY_POINTS = 200
MOST_SMOOTH = 8000
"""Points of all channels: more are drawn without smoothing, which costs ten times as much."""
COLUMNS_BEFORE = 8
"""Read together with the columns that are painted anew: curves are linked, holes bridged from there."""
DOT_PIXELS = 12.0
"""Samples further apart than that get a dot each."""
POINT_PIXELS = 4.0


@dataclass(frozen=True, slots=True)
class ChannelLook:
    """Where and how one channel is drawn."""

    channel: int
    colour: QColor
    lane: Lane
    width: int = 0
    """Logical pixels; 0: as usual."""
    marker: Marker = Marker.USUAL


@dataclass(frozen=True, slots=True)
class Look:
    """How all channels of a layer are drawn."""

    channels: tuple[ChannelLook, ...]
    low: float
    high: float
    line: LineStyle
    held: bool
    """Whether each channel keeps to its own lane."""


def draw_lines(painter: QPainter, layer: SignalLayer, look: Look, frame: TimeFrame) -> None:
    """Each sample at its place, joined as the look says; never over a gap."""
    if layer.window is None:
        return
    xs, values = near_view(
        frame.axis.xs_of(layer.window.times),
        layer.window.minimum,
        frame.axis.width,
        slanted=look.line is LineStyle.LINE,
    )
    is_smooth = len(xs) * len(look.channels) <= MOST_SMOOTH
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    apart = float(np.median(np.diff(xs))) if len(xs) > 1 else 0.0
    for each in look.channels:
        ys = each.lane.ys_of(values[:, each.channel], look.low, look.high)
        for begin, end in runs_of(ys):
            _draw_run(painter, xs[begin:end], ys[begin:end], each, look.line, apart)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def near_view(xs: Reals, values: npt.NDArray[Any], width: int, *, slanted: bool) -> tuple[Reals, Reals]:
    """The points that matter for a view from 0 to `width`; those far outside are brought near on their line.

    A point beyond the edges by far more than the view loses digits in the paint engine. `slanted`: points are
    joined by straight lines; else each value holds until the next.
    """
    left, right = -4.0 * width, 5.0 * width
    begin = max(0, int(np.searchsorted(xs, left, "right")) - 1)
    end = int(np.searchsorted(xs, right)) + 1
    xs, near = xs[begin:end].copy(), values[begin:end].astype(np.float64)
    if len(xs) > 1 and xs[0] < left:
        if slanted:
            near[0] += (near[1] - near[0]) * ((left - xs[0]) / (xs[1] - xs[0]))
        xs[0] = left
    if len(xs) > 1 and xs[-1] > right:
        if slanted:
            near[-1] = near[-2] + (near[-1] - near[-2]) * ((right - xs[-2]) / (xs[-1] - xs[-2]))
        xs[-1] = right
    return xs, near


def _draw_run(
    painter: QPainter, xs: Reals, ys: Reals, each: ChannelLook, line: LineStyle, apart: float
) -> None:
    """Samples without a gap between them, `apart` pixels from each other."""
    must = len(xs) == 1 or line is LineStyle.POINTS  # else nothing would be seen of them
    if not must:
        corners = stepped(xs, ys) if line is LineStyle.STEP else (xs, ys)
        _draw_line(painter, *corners, each)
    if each.marker in (Marker.USUAL, Marker.NONE):
        usual = each.marker is Marker.USUAL and line is LineStyle.LINE and apart >= DOT_PIXELS
        if must or usual:
            pixels = POINT_PIXELS + max(0, each.width - 1)
            painter.setPen(QPen(each.colour, pixels, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints(polygon_of(xs, ys))
    elif must or apart >= MARKER_ROOM:
        draw_markers(painter, xs, ys, each.marker, each.colour, each.width)


def stepped(xs: Reals, ys: Reals) -> tuple[Reals, Reals]:
    """The corners of a line on which each value holds until the next."""
    return np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]


def paint_spans(
    canvas: npt.NDArray[np.uint32], layer: SignalLayer, look: Look, axis: TimeAxis, first: int, ratio: float
) -> None:
    """Fill, from column `first` of the canvas on, what each channel spans in each column of pixels."""
    if layer.window is None:
        return
    width = canvas.shape[1]
    before = min(first, COLUMNS_BEFORE)
    left = axis.left + (first - before) * axis.span // width
    columns = pixel_columns(layer.window, left, axis.right, width - first + before)
    if not look.held and look.line is not LineStyle.POINTS:
        columns = linked(columns)
    for lane, channels in groupby(look.channels, key=lambda each: each.lane):
        _paint_lane(canvas[:, first:], columns, before, lane, tuple(channels), look, ratio)


def _paint_lane(
    canvas: npt.NDArray[np.uint32],
    columns: PixelColumns,
    before: int,
    lane: Lane,
    channels: tuple[ChannelLook, ...],
    look: Look,
    ratio: float,
) -> None:
    """Where all channels of a lane lie is reckoned at once: each by itself, numpy took longer to begin."""
    numbers = [each.channel for each in channels]
    more = np.array([[max(0, each.width - 1) / 2] for each in channels])
    upper = lane.ys_of(columns.high[before:].T.take(numbers, axis=0), look.low, look.high) - more
    lower = lane.ys_of(columns.low[before:].T.take(numbers, axis=0), look.low, look.high) + more
    if look.held:
        upper, lower = lane.held_in(upper), lane.held_in(lower)
    thickness = max(1, round(ratio))
    tops, bottoms = span_rows(upper * ratio, lower * ratio, canvas.shape[0], thickness=thickness)
    for each, top, bottom in zip(channels, tops, bottoms, strict=True):
        paint_rows(canvas, top, bottom, each.colour.rgba())


def _draw_line(painter: QPainter, xs: Reals, ys: Reals, each: ChannelLook) -> None:
    if len(xs) < MANY_POINTS:
        painter.setPen(QPen(each.colour, each.width or 1.5))
        painter.drawPolyline(polygon_of(xs, ys))
        return
    pen = QPen(each.colour, 1.0)
    pen.setCosmetic(True)
    painter.setPen(pen)
    line = polygon_of(xs, ys)
    if each.width <= 1:
        painter.drawPolyline(line)
        return
    # Wider than a pixel, a line of many points costs a hundred times as much: it is drawn side by side.
    is_smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for n in range(each.width):
        by = n - (each.width - 1) / 2
        painter.drawPolyline(line.translated(0, by))
        painter.drawPolyline(line.translated(by, 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
