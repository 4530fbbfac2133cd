"""Draws the signs at the samples of a curve. Stateless."""

from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.ui.panels.curve_look import Marker
from studio.ui.panels.polyline import polygon_of

MARKER_PIXELS = 7.0
"""From edge to edge, of a curve of one pixel."""
MARKER_ROOM = 10.0
"""Samples nearer to each other have no signs: they would be one band."""
_CAPS = {Marker.DOT: Qt.PenCapStyle.RoundCap, Marker.SQUARE: Qt.PenCapStyle.SquareCap}


def draw_markers(
    painter: QPainter,
    xs: npt.NDArray[Any],
    ys: npt.NDArray[Any],
    marker: Marker,
    colour: QColor,
    width: int,
) -> None:
    """A sign at each place, larger on a curve of more `width`."""
    size = MARKER_PIXELS + max(0, width - 1)
    if marker in _CAPS:
        painter.setPen(QPen(colour, size, Qt.PenStyle.SolidLine, _CAPS[marker]))
        painter.drawPoints(polygon_of(xs, ys))
        return
    places, half = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)], size / 2
    if marker is Marker.CROSS:
        painter.setPen(QPen(colour, max(1.5, width)))
        down, up = QPointF(half, half), QPointF(half, -half)
        painter.drawLines([QLineF(p - d, p + d) for p in places for d in (down, up)])
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corners = (QPointF(0, -half), QPointF(half, half), QPointF(-half, half))
        for place in places:
            painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
