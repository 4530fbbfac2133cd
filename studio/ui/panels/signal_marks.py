"""Draws what a curve cannot show: hatched gaps, and signs where values are no numbers or infinite."""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from studio.formats.signal import Gap
from studio.ui.panels.signal_oddities import Oddities
from studio.ui.panels.time_axis import TimeAxis

LEAST_GAP_PIXELS = 1.5
"""A narrower gap cannot be hatched."""
NOTCH_PIXELS = 5.0
HATCH_ALPHA = 70
"""Of 255: hatching is seen, and no curve is taken for it."""
SIGN_PIXELS = 4.0
MOST_SIGNS = 400
"""Side by side they are a band anyway."""


def draw_gaps(painter: QPainter, gaps: Iterable[Gap], axis: TimeAxis, room: QRectF, colour: QColor) -> None:
    """Hatch the stretches in which there is nothing; of the narrowest, leave a notch at the top."""
    brush = QBrush(colour, Qt.BrushStyle.BDiagPattern)
    edge, notches = QColor(colour), set()
    for gap in gaps:
        left, right = max(-1.0, axis.x_of(gap.from_time)), min(axis.width + 1.0, axis.x_of(gap.to_time))
        if right <= left:
            continue
        if right - left < LEAST_GAP_PIXELS:
            notches.add(round(left))
            continue
        painter.fillRect(QRectF(left, room.top(), right - left, room.height()), brush)
        painter.setPen(QPen(edge, 1, Qt.PenStyle.DotLine))
        for x in (left, right):
            painter.drawLine(QLineF(x, room.top(), x, room.bottom()))
    edge.setAlpha(255)
    for x in notches:
        painter.fillRect(QRectF(x, room.top(), 1, min(NOTCH_PIXELS, room.height())), edge)


def draw_oddities(painter: QPainter, odd: Oddities, room: QRectF, colour: QColor) -> None:
    """Triangles at the edge for infinities, crosses at the foot for what is no number."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x in odd.above[:MOST_SIGNS]:
        painter.drawPolygon(_triangle(float(x), room.top(), 1.0))
    for x in odd.below[:MOST_SIGNS]:
        painter.drawPolygon(_triangle(float(x), room.bottom(), -1.0))
    painter.setPen(QPen(colour, 1.5))
    half, y = SIGN_PIXELS / 2, room.bottom() - SIGN_PIXELS
    for x in odd.nothing[:MOST_SIGNS]:
        painter.drawLine(QLineF(x - half, y - half, x + half, y + half))
        painter.drawLine(QLineF(x - half, y + half, x + half, y - half))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _triangle(x: float, edge: float, down: float) -> QPolygonF:
    foot = edge + down * 1.5 * SIGN_PIXELS
    return QPolygonF([QPointF(x, edge), QPointF(x - SIGN_PIXELS, foot), QPointF(x + SIGN_PIXELS, foot)])
