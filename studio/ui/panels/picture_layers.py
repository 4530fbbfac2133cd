"""The figures over one picture, a layer for each stream of them. Holds them and their looks; asks nobody."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from studio.formats.shapes import Shapes
from studio.ui.panels.picture_shapes import PictureView, draw_shapes
from studio.ui.theme import Theme

USUAL_WIDTH = 2


@dataclass(frozen=True, slots=True)
class LayerLook:
    """How the figures of one stream are drawn."""

    colour: int
    """Number of the theme's stream colour."""
    width: int = USUAL_WIDTH
    """Logical pixels."""
    hidden: bool = False


class PictureLayers:
    """All layers, the first drawn first."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._looks: tuple[LayerLook, ...] = ()
        self._shapes: dict[int, Shapes] = {}

    @property
    def shapes(self) -> dict[int, Shapes]:
        """What each layer shows, by its number; hidden ones too."""
        return dict(self._shapes)

    def dress(self, looks: tuple[LayerLook, ...]) -> bool:
        """From now on they look like this; whether anything is different."""
        before, self._looks = self._looks, looks
        return before != looks

    def take(self, layer: int, shapes: Shapes | None) -> bool:
        """These are to be seen now in the layer of this number; whether anything is different."""
        if self._shapes.get(layer) == shapes:
            return False
        if shapes is None:
            del self._shapes[layer]
        else:
            self._shapes[layer] = shapes
        return True

    def draw(self, painter: QPainter, font: QFont, view: PictureView) -> None:
        """All that are not hidden, no farther than the picture reaches."""
        place = view.place
        if min(view.full_size) <= 0 or not self._shapes:
            return
        painter.save()
        painter.setClipRect(QRectF(place.x, place.y, place.width, place.height))
        for number, look in enumerate(self._looks):
            shapes = self._shapes.get(number)
            if shapes is not None and not look.hidden:
                colour = self._theme.stream_colour(look.colour)
                draw_shapes(painter, font, view, shapes, colour, look.width)
        painter.restore()
