"""A live stream and its panel: follows the status, finds the ring, says how the stream is doing."""

from studio.app.status import DeviceStatus, LiveView, StreamStatus
from studio.errors import StudioError
from studio.formats.recording import StreamRef
from studio.timing import NS_PER_MS, monotonic_ns
from studio.ui.panels.header_text import LEGEND_LIMIT, HeaderText, LegendLine, live_detail
from studio.ui.panels.live_figures import LiveFigures
from studio.ui.panels.live_reader import LiveReader
from studio.ui.panels.live_rings import LivePictures, LiveRing, LiveSignal, LiveTexts
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel import Panel, mark_panel, picture_panel, signal_panel
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.readout import channel_names
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.stream_health import Health, StreamHealth, health_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

HEADER_INTERVAL_NS = 125 * NS_PER_MS
"""Numbers that change more often cannot be read."""


class LiveStream:
    """Owns the panel and the ring of one stream. GUI thread only."""

    def __init__(
        self, theme: Theme, index: int, device: DeviceStatus, stream: StreamStatus, reader: LiveReader
    ) -> None:
        """`reader` is asked for figures that lie over pictures."""
        self._device = device
        self._stream = stream
        self._index = index
        self._style = SignalStyle()
        self.panel = self._make_panel(theme)
        plot, ref = self.panel.plot, StreamRef(device.id, stream.name)
        self._figures = LiveFigures(reader, plot, ref) if isinstance(plot, PicturePlot) else None
        self._ring: LiveRing | None = None
        self._view: LiveView | None = None
        self._header_ns = 0
        self.take_status(device, stream)

    @property
    def health(self) -> StreamHealth:
        """How the stream is doing now."""
        return health_of(
            kind=self._stream.format.kind,
            rate=_message_rate(self._stream),
            device_state=self._device.state,
            message=self._device.message,
            age_s=None if self._ring is None else self._ring.age_s,
        )

    def take_status(self, device: DeviceStatus, stream: StreamStatus) -> None:
        """Show what the recorder says; a new ring is opened, one that is not there yet is tried again."""
        self._device, self._stream = device, stream
        if self._ring is None or stream.live != self._view:
            self._open_ring(stream.live)

    def show_plan(self, plan: PanelPlan) -> None:
        """Pictures: shown like this, with the figures of these streams over them."""
        if self._figures is not None:
            self._figures.show_plan(plan)
            self._header_ns = 0

    def show_frame(self, frame: TimeFrame) -> None:
        """Pull what is new, draw it, and now and then renew the header; pictures come by `pull_picture`."""
        if not self.panel.is_in_sight:
            return  # scrolled out of sight, or not yet laid out
        if self._ring is not None and not isinstance(self._ring, LivePictures):
            self._ring.pull(frame)
        self.panel.show_frame(frame)
        now = monotonic_ns()
        if now - self._header_ns >= HEADER_INTERVAL_NS:
            self._header_ns = now
            self._show_header(frame)

    def pull_picture(self, frame: TimeFrame) -> None:
        """Show the newest picture, if it is a stream of pictures and can be seen."""
        if isinstance(self._ring, LivePictures) and self.panel.is_in_sight:
            self._ring.pull(frame)
            if self._figures is not None:
                self._figures.pull()

    def close(self) -> None:
        """Let go of the ring. Idempotent."""
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    def _make_panel(self, theme: Theme) -> Panel:
        name, stream_format = self._stream.name, self._stream.format
        if stream_format.kind.is_sampled:
            panel, _, self._style = signal_panel(theme, name, stream_format, self._index, follows=True)
            return panel
        if stream_format.kind.is_picture:
            return picture_panel(theme, name, stream_format)[0]
        return mark_panel(theme, name, self._index)[0]

    def _open_ring(self, view: LiveView | None) -> None:
        self.close()
        self._view = view
        if view is not None:
            try:
                self._ring = self._ring_of(view)
            except StudioError:
                # Not there yet, or gone: the header says so and the next status tries again.
                self._ring = None

    def _ring_of(self, view: LiveView) -> LiveRing:
        plot = self.panel.plot
        if isinstance(plot, SignalPlot):
            return LiveSignal(view.path, plot, self._stream.format, self._style)
        if isinstance(plot, PicturePlot):
            return LivePictures(view.path, plot)
        assert isinstance(plot, MarkPlot)
        return LiveTexts(view.path, plot, self._stream.format.kind)

    def _show_header(self, frame: TimeFrame) -> None:
        health = self.health
        # The last value of a dead stream must not look like its present one.
        is_silent = health.health is Health.DEAD and frame.cursor_time is None
        values = () if self._ring is None or is_silent else self._ring.values(frame)
        self.panel.show_header(
            HeaderText(self._stream.name, live_detail(self._stream), health, self._legend(values))
        )
        self.panel.plot.take_words(health.text, dimmed=health.health is Health.DEAD)

    def _legend(self, values: tuple[str, ...]) -> tuple[LegendLine, ...]:
        if self._figures is not None:
            return self._figures.legend()[:LEGEND_LIMIT]
        if len(values) == 1:
            return (LegendLine("", values[0], self._style.colour_index(0) if self._is_drawn else -1),)
        names = channel_names(self._stream.format)
        return tuple(
            LegendLine(names[n], value, self._style.colour_index(n))
            for n, value in enumerate(values[:LEGEND_LIMIT])
        )

    @property
    def _is_drawn(self) -> bool:
        return self._stream.format.kind.is_sampled and not self._style.waveform


def _message_rate(stream: StreamStatus) -> float:
    """Messages a second; blocks of samples come often enough to need no patience."""
    return 0.0 if stream.format.kind.is_sampled and stream.format.rate > 10 else stream.format.rate
