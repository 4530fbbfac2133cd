"""A panel that was added to the live view: numbers inside messages as curves, or one value against another.

It draws as panels of recordings do; what these ask the reader process, it is told from the rings.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from studio.app.status import DeviceStatus, StreamStatus
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_MS, TIME_MIN, monotonic_ns
from studio.ui.panels.curve_menu import curve_names
from studio.ui.panels.header_text import LEGEND_LIMIT, HeaderText, live_detail
from studio.ui.panels.live_reader import LiveReader
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_content import BoundStream, NamesCurves
from studio.ui.panels.panel_plan import PanelOptions, PanelPlan
from studio.ui.panels.signal_legend import short_name
from studio.ui.panels.stored_header import NOT_HERE
from studio.ui.panels.stream_health import Health, StreamHealth, health_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

HEADER_INTERVAL_NS = 125 * NS_PER_MS
"""Numbers that change more often cannot be read."""

Pair = tuple[DeviceStatus, StreamStatus]
Choose = Callable[[PanelPlan, PanelPlan], None]


def live_bound(plan: PanelPlan, pairs: Mapping[StreamRef, Pair]) -> tuple[BoundStream, ...]:
    """The streams of a plan that are live, as if they were stored and had something in them."""
    return tuple(
        BoundStream(ref, StreamInfo(ref.name, pairs[ref][1].format, message_count=1))
        for ref in plan.streams
        if ref in pairs
    )


class LiveAdded:
    """Owns the panel. GUI thread only."""

    def __init__(
        self, theme: Theme, reader: LiveReader, plan: PanelPlan, pairs: Mapping[StreamRef, Pair], index: int
    ) -> None:
        from studio.ui.panels.panel_contents import content_of

        self._reader, self._plan, self._pairs = reader, plan, pairs
        self._streams = live_bound(plan, pairs)
        self._content = content_of(theme, reader, plan, self._streams, index)
        self._choose: Choose | None = None
        self._header_ns = 0
        self._frame: TimeFrame | None = None
        self._content.show_options(plan.options)
        self._content.listen(self._on_options_chosen, _ignore_news)

    @property
    def panel(self) -> Panel:
        """The widget."""
        return self._content.panel

    @property
    def curve_names(self) -> dict[str, str]:
        """What options call each curve, and what people call it."""
        content = self._content
        return content.curve_names if isinstance(content, NamesCurves) else curve_names(self._streams)

    def listen(self, choose: Choose) -> None:
        """Call `choose` with its plan and the one that the user wants instead."""
        self._choose = choose

    def shows(self, plan: PanelPlan) -> bool:
        """Whether it can show this plan without another widget."""
        return (plan.kind, plan.streams) == (self._plan.kind, self._plan.streams)

    def show_plan(self, plan: PanelPlan) -> None:
        """Show the options of a plan that it can show."""
        if plan.options != self._plan.options:
            self._content.show_options(plan.options)
            self._header_ns = 0
        self._plan = plan

    def take_status(self, pairs: Mapping[StreamRef, Pair]) -> None:
        """What the recorder says of its streams."""
        self._pairs = pairs

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw what is there now, if anybody can see it."""
        if not self.panel.is_in_sight:
            return
        self._frame = frame
        self._content.refresh(self._streams, TIME_MIN)
        self._content.show_frame(frame)
        self.panel.show_frame(frame)
        if not self._header_ns:  # a new panel, or one that shall look different
            self.show_words(frame)

    def show_words(self, frame: TimeFrame) -> None:
        """Now and then renew the header."""
        now = monotonic_ns()
        if self.panel.is_in_sight and now - self._header_ns >= HEADER_INTERVAL_NS:
            self._header_ns = now
            self._show_header(frame)

    def close(self) -> None:
        """Ask nothing more. Idempotent."""
        self._content.close()

    def _show_header(self, frame: TimeFrame) -> None:
        found = {ref: self._reader.value_at(ref, frame.reading_time) for ref in self._content.value_streams}
        legend = self._content.legend({ref: value for ref, value in found.items() if value is not None})
        names = [ref.name for ref in self._plan.streams]
        name = names[0] if len(names) == 1 else ", ".join(map(short_name, names))
        count = len(self._streams)
        detail = f"{count} streams" if count > 1 else self._detail()
        self.panel.show_header(HeaderText(name, detail, self._health(), legend[:LEGEND_LIMIT]))

    def _detail(self) -> str:
        return live_detail(self._pairs[self._streams[0].ref][1]) if self._streams else ""

    def _health(self) -> StreamHealth:
        """That of the first stream that is not alive, else of all."""
        if len(self._streams) < len(self._plan.streams):
            return StreamHealth(Health.WAITING, NOT_HERE.replace("session", "preview"))
        states = [_health_of(*self._pairs[stream.ref]) for stream in self._streams]
        return next((state for state in states if state.health is not Health.ALIVE), states[0])

    def _on_options_chosen(self, options: PanelOptions) -> None:
        if self._choose is not None:
            self._choose(self._plan, replace(self._plan, options=options))


def _health_of(device: DeviceStatus, stream: StreamStatus) -> StreamHealth:
    return health_of(
        kind=stream.format.kind,
        rate=stream.format.rate,
        device_state=device.state,
        message=device.message,
        age_s=None if stream.live is None else 0.0,
    )


def _ignore_news() -> None:
    """The next frame shows it."""
