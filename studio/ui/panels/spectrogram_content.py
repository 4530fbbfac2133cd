"""The frequencies of a stored signal over time. See PanelContent."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot

from studio.formats.recording import StreamRef
from studio.formats.spectrum import SpectrumWindow
from studio.host.protocol import ReadSpectrum
from studio.timing import NS_PER_S, Timestamp
from studio.ui import readable
from studio.ui.panels.auto_range import AutoRange
from studio.ui.panels.axis_scale import FrequencyScale
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, spectrogram_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions, channel_key
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.spectrum_tiles import Band, TileKey, column_duration, nearest_missing, tiles_in
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

ROW_STEP = 64
"""Rows asked for are rounded up to it, so that resizing does not ask at every pixel."""
MOST_ROWS = 512
USUAL_HZ = 8000.0
"""Up to here as long as nobody chooses: speech, and most of what else is heard, lies below."""
LEAST_LOG_HZ_SHARE = 1 / 500
"""Of half the rate: where octaves begin."""
LEAST_BAND_SHARE = 1e-3


class SpectrogramContent(QObject):
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream) -> None:
        super().__init__()
        self._stream = stream
        self._rate = _rate_of(stream)
        self._panel, self._plot, self._axis = spectrogram_panel(theme, stream.ref.name)
        self._questions = Questions(reader, self._take_tile, self._take_words)
        self._asked: TileKey | None = None
        self._failed = False
        self._frame: TimeFrame | None = None
        self._options = PanelOptions()
        self._choose: Choose = _no_choice
        self._tell: Tell = _nobody
        self._axis.range_previewed.connect(self._on_range_previewed)
        self._axis.range_chosen.connect(self._on_range_chosen)
        self._axis.auto_chosen.connect(self._plot.fit)
        self._plot.fit_chosen.connect(self._on_fit_chosen)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: the legend reads the tiles."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._frame = frame
        self._show_band()
        self._ask_next()

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """The loudest frequency at the cursor; how much of the signal the picture is made of."""
        found = None if self._frame is None else self._plot.level_at(self._frame.reading_time)
        if found is None:
            return ()
        hertz, level, tile = found
        lines = [
            LegendLine("loudest", readable.frequency(hertz)),
            LegendLine("level", readable.level(level)),
        ]
        if tile.looked_share < 1:
            share = f"{max(0.1, tile.looked_share * 100):.2g}{readable.SPACE}%"
            lines.append(LegendLine("samples looked at", share))
        return tuple(lines)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._choose, self._tell = choose, tell

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        self._options = options
        low, high = self._band_limits()
        self._axis.show_scale(FrequencyScale(options.log_frequency), "Hz")
        self._axis.show_range(AutoRange(low=low, high=high, changed_ns=0))
        self._show_band()

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream, self._failed = streams[0], False
        self._rate = _rate_of(self._stream)
        self._plot.tiles.forget_after(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._questions.close()

    # Asking ---------------------------------------------------------------------------------------------

    def _show_band(self) -> None:
        ratio = 1.0 if self._frame is None else self._frame.pixel_ratio
        rows = -int(-self._plot.height() * ratio // ROW_STEP) * ROW_STEP
        low, high = self._band_limits()
        described = self._stream.info.format
        hidden = self._options.hidden_channels
        channels = tuple(n for n in range(described.channels) if channel_key(0, n) not in hidden)
        band = Band(max(ROW_STEP, min(MOST_ROWS, rows)), low, high, self._options.log_frequency, channels)
        self._band = band
        self._plot.show_band(band, self._rate)

    def _band_limits(self) -> tuple[float, float]:
        """Hz from foot to top, inside what the signal can have."""
        most = self._rate / 2
        least = most * LEAST_LOG_HZ_SHARE if self._options.log_frequency else 0.0
        usual = min(most, USUAL_HZ)
        high = usual if self._options.high is None else min(max(self._options.high, most / 100), most)
        low = least if self._options.low is None else max(least, self._options.low)
        return (low, high) if high - low > most * LEAST_BAND_SHARE else (least, most)

    def _ask_next(self) -> None:
        if self._failed or self._frame is None:
            return
        axis, info = self._frame.axis, self._stream.info
        wanted = tiles_in(axis, column_duration(axis, self._rate), self._band)
        centre = (axis.left + axis.right) // 2
        first = info.first_time - _block_ns(info.sample_count, info.message_count, self._rate)
        key = nearest_missing(wanted, self._plot.tiles, first, info.last_time, centre)
        if key is not None and not self._questions.is_waiting:
            self._asked = key
            self._questions.want(
                ReadSpectrum(self._stream.ref.path, self._stream.ref.name, key.grid), anew=True
            )

    def _take_tile(self, tile: SpectrumWindow) -> None:
        if self._asked is not None:
            self._plot.take_tile(self._asked, tile)
            self._asked = None
        self._tell()
        # The question is settled when this returns.
        QTimer.singleShot(0, self, self._ask_next)

    def _take_words(self, text: str) -> None:
        self._failed = bool(text)
        self._plot.take_words(text, dimmed=False)

    # The user -------------------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_range_previewed(self, low: float, high: float) -> None:
        self.show_options(replace(self._options, low=low, high=high))

    @Slot(object, object)
    def _on_range_chosen(self, low: float, high: float) -> None:
        self._choose(replace(self._options, low=low, high=high))

    @Slot()
    def _on_fit_chosen(self) -> None:
        self._choose(replace(self._options, low=0.0, high=self._rate / 2))


def _rate_of(stream: BoundStream) -> float:
    """Samples per second: nominal, else measured."""
    info = stream.info
    lasts = info.last_time - info.first_time
    if info.format.rate > 0:
        return info.format.rate
    return (info.sample_count - 1) * NS_PER_S / lasts if lasts > 0 and info.sample_count > 1 else 1.0


def _block_ns(samples: int, messages: int, rate: float) -> int:
    """How long before the time of the first block its first sample was."""
    return round(samples / max(1, messages) / rate * NS_PER_S)


def _nobody() -> None:
    """Nobody listens yet."""


def _no_choice(_: PanelOptions) -> None:
    """Nobody listens yet."""
