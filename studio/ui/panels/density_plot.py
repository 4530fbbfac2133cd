"""Draws the messages of a stream, whatever they hold: a tick for each, bars where a pixel has many."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.formats.message_columns import MessageColumns
from studio.ui.panels.density_painting import draw_density
from studio.ui.panels.message_reading import counting_text
from studio.ui.panels.plot_sheet import PlotSheet
from studio.ui.panels.signal_marks import HATCH_ALPHA, draw_gaps
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme, figures_font

HEADROOM = 6


class DensityPlot(QWidget):
    """The plot of the messages of one stream."""

    def __init__(self, theme: Theme, *, colour_index: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour_index = colour_index
        self._columns: MessageColumns | None = None
        self._sheet = PlotSheet(self, theme)

    @property
    def columns_shown(self) -> MessageColumns | None:
        """What was taken last."""
        return self._columns

    def take_columns(self, columns: MessageColumns) -> None:
        """Show these."""
        self._columns = columns
        self.update()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none)."""
        self._sheet.take_words(text, dimmed=dimmed)

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._sheet.show_frame(frame)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, grid, gaps, messages, cursor, words."""
        self._sheet.paint(self._draw)

    def _draw(self, painter: QPainter, frame: TimeFrame) -> None:
        if self._columns is not None:
            self._draw_columns(painter, self._columns, frame)

    def _draw_columns(self, painter: QPainter, columns: MessageColumns, frame: TimeFrame) -> None:
        colour = self._theme.colour("muted")
        colour.setAlpha(HATCH_ALPHA)
        draw_gaps(painter, columns.gaps, frame.axis, QRectF(self.rect()), colour)
        room = QRectF(self.rect()).adjusted(0, HEADROOM, 0, 0)
        draw_density(painter, columns, frame.axis, room, self._theme.stream_colour(self._colour_index))
        if columns.known_share < 1:
            painter.setFont(figures_font(self.font(), scale=0.85))
            painter.setPen(self._theme.colour("muted"))
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(self.rect().adjusted(0, 4, -8, 0), corner, counting_text(columns.known_share))
