"""Draws a spectrogram from tiles: those that are there at once, those that are missing when they come.

Where the tiles of the zoom shown are missing, coarser or finer ones of other zooms stand in for them.
"""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.formats.spectrum import SpectrumWindow
from studio.timing import Timestamp
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.level_colours import SPAN_DB, coloured, level_colours
from studio.ui.panels.spectrum_tiles import (
    MOST_TILES,
    TILE_COLUMNS,
    Band,
    TileKey,
    TileStore,
    column_duration,
    tiles_in,
)
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.theme_tokens import ThemeName

STAND_INS = (8, 4, 2)
"""How many times coarser tiles may be that stand in, the coarsest painted first."""
TOP_STEP_DB = 10.0


class SpectrogramPlot(QWidget):
    """The plot of the frequencies of one stream."""

    fit_chosen = Signal()  # the user wants all frequencies

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tiles = TileStore()
        self._band: Band | None = None
        self._rate = 0.0
        self._images: dict[TileKey, tuple[QImage, npt.NDArray[np.uint32]]] = {}
        self._top_db: float | None = None
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def top_db(self) -> float | None:
        """The level of the loudest colour; None: nothing was seen yet."""
        return self._top_db

    def show_band(self, band: Band, rate: float) -> None:
        """Show these frequencies of a signal of so many samples a second."""
        if band != self._band:
            self._band, self._rate = band, rate
            self.update()

    def take_tile(self, key: TileKey, tile: SpectrumWindow) -> None:
        """Here is one more."""
        self.tiles.put(key, tile)
        self._images.pop(key, None)
        if np.isfinite(tile.levels).any():
            # Not one loud click decides the colours of a whole session.
            loud = float(np.nanpercentile(tile.levels.astype(np.float32), 99.9))
            top = np.ceil(loud / TOP_STEP_DB) * TOP_STEP_DB
            if self._top_db is None or top > self._top_db:
                self._top_db = float(top)
                self._images = {}
        self.update()

    def level_at(self, time: Timestamp) -> tuple[float, float, SpectrumWindow] | None:
        """Hz and dB of the loudest frequency at a time, and where that is from; None: not known."""
        if self._frame is None or self._band is None:
            return None
        column_ns = column_duration(self._frame.axis, self._rate)
        step = column_ns * TILE_COLUMNS
        tile = self.tiles.get(TileKey(column_ns, time // step, self._band))
        if tile is None:
            return None
        column = tile.levels[(time - tile.left) // tile.column_ns].astype(np.float32)
        if not np.isfinite(column).any():
            return None
        row = int(np.nanargmax(column))
        return hertz_of(tile, row), float(column[row]), tile

    def fit(self) -> None:
        """All frequencies, and colours for what is in view."""
        self._top_db, self._images = None, {}
        for key in self._wanted():
            tile = self.tiles.get(key)
            if tile is not None:
                self.take_tile(key, tile)
        self.fit_chosen.emit()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none)."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._frame = frame
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._images = {}
        self.update()

    def _wanted(self) -> tuple[TileKey, ...]:
        if self._frame is None or self._band is None:
            return ()
        return tiles_in(self._frame.axis, column_duration(self._frame.axis, self._rate), self._band)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, tiles, grid of time, cursor, words."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            if self._frame is not None:
                self._draw_tiles(painter, self._frame)
                plot_paper.draw_cursor(painter, self, self._theme, self._frame)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)

    def _draw_tiles(self, painter: QPainter, frame: TimeFrame) -> None:
        if self._band is None:
            return
        wanted = self._wanted()
        if not all(key in self.tiles for key in wanted):
            column_ns = column_duration(frame.axis, self._rate)
            for times in STAND_INS:
                self._draw(painter, frame, tiles_in(frame.axis, column_ns * times, self._band))
            if column_ns > 1:
                self._draw(painter, frame, tiles_in(frame.axis, column_ns // 2, self._band))
        self._draw(painter, frame, wanted)

    def _draw(self, painter: QPainter, frame: TimeFrame, keys: Iterable[TileKey]) -> None:
        for key in keys:
            if key in self.tiles:
                left, right = frame.axis.x_of(key.left), frame.axis.x_of(key.right)
                painter.drawImage(QRectF(left, 0, right - left, self.height()), self._image_of(key))

    def _image_of(self, key: TileKey) -> QImage:
        if key not in self._images:
            tile = self.tiles.get(key)
            assert tile is not None
            colours = level_colours(dark=self._theme.name is ThemeName.DARK)
            top = self._top_db if self._top_db is not None else -SPAN_DB
            pixels = coloured(tile.levels, top, colours)
            height, width = pixels.shape
            form = QImage.Format.Format_ARGB32_Premultiplied
            if len(self._images) > MOST_TILES:
                self._images = {}
            # The array is held because the image only points at it.
            self._images[key] = (QImage(pixels.data, width, height, width * 4, form), pixels)
        return self._images[key][0]


def hertz_of(tile: SpectrumWindow, row: int) -> float:
    """The middle of a row."""
    share = (row + 0.5) / int(tile.levels.shape[1])
    if tile.logarithmic:
        return tile.low * math.exp(share * math.log(tile.high / tile.low))
    return tile.low + share * (tile.high - tile.low)
