"""A camera: pictures from a driver, a film or the network, stamped when grabbed, watched and retried."""

import threading
from collections.abc import Callable
from typing import Final

from studio.devices.camera_target import capture_target, is_film
from studio.devices.device import DeviceHealth, DeviceInfo, DeviceReports, DeviceState, DeviceStream
from studio.devices.health import DeviceMonitor
from studio.devices.meters import SteadyRate
from studio.devices.outage import RETRY_INTERVAL, Outage
from studio.devices.outlet import Outlet
from studio.devices.pacing import SampleGrid
from studio.devices.source_thread import SourceThread
from studio.engine import Pipeline
from studio.errors import DeviceError
from studio.formats.opencv import Capture, Image, open_capture
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp, monotonic_ns, wait_on

OPEN_TIMEOUT_MS = 2000
READ_TIMEOUT_MS = 1500
DEFAULT_FILM_RATE = 25.0
_SILENCE_LIMIT: Duration = 600 * NS_PER_MS
_LOST: Final = "stopped answering."


class Camera:
    """One camera, film or network stream (see `Device`)."""

    def __init__(self, pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> None:
        settings = info.settings
        self._info = info
        self._reports = reports
        self._target = capture_target(settings.source or info.name)
        format = StreamFormat(
            PayloadKind.IMAGE, dtype="uint8", rate=settings.rate, width=settings.width, height=settings.height
        )
        self._outlet = Outlet(pipeline, self, info.name, format)
        self._monitor = DeviceMonitor((self._outlet.monitor,), silence_limit=_SILENCE_LIMIT)
        self._label = f"The camera '{info.name}'"
        self._outage = Outage(self._outlet, self._monitor, reports, device_id=info.id, label=self._label)
        self._source = SourceThread(pipeline, info.name, self._run)
        self._rate = SteadyRate(settings.rate)
        self._size: tuple[int, int] | None = None

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        return self._info

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """One stream of pictures."""
        return (self._outlet.stream,)

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        return self._monitor.snapshot()

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin; the camera is opened on the device's own thread."""
        self._source.start(notify_completion_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver the frames grabbed up to the final time, then end."""
        self._source.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        started_time = self._source.clock.now()
        message = ""
        while not cancelled.is_set():
            trouble = self._run_once(cancelled)
            if not trouble and not cancelled.is_set():
                message = f"{self._label} is a film, which has ended."
                self._monitor.move(DeviceState.CLOSED, message)
                break
            if trouble:
                self._outage.begin(trouble, self._outlet.last_time or started_time)
                wait_on(cancelled, RETRY_INTERVAL)
        wait_until_cancelled(cancelled)
        final_time = self._source.final_time
        self._outlet.finish(final_time)
        self._outage.close(final_time, self._rate.rate)
        self._monitor.move(DeviceState.CLOSED, message)

    def _run_once(self, cancelled: threading.Event) -> str:
        """Open and deliver; what went wrong, or nothing if it was stopped or is a film that has ended."""
        try:
            capture = self._open()
        except DeviceError as error:
            return f"cannot be opened: {str(error).rstrip('.')}."
        try:
            if is_film(self._target):
                self._play(capture, cancelled)
                return ""
            return self._watch(capture, cancelled)
        finally:
            capture.close()

    def _open(self) -> Capture:
        settings = self._info.settings
        return open_capture(
            self._target,
            open_timeout_ms=OPEN_TIMEOUT_MS,
            read_timeout_ms=READ_TIMEOUT_MS,
            width=settings.width,
            height=settings.height,
            rate=settings.rate,
        )

    def _watch(self, capture: Capture, cancelled: threading.Event) -> str:
        """Frames as they come, stamped when grabbed."""
        while not cancelled.is_set():
            if not capture.grab():
                return _LOST
            time = self._source.clock.now()
            self._take(capture, time)
        return ""

    def _play(self, capture: Capture, cancelled: threading.Event) -> None:
        """A film at its own pace, frame k at start + k / rate."""
        clock = self._source.clock
        rate = self._info.settings.rate or capture.rate or DEFAULT_FILM_RATE
        grid = SampleGrid.of(clock.now(), rate)
        index = 0
        while not wait_on(cancelled, min(NS_PER_S, grid.time_of(index) - clock.now())):
            if clock.now() < grid.time_of(index):
                continue
            if not capture.grab():
                return
            self._take(capture, grid.time_of(index))
            index += 1

    def _take(self, capture: Capture, time: Timestamp) -> None:
        self._outlet.produced(1)
        if self._outage.lasts:
            self._rate.restart()
        self._outage.end(time, self._rate.rate)
        self._rate.observe(monotonic_ns())
        image = capture.retrieve()
        last_time = self._outlet.last_time
        if image is None:
            self._outlet.monitor.dropped(1)
            self._outage.gap(last_time or time, time, 0, f"{self._label} sent a damaged picture.")
            return
        self._note_size(image)
        # Two frames within the resolution of the clock, or a clock that was slewed (rule E94).
        self._outlet.post(image, time if last_time is None else max(time, last_time + 1))

    def _note_size(self, image: Image) -> None:
        size = (image.shape[1], image.shape[0])
        before, self._size = self._size, size
        if before is not None and before != size:
            self._reports.note(
                self._info.id,
                f"{self._label} changed its picture from {before[0]}\u00d7{before[1]} "
                f"to {size[0]}\u00d7{size[1]} pixels.",
            )


def wait_until_cancelled(cancelled: threading.Event) -> None:
    """Wait for Stop: a film that has ended does not end the recording."""
    while not wait_on(cancelled, NS_PER_S):
        pass
