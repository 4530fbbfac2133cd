"""Draws one value against another: a path or points, with the moment of the cursor and the way to it.

The wheel shows more or less about the pointer, a drag moves the plane, a double click shows all of it again.
Shows what it is given; asks nobody.
"""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.formats.points import PathPoints
from studio.timing import Timestamp
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.panel_plan import LineStyle
from studio.ui.panels.picture_plates import Corner, draw_plate
from studio.ui.panels.plane_axes import draw_axes, room_of
from studio.ui.panels.plane_view import PlaneView, Room, fitted
from studio.ui.panels.polyline import polygon_of, runs_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_ticks import number_text
from studio.ui.theme import Theme

ZOOM_PER_STEP = 1.25
WHEEL_UNIT = 120
"""What Qt calls one step of a wheel."""
TRAIL_SHARE = 0.05
"""Of the points: so many before the cursor are its trail."""
LEAST_TRAIL = 8
FAINT = 140
"""Of 255: what is not the trail."""
POINT_PIXELS = 3.0
DOT_PIXELS = 11.0
TRAIL_WIDTH = 2.5
MANY_POINTS = 200
"""More are joined by a line of a pixel: a wide one costs a hundred times as much."""


class PlanePlot(QWidget):
    """The plot of two values."""

    def __init__(self, theme: Theme, colour_index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._colour_index = theme, colour_index
        self._points: PathPoints | None = None
        self._labels = ("", "")
        self._line, self._is_even = LineStyle.LINE, False
        self._chosen_view: PlaneView | None = None
        """Where the user went; None: all is in view."""
        self._fitted = PlaneView()
        self._cursor_time: Timestamp | None = None
        self._cursor_point: tuple[float, float] | None = None
        self._words, self._dimmed = "", False
        self._pointer: QPointF | None = None
        self._taken: QPointF | None = None
        self._ground: tuple[tuple[object, ...], QPixmap] | None = None
        self._taken_count = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        theme.changed.connect(self._on_theme_changed)

    @property
    def points(self) -> PathPoints | None:
        """What was taken last."""
        return self._points

    @property
    def view(self) -> PlaneView:
        """What part of the plane is seen."""
        if self._chosen_view is not None:
            return self._chosen_view
        return self._fitted.evened(self.room) if self._is_even else self._fitted

    @property
    def room(self) -> Room:
        """Where the plane is, in the plot."""
        return room_of(self)

    @property
    def is_fitted(self) -> bool:
        """Whether all is in view."""
        return self._chosen_view is None

    @property
    def trail(self) -> slice:
        """Places of the points just before the cursor."""
        if self._points is None or self._cursor_time is None:
            return slice(0, 0)
        end = int(np.searchsorted(self._points.times, self._cursor_time, "right"))
        length = max(LEAST_TRAIL, round(TRAIL_SHARE * len(self._points.times)))
        return slice(max(0, end - length), end)

    def take_points(self, points: PathPoints, labels: tuple[str, str]) -> None:
        """Show these, with what lies across and up written at the axes."""
        self._points, self._labels = points, labels
        self._fitted = fitted(points.xs, points.ys)
        self._taken_count += 1
        self.update()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the plot (empty: none), and whether its data are old."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self.update()

    def show_cursor(self, time: Timestamp | None, point: tuple[float, float] | None) -> None:
        """The moment to point out, and what the two values are then; None: not known (yet)."""
        if (time, point) != (self._cursor_time, self._cursor_point):
            self._cursor_time, self._cursor_point = time, point
            self.update()

    def show_line(self, line: LineStyle) -> None:
        """Join the points, or do not."""
        if line != self._line:
            self._line = line
            self.update()

    def show_even(self, is_even: bool) -> None:
        """One scale for both values, or as much of each as there is."""
        if is_even != self._is_even:
            self._is_even, self._chosen_view = is_even, None
            self.update()

    def show_frame(self, _: TimeFrame) -> None:
        """Time has no axis here."""

    def fit(self) -> None:
        """All of it in view again, and from now on."""
        self._chosen_view = None
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._ground = None
        self.update()

    # Mouse ----------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """More or less of the plane about the pointer."""
        event.accept()
        steps, place = event.angleDelta().y() / WHEEL_UNIT, event.position()
        if steps:
            factor = ZOOM_PER_STEP**-steps
            self._chosen_view = self.view.zoomed(factor, place.x(), place.y(), self.room)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The left button or the middle one takes hold of the plane."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._taken = event.position()
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Move the plane; tell the values."""
        self._pointer = event.position()
        if self._taken is not None:
            by, self._taken = event.position() - self._taken, event.position()
            self._chosen_view = self.view.panned(by.x(), by.y(), self.room)
        self.update()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let it go."""
        self._taken = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """All in view again."""
        self._taken = None
        self.fit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Nothing is under the pointer any more."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    @property
    def pointer_words(self) -> str:
        """The values under the pointer; empty: it is elsewhere."""
        if self._pointer is None or self._points is None or not len(self._points.times):
            return ""
        view = self.view
        x, y = view.values_at(self._pointer.x(), self._pointer.y(), self.room)
        if not (view.left <= x <= view.right and view.low <= y <= view.high):
            return ""
        scales = max(abs(view.left), abs(view.right)), max(abs(view.low), abs(view.high))
        return f"x {number_text(x, scales[0])}   y {number_text(y, scales[1])}"

    # Painting -------------------------------------------------------------------------------------------

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground with all points, kept while only the cursor moves; trail, cursor, words."""
        with painting(self) as painter:
            painter.drawPixmap(0, 0, self._ground_now())
            if self._points is not None and len(self._points.times):
                painter.setOpacity(0.35 if self._dimmed else 1.0)
                room = self.room
                painter.setClipRect(QRectF(room.left, room.top, room.width, room.height))
                self._draw_trail(painter, self._points)
                painter.setClipping(False)
                painter.setOpacity(1.0)
                draw_plate(painter, self.font(), _rect(room), Corner.RIGHT_FOOT, self.pointer_words)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)

    def _ground_now(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.view, self._taken_count, self._line, self._dimmed, self._theme.name)
        if self._ground is None or self._ground[0] != key:
            pixels = QPixmap(self.size() * ratio)
            pixels.setDevicePixelRatio(ratio)
            painter = QPainter(pixels)
            painter.setFont(self.font())
            self._paint_ground(painter)
            painter.end()
            self._ground = key, pixels
        return self._ground[1]

    def _paint_ground(self, painter: QPainter) -> None:
        plot_paper.draw_ground(painter, self, self._theme)
        if self._points is None or not len(self._points.times):
            return
        draw_axes(painter, self._theme, self.view, self.room, self._labels, self.font())
        room = self.room
        painter.setClipRect(_rect(room))
        painter.setOpacity(0.35 if self._dimmed else 1.0)
        self._draw_points(painter, self._points, slice(None), FAINT)
        painter.setClipping(False)

    def _draw_points(self, painter: QPainter, points: PathPoints, part: slice, alpha: int) -> None:
        """The path, or each of the points; a part of them may be pointed out. Points that stand for stretches
        nobody has read have no path between them."""
        xs, ys = self.view.pixels_of(points.xs[part], points.ys[part], self.room)
        colour = self._theme.stream_colour(self._colour_index)
        colour.setAlpha(alpha)
        is_trail = alpha == 255
        apart = self._line is LineStyle.POINTS or points.is_sampled
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for begin, end in runs_of(xs):
            line = polygon_of(xs[begin:end], ys[begin:end])
            if apart or end - begin == 1:
                pixels = POINT_PIXELS + 2 * is_trail
                painter.setPen(QPen(colour, pixels, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPoints(line)
                continue
            wide = TRAIL_WIDTH if is_trail else 1.5
            painter.setPen(QPen(colour, wide if end - begin < MANY_POINTS else 1.0))
            painter.drawPolyline(line)

    def _draw_trail(self, painter: QPainter, points: PathPoints) -> None:
        trail = self.trail
        if trail.stop > trail.start:
            self._draw_points(painter, points, trail, 255)
        point = self._cursor_point or _last(points, trail)
        if point is None or self._cursor_time is None or not np.isfinite(point).all():
            return
        (x,), (y,) = self.view.pixels_of(np.array([point[0]]), np.array([point[1]]), self.room)
        painter.setPen(QPen(self._theme.colour("surface"), 2))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawEllipse(QPointF(x, y), DOT_PIXELS / 2, DOT_PIXELS / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _last(points: PathPoints, trail: slice) -> tuple[float, float] | None:
    if trail.stop <= trail.start:
        return None
    return float(points.xs[trail.stop - 1]), float(points.ys[trail.stop - 1])


def _rect(room: Room) -> QRectF:
    return QRectF(room.left, room.top, room.width, room.height)
