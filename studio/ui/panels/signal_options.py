"""What a user chose for a plot of signals, stored or live: range, line, level, looks, what is hidden.

Shows options in the plot, and tells what the mouse on the values makes of them. Draws nothing, keeps nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from studio.ui.panels.panel_content import Choose
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle, dressed
from studio.ui.panels.threshold import Threshold
from studio.ui.panels.value_axis import ValueAxis


class SignalOptions(QObject):
    """The options of one plot, and of the axis of its values."""

    def __init__(self, plot: SignalPlot, axis: ValueAxis, styles: tuple[SignalStyle, ...]) -> None:
        """`styles`: as the curves are drawn as long as nothing is chosen for them."""
        super().__init__(plot)
        self.plot = plot
        self._usual_styles = styles
        self.styles = styles
        """With what was chosen for the curves."""
        self.options = PanelOptions()
        self._choose: Choose = _nobody
        axis.range_chosen.connect(self._on_range_chosen)
        plot.fit_chosen.connect(self._on_fit_chosen)

    def listen(self, choose: Choose) -> None:
        """Call `choose` with the options that the user wants instead."""
        self._choose = choose

    def show(self, options: PanelOptions) -> None:
        """Draw like this."""
        self.options = options
        self.plot.show_range(options.low, options.high)
        self.plot.show_line(options.line)
        self.plot.show_threshold(Threshold() if self._usual_styles[0].waveform else options.threshold)
        self.styles = dressed(self._usual_styles, options.looks)
        self.plot.show_styles(self.styles)
        self.plot.hide_channels(_hidden(options))

    @Slot(object, object)
    def _on_range_chosen(self, low: float, high: float) -> None:
        self._choose(replace(self.options, low=low, high=high))

    @Slot()
    def _on_fit_chosen(self) -> None:
        self._choose(replace(self.options, low=None, high=None))


def _hidden(options: PanelOptions) -> Mapping[int, frozenset[int]]:
    """Of each stream the channels that are not drawn."""
    hidden: defaultdict[int, set[int]] = defaultdict(set)
    for key in options.hidden_channels:
        stream, _, channel = key.partition(":")
        if stream.isdecimal() and channel.isdecimal():
            hidden[int(stream)].add(int(channel))
    return {stream: frozenset(channels) for stream, channels in hidden.items()}


def _nobody(_: PanelOptions) -> None:
    """Nobody listens yet."""
