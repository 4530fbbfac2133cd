"""One picture in the form in which it is drawn soonest: as it came, or as the screen has it. Draws no widget.

Between pixels, the paint engine turns the four it looks at into its own form each time: a picture that is
drawn smoothly at about half its size costs twice as much as one that is turned first, all of it at once.
What is seen is the same to the pixel.
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, QPainter

TURNING_PAYS = 1 / 7
"""Pixels of the screen for each of the picture (measured): of fewer, the ones looked at are turned sooner."""


class ScreenPicture:
    """Empty at first; `take` puts a picture in. Its memory is used again for the next of the same size."""

    def __init__(self) -> None:
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._image = QImage()
        self._turned = QImage()
        self._is_turned = False

    @property
    def image(self) -> QImage:
        """As it came; null if there is none."""
        return self._image

    def take(self, pixels: npt.NDArray[np.uint8]) -> None:
        """Show these from now on: `(h, w, 3)` BGR or `(h, w)` grey."""
        self._pixels = pixels  # held, because the image only points at them
        self._image, self._is_turned = image_of(pixels), False

    def take_nothing(self) -> None:
        """There is none."""
        self._pixels, self._image, self._turned, self._is_turned = None, QImage(), QImage(), False

    def image_for(self, seen: float, *, is_smooth: bool) -> QImage:
        """The image to draw where `seen` pixels of the screen show it, or show a part of it."""
        own = self._image.width() * self._image.height()
        if is_smooth and not self._is_turned and 0 < own * TURNING_PAYS < seen:
            self._turn()
        return self._turned if self._is_turned else self._image

    def _turn(self) -> None:
        """Into memory that is there already: the system would clear new pages for every picture."""
        if self._turned.size() != self._image.size():
            self._turned = QImage(self._image.size(), QImage.Format.Format_RGB32)
        painter = QPainter(self._turned)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, self._image)
        painter.end()
        self._is_turned = True


def image_of(pixels: npt.NDArray[np.uint8]) -> QImage:
    """A view of `(h, w, 3)` BGR or `(h, w)` grey pixels; the array must outlive it."""
    form = QImage.Format.Format_BGR888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], form)
