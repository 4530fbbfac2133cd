"""The streams the timeline shows at a time, live or stored, each with its panel."""

from typing import Protocol

from studio.app.answers import ValueAt
from studio.app.status import DeviceStatus, RecorderStatus, StreamStatus
from studio.formats.recording import RecordingInfo
from studio.host.protocol import ReadValues
from studio.ui.panels.live_stream import LiveStream
from studio.ui.panels.panel import Panel
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_stream import StoredStream
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

StreamKey = tuple[str, str, str, int]
"""Device, stream, kind and channels: what a panel is made for."""


class Streams(Protocol):
    """What live and stored streams have in common."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom."""
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

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(stream.panel for stream in self._streams)

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


class StoredStreams:
    """The streams of a recording."""

    def __init__(self, theme: Theme, reader: Reader, info: RecordingInfo) -> None:
        self._path = info.path
        self._streams = tuple(
            StoredStream(theme, reader, info.path, n, stream) for n, stream in enumerate(info.streams)
        )
        self._names = tuple(stream.name for stream in info.streams if not stream.format.kind.is_picture)
        self._values = Questions(reader, self._take_values, _ignore_words)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(stream.panel for stream in self._streams)

    def show_frame(self, frame: TimeFrame) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.show_frame(frame)
        if self._names:
            self._values.want(ReadValues(self._path, self._names, frame.reading_time))

    def close(self) -> None:
        """See Streams."""
        self._values.close()
        for stream in self._streams:
            stream.close()

    def _take_values(self, values: tuple[ValueAt, ...]) -> None:
        by_name = {value.stream: value for value in values}
        for stream in self._streams:
            if stream.name in by_name:
                stream.take_value(by_name[stream.name])


def keys_of(status: RecorderStatus) -> tuple[StreamKey, ...]:
    """Which panels a status needs."""
    return tuple(
        (device.id, stream.name, str(stream.format.kind), stream.format.channels)
        for device, stream in _pairs_of(status)
    )


def _pairs_of(status: RecorderStatus) -> list[tuple[DeviceStatus, StreamStatus]]:
    return [(device, stream) for device in status.devices for stream in device.streams]


def _ignore_words(_: str) -> None:
    """A file that cannot be read is told by every panel already."""
