"""The narrow column left of a plot with the numbers of its value axis, and the unit."""

from PySide6.QtCore import QLineF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.value_lanes import Lane, lanes_of
from studio.ui.panels.value_ticks import ValueTick, value_ticks
from studio.ui.theme import Theme, figures_font

WIDTH = 56
TICK_PIXELS = 4


class ValueAxis(QWidget):
    """Numbers for one plot; empty until it has a range."""

    def __init__(self, theme: Theme, *, lanes: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lane_count = lanes
        self._range: AutoRange | None = None
        self.setFixedWidth(WIDTH)
        theme.changed.connect(self._on_theme_changed)

    @Slot(object)
    def show_range(self, shown: AutoRange) -> None:
        """Show the numbers of this range."""
        self._range = shown
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ticks and numbers, right-aligned at the plot."""
        if self._range is None or self._range.changed_ns is None:
            return
        painter = QPainter(self)
        painter.setFont(figures_font(self.font(), scale=0.85))
        for lane in lanes_of(self._lane_count, self.height()):
            for tick in _ticks_of(self._range, lane):
                self._draw_tick(painter, lane, tick, self._range)
        painter.end()

    def _draw_tick(self, painter: QPainter, lane: Lane, tick: ValueTick, shown: AutoRange) -> None:
        y = round(lane.y_of(tick.value, shown.low, shown.high)) + 0.5
        painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.drawLine(QLineF(self.width() - TICK_PIXELS, y, self.width(), y))
        line = painter.fontMetrics().height()
        top = min(max(0.0, y - line / 2), self.height() - line)
        painter.setPen(self._theme.colour("muted"))
        room = QRectF(0, top, self.width() - TICK_PIXELS - 4, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def _ticks_of(shown: AutoRange, lane: Lane) -> tuple[ValueTick, ...]:
    if shown.shape is RangeShape.SYMMETRIC:
        # A waveform is read by its ends.
        ticks = value_ticks(shown.low, shown.high, 48)
        return tuple(tick for tick in ticks if tick.value in (shown.low, 0.0, shown.high) or lane.height > 72)
    return value_ticks(shown.low, shown.high, int(lane.height))
