"""Draws a clock's corrections within their bound over time: band, line, gaps, marks. Decides nothing."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.timing import Duration
from studio.timing.clock_curve import ClockCurve
from studio.ui import readable
from studio.ui.painting import painting
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.value_ticks import value_ticks
from studio.ui.sync.clock_texts import bound_text, offset_text, step_text
from studio.ui.theme import Theme, figures_font

HEIGHT = 132
MARGIN = 4
HEADROOM = 1.12
LEAST_HALF: Duration = 1_000
"""Nothing finer than a microsecond is worth a whole plot."""
BAND_ALPHA = 60
STALE_ALPHA = 26
DOUBT_ALPHA = 70
_UNITS = ((1e3, "\u00b5s"), (1e6, "ms"), (1e9, "s"))


@dataclass(frozen=True, slots=True)
class TimeLabel:
    """What stands below a moment."""

    time: int
    text: str


class SyncPlot(QWidget):
    """The curve; `show_curve` gives it what to draw."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curve: ClockCurve | None = None
        self._axis_times = (0, 1)
        self._labels: tuple[TimeLabel, ...] = ()
        self._empty_text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(figures_font(self.font(), scale=0.85))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wide and low."""
        return QSize(280, HEIGHT)

    def show_curve(
        self, curve: ClockCurve | None, left: int, right: int, labels: tuple[TimeLabel, ...], empty_text: str
    ) -> None:
        """Draw this from `left` to `right`, times as in the curve; `empty_text` where there is nothing."""
        self._curve = curve if curve is not None and len(curve.times) else None
        self._axis_times = (left, max(right, left + 1))
        self._labels, self._empty_text = labels, empty_text
        self.setAccessibleDescription(described(self._curve) or empty_text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw all of it."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.colour("background"))
        if self._curve is None:
            painter.setPen(self._theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 4, -12, -4), int(flags), self._empty_text)
            return
        half = half_height(self._curve)
        plot = self._plot_area()
        self._paint_grid(painter, plot, half)
        painter.save()
        painter.setClipRect(plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_doubt(painter, plot, self._curve)
        for stretch in self._curve.stretches:
            self._paint_stretch(painter, plot, half, self._curve, stretch)
        self._paint_steps(painter, plot, self._curve)
        painter.restore()

    def _plot_area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(f"{readable.MINUS}0.00{readable.SPACE}ms") + 2 * MARGIN
        return QRectF(
            left,
            MARGIN,
            max(1, self.width() - left - MARGIN),
            max(1, self.height() - metrics.height() - 3 * MARGIN),
        )

    def _axis(self, plot: QRectF) -> TimeAxis:
        return TimeAxis(*self._axis_times, max(1, int(plot.width())))

    # Grid and labels ------------------------------------------------------------------------------------

    def _paint_grid(self, painter: QPainter, plot: QRectF, half: float) -> None:
        factor, unit = unit_of(half)
        metrics = painter.fontMetrics()
        for tick in value_ticks(-half / factor, half / factor, int(plot.height()), metrics.height() + 8):
            y = self._y(plot, half, tick.value * factor)
            painter.setPen(QPen(self._theme.colour("border" if tick.label == "0" else "grid"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(self._theme.colour("muted"))
            place = QRectF(0, y - metrics.height() / 2, plot.left() - MARGIN, metrics.height())
            text = f"{tick.label}{readable.SPACE}{unit}"
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        axis = self._axis(plot)
        for label in self._labels:
            x = plot.left() + axis.x_of(label.time)
            painter.setPen(QPen(self._theme.colour("grid"), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            width = metrics.horizontalAdvance(label.text)
            at = min(max(x - width / 2, 0.0), self.width() - width - 1.0)
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(QPointF(at, self.height() - MARGIN - metrics.descent()), label.text)

    @staticmethod
    def _y(plot: QRectF, half: float, value: float) -> float:
        return plot.center().y() - value / half * plot.height() / 2

    # The curve ------------------------------------------------------------------------------------------

    def _paint_stretch(
        self, painter: QPainter, plot: QRectF, half: float, curve: ClockCurve, stretch: slice
    ) -> None:
        """Runs of fresh points in full colour; where no reply came only the band, and paler."""
        fresh = curve.is_fresh[stretch]
        edges = [0, *(np.flatnonzero(np.diff(fresh)) + 1).tolist(), len(fresh)]
        for begin, end in pairwise(edges):
            # The band goes on to where the next run begins.
            upto = min(end + 1, len(fresh))
            part = slice(stretch.start + begin, stretch.start + upto)
            self._paint_band(
                painter, plot, half, curve, part, STALE_ALPHA if not fresh[begin] else BAND_ALPHA
            )
            if fresh[begin]:
                line = slice(part.start, stretch.start + end)
                painter.setPen(QPen(self._theme.colour("accent"), 1.5))
                painter.drawPolyline(self._polyline(plot, half, curve, line, 0.0))

    def _paint_band(
        self, painter: QPainter, plot: QRectF, half: float, curve: ClockCurve, part: slice, alpha: int
    ) -> None:
        upper = self._polyline(plot, half, curve, part, 1.0)
        lower = self._polyline(plot, half, curve, part, -1.0)
        colour = QColor(self._theme.colour("accent" if alpha == BAND_ALPHA else "warning"))
        edge = QColor(colour)
        edge.setAlpha(150)
        colour.setAlpha(alpha)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([*upper.toList(), *reversed(lower.toList())]))
        style = Qt.PenStyle.SolidLine if alpha == BAND_ALPHA else Qt.PenStyle.DotLine
        painter.setPen(QPen(edge, 1, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(upper)
        painter.drawPolyline(lower)

    def _polyline(self, plot: QRectF, half: float, curve: ClockCurve, part: slice, side: float) -> QPolygonF:
        xs = plot.left() + self._axis(plot).xs_of(curve.times[part])
        values = curve.corrections[part] + side * curve.bounds[part]
        ys = plot.center().y() - values / half * (plot.height() / 2)
        if len(xs) == 1:  # a single point is a short stroke
            xs, ys = np.array([xs[0] - 1, xs[0] + 1]), np.repeat(ys, 2)
        return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])

    def _paint_doubt(self, painter: QPainter, plot: QRectF, curve: ClockCurve) -> None:
        axis, ground = self._axis(plot), QColor(self._theme.colour("error"))
        ground.setAlpha(DOUBT_ALPHA)
        for begin, end in curve.doubtful:
            left, right = plot.left() + axis.x_of(begin), plot.left() + axis.x_of(end)
            painter.fillRect(QRectF(left, plot.top(), max(2.0, right - left), plot.height()), ground)

    def _paint_steps(self, painter: QPainter, plot: QRectF, curve: ClockCurve) -> None:
        axis, metrics = self._axis(plot), painter.fontMetrics()
        for step in curve.steps:
            x = plot.left() + axis.x_of(step.moment)
            painter.setPen(QPen(self._theme.colour("warning"), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            text = f"step {step_text(step.size)}"
            width = metrics.horizontalAdvance(text)
            at = x + MARGIN if x + MARGIN + width < plot.right() else x - MARGIN - width
            painter.setPen(self._theme.colour("warning"))
            painter.drawText(QPointF(at, plot.top() + metrics.ascent()), text)

    # Under the mouse ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Say what the curve says where the mouse is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._text_at(event.pos().x())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _text_at(self, x: int) -> str:
        if self._curve is None:
            return ""
        plot = self._plot_area()
        time = self._axis(plot).time_at(x - plot.left())
        at = int(np.argmin(np.abs(self._curve.times - time)))
        words = f"{offset_text(int(self._curve.corrections[at]))}  {bound_text(int(self._curve.bounds[at]))}"
        return words if self._curve.is_fresh[at] else f"{words}\nno reply"


def half_height(curve: ClockCurve) -> float:
    """ns from the middle to the edge, so that the whole band is in view."""
    return max(float(np.max(np.abs(curve.corrections) + curve.bounds)), LEAST_HALF) * HEADROOM


def unit_of(half: float) -> tuple[float, str]:
    """The unit in which the value axis is labelled: how many ns it is, and its name."""
    return next((unit for unit in reversed(_UNITS) if half >= unit[0]), _UNITS[0])


def described(curve: ClockCurve | None) -> str:
    """The curve in a sentence, for those who do not see it; empty without one."""
    if curve is None:
        return ""
    largest = int(np.max(np.abs(curve.corrections)))
    low, high = int(curve.bounds.min()), int(curve.bounds.max())
    largest_text = offset_text(largest).lstrip("+")
    parts = [f"Corrections up to {largest_text}, bound from {bound_text(low)} to {bound_text(high)}"]
    if not curve.is_fresh.all():
        parts.append("times without a reply")
    if curve.steps:
        parts.append(f"{len(curve.steps)} {'step' if len(curve.steps) == 1 else 'steps'} of the reference")
    if curve.doubtful:
        parts.append(f"{len(curve.doubtful)} times at which the bound was wrong")
    return ", ".join(parts) + "."
