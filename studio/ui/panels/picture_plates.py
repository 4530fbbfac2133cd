"""The small plates over a picture: its time and number, and the pixel under the pointer. Stateless."""

from enum import Enum, auto

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from studio.ui.theme import figures_font

PADDING = 6
GROUND = QColor(0, 0, 0, 165)
INK = QColor(255, 255, 255)


class Corner(Enum):
    """Where a plate lies on the picture."""

    LEFT_FOOT = auto()
    RIGHT_FOOT = auto()


def pixel_text(x: int, y: int, values: tuple[float, ...], *, exact: bool = True, measured: str = "") -> str:
    """`x 12  y 34  RGB 10 20 30`; figures keep their places. `measured`: what is said of a measured value.

    Not `exact`: the colour is that of a picture that was shrunk.
    """
    place = f"x {x:>4}  y {y:>4}"
    if measured:
        return f"{place}  {'' if exact else '≈ '}{measured}"
    name = ("" if exact else "≈ ") + ("RGB" if len(values) > 1 else "grey")
    return f"{place}  {name} " + " ".join(f"{value:>3}" for value in values)


def draw_plate(painter: QPainter, font: QFont, room: QRectF, corner: Corner, *texts: str) -> None:
    """Write the first of `texts` that has room in a corner of `room`; a second plate that would reach the
    first moves above it."""
    painter.setFont(figures_font(font, scale=0.85))
    metrics = painter.fontMetrics()
    height, most = metrics.height() + 4, room.width() - 2 * PADDING
    text = next((text for text in texts if metrics.horizontalAdvance(text) <= most), "")
    width = metrics.horizontalAdvance(text) + 2 * PADDING
    if not text or height * 3 > room.height():
        return
    plate = QRectF(room.left(), room.bottom() - height, width, height)
    if corner is Corner.RIGHT_FOOT:
        plate.moveRight(room.right())
        if 2 * width + 4 * PADDING > room.width():
            plate.translate(0, -height)
    painter.fillRect(plate, GROUND)
    painter.setPen(INK)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
