"""The picture of a stored stream at the cursor, and what other streams say of places in it."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Slot

from studio.app.answers import ShapesAt
from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui import readable
from studio.ui.panels.curve_look import look_of
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, picture_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions, channel_key
from studio.ui.panels.picture_layers import USUAL_WIDTH, LayerLook
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_legend import short_name, toggled
from studio.ui.panels.stored_pictures import StoredPictures
from studio.ui.panels.stored_shapes import StoredShapes
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class PictureContent(QObject):
    """See PanelContent. The first stream holds the pictures, each other one figures that lie over them."""

    def __init__(self, theme: Theme, reader: Reader, streams: tuple[BoundStream, ...]) -> None:
        super().__init__()
        picture, self._over = streams[0], streams[1:]
        self._panel, self._plot = picture_panel(theme, picture.ref.name, picture.info.format)
        self._data = StoredPictures(reader, picture, self._plot)
        self._shapes = tuple(
            StoredShapes(reader, stream, partial(self._take_shapes, layer))
            for layer, stream in enumerate(self._over)
        )
        self._found: dict[int, ShapesAt] = {}
        self._options = PanelOptions()
        self._choose: Choose = _no_choice
        self._tell: Tell = _nobody
        self._panel.header.legend_clicked.connect(self._on_legend_clicked)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: a picture says enough, and figures are asked for in full."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._data.show_frame(frame)
        for shapes in self._shapes:
            shapes.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """A line for each stream of figures, which shows or hides it; the picture's time is written on it."""
        lines = []
        for layer, shapes in enumerate(self._shapes):
            lines.append(self._legend_line(layer))
            if shapes.problem:
                lines.append(LegendLine("", shapes.problem))
        return tuple(lines)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._choose, self._tell = choose, tell

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        self._options = options
        self._plot.show_fit(options.fit)
        self._plot.show_flip(left_to_right=options.mirrored, upside_down=options.upside_down)
        self._plot.show_colours(options.colour_map, options.low, options.high)
        self._plot.show_layers(layer_looks(options, len(self._over)))
        for shapes in self._shapes:
            shapes.keep_ms = options.keep_ms

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._data.refresh(streams[0], since_time)
        for shapes in self._shapes:
            shapes.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()
        for shapes in self._shapes:
            shapes.close()

    def _legend_line(self, layer: int) -> LegendLine:
        look = layer_looks(self._options, len(self._over))[layer]
        found = self._found.get(layer)
        count = 0 if found is None else len(found.shapes.shapes)
        text = readable.count(count) if count else readable.NOTHING
        name = short_name(self._over[layer].ref.name)
        return LegendLine(name, text, look.colour, channel_key(layer + 1, 0), look.hidden)

    def _take_shapes(self, layer: int, found: ShapesAt | None) -> None:
        if found is None:
            self._found.pop(layer, None)
        else:
            self._found[layer] = found
        self._plot.take_shapes(layer, None if found is None else found.shapes)
        self._tell()

    @Slot(str)
    def _on_legend_clicked(self, key: str) -> None:
        self._choose(replace(self._options, hidden_channels=toggled(self._options.hidden_channels, key)))


def layer_looks(options: PanelOptions, count: int) -> tuple[LayerLook, ...]:
    """How the figures of so many streams are drawn; the first is called by `channel_key(1, 0)`."""
    looks = []
    for layer in range(count):
        key = channel_key(layer + 1, 0)
        chosen = look_of(options.looks, key)
        colour = chosen.colour if chosen.colour >= 0 else layer + 1
        looks.append(LayerLook(colour, chosen.width or USUAL_WIDTH, key in options.hidden_channels))
    return tuple(looks)


def _no_choice(_: PanelOptions) -> None:
    """Nobody listens yet."""


def _nobody() -> None:
    """Nobody listens yet."""
