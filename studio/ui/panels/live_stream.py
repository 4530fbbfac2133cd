"""A live stream and its panel: follows the status, finds the ring, says how the stream is doing."""

from collections.abc import Callable
from dataclasses import replace

from studio.app.answers import ValueAt
from studio.app.status import DeviceStatus, LiveView, StreamStatus
from studio.errors import StudioError
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_MS, monotonic_ns
from studio.ui.panels.header_text import LEGEND_LIMIT, HeaderText, LegendLine, live_detail
from studio.ui.panels.live_figures import LiveFigures
from studio.ui.panels.live_reader import LiveReader
from studio.ui.panels.live_rings import LivePictures, LiveRing, LiveSignal, LiveTexts
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel import Panel, mark_panel, picture_panel, signals_panel
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import PanelOptions, PanelPlan, kinds_for
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.signal_legend import signal_legend
from studio.ui.panels.signal_options import SignalOptions
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.stream_health import Health, StreamHealth, health_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

HEADER_INTERVAL_NS = 125 * NS_PER_MS
"""Numbers that change more often cannot be read."""

Choose = Callable[[PanelPlan, PanelPlan], None]


class LiveStream:
    """Owns the panel and the ring of one stream. GUI thread only."""

    def __init__(
        self, theme: Theme, index: int, device: DeviceStatus, stream: StreamStatus, reader: LiveReader
    ) -> None:
        """`reader` is asked for figures that lie over pictures."""
        self._device = device
        self._stream = stream
        self._index = index
        ref = StreamRef(device.id, stream.name)
        self._bound = BoundStream(ref, StreamInfo(ref.name, stream.format, message_count=1))
        self._plan = PanelPlan(kinds_for(stream.format.kind)[0], (ref,))
        self._choose: Choose | None = None
        self._curves: SignalOptions | None = None
        self.panel = self._make_panel(theme)
        plot = self.panel.plot
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

    def listen(self, choose: Choose) -> None:
        """Call `choose` with its plan and the one that the user wants instead."""
        self._choose = choose

    def show_plan(self, plan: PanelPlan) -> None:
        """Shown like this; pictures with the figures of these streams over them."""
        if self._figures is not None:
            self._figures.show_plan(plan)
        if self._curves is not None and plan.options != self._plan.options:
            self._curves.show(plan.options)
        self._plan, self._header_ns = plan, 0

    def show_frame(self, frame: TimeFrame) -> None:
        """Pull what is new and draw it; pictures come by `pull_picture`, the header by `show_words`."""
        if not self.panel.is_in_sight:
            return  # scrolled out of sight, or not yet laid out
        if self._ring is not None and not isinstance(self._ring, LivePictures):
            self._ring.pull(frame)
        self.panel.show_frame(frame)
        if not self._header_ns:  # a new panel, or one that shall look different
            self.show_words(frame)

    def show_words(self, frame: TimeFrame) -> None:
        """Now and then renew the header."""
        now = monotonic_ns()
        if self.panel.is_in_sight and now - self._header_ns >= HEADER_INTERVAL_NS:
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
            styles = (SignalStyle.of(stream_format, self._index, follows=True),)
            panel, plot, axis = signals_panel(theme, name, styles)
            self._curves = SignalOptions(plot, axis, styles)
            self._curves.listen(self._on_options_chosen)
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
        plot, name = self.panel.plot, self._stream.name
        if isinstance(plot, SignalPlot) and self._curves is not None:
            return LiveSignal(view.path, name, plot, self._curves.styles[0])
        if isinstance(plot, PicturePlot):
            return LivePictures(view.path, plot)
        assert isinstance(plot, MarkPlot)
        return LiveTexts(view.path, name, plot, self._stream.format.kind)

    def _show_header(self, frame: TimeFrame) -> None:
        health = self.health
        # The last value of a dead stream must not look like its present one.
        is_silent = health.health is Health.DEAD and frame.cursor_time is None
        value = None if self._ring is None or is_silent else self._ring.value(frame)
        self.panel.show_header(
            HeaderText(self._stream.name, live_detail(self._stream), health, self._legend(value))
        )
        self.panel.plot.take_words(health.text, dimmed=health.health is Health.DEAD)

    def _legend(self, value: ValueAt | None) -> tuple[LegendLine, ...]:
        if self._figures is not None:
            return self._figures.legend()[:LEGEND_LIMIT]
        if value is None:
            return ()
        if self._curves is None:
            return (LegendLine("", value.text),)
        chosen, scale = self._curves, self._curves.plot.shown_range.largest
        said = {self._bound.ref: value}
        return signal_legend((self._bound,), chosen.styles, said, scale, chosen.options)[:LEGEND_LIMIT]

    def _on_options_chosen(self, options: PanelOptions) -> None:
        if self._choose is not None:
            self._choose(self._plan, replace(self._plan, options=options))


def _message_rate(stream: StreamStatus) -> float:
    """Messages a second; blocks of samples come often enough to need no patience."""
    return 0.0 if stream.format.kind.is_sampled and stream.format.rate > 10 else stream.format.rate
