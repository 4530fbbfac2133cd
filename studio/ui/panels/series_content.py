"""The numbers inside the messages of a stored JSON stream: a curve for each member, or for those chosen."""

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from studio.formats.recording import StreamRef
from studio.formats.series import SeriesWindow
from studio.timing import Timestamp
from studio.ui import readable
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, signals_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.series_names import member_key, numbered, placed, with_new
from studio.ui.panels.signal_legend import toggled
from studio.ui.panels.signal_style import SignalStyle, dressed
from studio.ui.panels.stored_data import words_of
from studio.ui.panels.stored_series import StoredSeries
from studio.ui.panels.stored_window import centred
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_ticks import number_text
from studio.ui.theme import Theme

NO_NUMBERS = "no message here has numbers inside"


class SeriesContent(QObject):
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream, index: int) -> None:
        super().__init__()
        self._stream = stream
        self._names: tuple[str, ...] = ()
        self._window: SeriesWindow | None = None
        self._options = PanelOptions()
        self._choose: Choose = _nobody
        self._tell: Tell = _nobody_is_told
        self._usual = SignalStyle(channels=0, first_colour=index, follows=False, sparse=True)
        self._style = self._usual
        self._panel, self._plot, axis = signals_panel(theme, stream.ref.name, (self._usual,))
        self._data = StoredSeries(reader, stream.ref, self._take_window, words_of(self._plot))
        axis.range_chosen.connect(self._on_range_chosen)
        self._plot.fit_chosen.connect(self._on_fit_chosen)
        self._panel.header.legend_clicked.connect(self._on_legend_clicked)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """The one that is shown."""
        return (self._stream.ref,)

    @property
    def curve_names(self) -> dict[str, str]:
        """See NamesCurves."""
        return {member_key(name): name for name in self._names}

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """Whether this is all there is; then a line for each member."""
        value = values.get(self._stream.ref)
        told = {} if value is None else dict(zip(value.members, value.values, strict=False))
        lines = [self._line(number, name, told.get(name)) for number, name in enumerate(self._names)]
        return (*self._remarks(), *lines)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._choose, self._tell = choose, tell

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        if options.members != self._options.members:
            self._names, self._window = (), None
        self._options = options
        self._data.choose(options.members)
        self._plot.show_range(options.low, options.high)
        self._plot.show_line(options.line)
        self._plot.show_threshold(options.threshold)
        self._dress()

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0]
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()

    def _line(self, number: int, name: str, value: float | None) -> LegendLine:
        sign = "" if value is None else self._options.threshold.sign_of(value)
        text = readable.NOTHING if value is None else number_text(value, self._plot.shown_range.largest)
        key = member_key(name)
        hidden = key in self._options.hidden_channels
        return LegendLine(name, f"{sign} {text}".strip(), self._style.colour_index(number), key, hidden)

    def _remarks(self) -> list[LegendLine]:
        window = self._window
        if window is None:
            return []
        texts = (window.coarse_text, f"the first {len(window.names)} members" if window.has_more else "")
        return [LegendLine("", text) for text in texts if text]

    def _take_window(self, window: SeriesWindow) -> None:
        names = with_new(self._names, window.names)
        self._window = window
        if names != self._names:
            self._names = names
            self._dress()
        if not names:
            self._plot.take_words(NO_NUMBERS, dimmed=False)
        self._plot.take_window(centred(placed(window, names)))
        self._tell()

    def _dress(self) -> None:
        """Colours, widths and markers of the curves, and which of them are seen."""
        options = numbered(self._options, self._names)
        usual = replace(self._usual, channels=len(self._names))
        (self._style,) = dressed((usual,), options.looks)
        self._plot.show_styles((self._style,))
        hidden = frozenset(int(key.partition(":")[2]) for key in options.hidden_channels)
        self._plot.hide_channels({0: hidden})

    @Slot(object, object)
    def _on_range_chosen(self, low: float, high: float) -> None:
        self._choose(replace(self._options, low=low, high=high))

    @Slot()
    def _on_fit_chosen(self) -> None:
        self._choose(replace(self._options, low=None, high=None))

    @Slot(str)
    def _on_legend_clicked(self, key: str) -> None:
        self._choose(replace(self._options, hidden_channels=toggled(self._options.hidden_channels, key)))


def _nobody(_: PanelOptions) -> None:
    """Nobody listens yet."""


def _nobody_is_told() -> None:
    """Nobody listens yet."""
