"""The live streams the timeline shows, each with its panel, and what live and stored ones have in common."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint

from studio.app.status import DeviceStatus, RecorderStatus, StreamStatus
from studio.formats.recording import StreamRef
from studio.ui.panels.curve_menu import curve_names
from studio.ui.panels.live_added import Choose, LiveAdded, live_bound
from studio.ui.panels.live_reader import LiveReader
from studio.ui.panels.live_stream import LiveStream
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import PanelPlan, kinds_for
from studio.ui.panels.signal_legend import toggled
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.live_layout import ADDED, usual
from studio.ui.timeline.placed import Placed, places_of
from studio.ui.timeline.plan_rows import Plans

StreamKey = tuple[str, str, str, int]
"""Device, stream, kind and channels: what a panel is made for."""


OpenMenu = Callable[[Panel, QPoint], None]


class Streams(Protocol):
    """What live and stored streams have in common."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom."""
        ...

    @property
    def places(self) -> tuple[Placed, ...]:
        """Where each of them stands."""
        ...

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        ...

    def close(self) -> None:
        """Let go of rings and questions. Idempotent."""
        ...


class NoStreams:
    """Nothing to show."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """None."""
        return ()

    @property
    def places(self) -> tuple[Placed, ...]:
        """None."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """Nothing to draw."""

    def close(self) -> None:
        """Nothing to let go of."""


class LiveStreams:
    """The streams of the ticked devices, each with its usual panel, and the panels that were added."""

    def __init__(self, theme: Theme, status: RecorderStatus) -> None:
        pairs = _pairs_of(status)
        self._theme = theme
        self._keys = keys_of(status)
        self.reader = LiveReader()
        self._streams = tuple(LiveStream(theme, n, *pair, self.reader) for n, pair in enumerate(pairs))
        self._refs = tuple(StreamRef(device.id, stream.name) for device, stream in pairs)
        self.kinds = {
            ref: kinds_for(stream.format.kind)[0] for ref, (_, stream) in zip(self._refs, pairs, strict=True)
        }
        """What kind of panel each stream has; the path of a reference is the device."""
        self._pairs = dict(zip(self._refs, pairs, strict=True))
        self._added: tuple[tuple[PanelPlan, LiveAdded], ...] = ()
        self._choose: Choose | None = None
        self._open_menu: OpenMenu | None = None
        self.plans: Plans = ()
        self._places: tuple[Placed, ...] = ()
        for ref, made in zip(self._refs, self._streams, strict=True):
            made.panel.header.legend_clicked.connect(partial(self._on_legend_clicked, ref))
            made.panel.menu_requested.connect(partial(self._on_menu_requested, made.panel))
        self._take_pairs()
        self.show_plans(usual(self.kinds))

    @property
    def theme(self) -> Theme:
        """Whose colours the panels have."""
        return self._theme

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(place.panel for place in self._places)

    @property
    def places(self) -> tuple[Placed, ...]:
        """See Streams."""
        return self._places

    @property
    def bound(self) -> tuple[BoundStream, ...]:
        """All that is live."""
        return tuple(live_bound(PanelPlan(kind, (ref,)), self._pairs)[0] for ref, kind in self.kinds.items())

    def curve_names(self, index: int) -> dict[str, str]:
        """What the options of a panel call its curves, and what people call them."""
        plan = self.plans[index]
        added = next((made for known, made in self._added if known is plan), None)
        return curve_names(live_bound(plan, self._pairs)) if added is None else added.curve_names

    def listen(self, choose: Choose, open_menu: OpenMenu) -> None:
        """Call `choose` with a plan and the one that the user wants instead, `open_menu` with a panel and the
        place on the screen."""
        self._choose, self._open_menu = choose, open_menu
        for stream in self._streams:
            stream.listen(choose)
        for _, made in self._added:
            made.listen(choose)

    def show_plans(self, plans: Plans) -> None:
        """Let the panels stand like this: one usual plan for each stream, and those that were added."""
        spare = [made for _, made in self._added]
        added = {}
        for number, plan in enumerate(plans):
            if plan.kind in ADDED:
                added[number] = self._added_panel(plan, spare)
        for made in spare:
            made.close()
        streams = dict(zip(self._refs, self._streams, strict=True))
        shown: list[LiveStream | LiveAdded] = []
        for number, plan in enumerate(plans):
            shown.append(added[number] if number in added else streams[plan.streams[0]])
            shown[-1].show_plan(plan)
        self.plans = plans
        self._added = tuple((plans[number], made) for number, made in added.items())
        self._places = places_of([one.panel for one in shown], plans)

    def takes(self, status: RecorderStatus) -> bool:
        """Take a new status; False if it speaks of other streams and new panels must be made."""
        if keys_of(status) != self._keys:
            return False
        pairs = _pairs_of(status)
        self._pairs = dict(zip(self._refs, pairs, strict=True))
        self._take_pairs()
        for stream, pair in zip(self._streams, pairs, strict=True):
            stream.take_status(*pair)
        for _, made in self._added:
            made.take_status(self._pairs)
        return True

    def show_frame(self, frame: TimeFrame) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.show_frame(frame)
        for _, made in self._added:
            made.show_frame(frame)

    def pull_pictures(self, frame: TimeFrame) -> None:
        """Show new pictures only: they come more often than the axis needs to move."""
        for stream in self._streams:
            stream.pull_picture(frame)

    def show_words(self, frame: TimeFrame) -> None:
        """Say what the values are and how each stream is doing."""
        for stream in self._streams:
            stream.show_words(frame)
        for _, made in self._added:
            made.show_words(frame)

    def close(self) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.close()
        for _, made in self._added:
            made.close()
        self.reader.close()

    def _on_legend_clicked(self, ref: StreamRef, key: str) -> None:
        """A curve, or figures over a picture: shown or not."""
        plan = next(
            (plan for plan in self.plans if plan.kind is self.kinds[ref] and plan.streams[0] == ref), None
        )
        if plan is not None and self._choose is not None:
            hidden = toggled(plan.options.hidden_channels, key)
            self._choose(plan, replace(plan, options=replace(plan.options, hidden_channels=hidden)))

    def _on_menu_requested(self, panel: Panel, place: QPoint) -> None:
        if self._open_menu is not None:
            self._open_menu(panel, place)

    def _take_pairs(self) -> None:
        self.reader.take_streams({ref: stream for ref, (_, stream) in self._pairs.items()})

    def _added_panel(self, plan: PanelPlan, spare: list[LiveAdded]) -> LiveAdded:
        """One that is there and can show this plan, or a new one."""
        for made in spare:
            if made.shows(plan):
                spare.remove(made)
                return made
        index = self._refs.index(plan.streams[0]) if plan.streams[0] in self._refs else 0
        made = LiveAdded(self._theme, self.reader, plan, self._pairs, index)
        made.panel.menu_requested.connect(partial(self._on_menu_requested, made.panel))
        if self._choose is not None:
            made.listen(self._choose)
        return made


def keys_of(status: RecorderStatus) -> tuple[StreamKey, ...]:
    """Which panels a status needs."""
    return tuple(
        (device.id, stream.name, str(stream.format.kind), stream.format.channels)
        for device, stream in _pairs_of(status)
    )


def _pairs_of(status: RecorderStatus) -> list[tuple[DeviceStatus, StreamStatus]]:
    return [(device, stream) for device in status.devices for stream in device.streams]
