"""Keeps what is expensive to paint as a picture: while the view moves, the picture is moved and stretched.

As soon as the view rests, it is painted anew. It reaches beyond both edges of the view, so that there is
something to be moved in.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from studio.timing import NS_PER_MS, monotonic_ns
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame

REST_MS = 70
"""The view rests when it has not moved for so long."""
MARGIN = 0.25
"""Of the view, on each side of it."""

Draw = Callable[[QPainter, TimeFrame], None]


class MovingPicture:
    """The picture of one widget. Belongs to its paint events."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._picture = QPixmap()
        self._axis: TimeAxis | None = None
        """What the picture shows, margins included."""
        self._shown: TimeAxis | None = None
        """What was painted last, in whatever way."""
        self._key: Hashable = None
        self._moved_ns = 0
        self._timer = QTimer(widget, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(widget.update)

    @property
    def is_waiting(self) -> bool:
        """Whether what is seen is stretched, and the exact one still to come."""
        return self._timer.isActive()

    def paint(self, painter: QPainter, frame: TimeFrame, key: Hashable, draw: Draw) -> bool:
        """Paint by `draw`, or a picture of what it painted before; False: one that has been stretched.

        `key`: all besides the axis that decides what is painted.
        """
        now = monotonic_ns()
        if frame.axis != self._shown:
            self._shown, self._moved_ns = frame.axis, now
        wide = widened(frame)
        if self._axis != wide.axis or self._key != key:
            rests = now - self._moved_ns >= REST_MS * NS_PER_MS // 2
            if self._axis is not None and not rests:
                self._draw_picture(painter, frame)
                self._timer.start()
                return False
            self._make(wide, draw)
            self._key = key
        self._draw_picture(painter, frame)
        return True

    def _make(self, wide: TimeFrame, draw: Draw) -> None:
        self._timer.stop()
        ratio = wide.pixel_ratio
        height = self._widget.height()
        self._picture = QPixmap(round(wide.axis.width * ratio), max(1, round(height * ratio)))
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._picture)
        painter.setFont(self._widget.font())
        try:
            draw(painter, wide)
        finally:
            painter.end()
        self._axis = wide.axis

    def _draw_picture(self, painter: QPainter, frame: TimeFrame) -> None:
        if self._axis is None:
            return
        left, right = frame.axis.x_of(self._axis.left), frame.axis.x_of(self._axis.right)
        if right - left > 50 * frame.axis.width or right < 0 or left > frame.axis.width:
            return  # so far away that nothing could be told from it
        ratio = self._picture.devicePixelRatio()
        source = QRectF(0, 0, self._picture.width(), self._picture.height())
        target = QRectF(left, 0, right - left, self._picture.height() / ratio)
        if abs(target.width() * ratio - source.width()) < 0.5:
            target.moveLeft(round(left * ratio) / ratio)  # else every pixel would be mixed of two
        painter.drawPixmap(target, self._picture, source)


def widened(frame: TimeFrame) -> TimeFrame:
    """The frame with its margins, whole pixels wide."""
    margin = round(frame.axis.width * MARGIN)
    duration = frame.axis.duration_of(margin)
    axis = TimeAxis(frame.axis.left - duration, frame.axis.right + duration, frame.axis.width + 2 * margin)
    return replace(frame, axis=axis)
