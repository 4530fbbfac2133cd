"""How the pixels of one plot become what is drawn: pictures as they are, measured values in colours.

Holds the choice of colours and range; knows the range of the picture that is shown.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen

from studio.formats.false_colours import (
    STEPS,
    ColourMap,
    Range,
    automatic_range,
    coloured,
    colours_of,
    has_values,
    known_of,
)
from studio.ui import readable
from studio.ui.panels.picture_plates import GROUND, INK, PADDING
from studio.ui.panels.value_ticks import number_text
from studio.ui.theme import Theme, figures_font

BAR_WIDTH, BAR_HEIGHT = 10, 96
"""Logical pixels of the bar that says what colours mean."""
NARROW_BAR, NARROW_PADDING = 5, 3
"""Of one that lies over the picture."""
NARROWER = BAR_WIDTH + 3 * PADDING - NARROW_BAR - 3 * NARROW_PADDING
THROUGH = 0.6
"""How much of its plate hides the picture there."""


@dataclass(frozen=True, slots=True)
class BarPlace:
    """Where the bar stands, with its plate."""

    plate: QRectF
    is_beside: bool
    """It hides nothing of the picture."""


def bar_place(
    size: tuple[float, float], narrower: float, seen: QRectF, room: QRectF, pointer: QPointF | None
) -> BarPlace | None:
    """Where a plate of this width and height goes: beside `seen`, what is in sight of the picture, if `room`
    is wider by that; else over it, narrower, and on the other side while `pointer` is on it. None: it would
    cover half of the picture."""
    wide, high = size
    if room.right() - seen.right() >= wide:
        return BarPlace(QRectF(seen.right(), seen.top(), wide, high), is_beside=True)
    plate = QRectF(seen.right() - wide + narrower, seen.top(), wide - narrower, high)
    if plate.width() > seen.width() / 2:
        return None
    if pointer is not None and plate.contains(pointer):
        plate.moveLeft(seen.left())
    return BarPlace(plate, is_beside=False)


class PictureColours:
    """The colours of one stream of pictures."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._map = ColourMap.TURBO
        self._table = colours_of(self._map)
        self._low: float | None = None
        self._high: float | None = None
        self.shown: Range | None = None
        """The values of the first and the last colour of the picture drawn last; None: it has none."""

    def choose(self, name: ColourMap, low: float | None, high: float | None) -> bool:
        """Use this map and range (None: found for each picture); whether anything is different."""
        if (name, low, high) == (self._map, self._low, self._high):
            return False
        if name is not self._map:
            self._map, self._table = name, colours_of(name)
        self._low, self._high = low, high
        return True

    def drawn(self, pixels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """What is seen of a picture: contiguous `(h, w, 3)` BGR or `(h, w)` grey."""
        self.shown = None
        if not has_values(pixels):
            return np.ascontiguousarray(pixels)
        self.shown = self._range_of(pixels)
        return coloured(pixels, self.shown, self._table)

    def words_of(self, values: tuple[float, ...]) -> str:
        """A measured value with its unit; empty for brightness."""
        if self.shown is None or len(values) != 1:
            return ""
        if not bool(known_of(np.array(values))[0]):
            return "unknown"
        value = values[0]
        is_whole = isinstance(value, int)
        text = readable.count(int(value)) if is_whole else number_text(value, max(map(abs, self.shown)))
        return f"{text}{readable.SPACE}{self._unit}".strip()

    def draw_bar(
        self,
        painter: QPainter,
        font: QFont,
        theme: Theme,
        *,
        seen: QRectF,
        room: QRectF,
        pointer: QPointF | None,
    ) -> None:
        """What the colours mean, at the upper right: `seen` is what of the picture is in sight, `room` the
        plot, `pointer` where the mouse is in it. Nothing where it has no room."""
        if self.shown is None:
            return
        painter.setFont(figures_font(font, scale=0.85))
        metrics = painter.fontMetrics()
        texts = [self._end_text(value) for value in reversed(self.shown)]
        wide = max(metrics.horizontalAdvance(text) for text in texts)
        height = min(BAR_HEIGHT, seen.height() / 2)
        if height < 3 * metrics.height():
            return
        place = bar_place((wide + BAR_WIDTH + 3 * PADDING, height), NARROWER, seen, room, pointer)
        if place is not None:
            self._draw_ground(painter, place)
            self._draw_scale(painter, theme, place, texts)

    def _draw_ground(self, painter: QPainter, place: BarPlace) -> None:
        """Over the picture, whatever its colours are, words need a ground; beside it they have the paper."""
        if not place.is_beside:
            painter.setOpacity(THROUGH)
            painter.fillRect(place.plate, GROUND)
            painter.setOpacity(1.0)

    def _draw_scale(self, painter: QPainter, theme: Theme, place: BarPlace, texts: list[str]) -> None:
        plate, inner = place.plate, PADDING if place.is_beside else NARROW_PADDING
        bar = plate.adjusted(inner, inner, 0, -inner)
        bar.setWidth(BAR_WIDTH if place.is_beside else NARROW_BAR)
        upright = np.ascontiguousarray(self._table[::-1, np.newaxis])  # the highest value at the top
        painter.drawImage(bar, QImage(upright.data, 1, STEPS, 3, QImage.Format.Format_BGR888).copy())
        if place.is_beside:  # white on white, black on black would have no edge
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawRect(bar)
        painter.setPen(theme.colour("text") if place.is_beside else INK)
        words = QRectF(bar.topRight() + QPointF(inner, 0), plate.bottomRight() - QPointF(inner, inner))
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(words, right | Qt.AlignmentFlag.AlignTop, texts[0])
        painter.drawText(words, right | Qt.AlignmentFlag.AlignBottom, texts[1])

    def _range_of(self, pixels: npt.NDArray[Any]) -> Range:
        if self._low is not None and self._high is not None:
            return self._low, self._high
        low, high = automatic_range(pixels) or (0.0, 1.0)
        low, high = low if self._low is None else self._low, high if self._high is None else self._high
        return (low, high) if low < high else (low, low + 1.0)

    def _end_text(self, value: float) -> str:
        is_whole = value == int(value) and abs(value) < 1e9
        text = readable.count(int(value)) if is_whole else number_text(value, value)
        return f"{text}{readable.SPACE}{self._unit}".strip()
