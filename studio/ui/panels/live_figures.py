"""The figures of live streams over a live picture: of the newest messages that are not later than it."""

from dataclasses import dataclass

from studio.errors import StudioError
from studio.formats.recording import StreamRef
from studio.timing import NS_PER_MS
from studio.ui import readable
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.live_reader import LiveReader
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan, channel_key
from studio.ui.panels.picture_content import layer_looks
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.signal_legend import short_name


@dataclass(slots=True)
class _Layer:
    """The figures of one stream."""

    ref: StreamRef
    count: int = 0
    problem: str = ""


class LiveFigures:
    """What lies over one live picture, and how the picture is seen."""

    def __init__(self, reader: LiveReader, plot: PicturePlot, picture: StreamRef) -> None:
        self._reader, self._plot = reader, plot
        self._plan = PanelPlan(PanelKind.VIDEO, (picture,))
        self._layers: tuple[_Layer, ...] = ()

    def show_plan(self, plan: PanelPlan) -> None:
        """Lay these streams over the picture, and show it like this."""
        if plan.streams[1:] != self._plan.streams[1:]:
            for layer in range(len(self._layers)):
                self._plot.take_shapes(layer, None)
            self._layers = tuple(_Layer(ref) for ref in plan.streams[1:])
        self._plan = plan
        options = plan.options
        self._plot.show_fit(options.fit)
        self._plot.show_flip(left_to_right=options.mirrored, upside_down=options.upside_down)
        self._plot.show_colours(options.colour_map, options.low, options.high)
        self._plot.show_layers(layer_looks(options, len(self._layers)))

    def pull(self) -> None:
        """Show what belongs to the picture that is shown; hidden figures are not looked for."""
        time = self._plot.picture_time
        for number, layer in enumerate(self._layers):
            if time and channel_key(number + 1, 0) not in self._options.hidden_channels:
                self._pull_layer(number, layer)

    def legend(self) -> tuple[LegendLine, ...]:
        """A line for each stream of figures, which shows or hides it."""
        lines = []
        looks = layer_looks(self._options, len(self._layers))
        for number, (layer, look) in enumerate(zip(self._layers, looks, strict=True), start=1):
            text = readable.count(layer.count) if layer.count else readable.NOTHING
            key = channel_key(number, 0)
            lines.append(LegendLine(short_name(layer.ref.name), text, look.colour, key, look.hidden))
            if layer.problem:
                lines.append(LegendLine("", layer.problem))
        return tuple(lines)

    @property
    def _options(self) -> PanelOptions:
        return self._plan.options

    def _pull_layer(self, number: int, layer: _Layer) -> None:
        keep = self._options.keep_ms * NS_PER_MS
        try:
            found = self._reader.shapes_at(layer.ref, self._plot.picture_time, keep)
        except StudioError as error:
            found, layer.problem = None, str(error)
        else:
            layer.problem = ""
        layer.count = 0 if found is None else len(found.shapes.shapes)
        self._plot.take_shapes(number, None if found is None else found.shapes)
