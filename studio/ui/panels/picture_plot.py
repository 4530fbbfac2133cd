"""Draws the picture of a video stream without copying it, with the time it was taken.

The picture stands still in the middle of its plot; the cursor line passes behind it.
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.timing import Timestamp
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.picture_fit import fitted
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme, figures_font

MARGIN = 4


def image_of(pixels: npt.NDArray[np.uint8]) -> QImage:
    """A view of `(h, w, 3)` BGR or `(h, w)` grey pixels; the array must outlive it."""
    form = QImage.Format.Format_BGR888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], form)


class PicturePlot(QWidget):
    """The plot of one stream of pictures."""

    painted = Signal(object)  # Timestamp of a picture that has been painted for the first time

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._image = QImage()
        self._time: Timestamp = 0
        self._caption = ""
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self._painted_time: Timestamp = 0
        self.is_fed = False
        """Playback brings the pictures; what is stored at the cursor need not be asked."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def picture_time(self) -> Timestamp:
        """When the picture that is shown was taken; 0: there is none."""
        return self._time

    def take_picture(self, pixels: npt.NDArray[np.uint8], time: Timestamp, caption: str) -> None:
        """Show this picture, with `caption` in its corner."""
        # Held here because the QImage only points at them.
        self._pixels = np.ascontiguousarray(pixels)
        self._image = image_of(self._pixels)
        self._time, self._caption = time, caption
        self.update()

    def take_nothing(self) -> None:
        """There is no picture at this moment."""
        if self._pixels is not None:
            self._image, self._pixels, self._time, self._caption = QImage(), None, 0, ""
            self.update()

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words over the picture (empty: none), and whether it is old."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """The cursor line moves behind the picture; the picture itself comes by `take_picture`."""
        before, self._frame = self._frame, frame
        if before is None or before.cursor_x != frame.cursor_x:
            self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, cursor, picture, caption, words."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            if self._frame is not None:
                plot_paper.draw_cursor(painter, self, self._theme, self._frame)
            if not self._image.isNull():
                self._draw_picture(painter)
            if self._words:
                role = "error" if self._dimmed else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)
        if self._time != self._painted_time:
            self._painted_time = self._time
            self.painted.emit(self._time)

    def _draw_picture(self, painter: QPainter) -> None:
        room = QRectF(self.rect()).adjusted(0, MARGIN, 0, -MARGIN)
        x, y, width, height = fitted(self._image.width(), self._image.height(), room.width(), room.height())
        place = QRectF(x, y + MARGIN, width, height)
        painter.setOpacity(0.3 if self._dimmed else 1.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(place, self._image)
        painter.setOpacity(1.0)
        self._draw_caption(painter, place)

    def _draw_caption(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(figures_font(self.font(), scale=0.85))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(self._caption) + 12
        if not self._caption or width > place.width() or metrics.height() * 3 > place.height():
            return
        plate = QRectF(place.left(), place.bottom() - metrics.height() - 4, width, metrics.height() + 4)
        painter.fillRect(plate, QColor(0, 0, 0, 150))
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._caption)
