"""A stored stream and its panel: asks for its data, and says what it holds and what it says at the cursor."""

from studio.app.answers import ValueAt
from studio.formats.recording import StreamInfo
from studio.ui.panels.header_text import LEGEND_LIMIT, HeaderText, LegendLine, stored_detail
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.panel import Panel, mark_panel, picture_panel, signal_panel
from studio.ui.panels.questions import Reader
from studio.ui.panels.readout import channel_names, value_texts
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.stored_data import StoredData, StoredMarks, StoredPictures, StoredSignal
from studio.ui.panels.stream_health import STORED, Health, StreamHealth
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class StoredStream:
    """Owns the panel of one stored stream. GUI thread only."""

    def __init__(self, theme: Theme, reader: Reader, path: str, index: int, stream: StreamInfo) -> None:
        self._stream = stream
        self._style = SignalStyle()
        self.panel, self._data = self._made(theme, reader, path, index)
        self._value = ValueAt(stream.name, 0, "")
        self._show_header()

    @property
    def name(self) -> str:
        """Of the stream."""
        return self._stream.name

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view and draw what is there."""
        if self._stream.message_count:
            self._data.show_frame(frame)
        self.panel.show_frame(frame)

    def take_value(self, value: ValueAt) -> None:
        """Show what the stream says at the cursor."""
        self._value = value
        self._show_header()

    def close(self) -> None:
        """Drop answers still on their way."""
        self._data.close()

    def _made(self, theme: Theme, reader: Reader, path: str, index: int) -> tuple[Panel, StoredData]:
        name, stream_format = self._stream.name, self._stream.format
        if stream_format.kind.is_sampled:
            panel, signal_plot, self._style = signal_panel(theme, name, stream_format, index, follows=False)
            return panel, StoredSignal(reader, path, name, signal_plot)
        if stream_format.kind.is_picture:
            panel, picture_plot = picture_panel(theme, name)
            return panel, StoredPictures(reader, path, name, picture_plot)
        panel, mark_plot = mark_panel(theme, name, index)
        return panel, StoredMarks(reader, path, name, mark_plot)

    def _show_header(self) -> None:
        empty = not self._stream.message_count
        health = StreamHealth(Health.DEAD, "nothing was recorded") if empty else STORED
        if not empty and self._stream.gaps:
            health = StreamHealth(Health.STORED, f"{self._stream.gaps} gap{'s' * (self._stream.gaps != 1)}")
        self.panel.show_header(
            HeaderText(self._stream.name, stored_detail(self._stream), health, self._legend())
        )
        if empty:
            self.panel.plot.take_words(health.text, dimmed=False)

    def _legend(self) -> tuple[LegendLine, ...]:
        if self._stream.format.kind.is_sampled and not self._style.waveform:
            return self._channel_lines()
        text = one_line(self._value.text)
        return (LegendLine("", text),) if text else ()

    def _channel_lines(self) -> tuple[LegendLine, ...]:
        plot = self.panel.plot
        scale = plot.shown_range.largest if isinstance(plot, SignalPlot) else 1.0
        texts = value_texts(self._stream.format, self._value.values, scale)
        names = channel_names(self._stream.format) if len(texts) > 1 else ("",)
        lines = zip(names, texts, strict=True)
        return tuple(
            LegendLine(name, text, self._style.colour_index(n)) for n, (name, text) in enumerate(lines)
        )[:LEGEND_LIMIT]
