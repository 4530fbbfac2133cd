"""The ground of the overview strip as a picture: bars of the hint, hatched where nothing was recorded.

Painted when it changes only, since the strip itself is painted with every move of the view.
"""

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap

from studio.ui.theme import Theme
from studio.ui.theme_tokens import ThemeName
from studio.ui.timeline.overview_hint import Hint

FOOT = 3

_Key = tuple[int, ThemeName, int, int, float]


class OverviewGround:
    """Keeps the last picture."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._key: _Key | None = None
        self._hint: Hint | None = None

    def picture(self, hint: Hint | None, theme: Theme, size: QSize, ratio: float) -> QPixmap:
        """The ground for this hint, theme and size."""
        key = (id(hint), theme.name, size.width(), size.height(), ratio)
        if key != self._key:
            self._key, self._hint = key, hint  # held, so that its id stays its own
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.colour("surface"))
            if hint is not None:
                painter = QPainter(self._picture)
                _draw(painter, hint, theme, size)
                painter.end()
        return self._picture


def _draw(painter: QPainter, hint: Hint, theme: Theme, size: QSize) -> None:
    filled = np.isfinite(hint.low) & np.isfinite(hint.high)
    edges = np.flatnonzero(np.diff(filled, prepend=True, append=True))
    hatched = QBrush(theme.colour("border"), Qt.BrushStyle.BDiagPattern)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        painter.fillRect(QRectF(left, 0, right - left, size.height()), hatched)
    room = size.height() - 2 * FOOT
    xs = np.flatnonzero(filled)
    tops, feet = FOOT + (1 - hint.high[xs]) * room, FOOT + (1 - hint.low[xs]) * room
    feet = np.maximum(feet, tops + 1)
    painter.setPen(QPen(theme.colour("muted"), 1))
    bars = zip(xs.tolist(), tops.tolist(), feet.tolist(), strict=True)
    painter.drawLines([QLineF(x + 0.5, top, x + 0.5, foot) for x, top, foot in bars])
