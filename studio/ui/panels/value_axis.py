"""The narrow column left of a plot with the numbers of its value axis, and the unit."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.ui.painting import painting
from studio.ui.panels.auto_range import AutoRange
from studio.ui.panels.axis_scale import AxisScale, EvenScale
from studio.ui.panels.value_gestures import ZOOM_PER_STEP, panned, zoomed
from studio.ui.panels.value_lanes import PADDING_PIXELS, Lane, lanes_of
from studio.ui.panels.value_ticks import ValueTick
from studio.ui.theme import Theme, figures_font

WIDTH = 56
TICK_PIXELS = 4


class ValueAxis(QWidget):
    """Numbers for one plot; empty until it has a range. Dragged and turned, it asks for another one."""

    range_previewed = Signal(object, object)  # low, high: while the mouse moves
    range_chosen = Signal(object, object)  # low, high: it has come to rest
    auto_chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale: AxisScale = EvenScale()
        self._unit = ""
        self._lane_count = 1
        self._range: AutoRange | None = None
        self._pressed_y: float | None = None
        self._is_changed = False
        self.setFixedWidth(WIDTH)
        theme.changed.connect(self._on_theme_changed)

    def show_scale(self, scale: AxisScale, unit: str = "") -> None:
        """Values lie like this from now on; `unit` stands at the top."""
        self._scale, self._unit = scale, unit
        self.update()

    @Slot(int)
    def show_lanes(self, count: int) -> None:
        """So many lanes share the height."""
        self._lane_count = max(1, count)
        self.update()

    @Slot(object)
    def show_range(self, shown: AutoRange) -> None:
        """Show the numbers of this range."""
        self._range = shown
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The left button takes hold of the values."""
        if event.button() == Qt.MouseButton.LeftButton and self._range is not None:
            self._pressed_y, self._is_changed = event.position().y(), False
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Drag: the values move along; with Ctrl there are more or fewer of them."""
        if self._pressed_y is None or self._range is None:
            return
        by, self._pressed_y = event.position().y() - self._pressed_y, event.position().y()
        even = self._scale.evenly(self._range)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            low, high = zoomed(even, ZOOM_PER_STEP ** (by / 24), (even.low + even.high) / 2)
        else:
            low, high = panned(even, by, self._lane_at(self._pressed_y).height)
        self._is_changed = True
        self.range_previewed.emit(self._scale.value(low), self._scale.value(high))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """What was dragged stays."""
        if self._pressed_y is not None and self._is_changed and self._range is not None:
            self.range_chosen.emit(self._range.low, self._range.high)
        self._pressed_y = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The range is found by itself again."""
        self._pressed_y = None
        self.auto_chosen.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """More or fewer values about the one under the pointer."""
        if self._range is None or not event.angleDelta().y():
            return
        y = event.position().y()
        lane = self._lane_at(y)
        share = (y - lane.top) / max(1.0, lane.height)
        even = self._scale.evenly(self._range)
        about = even.high - share * (even.high - even.low)
        low, high = zoomed(even, ZOOM_PER_STEP ** (-event.angleDelta().y() / 120), about)
        self.range_previewed.emit(self._scale.value(low), self._scale.value(high))
        # What is shown then, which may be less than what was wished for.
        self.range_chosen.emit(self._range.low, self._range.high)
        event.accept()

    def _lane_at(self, y: float) -> Lane:
        lanes = lanes_of(self._lane_count, self.height())
        return min(lanes, key=lambda lane: abs(lane.top + lane.height / 2 - y))

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ticks and numbers, right-aligned at the plot."""
        if self._range is None or self._range.changed_ns is None:
            return
        with painting(self) as painter:
            self._paint(painter, self._range)

    def _paint(self, painter: QPainter, shown: AutoRange) -> None:
        painter.setFont(figures_font(self.font(), scale=0.85))
        for lane in lanes_of(self._lane_count, self.height()):
            line = painter.fontMetrics().height()
            for tick in self._scale.ticks(shown, lane, line):
                self._draw_tick(painter, lane, tick, shown)
        if self._unit:
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(QPointF(4, painter.fontMetrics().ascent() + 2), self._unit)

    def _draw_tick(self, painter: QPainter, lane: Lane, tick: ValueTick, shown: AutoRange) -> None:
        even = self._scale.evenly(shown)
        value = self._scale.evenly(AutoRange(low=tick.value, high=tick.value)).low
        y = round(lane.y_of(value, even.low, even.high)) + 0.5
        painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.drawLine(QLineF(self.width() - TICK_PIXELS, y, self.width(), y))
        line = painter.fontMetrics().height()
        painter.setPen(self._theme.colour("muted"))
        room = QRectF(0, label_top(lane, y, line), self.width() - TICK_PIXELS - 4, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def label_top(lane: Lane, y: float, line: int) -> float:
    """Where a label at `y` begins so that it stays in its lane, clear of the next one's."""
    lowest = lane.top + lane.height + PADDING_PIXELS - line
    return max(lane.top - PADDING_PIXELS, min(y - line / 2, lowest))
