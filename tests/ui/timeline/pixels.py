"""What a widget shows, as pixels."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


def pixels_of(widget: QWidget) -> npt.NDArray[np.uint8]:
    """(height, width, 3) RGB of what the widget paints now."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def columns_with(widget: QWidget, colour: QColor, tolerance: int = 24) -> npt.NDArray[np.bool_]:
    """For each column of pixels, whether the colour occurs in it."""
    wanted = np.array([colour.red(), colour.green(), colour.blue()], np.int16)
    close = np.abs(pixels_of(widget).astype(np.int16) - wanted).max(axis=2) <= tolerance
    return np.asarray(close.any(axis=0))
