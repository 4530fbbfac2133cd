"""What was produced, stored and dropped, put together from where each is counted. Arithmetic only.

Produced is counted at the device, before anything can drop; stored by the exporter; dropped by everybody who
drops (decision 27). While a recording runs the difference is on its way; at its end there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.app.status import DeviceStatus, LiveView, StreamStatus
from studio.devices.device import DeviceHealth, DeviceInfo, StreamHealth
from studio.formats.payload import StreamFormat


@dataclass(frozen=True, slots=True)
class StreamTally:
    """One stream as the recorder's side counts it."""

    format: StreamFormat
    stored: int = 0
    """In the unit of `produced`: samples of sampled streams, messages of others."""
    dropped: int = 0
    """As the store's loss account has it, same unit."""
    lost_here: int = 0
    """Of these, what nobody before the store has lost."""
    unencoded: int = 0
    """What waited too long for the picture encoder; the store knows of it a moment later."""
    live: LiveView | None = None


def device_status(info: DeviceInfo, health: DeviceHealth, tallies: Mapping[str, StreamTally]) -> DeviceStatus:
    """One device with its streams."""
    return DeviceStatus(
        id=info.id,
        name=info.name,
        kind=info.kind,
        state=health.state,
        message=health.message,
        streams=tuple(stream_status(stream, tallies[stream.name]) for stream in health.streams),
    )


def stream_status(health: StreamHealth, tally: StreamTally) -> StreamStatus:
    """One stream."""
    return StreamStatus(
        name=health.name,
        format=tally.format,
        produced=health.produced,
        stored=tally.stored,
        dropped=_dropped(health, tally),
        refused=tally.unencoded + tally.lost_here,
        gaps=health.gaps,
        rate=health.rate,
        level=health.level,
        last_time=health.last_time,
        live=tally.live,
    )


def _dropped(health: StreamHealth, tally: StreamTally) -> int:
    """Each loss counted where it happened: the store hears of those of others a moment later, or when a disk
    that hangs has come back."""
    told = tally.dropped - tally.lost_here
    return max(told, health.dropped + tally.unencoded) + tally.lost_here


def closed_account(stream: StreamStatus) -> StreamStatus:
    """The stream when nothing is on its way any more: what was produced and is not stored was dropped.

    Whatever the reason, the sum is exact; the reasons are in the recording.
    """
    produced = max(stream.produced, stream.stored)
    return replace(stream, produced=produced, dropped=produced - stream.stored, live=None)


def total_dropped(devices: tuple[DeviceStatus, ...]) -> int:
    """Over all streams."""
    return sum(stream.dropped for device in devices for stream in device.streams)
