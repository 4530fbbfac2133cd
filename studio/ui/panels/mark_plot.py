"""Draws moments and stretches of time with their texts: events, notes, texts, messages of any kind."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QStaticText
from PySide6.QtWidgets import QWidget

from studio.app.answers import Marks
from studio.formats.message_columns import MessageColumns
from studio.ui import readable
from studio.ui.panels.density_painting import draw_density
from studio.ui.panels.mark_rows import HIDDEN, rows_of
from studio.ui.panels.plot_sheet import PlotSheet
from studio.ui.panels.signal_marks import HATCH_ALPHA, draw_gaps
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

TOP = 4
TEXT_GAP = 5
TEXT_LIMIT_PIXELS = 320
MOST_ROWS = 4
"""More texts than that above each other cannot be told from a carpet."""
DENSITY_SHARE = 0.45
"""Of the height: how high the fullest column stands."""
DENSITY_ALPHA = 110
TEXT_GROUND_ALPHA = 190
DENSE_PIXELS = 12
"""Marks nearer to each other than that recede behind their texts."""


def no_marks() -> Marks:
    """Nothing happened."""
    return Marks(np.empty(0, np.int64), (), np.empty(0, np.int64), 0)


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())


class MarkPlot(QWidget):
    """The plot of one stream of marks."""

    def __init__(self, theme: Theme, *, colour_index: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour_index = colour_index
        self._marks = no_marks()
        self._lines: tuple[str, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._shown: tuple[QStaticText, ...] = ()
        self._density: MessageColumns | None = None
        self._sheet = PlotSheet(self, theme)

    @property
    def marks(self) -> Marks:
        """What was taken last."""
        return self._marks

    def take_marks(self, marks: Marks) -> None:
        """Show these."""
        self._marks = marks
        metrics = self.fontMetrics()
        self._lines = tuple(one_line(text) for text in marks.texts)
        self._widths = tuple(
            min(TEXT_LIMIT_PIXELS, metrics.horizontalAdvance(text)) + TEXT_GAP for text in self._lines
        )
        made = {
            text: self._laid_out(text, width) for text, width in zip(self._lines, self._widths, strict=True)
        }
        self._shown = tuple(made[text] for text in self._lines)
        self.update()

    def _laid_out(self, text: str, width: int) -> QStaticText:
        """A text as it is painted many times; what is too long for its place ends in dots."""
        if width >= TEXT_LIMIT_PIXELS:
            room = width - TEXT_GAP + 1
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        laid_out = QStaticText(text)
        laid_out.setTextFormat(Qt.TextFormat.PlainText)
        return laid_out

    @property
    def has_more(self) -> bool:
        """Whether only some of the marks in view are known one by one."""
        return self._marks.total > len(self._marks.times)

    def take_density(self, density: MessageColumns) -> None:
        """How many there are where; drawn while they are not all known one by one."""
        self._density = density
        self.update()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none)."""
        self._sheet.take_words(text, dimmed=dimmed)

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._sheet.show_frame(frame)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, grid, marks, cursor, words."""
        self._sheet.paint(self._draw, self._draw_count)

    def _draw(self, painter: QPainter, frame: TimeFrame) -> None:
        if self._density is not None and self.has_more:
            self._draw_density(painter, self._density, frame)
        if len(self._marks.times):
            self._draw_marks(painter, frame)

    def _draw_marks(self, painter: QPainter, frame: TimeFrame) -> None:
        xs = frame.axis.xs_of(self._marks.times)
        ends = frame.axis.xs_of(self._marks.times + self._marks.durations)
        # A text that begins far to the left reaches into view; further left nothing does, but what lasts.
        seen = np.flatnonzero((np.maximum(xs, ends) > -2 * TEXT_LIMIT_PIXELS) & (xs < self.width()))
        xs, ends = xs[seen], ends[seen]
        texts, widths = [self._shown[n] for n in seen], [self._widths[n] for n in seen]
        # A stretch that began before the view has its text at the edge, as long as it lasts.
        begins = [max(float(x), 0.0) if end > 0 else float(x) for x, end in zip(xs, ends, strict=True)]
        line = painter.fontMetrics().height() + 2
        rows = rows_of(begins, widths, max(1, min(MOST_ROWS, (self.height() - TOP) // line)))
        self._draw_ticks(painter, [(float(x), float(end)) for x, end in zip(xs, ends, strict=True)])
        painter.setPen(self._theme.colour("text"))
        # Ticks of other marks would run through the words.
        ground = self._theme.colour("surface")
        ground.setAlpha(TEXT_GROUND_ALPHA)
        for x, width, row, text in zip(begins, widths, rows, texts, strict=True):
            if row != HIDDEN and -width < x < self.width():
                left, top = x + TEXT_GAP, TOP + row * line
                painter.fillRect(QRectF(left - 1, top, width - TEXT_GAP + 2, line - 1), ground)
                painter.drawStaticText(QPointF(left, top), text)

    def _draw_density(self, painter: QPainter, density: MessageColumns, frame: TimeFrame) -> None:
        colour = self._theme.stream_colour(self._colour_index)
        colour.setAlpha(DENSITY_ALPHA)
        top = self.height() * (1 - DENSITY_SHARE)
        room = QRectF(0, top, self.width(), self.height() - top)
        hatching = self._theme.colour("muted")
        hatching.setAlpha(HATCH_ALPHA)
        draw_gaps(painter, density.gaps, frame.axis, QRectF(self.rect()), hatching)
        draw_density(painter, density, frame.axis, room, colour)

    def _draw_ticks(self, painter: QPainter, stretches: list[tuple[float, float]]) -> None:
        colour = self._theme.stream_colour(self._colour_index)
        shade = QColor(colour)
        shade.setAlpha(56)
        width, height = self.width(), self.height()
        lines = []
        for x, end in stretches:
            if end > x and end > 0 and x < width:
                left, right = max(0.0, x), min(float(width), end)
                painter.fillRect(QRectF(left, 0, max(1.0, right - left), height), shade)
            if -2 < x < width + 2:
                lines.append(QLineF(round(x) + 0.5, 0, round(x) + 0.5, height))
        if len(lines) * DENSE_PIXELS > width:
            colour.setAlpha(72)
        painter.setPen(QPen(colour, 1.5))
        painter.drawLines(lines)

    def _draw_count(self, painter: QPainter, _: TimeFrame) -> None:
        missing = self._marks.total - len(self._marks.times)
        if missing > 0:
            text = f"{readable.count(missing)} more: zoom in"
            metrics = painter.fontMetrics()
            width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
            plate = QRectF(self.width() - width - 4, self.height() - height - 4, width, height)
            ground = self._theme.colour("raised")
            ground.setAlpha(TEXT_GROUND_ALPHA)
            painter.fillRect(plate, ground)
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
