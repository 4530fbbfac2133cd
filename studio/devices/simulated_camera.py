"""Simulated cameras: each frame says its number and its time as a bar code, before a moving scenery; or tells
how far away all is that it sees; or, as trackers do, no more than where something is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from studio.devices.depth_scenery import DepthScenery
from studio.devices.device import DeviceHealth, DeviceInfo, DeviceReports, DeviceState, DeviceStream
from studio.devices.health import DeviceMonitor
from studio.devices.outlet import Outlet
from studio.devices.pacing import SampleGrid, run_paced
from studio.devices.rehearsal import Parcel, Rehearsal, silence_limit
from studio.devices.scenery import Scenery
from studio.devices.source_thread import SourceThread
from studio.devices.tracker_scenery import TrackerScenery
from studio.engine import Pipeline
from studio.errors import DeviceError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S, Timestamp

RATE = 30.0


class Scene(Protocol):
    """What is before a camera."""

    def picture(self, index: int, elapsed_s: float, time: Timestamp) -> Any:
        """Frame `index`, an array of its own memory, or a message about it."""
        ...


@dataclass(frozen=True, slots=True)
class Sensor:
    """What a camera sees, and how."""

    scene: Callable[[int, int], Scene]
    """Of this width and height; raises ValueError for a size it cannot have."""
    width: int
    height: int
    dtype: str = "uint8"
    units: str = ""

    def format(self, rate: float, width: int, height: int) -> StreamFormat:
        """Of the stream it makes; without pictures, what is found in them."""
        if not self.dtype:
            return StreamFormat(PayloadKind.JSON, rate=rate)
        return StreamFormat(
            PayloadKind.IMAGE,
            dtype=self.dtype,
            rate=rate,
            units=self.units,
            width=width,
            height=height,
        )


COLOUR = Sensor(Scenery, 640, 480)
DEPTH = Sensor(DepthScenery, 320, 240, "uint16", "mm")
TRACKER = Sensor(TrackerScenery, 320, 240, dtype="")


class SimulatedCamera:
    """Frame k is of the time `start + k / rate` (see `Device`)."""

    def __init__(
        self, pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports, sensor: Sensor = COLOUR
    ) -> None:
        """Raises DeviceError for a size that no picture can have, or faults that make no sense."""
        settings = info.settings
        width, height = settings.width or sensor.width, settings.height or sensor.height
        try:
            self._scenery = sensor.scene(width, height)
        except ValueError as error:
            raise DeviceError(f"The camera '{info.name}' cannot be opened: {error}.") from error
        self._info = info
        self._rate = settings.rate or RATE
        self._outlet = Outlet(pipeline, self, info.name, sensor.format(self._rate, width, height))
        limit = silence_limit(info, self._rate)
        self._monitor = DeviceMonitor((self._outlet.monitor,), silence_limit=limit)
        self._rehearsal = Rehearsal(info, (self._outlet,), self._monitor, reports)
        self._source = SourceThread(pipeline, info.name, self._run)

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        return self._info

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """One stream of pictures, or of what is in them."""
        return (self._outlet.stream,)

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        return self._monitor.snapshot()

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin."""
        self._source.start(notify_completion_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver the frames up to the final time, then end."""
        self._source.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        clock = self._source.clock
        grid = SampleGrid.of(clock.now(), self._rate)
        self._rehearsal.begin(grid.start)
        self._monitor.move(DeviceState.RUNNING)

        def post(index: int, _count: int) -> None:
            def send(time: Timestamp) -> None:
                self._outlet.produced(1)
                self._outlet.post(self._scenery.picture(index, (time - grid.start) / NS_PER_S, time), time)

            self._rehearsal.pass_on(Parcel(grid.time_of(index), grid.time_of(index), 1, send))

        run_paced(cancelled, clock, grid, 1, final_time=lambda: self._source.final_time, post=post)
        self._rehearsal.finish(self._source.final_time)
        self._outlet.finish(self._source.final_time)
        self._monitor.move(DeviceState.CLOSED)
