"""Draws how many messages there are in each column: ticks where they are few, bars where they are many."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from studio.formats.message_columns import MessageColumns
from studio.ui.panels.column_spans import paint_span
from studio.ui.panels.time_axis import TimeAxis

Reals = npt.NDArray[np.float64]

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
    ratio = painter.device().devicePixelRatio()
    width, height = round(axis.width * ratio), max(1, round(room.height() * ratio))
    lefts = np.floor(axis.xs_of(columns.edges[first:last]) * ratio)[places]
    rights = np.floor(axis.xs_of(columns.edges[first + 1 : last + 1]) * ratio)[places]
    if most <= FEW:
        shares = np.full(len(places), TICK_SHARE)
        rights = lefts + max(1, round(ratio))
    else:
        shares = np.maximum(LEAST_SHARE, counts[places] / most)
    tops = np.full(width, np.nan)
    highest = _per_pixel(lefts, np.maximum(rights, lefts + 1), shares, width)
    seen = highest > 0
    tops[seen] = (1 - highest[seen]) * height
    pixels = np.zeros((height, width), np.uint32)
    paint_span(pixels, tops, np.where(seen, float(height), np.nan), _premultiplied(colour))
    form = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, width, height, width * 4, form)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(room.topLeft(), image)


def _per_pixel(lefts: Reals, rights: Reals, shares: Reals, width: int) -> Reals:
    """The highest of the bars that stand in each column of pixels; 0: none."""
    begins = np.clip(lefts, 0, width).astype(np.int64)
    counts = np.clip(rights, 0, width).astype(np.int64) - begins
    starts = np.repeat(begins - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    highest = np.zeros(width)
    np.maximum.at(highest, starts + np.arange(len(starts)), np.repeat(shares, counts))
    return highest


def _premultiplied(colour: QColor) -> int:
    alpha = colour.alpha()
    red, green, blue = (part * alpha // 255 for part in (colour.red(), colour.green(), colour.blue()))
    return alpha << 24 | red << 16 | green << 8 | blue
