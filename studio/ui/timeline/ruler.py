"""The ruler above the panels: times in round steps, the selection, and the cursor's time on a plate."""

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import elapsed_text, wall_text
from studio.ui.panels.time_ticks import Tick
from studio.ui.theme import Theme, figures_font
from studio.ui.timeline.timing import Timing, TimingMode

HEIGHT = 32
LABEL_ROOM = 120


class Ruler(QWidget):
    """Shows the time axis of a frame, beginning at its own left edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_ruler")
        self._theme = theme
        self._frame: TimeFrame | None = None
        self._timing = Timing(TimingMode.SESSION, 0)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        theme.changed.connect(self._on_theme_changed)

    def show_frame(self, frame: TimeFrame, timing: Timing) -> None:
        """Show this axis, and times told like that."""
        self._frame, self._timing = frame, timing
        self.update()

    def tooltip_at(self, x: float) -> str:
        """The time at a pixel, since the beginning and by the clock on the wall."""
        if self._frame is None:
            return ""
        time = self._frame.axis.time_at(x)
        return f"{elapsed_text(time - self._frame.origin_time)}\n{wall_text(time)}"

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tool tips tell the absolute time."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ticks, labels, cursor plate."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.colour("background"))
        if self._frame is not None:
            plot_paper.draw_selection(painter, self, self._theme, self._frame)
            painter.setFont(figures_font(self.font(), scale=0.9))
            plate = self._plate(painter, self._frame)
            labelled = [tick for tick in self._frame.ticks if tick.label]
            self._draw_ticks(painter, [tick for tick in self._frame.ticks if not tick.label], 4, "border")
            self._draw_ticks(painter, labelled, 8, "muted")
            for tick in labelled:
                self._draw_label(painter, tick, plate)
            self._draw_cursor(painter, self._frame, plate)

    def _draw_ticks(self, painter: QPainter, ticks: list[Tick], length: int, role: str) -> None:
        painter.setPen(QPen(self._theme.colour(role), 1))
        foot = self.height()
        places = [round(tick.x) + 0.5 for tick in ticks]
        painter.drawLines([QLineF(x, foot - length, x, foot) for x in places])

    def _draw_label(self, painter: QPainter, tick: Tick, plate: QRectF) -> None:
        """In the colour of the ticks that have one."""
        x = round(tick.x) + 0.5
        room = QRectF(x - LABEL_ROOM / 2, 0, LABEL_ROOM, self.height() - 9)
        half = painter.fontMetrics().horizontalAdvance(tick.label) / 2
        # A label that would be cut at an edge moves inside.
        room.translate(max(0.0, half - x) - max(0.0, x + half - self.width()), 0)
        middle = room.center().x()
        if not plate.left() - half < middle < plate.right() + half:
            # Half a label beside the plate of the cursor could be read wrongly.
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, tick.label)

    def _plate(self, painter: QPainter, frame: TimeFrame) -> QRectF:
        """Where the cursor's time is told; nowhere while the cursor is not in view."""
        if frame.cursor_x is None or frame.cursor_time is None:
            return QRectF(-1e6, 0, 0, 0)
        text = self._timing.text(frame.cursor_time, cursor_decimals(frame.axis))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 2
        left = min(max(0.0, frame.cursor_x - width / 2), max(0.0, self.width() - width))
        return QRectF(left, self.height() - height - 2, width, height)

    def _draw_cursor(self, painter: QPainter, frame: TimeFrame, plate: QRectF) -> None:
        if frame.cursor_time is None or not plate.width():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(self._theme.colour("on_accent"))
        text = self._timing.text(frame.cursor_time, cursor_decimals(frame.axis))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def cursor_decimals(axis: TimeAxis) -> int:
    """So many decimals of a second that the next pixel reads differently: 3, 6 or 9."""
    per_pixel = axis.span / axis.width
    return 3 if per_pixel >= 100_000 else 6 if per_pixel >= 100 else 9
