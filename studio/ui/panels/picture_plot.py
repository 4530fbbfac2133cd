"""Draws the picture of a video stream without copying it, with its time, the pixel under the pointer, and the
figures of other streams over it.

The picture stands still in the middle of its plot; the cursor line passes behind it. Fitted, it is as large
as the plot; one for one, a pixel of it is one of the screen. Ctrl+wheel makes it larger or smaller about the
pointer, Ctrl+drag (or the middle button) moves what does not fit, a double click puts it back.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.formats.false_colours import ColourMap
from studio.formats.shapes import Shapes
from studio.timing import Timestamp
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.picture_colours import PictureColours
from studio.ui.panels.picture_fit import (
    Place,
    fitted,
    full_size_of,
    held_shift,
    scaled,
    unscaled,
    zoomed_shift,
)
from studio.ui.panels.picture_layers import LayerLook, PictureLayers
from studio.ui.panels.picture_plates import Corner, draw_plate, pixel_text
from studio.ui.panels.picture_shapes import PictureView
from studio.ui.panels.screen_picture import ScreenPicture
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import clock_text
from studio.ui.theme import Theme

MARGIN = 4
ZOOM_PER_STEP = 1.25
LARGEST_SCALE = 40.0
"""Logical pixels for one of the picture: larger, a screen shows too few of them to tell anything."""
WHEEL_UNIT = 120
"""What Qt calls one step of a wheel."""


class PicturePlot(QWidget):
    """The plot of one stream of pictures."""

    painted = Signal(object)  # Timestamp of a picture that has been painted for the first time
    size_changed = Signal()  # the picture is shown larger or smaller than before
    pixel_wanted = Signal(int, int)  # column and row in the full size, which is not what is shown

    def __init__(
        self,
        theme: Theme,
        nominal_size: tuple[int, int] = (0, 0),
        parent: QWidget | None = None,
        *,
        unit: str = "",
    ) -> None:
        """`nominal_size`: width and height of the stream's pictures, 0: unknown; `unit`: of values."""
        super().__init__(parent)
        self._theme = theme
        self._layers = PictureLayers(theme)
        self._colours = PictureColours(unit)
        self._nominal_size = nominal_size
        self._pixels: npt.NDArray[Any] | None = None
        """As they came: colours or measured values."""
        self._picture = ScreenPicture()
        self._full_size = (0, 0)
        self._time: Timestamp = 0
        self._caption = ""
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self._is_fault = True
        self._fits = True
        self._scale: float | None = None
        """Logical pixels for one of the picture; None: not zoomed."""
        self._shift = (0.0, 0.0)
        self._flip = (False, False)
        """Left to right, upside down."""
        self._pointer: QPointF | None = None
        self._taken: QPointF | None = None
        """Where a picture that is being moved was taken hold of."""
        self._pixel_text = ""
        self._painted_time: Timestamp = 0
        self.is_fed = False
        """Playback brings the pictures; what is stored at the cursor need not be asked."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def picture_time(self) -> Timestamp:
        """When the picture that is shown was taken; 0: there is none."""
        return self._time

    @property
    def words(self) -> str:
        """What is written over the picture; empty: nothing."""
        return self._words

    @property
    def caption(self) -> str:
        """What stands in the corner of the picture."""
        return self._caption

    @property
    def plates(self) -> tuple[str, ...]:
        """The caption, with the time of the clock on the wall; then what smaller pictures have room for."""
        if not (self._caption and self._time):
            return (self._caption,)
        clock = clock_text(self._time)
        elapsed = self._caption.partition("  ")[0]
        return f"{self._caption}   {clock}", f"{elapsed}   {clock}", self._caption

    @property
    def pixel_words(self) -> str:
        """Place and colour of the pixel under the pointer; empty: it is elsewhere."""
        return self._pixel_text

    @property
    def layers(self) -> PictureLayers:
        """The figures over it."""
        return self._layers

    @property
    def colours(self) -> PictureColours:
        """Which colours measured values have."""
        return self._colours

    @property
    def fits(self) -> bool:
        """Whether all of the picture is seen, as large as the plot; else its own pixels are wanted."""
        return self._fits and self._scale is None

    def take_picture(
        self,
        pixels: npt.NDArray[Any],
        time: Timestamp,
        caption: str,
        *,
        full_size: tuple[int, int] | None = None,
    ) -> None:
        """Show this picture, with `caption` in its corner.

        `full_size`: width and height before it was shrunk; None: those of the stream, if it has this shape.
        """
        self._pixels = pixels
        self._draw_pixels(pixels)
        image = self._picture.image
        shown_size = (image.width(), image.height())
        self._full_size = full_size or full_size_of(shown_size, self._nominal_size)
        self._time, self._caption = time, caption
        self._look_at_pixel()
        self.update()

    def take_nothing(self) -> None:
        """There is no picture at this moment."""
        if self._pixels is not None:
            self._picture.take_nothing()
            self._pixels, self._time, self._caption, self._pixel_text = None, 0, "", ""
            self.update()

    def take_words(self, text: str, *, dimmed: bool, is_fault: bool = True) -> None:
        """Words over the picture (empty: none), whether it is old, and whether that is a fault."""
        if (text, dimmed, is_fault) != (self._words, self._dimmed, self._is_fault):
            self._words, self._dimmed, self._is_fault = text, dimmed, is_fault
            self.update()

    def take_pixel(self, x: int, y: int, values: tuple[float, ...]) -> None:
        """The colour or the value of a pixel that was wanted."""
        if self._pixel_under_pointer() == (x, y):
            self._pixel_text = pixel_text(x, y, values, measured=self._colours.words_of(values))
            self.update()

    def show_fit(self, fits: bool) -> None:
        """As large as the plot, or one pixel for one."""
        if fits != self._fits:
            self._fits, self._scale, self._shift = fits, None, (0.0, 0.0)
            self.update()

    def show_flip(self, *, left_to_right: bool, upside_down: bool) -> None:
        """As in a mirror, or as from a camera that hangs from the ceiling."""
        if (left_to_right, upside_down) != self._flip:
            self._flip = (left_to_right, upside_down)
            self._look_at_pixel()
            self.update()

    def show_colours(self, name: ColourMap, low: float | None, high: float | None) -> None:
        """How measured values become colours; None: an end of the range is found for each picture."""
        if self._colours.choose(name, low, high) and self._pixels is not None:
            self._draw_pixels(self._pixels)
            self.update()

    def show_layers(self, looks: tuple[LayerLook, ...]) -> None:
        """How the figures of each stream over the picture look."""
        if self._layers.dress(looks):
            self.update()

    def take_shapes(self, layer: int, shapes: Shapes | None) -> None:
        """The figures of one layer at this moment."""
        if self._layers.take(layer, shapes):
            self.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """The cursor line moves behind the picture; the picture itself comes by `take_picture`."""
        before, self._frame = self._frame, frame
        if before is None or (before.cursor_x, before.selected_xs) != (frame.cursor_x, frame.selected_xs):
            self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    # Mouse ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Ctrl and the left button, or the middle one, take hold of a picture that does not fit."""
        with_ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        left, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
        if not self.fits and (event.button() == middle or (event.button() == left and with_ctrl)):
            self._taken = event.position()
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell the pixel; move the picture."""
        self._pointer = event.position()
        if self._taken is not None:
            by, self._taken = event.position() - self._taken, event.position()
            self._move_by(by.x(), by.y())
        self._look_at_pixel()
        if self._colours.shown is not None:
            self.update()  # the bar makes way
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the picture go."""
        self._taken = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """As large as before it was zoomed, and where it was."""
        self._zoom_to(None, (0.0, 0.0))
        super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """With Ctrl: larger or smaller about the pointer."""
        with_ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if not (with_ctrl and event.angleDelta().y()) or self._picture.image.isNull():
            super().wheelEvent(event)
            return
        event.accept()
        before, size = self._place().width / self._full_size[0], self._full_size
        whole = fitted(*size, self.width(), self.height() - 2 * MARGIN)[2] / size[0]
        wanted = before * ZOOM_PER_STEP ** (event.angleDelta().y() / WHEEL_UNIT)
        least = min(whole, 1 / self.devicePixelRatioF())
        scale = min(max(least, wanted), LARGEST_SCALE)
        if self._fits and scale <= whole:
            self._zoom_to(None, (0.0, 0.0))
            return
        about, room = (event.position().x(), event.position().y()), (self.width(), self.height())
        self._zoom_to(scale, zoomed_shift(self._shift, scale / before, about, room))

    def _zoom_to(self, scale: float | None, shift: tuple[float, float]) -> None:
        if (scale, shift) != (self._scale, self._shift):
            self._scale, self._shift = scale, shift
            self._move_by(0, 0)  # back into sight
            self._look_at_pixel()
            self.size_changed.emit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """No pixel is under the pointer any more."""
        self._pointer, self._pixel_text = None, ""
        self.update()
        super().leaveEvent(event)

    def _move_by(self, across: float, down: float) -> None:
        place = self._place()
        wanted = (self._shift[0] + across, self._shift[1] + down)
        self._shift = held_shift(wanted, place.width, place.height, self.width(), self.height())
        self.update()

    def _look_at_pixel(self) -> None:
        found = self._pixel_under_pointer()
        text = ""
        if found is not None and self._pixels is not None:
            height, width = self._pixels.shape[:2]
            exact = self._full_size == (width, height)
            row, column = found[1] * height // self._full_size[1], found[0] * width // self._full_size[0]
            values = tuple(v.item() for v in np.atleast_1d(self._pixels[row, column]))
            measured = self._colours.words_of(values)
            text = pixel_text(*found, values[::-1], exact=exact, measured=measured)
            if not exact:
                self.pixel_wanted.emit(*found)
        if text != self._pixel_text:
            self._pixel_text = text
            self.update()

    def _pixel_under_pointer(self) -> tuple[int, int] | None:
        if self._pointer is None or self._picture.image.isNull():
            return None
        found = self._place().pixel_at(self._pointer.x(), self._pointer.y(), *self._full_size)
        if found is None:
            return None
        across, down = self._flip
        width, height = self._full_size
        return width - 1 - found[0] if across else found[0], height - 1 - found[1] if down else found[1]

    # Painting -------------------------------------------------------------------------------------------

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, cursor, picture, caption, words."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            if self._frame is not None:
                plot_paper.draw_cursor(painter, self, self._theme, self._frame)
            if not self._picture.image.isNull():
                self._draw_picture(painter)
            if self._words:
                role = "error" if self._dimmed and self._is_fault else "muted"
                plot_paper.draw_words(painter, self, self._theme, self._words, role)
        if self._time != self._painted_time:
            self._painted_time = self._time
            self.painted.emit(self._time)

    def _draw_pixels(self, pixels: npt.NDArray[Any]) -> None:
        self._picture.take(self._colours.drawn(pixels))

    def _place(self) -> Place:
        if self._scale is not None:
            return scaled(self._full_size, self._scale, (self.width(), self.height()), self._shift)
        if not self._fits:
            ratio = self.devicePixelRatioF()
            return unscaled(*self._full_size, self.width(), self.height(), self._shift, ratio)
        x, y, width, height = fitted(*self._full_size, self.width(), self.height() - 2 * MARGIN)
        return Place(x, y + MARGIN, width, height)

    def _draw_picture(self, painter: QPainter) -> None:
        place = self._place()
        room = QRectF(place.x, place.y, place.width, place.height)
        painter.setOpacity(0.3 if self._dimmed else 1.0)
        is_smaller = place.width * self.devicePixelRatioF() < self._full_size[0]
        # Between two measured values there is none: no colour may lie between theirs.
        is_smooth = (self.fits or is_smaller) and self._colours.shown is None
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.save()
        middle, (across, down) = room.center(), self._flip
        painter.translate(middle)
        painter.scale(-1 if across else 1, -1 if down else 1)
        painter.drawImage(room.translated(-middle), self._image_in(room, is_smooth=is_smooth))
        painter.restore()
        self._layers.draw(painter, self.font(), PictureView(place, self._full_size, self._flip))
        painter.setOpacity(1.0)
        seen = room.intersected(QRectF(self.rect()))
        draw_plate(painter, self.font(), seen, Corner.LEFT_FOOT, *self.plates)
        draw_plate(painter, self.font(), seen, Corner.RIGHT_FOOT, self._pixel_text)
        room, pointer = QRectF(self.rect()), self._pointer
        self._colours.draw_bar(painter, self.font(), self._theme, seen=seen, room=room, pointer=pointer)

    def _image_in(self, room: QRectF, *, is_smooth: bool) -> QImage:
        seen, ratio = room.intersected(QRectF(self.rect())), self.devicePixelRatioF()
        return self._picture.image_for(seen.width() * seen.height() * ratio * ratio, is_smooth=is_smooth)
