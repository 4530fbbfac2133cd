"""Draws the levels a user watches: a tint over what lies beyond, a line with its value. Stateless."""

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.ui.panels.auto_range import AutoRange
from studio.ui.panels.threshold import ABOVE, BELOW, Threshold
from studio.ui.panels.value_lanes import Lane
from studio.ui.readable import MINUS
from studio.ui.theme import figures_font

BEYOND_ALPHA = 38
"""Of 255: the tint is seen, and curves in it can be read."""
PADDING = 4


def draw_beyond(
    painter: QPainter, widget: QWidget, threshold: Threshold, lane: Lane, shown: AutoRange, colour: QColor
) -> None:
    """Tint what lies above the upper and below the lower level."""
    tint, height = QColor(colour), float(widget.height())
    tint.setAlpha(BEYOND_ALPHA)
    if threshold.high is not None:
        y = _held(lane.y_of(threshold.high, shown.low, shown.high), height)
        painter.fillRect(QRectF(0, 0, widget.width(), y), tint)
    if threshold.low is not None:
        y = _held(lane.y_of(threshold.low, shown.low, shown.high), height)
        painter.fillRect(QRectF(0, y, widget.width(), height - y), tint)


def draw_levels(
    painter: QPainter, widget: QWidget, threshold: Threshold, lane: Lane, shown: AutoRange, colour: QColor
) -> None:
    """A line at each level, and its value at the right end; of a level out of view, where it lies."""
    if threshold == Threshold():
        return
    painter.setFont(figures_font(widget.font(), scale=0.85))
    for level, is_upper in ((threshold.high, True), (threshold.low, False)):
        if level is not None:
            y = lane.y_of(level, shown.low, shown.high)
            _draw_level(painter, widget, level_text(level), y, colour, is_upper=is_upper)
    painter.setFont(widget.font())


def level_text(level: float) -> str:
    """`0.25`, as short as it was typed."""
    return f"{level:.6g}".replace("-", MINUS)


def _draw_level(
    painter: QPainter, widget: QWidget, text: str, y: float, colour: QColor, *, is_upper: bool
) -> None:
    width, height = widget.width(), widget.height()
    line = painter.fontMetrics().height()
    top = y - line - 1 if is_upper else y + 1
    if not 0 <= y < height:
        text = f"{ABOVE if y < 0 else BELOW} {text}"
    else:
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(0, round(y) + 0.5, width, round(y) + 0.5))
    room = QRectF(0, min(max(0.0, top), max(0.0, height - line)), width - PADDING, line)
    painter.setPen(colour)
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _held(y: float, height: float) -> float:
    return min(max(0.0, y), height)
