"""Shows what a camera sees, small. Pulls the newest frame when it is told to; draws it without a copy,
measured values in colours."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.app.status import LiveView
from studio.errors import StudioError
from studio.host.rings import NO_SIGNAL_S, FrameRingReader, LiveFrame
from studio.ui.painting import painting
from studio.ui.panels.picture_colours import PictureColours
from studio.ui.theme import Theme

SIZE = QSize(128, 72)


class Thumbnail(QWidget):
    """The newest frame of one camera."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: LiveView | None = None
        self._ring: FrameRingReader | None = None
        self._frame: LiveFrame | None = None
        self._colours = PictureColours("")
        self._spare: LiveFrame | None = None
        self.setFixedSize(SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_view(self, view: LiveView | None) -> None:
        """Where the newest frame is from now on; None: nowhere."""
        if view != self._view:
            self.close_ring()
            self._view = view
            self._frame = self._spare = None
            self.update()

    def pull(self) -> None:
        """Take the newest frame, if there is one."""
        frame = self._newest()
        if frame is not self._frame:
            self._frame = frame
            self.update()

    def close_ring(self) -> None:
        """Let go of the shared memory. Idempotent."""
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    def _newest(self) -> LiveFrame | None:
        if self._view is None:
            return None
        try:
            if self._ring is None:
                self._ring = FrameRingReader(self._view.path)
            if self._ring.age_s > NO_SIGNAL_S:
                return None
            return self._newer(self._ring)
        except StudioError:
            # The recorder took the ring away; its next status names another. Until then: no picture.
            self.close_ring()
            return None

    def _newer(self, ring: FrameRingReader) -> LiveFrame | None:
        """The newest frame, in the memory of the one that was shown before the present one."""
        shown = self._frame
        found = ring.newest(shown.number if shown else 0, into=self._spare.image if self._spare else None)
        if found is None:
            return shown
        self._spare = shown
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the frame as large as it fits, or say that there is none."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.colour("raised"))
        if self._frame is None:
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "no picture")
            return
        height, width = self._frame.image.shape[:2]
        pixels = self._colours.drawn(self._frame.image)
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_BGR888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(fitted(width, height, self.rect()), image)


def fitted(width: int, height: int, room: QRect) -> QRect:
    """The largest rectangle of that shape in the middle of `room`."""
    size = QSize(width, height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    fit = QRect(room.topLeft(), size)
    fit.moveCenter(room.center())
    return fit
