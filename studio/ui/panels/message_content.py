"""What the messages of a stored stream do, whatever they hold: ticks, latency, or rate and gaps."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from studio.formats.message_columns import MessageColumns
from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui import readable
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.message_reading import (
    count_in,
    counting_text,
    latency_text,
    latency_window,
    rate_bin,
    rate_text,
    rate_window,
)
from studio.ui.panels.panel import Panel, density_panel, signals_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.stored_data import words_of
from studio.ui.panels.stored_messages import StoredMessages
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class TickContent:
    """A tick for each message, bars where they are many. See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream, index: int) -> None:
        self._panel, self._plot = density_panel(theme, stream.ref.name, index)
        path, name = stream.ref.path, stream.ref.name
        self._data = StoredMessages(reader, path, name, self._take_columns, words_of(self._plot))
        self._tell: Tell = _nobody
        self._frame: TimeFrame | None = None

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: the legend counts."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._frame = frame
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """How many there are in view."""
        columns = self._plot.columns_shown
        if columns is None or self._frame is None:
            return ()
        count = readable.count(count_in(columns, self._frame.axis))
        return (LegendLine("", f"{count}{readable.SPACE}in{readable.SPACE}view"),)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._tell = tell

    def show_options(self, options: PanelOptions) -> None:
        """Nothing can be chosen."""

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()

    def _take_columns(self, columns: MessageColumns) -> None:
        self._plot.take_columns(columns)
        self._tell()


class MessageCurveContent(QObject):
    """Latency, or rate and gaps, as a curve. See PanelContent."""

    def __init__(
        self, theme: Theme, reader: Reader, stream: BoundStream, index: int, kind: PanelKind
    ) -> None:
        super().__init__()
        self._is_rate = kind is PanelKind.RATE
        self._stream = stream.info
        style = SignalStyle(first_colour=index, follows=False)
        self._panel, self._plot, axis = signals_panel(theme, stream.ref.name, (style,))
        self._plot.show_line(LineStyle.LINE if self._is_rate else LineStyle.POINTS)
        self._data = StoredMessages(
            reader,
            stream.ref.path,
            stream.ref.name,
            self._take_columns,
            words_of(self._plot),
            least_ns=rate_bin(stream.info) if self._is_rate else 1,
            round_ns=self._is_rate,
        )
        self._columns: MessageColumns | None = None
        self._time: Timestamp = 0
        self._options = PanelOptions()
        self._choose: Choose = _no_choice
        self._tell: Tell = _nobody
        axis.range_chosen.connect(self._on_range_chosen)
        self._plot.fit_chosen.connect(self._on_fit_chosen)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: the legend reads the curve."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._time = frame.reading_time
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """What the curve says at the cursor, and how much of it was looked at."""
        if self._columns is None:
            return ()
        name, text = ("rate", rate_text) if self._is_rate else ("latency", latency_text)
        lines = [LegendLine(name, text(self._columns, self._time) or readable.NOTHING)]
        if self._columns.known_share < 1:
            lines.append(LegendLine("", counting_text(self._columns.known_share)))
        return tuple(lines)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._choose, self._tell = choose, tell

    def show_options(self, options: PanelOptions) -> None:
        """A rate is read from zero."""
        self._options = options
        low = 0.0 if self._is_rate and options.low is None else options.low
        self._plot.show_range(low, options.high)
        self._plot.show_threshold(options.threshold)

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0].info
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()

    def _take_columns(self, columns: MessageColumns) -> None:
        self._columns = columns
        window = rate_window(columns, self._stream) if self._is_rate else latency_window(columns)
        self._plot.take_window(window)
        self._tell()

    @Slot(object, object)
    def _on_range_chosen(self, low: float, high: float) -> None:
        self._choose(replace(self._options, low=low, high=high))

    @Slot()
    def _on_fit_chosen(self) -> None:
        options = replace(self._options, low=None, high=None)
        self.show_options(options)
        self._choose(options)


def _nobody() -> None:
    """Nobody listens yet."""


def _no_choice(_: PanelOptions) -> None:
    """Nobody listens yet."""
