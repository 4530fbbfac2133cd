"""What plots of messages have in common: ground, grid, cursor and words around what each of them draws."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

Draw = Callable[[QPainter, TimeFrame], None]


class PlotSheet(QObject):
    """The sheet of one plot: which stretch of time it shows, and what is written over it."""

    def __init__(self, plot: QWidget, theme: Theme) -> None:
        super().__init__(plot)
        self._plot = plot
        self.theme = theme
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        plot.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none)."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self._plot.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._frame = frame
        self._plot.update()

    def paint(self, draw: Draw, draw_over: Draw | None = None) -> None:
        """Paint the plot, what is its own by `draw`, and over the cursor by `draw_over`."""
        with painting(self._plot) as painter:
            plot_paper.draw_ground(painter, self._plot, self.theme)
            if self._frame is not None:
                plot_paper.draw_time_grid(painter, self._plot, self.theme, self._frame)
                draw(painter, self._frame)
                plot_paper.draw_cursor(painter, self._plot, self.theme, self._frame)
                if draw_over is not None:
                    draw_over(painter, self._frame)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self._plot, self.theme, self._words, role)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._plot.update()
