"""The live streams the timeline shows, each with its panel, and what live and stored ones have in common."""

from typing import Protocol

from studio.app.status import DeviceStatus, RecorderStatus, StreamStatus
from studio.formats.recording import StreamRef
from studio.ui.panels.live_stream import LiveStream
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import kinds_for
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.live_layout import usual
from studio.ui.timeline.placed import Placed, places_of
from studio.ui.timeline.plan_rows import Plans

StreamKey = tuple[str, str, str, int]
"""Device, stream, kind and channels: what a panel is made for."""


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
    """The streams of the ticked devices."""

    def __init__(self, theme: Theme, status: RecorderStatus) -> None:
        pairs = _pairs_of(status)
        self._keys = keys_of(status)
        self._streams = tuple(LiveStream(theme, n, *pair) for n, pair in enumerate(pairs))
        self._refs = tuple(StreamRef(device.id, stream.name) for device, stream in pairs)
        self.kinds = {
            ref: kinds_for(stream.format.kind)[0] for ref, (_, stream) in zip(self._refs, pairs, strict=True)
        }
        """What kind of panel each stream has; the path of a reference is the device."""
        self.plans: Plans = ()
        self._places: tuple[Placed, ...] = ()
        self.show_plans(usual(self.kinds))

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(place.panel for place in self._places)

    @property
    def places(self) -> tuple[Placed, ...]:
        """See Streams."""
        return self._places

    def show_plans(self, plans: Plans) -> None:
        """Let the panels stand like this: one plan for each stream."""
        panels = {ref: stream.panel for ref, stream in zip(self._refs, self._streams, strict=True)}
        self.plans = plans
        self._places = places_of([panels[plan.streams[0]] for plan in plans], plans)

    def takes(self, status: RecorderStatus) -> bool:
        """Take a new status; False if it speaks of other streams and new panels must be made."""
        if keys_of(status) != self._keys:
            return False
        for stream, pair in zip(self._streams, _pairs_of(status), strict=True):
            stream.take_status(*pair)
        return True

    def show_frame(self, frame: TimeFrame) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.show_frame(frame)

    def pull_pictures(self, frame: TimeFrame) -> None:
        """Show new pictures only: they come more often than the axis needs to move."""
        for stream in self._streams:
            stream.pull_picture(frame)

    def close(self) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.close()


def keys_of(status: RecorderStatus) -> tuple[StreamKey, ...]:
    """Which panels a status needs."""
    return tuple(
        (device.id, stream.name, str(stream.format.kind), stream.format.channels)
        for device, stream in _pairs_of(status)
    )


def _pairs_of(status: RecorderStatus) -> list[tuple[DeviceStatus, StreamStatus]]:
    return [(device, stream) for device in status.devices for stream in device.streams]
