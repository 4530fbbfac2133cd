"""A simulated device of sampled streams: signal, motion sensor, microphone. No hardware, the same contract.

Its samples lie on an exact grid from the moment it starts, are delivered in blocks of about 20 ms when the
last of the block is due, and can be computed by a test.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from studio.devices.device import DeviceHealth, DeviceInfo, DeviceReports, DeviceState, DeviceStream
from studio.devices.health import DeviceMonitor
from studio.devices.outlet import Outlet
from studio.devices.pacing import SampleGrid, run_paced
from studio.devices.rehearsal import Parcel, Rehearsal, silence_limit
from studio.devices.source_thread import SourceThread
from studio.devices.waveforms import Waveform
from studio.engine import Pipeline
from studio.formats.payload import StreamFormat
from studio.timing import Timestamp

BLOCKS_PER_S = 50


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of a simulated device."""

    name: str
    format: StreamFormat
    waveform: Waveform


class SimulatedSampler:
    """Plays one or more waveforms of one rate (see `Device`)."""

    def __init__(
        self,
        pipeline: Pipeline,
        info: DeviceInfo,
        tracks: tuple[Track, ...],
        reports: DeviceReports,
        *,
        rate: float,
    ) -> None:
        """Raises DeviceError for faults to rehearse that make no sense."""
        self._info = info
        self._rate = rate
        self._tracks = tracks
        self._outlets = tuple(Outlet(pipeline, self, track.name, track.format) for track in tracks)
        monitors = tuple(outlet.monitor for outlet in self._outlets)
        limit = silence_limit(info, min(rate, BLOCKS_PER_S))
        self._monitor = DeviceMonitor(monitors, silence_limit=limit)
        self._rehearsal = Rehearsal(info, self._outlets, self._monitor, reports)
        self._source = SourceThread(pipeline, info.name, self._run)

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        return self._info

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """One per track."""
        return tuple(outlet.stream for outlet in self._outlets)

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        return self._monitor.snapshot()

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin."""
        self._source.start(notify_completion_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver the samples up to the final time, then end."""
        self._source.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        clock = self._source.clock
        grid = SampleGrid.of(clock.now(), self._rate)
        self._rehearsal.begin(grid.start)
        self._monitor.move(DeviceState.RUNNING)
        step = max(1, round(self._rate / BLOCKS_PER_S))

        def post(first: int, count: int) -> None:
            times = grid.time_of(first), grid.time_of(first + count - 1)
            self._rehearsal.pass_on(Parcel(*times, count, lambda time: self._post(first, count, time)))

        run_paced(cancelled, clock, grid, step, final_time=lambda: self._source.final_time, post=post)
        self._rehearsal.finish(self._source.final_time)
        for outlet in self._outlets:
            outlet.finish(self._source.final_time)
        self._monitor.move(DeviceState.CLOSED)

    def _post(self, first: int, count: int, time: Timestamp) -> None:
        for outlet, track in zip(self._outlets, self._tracks, strict=True):
            block = self._rehearsal.distorted(track.waveform(first, count))
            outlet.produced(count, block)
            outlet.post(block, time, count=count)
