"""Curves and waveforms of stored streams, several overlaid in one plot."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, signals_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_legend import signal_legend, toggled
from studio.ui.panels.signal_options import SignalOptions
from studio.ui.panels.signal_style import styles_of
from studio.ui.panels.stored_data import StoredSignal
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class SignalContent(QObject):
    """See PanelContent."""

    def __init__(
        self, theme: Theme, reader: Reader, streams: tuple[BoundStream, ...], index: int, *, waveform: bool
    ) -> None:
        super().__init__()
        self._streams = streams
        formats = tuple(stream.info.format for stream in streams)
        styles = styles_of(formats, index, waveform=waveform)
        self._choose: Choose = _nobody
        self._panel, self._plot, axis = signals_panel(theme, streams[0].ref.name, styles)
        self._chosen = SignalOptions(self._plot, axis, styles)
        self._data = tuple(
            StoredSignal(reader, each.ref.path, each.ref.name, self._plot, layer=n)
            for n, each in enumerate(streams)
        )
        self._panel.header.legend_clicked.connect(self._on_legend_clicked)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """All of them."""
        return tuple(stream.ref for stream in self._streams)

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        for stream, data in zip(self._streams, self._data, strict=True):
            if stream.info.message_count:
                data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """A line for each channel; of sound its level."""
        scale = self._plot.shown_range.largest
        return signal_legend(self._streams, self._chosen.styles, values, scale, self._chosen.options)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._choose = choose
        self._chosen.listen(choose)

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        self._chosen.show(options)

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._streams = streams
        for data in self._data:
            data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        for data in self._data:
            data.close()

    @Slot(str)
    def _on_legend_clicked(self, key: str) -> None:
        options = self._chosen.options
        self._choose(replace(options, hidden_channels=toggled(options.hidden_channels, key)))


def _nobody(_: PanelOptions) -> None:
    """Nobody listens yet."""
