"""One pre-flight over a preview: wakes its probes, tries the disk, and puts the card together."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from studio.app.clock_sync import ClockSyncStatus
from studio.app.forecast import WARN_BELOW_S, AskLimit, AskSpace, VolumeSpace
from studio.app.network_drive import network_drive
from studio.app.preflight.card import (
    DeviceCard,
    DiskCard,
    PreflightCard,
    PreflightPhase,
    PreflightStatus,
    StreamCard,
)
from studio.app.preflight.judgement import clock_card, device_findings, disk_findings, stream_findings
from studio.app.preflight.probe import StreamProbe
from studio.app.status import DeviceStatus, StreamStatus
from studio.app.volume import existing_folder
from studio.devices.device import DeviceInfo, DeviceState
from studio.engine import StudioThread, spawn
from studio.store.disk_trial import DiskTrial, try_disk
from studio.timing import NS_PER_S, Clock, Duration, Timestamp, monotonic_ns

logger = logging.getLogger(__name__)

GRACE: Duration = 5 * NS_PER_S
"""So much longer it may take where the disk is still busy, or messages are still on their way."""
LEAVE_DISK_S = 2.0
"""A disk that hangs is left to itself when the recorder ends."""


class WatchedRun(Protocol):
    """A preview, as far as a pre-flight looks at it."""

    @property
    def chosen(self) -> tuple[DeviceInfo, ...]:
        """What runs."""
        ...

    @property
    def probes(self) -> Mapping[str, StreamProbe]:
        """Of each stream, by name."""
        ...

    @property
    def run_clock(self) -> Clock:
        """By which messages are stamped."""
        ...

    def devices(self) -> tuple[DeviceStatus, ...]:
        """How they are doing."""
        ...


@dataclass(frozen=True, slots=True)
class PreflightPlan:
    """What shall be found out."""

    number: int
    folder: Path
    """Where will be recorded to; need not exist."""
    duration: Duration
    ends_run: bool
    """The preview was begun for it alone."""


class Preflight:
    """`begin`, `look` and `call_off` by one thread at a time, `status` by any."""

    def __init__(
        self,
        plan: PreflightPlan,
        run: WatchedRun,
        *,
        ask_space: Callable[[Path], AskSpace],
        ask_clock: Callable[[], ClockSyncStatus],
        ask_limit: AskLimit = lambda: WARN_BELOW_S,
    ) -> None:
        """Starts nothing."""
        self.plan, self.run = plan, run
        self._ask_space, self._ask_clock, self._ask_limit = ask_space, ask_clock, ask_limit
        self._lock = threading.Lock()
        self._phase, self._text = PreflightPhase.RUNNING, ""
        self._card: PreflightCard | None = None
        self._began = self._ended = monotonic_ns()
        self._before: dict[str, StreamStatus] = {}
        self._troubles: dict[str, dict[str, None]] = {}
        self._disk = DiskCard(folder=str(plan.folder))
        self._end_time: Timestamp | None = None
        """By the clock of the run; None: it lasts."""
        self._thread: StudioThread | None = None

    def begin(self) -> None:
        """Wake the probes and begin with the disk."""
        self._began = monotonic_ns()
        self._before = {stream.name: stream for device in self.run.devices() for stream in device.streams}
        now = self.run.run_clock.now()
        for probe in self.run.probes.values():
            probe.wake(now)
        self._thread = spawn("preflight-disk", self._try_disk, self._on_bug)

    def look(self) -> bool:
        """Put together what there is; True once it is over."""
        late = monotonic_ns() - self._began - self.plan.duration
        if late >= 0 and self._end_time is None:
            self._end_time = self.run.run_clock.now()
            for probe in self.run.probes.values():
                probe.finish(self._end_time)
        is_over = late >= 0 and (late >= GRACE or not self._is_waiting())
        card = self._reckoned(self._end_time or self.run.run_clock.now(), is_over=is_over)
        with self._lock:
            if self._phase is PreflightPhase.RUNNING:
                self._card = card
        if is_over:
            self._end(PreflightPhase.DONE)
        return is_over

    def call_off(self, text: str) -> None:
        """End it without a result; `text` says why. Does nothing after the end."""
        self._end(PreflightPhase.CALLED_OFF, text)

    def close(self) -> None:
        """Leave nothing running. Idempotent."""
        self.call_off("The recorder ended.")
        if self._thread is not None:
            self._thread.join(LEAVE_DISK_S)

    @property
    def is_running(self) -> bool:
        """Whether it has neither come to its end nor been called off."""
        with self._lock:
            return self._phase is PreflightPhase.RUNNING

    def status(self) -> PreflightStatus:
        """As of now."""
        with self._lock:
            phase, card, text, ended = self._phase, self._card, self._text, self._ended
        end = monotonic_ns() if phase is PreflightPhase.RUNNING else ended
        elapsed = min(end - self._began, self.plan.duration)
        return PreflightStatus(self.plan.number, phase, elapsed, self.plan.duration, card, text)

    def _is_waiting(self) -> bool:
        """Whether the disk is busy, or messages of a machine that is, are still on their way."""
        assert self._end_time is not None
        if self._thread is not None and self._thread.is_alive:
            return True
        flowing = (device for device in self.run.devices() if device.state is DeviceState.RUNNING)
        probes, end = self.run.probes, self._end_time
        return any(probes[stream.name].is_behind(end) for device in flowing for stream in device.streams)

    def _end(self, phase: PreflightPhase, text: str = "") -> None:
        with self._lock:
            if self._phase is not PreflightPhase.RUNNING:
                return
            self._phase, self._text, self._ended = phase, text, monotonic_ns()
            if phase is PreflightPhase.CALLED_OFF:
                self._card = None
        for probe in self.run.probes.values():
            probe.sleep()
        if self._thread is not None:
            self._thread.cancel()

    # -- the card -----------------------------------------------------------------------------------------

    def _reckoned(self, now: Timestamp, *, is_over: bool) -> PreflightCard:
        devices = tuple(self._device(device, now, is_over=is_over) for device in self.run.devices())
        with self._lock:
            disk = self._disk
        card = PreflightCard(now, devices, disk, clock_card(self._ask_clock()))
        needed = card.bytes_per_second
        left = disk.free / needed if needed >= 1.0 else None
        disk = replace(disk, seconds_left=left, warn_below_s=self._ask_limit())
        return replace(card, disk=replace(disk, findings=disk_findings(disk, needed, is_over=is_over)))

    def _device(self, device: DeviceStatus, now: Timestamp, *, is_over: bool) -> DeviceCard:
        troubles = self._troubles.setdefault(device.id, {})
        # A stall that is over has left a gap, or nothing was lost by it.
        if device.state is DeviceState.LOST or (device.state is DeviceState.STALLED and is_over):
            troubles.setdefault(device.message or f"'{device.name}' stopped answering.")
        streams = tuple(self._stream(device, each, now, is_over=is_over) for each in device.streams)
        shown = device_findings(device, tuple(troubles)) if is_over else ()
        return DeviceCard(device.id, device.name, device.kind, streams, shown)

    def _stream(
        self, device: DeviceStatus, stream: StreamStatus, now: Timestamp, *, is_over: bool
    ) -> StreamCard:
        before = self._before.get(stream.name, stream)
        seen = self.run.probes[stream.name].figures(now)
        figures = replace(
            seen,
            gaps=max(seen.gaps, stream.gaps - before.gaps),
            lost=max(0, stream.dropped - before.dropped) + seen.refused,
        )
        is_lost = bool(self._troubles[device.id])
        findings = stream_findings(stream.name, stream.format, figures, device.kind, is_lost=is_lost)
        # Before its end nobody can say that something does not come.
        return StreamCard(stream.name, stream.format, figures, findings if is_over else ())

    # -- the thread of the disk ---------------------------------------------------------------------------

    def _try_disk(self, cancelled: threading.Event) -> None:
        try:
            folder = existing_folder(self.plan.folder)
            self._set_disk(replace(self._disk, folder=str(folder), network=network_drive(folder)))
            space = self._ask_space(folder)()
            self._set_disk(replace(self._disk, free=space.usable))
            self._note_trial(try_disk(folder, space.free, space.total, cancelled), space)
        except OSError as error:
            text = f"Nothing can be written to {self._disk.folder}: {error.strerror or error}."
            self._set_disk(replace(self._disk, trouble=text))

    def _note_trial(self, trial: DiskTrial, space: VolumeSpace) -> None:
        self._set_disk(
            replace(
                self._disk,
                bytes_per_second=trial.bytes_per_second,
                slowest_ns=trial.slowest_ns,
                written=trial.written,
                free=space.usable,
            )
        )

    def _set_disk(self, disk: DiskCard) -> None:
        with self._lock:
            self._disk = disk

    def _on_bug(self, error: BaseException) -> None:
        logger.error("the trial of the disk failed", exc_info=error)
        text = f"The disk could not be tried ({type(error).__name__}: {error})."
        self._set_disk(replace(self._disk, trouble=text))
