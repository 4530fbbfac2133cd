"""Draws how many messages there are in each column: ticks where they are few, bars where they are many."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from studio.formats.message_columns import MessageColumns
from studio.ui.panels.time_axis import TimeAxis

TICK_SHARE = 0.6
"""Of the room: how high the tick of a single message is."""
LEAST_SHARE = 0.12
"""A column that has any message is seen."""
FEW = 1.5
"""Messages of the fullest column, up to which all are ticks."""


def draw_density(
    painter: QPainter, columns: MessageColumns, axis: TimeAxis, room: QRectF, colour: QColor
) -> None:
    """One bar for each column in view that has messages, standing on the foot of the room."""
    first, last = np.searchsorted(columns.edges, (axis.left, axis.right))
    first, last = max(0, int(first) - 1), min(len(columns.counts), int(last))
    counts = columns.counts[first:last]
    # What lies across an edge of a block leaves crumbs.
    places = np.flatnonzero(counts > 1e-6)
    if not len(places):
        return
    most = float(counts.max())
    lefts = np.floor(axis.xs_of(columns.edges[first:last]))
    rights = np.floor(axis.xs_of(columns.edges[first + 1 : last + 1]))
    for n in places.tolist():
        share = TICK_SHARE if most <= FEW else max(LEAST_SHARE, float(counts[n]) / most)
        height = share * room.height()
        width = 1.0 if most <= FEW else max(1.0, rights[n] - lefts[n])
        painter.fillRect(QRectF(lefts[n], room.bottom() - height, width, height), colour)
