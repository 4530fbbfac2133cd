"""The way of one stream from its device to the file and to the screen. Builds the graph; runs nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from studio.app.live import LiveSink, LiveSinks
from studio.app.preflight.probe import StreamProbe
from studio.app.status import LiveView
from studio.devices.device import Device, DeviceStream
from studio.devices.imaging import encode_jpeg
from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline, Receiver
from studio.engine.delivery import QueuedMessage
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.exporter import Exporter
from studio.timing import Timestamp

Between = Callable[[DeviceStream, Emitter[Any]], Emitter[Any]]
"""Puts processing between a device and the store: gets a stream, gives the one to be stored."""

MOST_LIVE_MESSAGES = 64
"""Blocks waiting for the screen: more than a second, or the screen is not looking."""


class LivePort:
    """Hands a stream to its live view. A view that breaks never harms the recording (decision 20)."""

    def __init__(self, sink: LiveSink, on_lost: Callable[[OSError], None]) -> None:
        self._sink: LiveSink | None = sink
        self._on_lost = on_lost

    @property
    def view(self) -> LiveView | None:
        """Where the window reads; None once it broke."""
        sink = self._sink
        return None if sink is None else sink.view

    def take_all(self, messages: list[QueuedMessage]) -> None:
        """Receives what has come together."""
        self._show([(message[0], message[2]) for message in messages])

    def take(self, data: Any, envelope: Envelope) -> None:
        """Receives the stream."""
        self._show([(data, envelope.originating_time)])

    def _show(self, messages: list[tuple[Any, Timestamp]]) -> None:
        if self._sink is None:
            return
        try:
            self._sink.put_all(messages)
        except OSError as error:
            self._sink = None
            self._on_lost(error)


@dataclass(frozen=True, slots=True)
class Branch:
    """One stream of a device in a run."""

    stream: DeviceStream
    stored_format: StreamFormat
    """What the file holds of it; what the device gives where nothing is stored."""
    encoder: Receiver[Any] | None = None
    """The queue before the picture encoder, if there is one."""
    port: LivePort | None = None
    probe: StreamProbe | None = None
    """Only previews have one."""

    @property
    def refused(self) -> int:
        """Messages lost before the encoder because it could not keep up."""
        return 0 if self.encoder is None else self.encoder.statistics().refused


def join_branch(
    pipeline: Pipeline,
    device: Device,
    stream: DeviceStream,
    *,
    exporter: Exporter | None,
    between: Between | None,
    live: LiveSinks | None,
    on_view_lost: Callable[[str, OSError], None],
    queue_limit: int,
) -> Branch:
    """Connect one stream to whatever wants it; `queue_limit`: bytes that may wait to be encoded."""
    policy = DeliveryPolicy.bytes_constrained(queue_limit)
    port = None if live is None else _show(pipeline, stream, live, on_view_lost)
    if exporter is None:
        probe = StreamProbe(stream.format, jpeg_quality=device.info.settings.jpeg_quality)
        probe.listen(pipeline, stream.emitter, queue_limit=queue_limit)
        return Branch(stream, stream.format, port=port, probe=probe)
    format, encoder = _store(pipeline, device, stream, exporter, between, policy)
    return Branch(stream, format, encoder, port)


def _store(
    pipeline: Pipeline,
    device: Device,
    stream: DeviceStream,
    exporter: Exporter,
    between: Between | None,
    policy: DeliveryPolicy,
) -> tuple[StreamFormat, Receiver[Any] | None]:
    stored, format, encoder = stream.emitter, stream.format, None
    if between is not None:
        stored = between(stream, stored)
    quality = device.info.settings.jpeg_quality
    if format.kind is PayloadKind.IMAGE and quality > 0 and not format.has_values:
        before = _receivers_of(pipeline, stored)
        encoded = encode_jpeg(stored, quality, policy)
        (encoder,) = (each for each in _receivers_of(pipeline, stored) if each not in before)
        stored, format = encoded, replace(format, kind=PayloadKind.JPEG, dtype="")
    exporter.write(stored, stream.name, format=format, device=device.info.name)
    return format, encoder


def _receivers_of(pipeline: Pipeline, emitter: Emitter[Any]) -> list[Receiver[Any]]:
    ports = (port for element in pipeline.elements for port in element.receivers.values())
    return [port for port in ports if port.source is emitter]


def _show(
    pipeline: Pipeline, stream: DeviceStream, live: LiveSinks, on_view_lost: Callable[[str, OSError], None]
) -> LivePort | None:
    sink = live.open(stream.name, stream.format)
    if sink is None:
        return None
    port = LivePort(sink, lambda error: on_view_lost(stream.name, error))
    picture = stream.format.kind.is_picture
    policy = (
        DeliveryPolicy.LATEST_MESSAGE
        if picture
        else DeliveryPolicy.queue_size_constrained(MOST_LIVE_MESSAGES)
    )
    receiver = pipeline.create_receiver(port, port.take, "live")
    receiver.take_together(port.take_all)
    stream.emitter.pipe_to(receiver, policy)
    return port
