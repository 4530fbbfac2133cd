"""The paper all plots are drawn on: ground, grid, selection, cursor, words over it. Stateless drawing."""

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

PADDING = 8
SELECTED_ALPHA = 36
"""Of 255: what is selected is tinted, and can still be read."""


def draw_ground(painter: QPainter, widget: QWidget, theme: Theme) -> None:
    """Fill the plot."""
    painter.fillRect(widget.rect(), theme.colour("surface"))


def draw_time_grid(painter: QPainter, widget: QWidget, theme: Theme, frame: TimeFrame) -> None:
    """A vertical line under each labelled tick of the ruler."""
    painter.setPen(QPen(theme.colour("grid"), 1))
    height = widget.height()
    lines = [QLineF(round(t.x) + 0.5, 0, round(t.x) + 0.5, height) for t in frame.ticks if t.label]
    painter.drawLines(lines)


def draw_cursor(painter: QPainter, widget: QWidget, theme: Theme, frame: TimeFrame) -> None:
    """The selection and, over it, the cursor line, as far as they are in view."""
    draw_selection(painter, widget, theme, frame)
    if frame.cursor_x is not None:
        painter.setPen(QPen(theme.colour("accent"), 1))
        x = round(frame.cursor_x) + 0.5
        painter.drawLine(QLineF(x, 0, x, widget.height()))


def draw_selection(painter: QPainter, widget: QWidget, theme: Theme, frame: TimeFrame) -> None:
    """A tint over what is selected, and a line at each end of it."""
    if frame.selected_xs is None:
        return
    left, right = frame.selected_xs
    colour = theme.colour("accent")
    colour.setAlpha(SELECTED_ALPHA)
    painter.fillRect(QRectF(left, 0, right - left, widget.height()), colour)
    colour.setAlpha(170)
    painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
    for x in (round(left) + 0.5, round(right) + 0.5):
        painter.drawLine(QLineF(x, 0, x, widget.height()))


def draw_words(painter: QPainter, widget: QWidget, theme: Theme, text: str, role: str = "muted") -> None:
    """Words on a plate in the middle of the plot: why there is nothing to see."""
    room = QRectF(widget.rect()).adjusted(3 * PADDING, PADDING / 2, -3 * PADDING, -PADDING / 2)
    lines = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    needed = painter.boundingRect(room, lines, text)
    if needed.height() > room.height():
        # Too low for all of it: the header and its tooltip have the rest.
        lines = int(Qt.AlignmentFlag.AlignCenter)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        needed = painter.boundingRect(room, lines, text)
    plate = needed.adjusted(-2 * PADDING, -PADDING / 2, 2 * PADDING, PADDING / 2)
    ground = QColor(theme.colour("raised"))
    ground.setAlpha(232)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    radius = min(plate.height() / 2, 2 * PADDING)
    painter.drawRoundedRect(plate, radius, radius)
    painter.setPen(theme.colour(role))
    painter.drawText(plate, lines, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
