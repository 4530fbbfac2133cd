"""What the simulated camera looks at: soft rolling hills under a sun that goes round. Pixels only."""

import numpy as np
from numpy.typing import NDArray

from studio.devices import barcode
from studio.timing import Timestamp

Image = NDArray[np.uint8]

_SKY = np.array([150.0, 110.0, 60.0])
_HORIZON = np.array([200.0, 190.0, 240.0])
_HILLS = (np.array([120.0, 130.0, 70.0]), np.array([95.0, 110.0, 50.0]), np.array([70.0, 85.0, 35.0]))
_SUN = np.array([120.0, 215.0, 255.0])
_PIXELS_PER_S = 90.0
_ROUND_S = 6.0


class Scenery:
    """Pictures of one size, as functions of number and time. Drawing one takes about a millisecond."""

    def __init__(self, width: int, height: int) -> None:
        """Raises ValueError for a size that cannot hold the bar code."""
        if width < barcode.COLUMNS * barcode.CELL or height < barcode.ROWS * barcode.CELL:
            raise ValueError(f"a simulated picture cannot be as small as {width} x {height} pixels")
        self._width = width
        self._height = height
        self._panorama = _panorama(width, height)
        self._sun = _sun(max(8, height // 12))

    def picture(self, index: int, elapsed_s: float, time: Timestamp) -> Image:
        """Frame `index`, (height, width, 3) BGR of its own memory, with number and `time` as a bar code."""
        offset = int(elapsed_s * _PIXELS_PER_S) % self._width
        image = self._panorama[:, offset : offset + self._width].copy()
        self._draw_sun(image, 2 * np.pi * elapsed_s / _ROUND_S)
        barcode.draw(image, index, time)
        return image

    def _draw_sun(self, image: Image, angle: float) -> None:
        size = self._sun.shape[0]
        left = round((self._width - size) * (0.5 + 0.4 * np.sin(angle)))
        top = round((self._height - size) * (0.45 - 0.35 * np.cos(angle)))
        area = image[top : top + size, left : left + size]
        area[...] = (area * (1 - self._sun) + _SUN * self._sun).astype(np.uint8)


def _panorama(width: int, height: int) -> Image:
    """Twice as wide as the picture and repeating itself, so that any window of it is a picture."""
    rows = np.linspace(0.0, 1.0, height)[:, np.newaxis]
    turns = 2 * np.pi * np.arange(2 * width)[np.newaxis, :] / width
    canvas = np.repeat((_SKY + (_HORIZON - _SKY) * rows[:, :, np.newaxis]), 2 * width, axis=1)
    for number, colour in enumerate(_HILLS):
        crest = 0.6 + 0.13 * number + 0.06 * np.sin((number + 1) * turns + number)
        crest = crest + 0.02 * np.sin((3 * number + 4) * turns)
        canvas = np.where((rows > crest)[:, :, np.newaxis], colour, canvas)
    return canvas.astype(np.uint8)


def _sun(radius: int) -> NDArray[np.float64]:
    """How much of each pixel the sun covers, (2r, 2r, 1) in 0..1, soft at its edge."""
    axis = np.arange(2 * radius) - radius + 0.5
    distance = np.hypot(axis[:, np.newaxis], axis[np.newaxis, :]) / radius
    cover: NDArray[np.float64] = np.clip((1.0 - distance) * 8.0, 0.0, 1.0)[:, :, np.newaxis]
    return cover
