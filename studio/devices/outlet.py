"""One output of a device as a part: emitter and counters together, so that no message goes out uncounted.

What cannot be right about a message (see `plausibility`) is lost here, counted and told: it must end neither
the recording nor the device.
"""

from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.devices.device import DeviceStream
from studio.devices.health import StreamMonitor
from studio.devices.plausibility import BEHIND_LIMIT, wrong_data, wrong_time
from studio.engine import Emitter, Pipeline
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import Timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

REMEMBERED = 256
"""Messages that `finish` can take back: many more than can go out while a Stop is on its way."""


class Outlet:
    """Belongs to the device's thread; `produced` may be called from a driver's callback."""

    def __init__(self, pipeline: Pipeline, owner: object, name: str, format: StreamFormat) -> None:
        self.name = name
        self.format = format
        self.monitor = StreamMonitor(name, has_level=format.kind is PayloadKind.AUDIO)
        self._emitter: Emitter[Any] = pipeline.create_emitter(owner, name)
        self._clock = pipeline.clock
        self._earliest = pipeline.clock.now() - BEHIND_LIMIT
        self.spoil: Callable[[object, Timestamp], tuple[object, Timestamp]] | None = None
        """What a rehearsal makes of a message, as a driver that has gone mad would; None: nothing."""
        self._recent: deque[tuple[Timestamp, int]] = deque(maxlen=REMEMBERED)
        self.last_time: Timestamp | None = None
        """Originating time of the newest message."""

    @property
    def stream(self) -> DeviceStream:
        """As the device shows it."""
        return DeviceStream(name=self.name, format=self.format, emitter=self._emitter)

    def produced(self, count: int, block: NDArray[np.generic] | None = None) -> None:
        """Count what the device has produced, before anything can drop (decision 27)."""
        self.monitor.produced(count, block)

    def post(self, data: object, time: Timestamp, *, count: int = 1) -> None:
        """Send a message that holds `count` samples; the time of its last one is `time`.

        It is lost and counted, and not sent, if it cannot be right.
        """
        if self.spoil is not None:
            data, time = self.spoil(data, time)
        wrong = self._wrong(data, time)
        if wrong:
            self.monitor.refused(count, wrong)
            return
        self._emitter.post(data, time)
        self.last_time = time
        self.monitor.posted(time)
        self._recent.append((time, count))

    def post_all(self, messages: list[tuple[object, Timestamp]]) -> None:
        """Send messages that have come together, in their order: as `post` of each."""
        if self.spoil is not None or not self._are_right(messages):
            for data, time in messages:
                self.post(data, time)
            return
        self._emitter.post_all(messages)
        self.last_time = messages[-1][1]
        self.monitor.posted(self.last_time)
        self._recent.extend([(time, 1) for _, time in messages])

    def _are_right(self, messages: list[tuple[object, Timestamp]]) -> bool:
        now, last_time = self._clock.now(), self.last_time
        for data, time in messages:
            if wrong_data(self.format, data) or wrong_time(
                time, last_time=last_time, earliest=self._earliest, now=now
            ):
                return False
            last_time = time
        return True

    def _wrong(self, data: object, time: Timestamp) -> str:
        now = self._clock.now()
        return wrong_data(self.format, data) or wrong_time(
            time, last_time=self.last_time, earliest=self._earliest, now=now
        )

    def finish(self, final_time: Timestamp) -> None:
        """Take back from the count what came after the final time: the pipeline refuses it (rule E44)."""
        late = sum(count for time, count in self._recent if time > final_time)
        if late:
            self.monitor.retracted(late)
            kept = [time for time, _ in self._recent if time <= final_time]
            if kept:
                self.last_time = kept[-1]
                self.monitor.posted(kept[-1])
        self._recent.clear()
