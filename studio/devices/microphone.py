"""A microphone: sound from PortAudio as blocks of float32, watched, retried and accounted for.

PortAudio's thread only counts, copies and hands over; everything else happens on the device's own thread.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from studio.devices.capture import CaptureQueue
from studio.devices.device import (
    DeviceHealth,
    DeviceInfo,
    DeviceReports,
    DeviceState,
    DeviceStream,
)
from studio.devices.health import DeviceMonitor
from studio.devices.outage import RETRY_INTERVAL, Outage
from studio.devices.outlet import Outlet
from studio.devices.sound_session import SoundSession
from studio.devices.sound_track import SoundTrack
from studio.devices.source_thread import SourceThread
from studio.engine import Pipeline
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp, monotonic_ns, wait_on

if TYPE_CHECKING:
    from studio.devices.portaudio import OpenSound

DEFAULT_RATE = 48_000.0
DEFAULT_CHANNELS = 1
WATCHDOG: Duration = 1500 * NS_PER_MS
"""Silence of PortAudio after which the microphone is lost, should it not say so itself. It is shown as silent
long before; but to open it anew costs three seconds of sound, and a busy computer may be late by one."""
LOOK: Duration = 100 * NS_PER_MS
"""Between two looks at whether it is silent."""
FIRST_BLOCK: Duration = 3 * NS_PER_S
"""The same for the first sound of an input just opened: some need to warm up."""
LAST_WORDS: Duration = 300 * NS_PER_MS
"""How long Stop waits for the sound up to the click."""
CLOSE_PATIENCE: Duration = 500 * NS_PER_MS
"""So long a sound system may take to close an input; then it is left to itself."""
SILENT_END: Duration = 100 * NS_PER_MS
"""More silence than that before Stop is a gap: with decision 3 half of it would do."""
_SILENCE_LIMIT: Duration = 300 * NS_PER_MS
_LOST: Final = "stopped answering."
_NOT_YET: Final = "had not begun to deliver."


class Microphone:
    """One input at its own rate and number of channels (see `Device`)."""

    def __init__(self, pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> None:
        settings = info.settings
        self._pipeline = pipeline
        self._info = info
        self._rate = settings.rate or DEFAULT_RATE
        self._channels = settings.channels or DEFAULT_CHANNELS
        format = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=self._channels, rate=self._rate)
        self._outlet = Outlet(pipeline, self, info.name, format)
        self._monitor = DeviceMonitor((self._outlet.monitor,), silence_limit=_SILENCE_LIMIT)
        label = f"The microphone '{info.name}'"
        self._outage = Outage(self._outlet, self._monitor, reports, device_id=info.id, label=label)
        self._source = SourceThread(pipeline, info.name, self._run)
        self._queue = CaptureQueue(self._outlet, self._source.wake, rate=self._rate)
        self._track = SoundTrack(self._outlet, self._outage, self._source.clock, rate=self._rate)

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        return self._info

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """One stream of sound."""
        return (self._outlet.stream,)

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        return self._monitor.snapshot()

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin; the input is opened on the device's own thread."""
        self._source.start(notify_completion_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver the sound up to the final time, then end."""
        self._source.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        started_time = self._source.clock.now()
        while not cancelled.is_set():
            session = SoundSession(self._open, wake=self._source.wake)
            trouble = self._use(session, cancelled)
            if trouble:
                # Said before the input is closed, which may take a sound system that hangs a long time.
                self._outage.begin(trouble, self._track.last_time or started_time)
            self._close(session, cancelled)
        final_time = self._source.final_time
        self._track.finish()
        self._outlet.finish(final_time)
        self._note_silence(started_time, final_time)
        self._outage.close(final_time, self._rate)
        self._monitor.move(DeviceState.CLOSED)

    def _note_silence(self, started_time: Timestamp, final_time: Timestamp) -> None:
        """It may have died so shortly before Stop, or need so long to begin, that nobody has noticed yet."""
        last_time = self._track.last_time
        silent_since = started_time if last_time is None else last_time
        if not self._outage.lasts and final_time - silent_since > SILENT_END:
            self._outage.begin(_NOT_YET if last_time is None else _LOST, silent_since)

    def _use(self, session: SoundSession, cancelled: threading.Event) -> str:
        """Open the input and deliver; what went wrong, or nothing if it was stopped."""
        self._queue.reopen()
        self._track.restart()
        session.start(self._pipeline, f"{self._info.name} input")
        return self._listen(session, cancelled)

    def _close(self, session: SoundSession, cancelled: threading.Event) -> None:
        """Close the input and deliver what came meanwhile; unless stopped, wait until it may be retried."""
        session.release()
        session.wait_ended(CLOSE_PATIENCE)
        for block in self._queue.close():
            if cancelled.is_set():
                self._track.add_until(block, self._source.final_time)
            else:
                self._track.add(block)
        while not wait_on(cancelled, RETRY_INTERVAL) and not session.has_ended:
            pass

    def _open(self) -> "OpenSound":
        # Here, so that where the library is missing the other devices go on and this one says why.
        from studio.devices.portaudio import open_input

        return open_input(
            self._info.settings.source or self._info.name,
            rate=self._rate,
            channels=self._channels,
            on_block=self._queue.put,
            on_finished=self._queue.finish,
        )

    def _listen(self, session: SoundSession, cancelled: threading.Event) -> str:
        """Deliver until the sound up to the click is in; or say how the input failed."""
        patience, last_heard = FIRST_BLOCK, monotonic_ns()
        while True:
            wait_on(self._source.wake, LOOK)
            self._source.wake.clear()
            if cancelled.is_set():
                self._listen_to_the_end()
                return ""
            is_finished = self._queue.is_finished
            blocks = self._queue.take()
            for block in blocks:
                self._track.add(block)
            if blocks:
                patience, last_heard = WATCHDOG, monotonic_ns()
            elif session.error is not None:
                return f"cannot be opened: {str(session.error).rstrip('.')}."
            elif is_finished or monotonic_ns() - last_heard > patience:
                return _LOST

    def _listen_to_the_end(self) -> None:
        """Deliver what the hardware still holds of the time before the click (decision 3)."""
        final_time = self._source.final_time
        deadline = final_time + LAST_WORDS
        while True:
            beyond = [not self._track.add_until(block, final_time) for block in self._queue.take()]
            if any(beyond) or self._queue.is_finished or self._source.clock.now() > deadline:
                return
            wait_on(self._source.wake, LAST_WORDS // 10)
            self._source.wake.clear()
