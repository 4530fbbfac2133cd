"""Draws the figures of one stream over a picture. Knows where the picture lies; holds no figures. Stateless.

Bright lines have a dark edge, dark ones a bright edge, and words a ground of their colour: nobody knows how
bright the picture is.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from studio.formats.shapes import Point, Points, Rectangle, Shape, Shapes, Tag
from studio.ui.panels.picture_fit import Place

DARK_EDGE, BRIGHT_EDGE = QColor(0, 0, 0, 150), QColor(255, 255, 255, 170)
EDGE_WIDTH = 1.0
"""On each side of a line."""
POINT_RADIUS = 2.5
"""Of a point, besides half the width of lines."""
LABEL_SCALE = 0.85
BRIGHT = 140
"""Of 255: on brighter colours words and edges are black."""
LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class PictureView:
    """How a picture is seen: enough to find any of its places on the screen."""

    place: Place
    full_size: tuple[int, int]
    """Width and height in its own pixels."""
    flip: tuple[bool, bool] = (False, False)

    def point(self, place: Point, size: tuple[int, int] | None) -> QPointF:
        """Where a place is seen that is told in pixels of a picture of this size; None: the picture's own."""
        return QPointF(*self.place.point_of(*place, size or self.full_size, self.flip))


def draw_shapes(
    painter: QPainter, font: QFont, view: PictureView, shapes: Shapes, colour: QColor, width: float
) -> None:
    """All figures of a message, those with a colour of their own in that."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_label_font(font))
    for shape in shapes.shapes:
        ink = QColor(shape.tag.color) if shape.tag.color else colour
        corners = [view.point(place, shapes.size) for place in _places(shape)]
        if isinstance(shape, Points):
            _draw_points(painter, corners, ink, width)
        else:
            closed = isinstance(shape, Rectangle) or shape.closed
            _draw_line(painter, corners, ink, width, closed=closed)
    for shape in shapes.shapes:  # words above all lines
        words = words_of(shape.tag)
        if words:
            ink = QColor(shape.tag.color) if shape.tag.color else colour
            corners = [view.point(place, shapes.size) for place in _places(shape)]
            _draw_words(painter, QPolygonF(corners).boundingRect(), words, ink, width)


def words_of(tag: Tag) -> str:
    """What is written beside a figure: `face 3  0.93`."""
    words = [tag.label, "" if tag.id is None else str(tag.id)]
    named = " ".join(word for word in words if word)
    score = "" if tag.score is None else f"{tag.score:.2f}"
    return "  ".join(part for part in (named, score) if part)[:LONGEST_WORDS]


def _places(shape: Shape) -> tuple[Point, ...]:
    if not isinstance(shape, Rectangle):
        return shape.points
    right, foot = shape.x + shape.width, shape.y + shape.height
    return (shape.x, shape.y), (right, shape.y), (right, foot), (shape.x, foot)


def _draw_line(painter: QPainter, corners: list[QPointF], ink: QColor, width: float, *, closed: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outline = QPolygonF(corners)
    for colour, wide in ((_edge(ink), width + 2 * EDGE_WIDTH), (ink, width)):
        pen = QPen(colour, wide)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        if closed:
            painter.drawPolygon(outline)
        else:
            painter.drawPolyline(outline)


def _draw_points(painter: QPainter, places: list[QPointF], ink: QColor, width: float) -> None:
    radius = POINT_RADIUS + width / 2
    painter.setPen(QPen(_edge(ink), EDGE_WIDTH))
    painter.setBrush(ink)
    for place in places:
        painter.drawEllipse(place, radius, radius)


def _draw_words(painter: QPainter, around: QRectF, words: str, ink: QColor, width: float) -> None:
    """Above the figure; below it, where it begins at the upper edge."""
    metrics = painter.fontMetrics()
    plate = QRectF(0, 0, metrics.horizontalAdvance(words) + 6, metrics.height())
    plate.moveBottomLeft(around.topLeft() - QPointF(width / 2, width / 2))
    if plate.top() < painter.clipBoundingRect().top():
        plate.moveTop(around.bottom() + width / 2)
    painter.fillRect(plate, ink)
    painter.setPen(Qt.GlobalColor.black if _brightness(ink) > BRIGHT else Qt.GlobalColor.white)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def _edge(ink: QColor) -> QColor:
    return DARK_EDGE if _brightness(ink) > BRIGHT else BRIGHT_EDGE


def _brightness(colour: QColor) -> float:
    """As eyes see it, 0 to 255."""
    return 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()


def _label_font(base: QFont) -> QFont:
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * LABEL_SCALE)
    return font
