"""Runs devices in a real pipeline and keeps what they deliver and report."""

import threading
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np

from studio.devices.device import Device, DeviceInfo, DeviceState, Gap
from studio.devices.factory import make_device
from studio.engine import Envelope, Pipeline
from tests.waiting import wait_until


class Reports:
    """Keeps what devices tell beside their data."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.notes: list[tuple[str, str]] = []

    def gap(self, gap: Gap) -> None:
        self.gaps.append(gap)

    def note(self, device: str, text: str) -> None:
        self.notes.append((device, text))


class Received:
    """The messages of one stream."""

    def __init__(self) -> None:
        self.messages: list[tuple[Any, Envelope]] = []
        self._lock = threading.Lock()

    def take(self, data: Any, envelope: Envelope) -> None:
        with self._lock:
            self.messages.append((data, envelope))

    @property
    def payloads(self) -> list[Any]:
        with self._lock:
            return [data for data, _ in self.messages]

    @property
    def times(self) -> list[int]:
        with self._lock:
            return [envelope.originating_time for _, envelope in self.messages]

    @property
    def rows(self) -> int:
        """Samples in all."""
        return sum(len(block) for block in self.payloads)

    def samples(self) -> np.ndarray[Any, Any]:
        """(rows, channels)."""
        return np.concatenate(self.payloads)


class Running:
    """Devices in a pipeline that runs while the `with` block lasts, or until `stop`."""

    def __init__(self, *infos: DeviceInfo) -> None:
        self.reports = Reports()
        self.pipeline = Pipeline("devices under test")
        self.devices: Sequence[Device] = [make_device(self.pipeline, info, self.reports) for info in infos]
        self.received: dict[str, Received] = {}
        self.errors: list[BaseException] = []
        self.stop_time = 0
        """When Stop was clicked."""
        for stream in self._streams():
            received = self.received[stream.name] = Received()
            receiver = self.pipeline.create_receiver(received, received.take, "in")
            stream.emitter.pipe_to(receiver)

    @property
    def device(self) -> Device:
        return self.devices[0]

    @property
    def only(self) -> Received:
        """Of a device with one stream."""
        (received,) = self.received.values()
        return received

    def stop(self) -> None:
        self.stop_time = self.pipeline.clock.now()
        self.pipeline.dispose()

    def wait_for(self, stream: str, count: int, timeout_s: float = 15.0) -> None:
        """Until so many messages of a stream have come."""
        received = self.received[stream]
        wait_until(lambda: len(received.messages) >= count, timeout_s, f"message {count} of {stream}")

    def wait_for_state(self, state: DeviceState, timeout_s: float = 15.0, which: int = 0) -> None:
        device = self.devices[which]
        wait_until(lambda: device.health().state is state, timeout_s, f"{device.info.name} {state}")

    def _streams(self) -> Iterable[Any]:
        return (stream for device in self.devices for stream in device.streams)

    def __enter__(self) -> Self:
        self.pipeline.run_async()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pipeline.dispose()
