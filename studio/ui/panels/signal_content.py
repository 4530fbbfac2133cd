"""Curves and waveforms of stored streams, several overlaid in one plot."""

from studio.app.answers import ValueAt
from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.panel import Panel, signal_panel
from studio.ui.panels.panel_content import BoundStream, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.readout import channel_names, value_texts
from studio.ui.panels.stored_data import StoredSignal
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class SignalContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, streams: tuple[BoundStream, ...], index: int) -> None:
        self._stream = stream = streams[0]
        self._panel, self._plot, self._style = signal_panel(
            theme, stream.ref.name, stream.info.format, index, follows=False
        )
        self._data = StoredSignal(reader, stream.ref.path, stream.ref.name, self._plot)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """All of them."""
        return (self._stream.ref,)

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """A line for each channel; of sound its level."""
        value = values.get(self._stream.ref)
        if not self._style.waveform:
            return self._channel_lines(value)
        return (LegendLine("", one_line(value.text)),) if value is not None and value.text else ()

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0]
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()

    def _channel_lines(self, value: ValueAt | None) -> tuple[LegendLine, ...]:
        stream_format = self._stream.info.format
        numbers = () if value is None else value.values
        texts = value_texts(stream_format, numbers, self._plot.shown_range.largest)
        names = channel_names(stream_format) if len(texts) > 1 else ("",)
        lines = zip(names, texts, strict=True)
        return tuple(
            LegendLine(name, text, self._style.colour_index(n)) for n, (name, text) in enumerate(lines)
        )
