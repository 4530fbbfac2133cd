"""The frame of a plane: where it lies in its plot, grid, numbers at both axes, what they are. Stateless."""

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.ui.panels.plane_view import PlaneView, Room
from studio.ui.panels.value_ticks import ValueTick, value_ticks
from studio.ui.theme import Theme, figures_font

FONT_SCALE = 0.85
PADDING = 6
LABEL_CHARACTERS = 7
"""That a number on the left may have room for."""
TICK_PIXELS = 4
LABEL_PIXELS = (28, 40, 56, 80, 112)
"""That may lie between two numbers below: the least that is enough is taken."""
LEAST = 40
"""Pixels of a plane: in less there are no axes, and all of the plot is the plane."""


def room_of(plot: QWidget) -> Room:
    """What is left of a plot for the plane."""
    metrics = QFontMetricsF(figures_font(plot.font(), scale=FONT_SCALE))
    line = metrics.height()
    left = metrics.horizontalAdvance("0") * LABEL_CHARACTERS + PADDING + TICK_PIXELS
    top, foot = line + PADDING, 2 * line + PADDING
    width, height = plot.width() - left - 2 * PADDING, plot.height() - top - foot
    if width < LEAST or height < LEAST:
        return Room(0, 0, plot.width(), plot.height())
    return Room(left, top, width, height)


def draw_axes(
    painter: QPainter, theme: Theme, view: PlaneView, room: Room, labels: tuple[str, str], font: QFont
) -> None:
    """Grid and numbers; `labels` say what lies across (below, at the right) and up (above, at the left)."""
    painter.setFont(figures_font(font, scale=FONT_SCALE))
    metrics = painter.fontMetrics()
    line, right, foot = metrics.height(), room.left + room.width, room.top + room.height
    has_axes = room.left > 0
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.drawRect(QRectF(room.left + 0.5, room.top + 0.5, room.width - 1, room.height - 1))
    for tick in ticks_across(view, room, QFontMetricsF(painter.font())):
        x = round(room.left + (tick.value - view.left) / (view.right - view.left) * room.width) + 0.5
        _grid(painter, theme, QLineF(x, room.top, x, foot))
        if has_axes:
            wide = metrics.horizontalAdvance(tick.label) + 2
            place = QRectF(min(x - wide / 2, right + PADDING - wide), foot + 2, wide, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, tick.label)
    for tick in value_ticks(view.low, view.high, int(room.height), 2 * line):
        y = round(foot - (tick.value - view.low) / (view.high - view.low) * room.height) + 0.5
        _grid(painter, theme, QLineF(room.left, y, right, y))
        if has_axes:
            place = QRectF(0, y - line / 2, room.left - TICK_PIXELS, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)
    if has_axes:
        _draw_labels(painter, theme, room, labels, line)


def ticks_across(view: PlaneView, room: Room, metrics: QFontMetricsF) -> tuple[ValueTick, ...]:
    """As many round values as have room side by side for their numbers."""
    ticks: tuple[ValueTick, ...] = ()
    each = 1
    for pixels in LABEL_PIXELS:
        ticks = value_ticks(view.left, view.right, int(room.width), pixels)
        widest = max((metrics.horizontalAdvance(tick.label) for tick in ticks), default=0.0)
        step = ticks[1].value - ticks[0].value if len(ticks) > 1 else view.right - view.left
        each = math.ceil((widest + PADDING) / (step / (view.right - view.left) * room.width))
        if each == 1:
            break
    return ticks[:: max(1, each)]


def _grid(painter: QPainter, theme: Theme, line: QLineF) -> None:
    painter.setPen(QPen(theme.colour("grid"), 1))
    painter.drawLine(line)
    painter.setPen(theme.colour("muted"))


def _draw_labels(painter: QPainter, theme: Theme, room: Room, labels: tuple[str, str], line: float) -> None:
    painter.setPen(theme.colour("text"))
    metrics = painter.fontMetrics()
    across, up = (
        metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, int(room.width)) for label in labels
    )
    foot = QRectF(room.left, room.top + room.height + line + 2, room.width, line)
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{across} →" if across else "")
    painter.drawText(QPointF(room.left, room.top - PADDING / 2), f"↑ {up}" if up else "")
