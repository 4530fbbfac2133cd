"""Turns the wishes Record, Stop and Preview into commands, and tells what becomes of them.

Owns what was asked for and is not yet answered. Lives on the GUI thread, never waits, shows nothing. Preview
starts by itself when devices are ticked and nothing is recorded, so that every sensor is seen alive.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.status import FinishedRecording, RecorderState, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.errors import ClockGateError
from studio.host.going_on_protocol import GoOnRecording
from studio.host.protocol import StartPreview, StartRecording, StopRecording
from studio.ui.bridge import Bridge
from studio.ui.transport_view import Pending, Situation, TransportView, transport_view

SETTLE_MS = 2000
"""A status that shows what an answered command did comes much sooner."""
PREVIEW_DELAY_MS = 250
"""Several ticks in a row restart the preview once."""

NOTHING_TO_GO_ON = (
    "The recorder does not know any more what was being recorded. Press Record to begin a new session."
)
_RESTING = (RecorderState.IDLE, RecorderState.PREVIEW)


@dataclass(frozen=True, slots=True)
class SessionWishes:
    """What the next recording shall be called and where it shall go."""

    folder: str
    name: str = ""
    participant: str = ""


@dataclass(frozen=True, slots=True)
class GoOn:
    """The recording that was interrupted shall be gone on with: its devices, its session, a further file."""


Wishes: TypeAlias = SessionWishes | GoOn


class Transport(QObject):
    """Recording and preview as the window wants them."""

    view_changed = Signal(object)  # TransportView
    recording_started = Signal(str)  # path of the file, also of a recording met at the start
    recording_finished = Signal(str)  # path of the file
    failed = Signal(str)  # what did not work, in people's words
    gate_closed = Signal(object, str)  # Wishes; why the clock is not exact enough for them
    interruption_found = Signal(object)  # InterruptedRecording that nobody was told of yet

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._situation = Situation()
        self._devices: tuple[DeviceInfo, ...] = ()
        self._previewed: tuple[DeviceInfo, ...] | None = None
        """What the last preview was asked for; None: it must be asked for again."""
        self._recorded_path = ""
        self._finished_path = ""
        self._lost_recording = False
        self._waiting_wishes: Wishes | None = None
        self._told_interruption = ""
        """Path of the recording whose end was told last."""
        self._answered = False
        """Whether the pending command was answered; the status may still be older than the answer."""
        self._settle_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle_timer.timeout.connect(self._on_settle_due)
        self._preview_timer = QTimer(self, singleShot=True, interval=PREVIEW_DELAY_MS)
        self._preview_timer.timeout.connect(self._on_preview_due)
        bridge.status_changed.connect(self._on_status_changed)
        bridge.recorder_lost.connect(self._on_recorder_lost)

    @property
    def view(self) -> TransportView:
        """What is to be shown now."""
        return transport_view(self._situation)

    @property
    def status(self) -> RecorderStatus | None:
        """The newest status; None while the recorder is not reached."""
        return self._situation.status

    @property
    def situation(self) -> Situation:
        """All that is known."""
        return self._situation

    @property
    def lost_recording(self) -> bool:
        """Whether the recorder that was lost last was recording."""
        return self._lost_recording

    def set_devices(self, devices: Iterable[DeviceInfo]) -> None:
        """The ticked devices with their settings."""
        self._devices = tuple(devices)
        self._move_to(replace(self._situation, device_count=len(self._devices)))
        self._preview_timer.start()

    def want_preview(self, wanted: bool) -> None:
        """Switch the preview on or off."""
        self._previewed = None
        self._move_to(replace(self._situation, preview_wanted=wanted))
        self._preview_timer.start()

    def rest(self) -> None:
        """Begin nothing by itself any more: the window is closing."""
        self._preview_timer.stop()
        self._waiting_wishes = None

    def record(self, wishes: Wishes) -> None:
        """Record the ticked devices, or go on; does nothing where that is not possible now.

        `gate_closed` tells that the clock is less exact than the user wants recordings to be.
        """
        self._begin(wishes, despite_clock=False)

    def record_despite_clock(self, wishes: Wishes) -> None:
        """The same, however exact the clock is."""
        self._begin(wishes, despite_clock=True)

    def _begin(self, wishes: Wishes, *, despite_clock: bool) -> None:
        if not self._can_begin(wishes):
            return
        command = self._command(wishes, despite_clock=despite_clock)
        self._preview_timer.stop()
        self._set_pending(Pending.START)
        refusals = {ClockGateError.__name__: lambda text: self._on_gate_closed(wishes, text)}
        self._bridge.send(command, self._on_started, self._on_start_failed, refusals)

    def _can_begin(self, wishes: Wishes) -> bool:
        return self.view.go_on_enabled if isinstance(wishes, GoOn) else self.view.record_enabled

    def _command(self, wishes: Wishes, *, despite_clock: bool) -> StartRecording | GoOnRecording:
        if isinstance(wishes, GoOn):
            return GoOnRecording(despite_clock=despite_clock)
        return StartRecording(
            devices=self._devices,
            folder=wishes.folder,
            name=wishes.name,
            participant=wishes.participant,
            despite_clock=despite_clock,
        )

    def record_when_possible(self, wishes: Wishes) -> None:
        """Record now, or as soon as the recorder answers again."""
        self._waiting_wishes = None if self._can_begin(wishes) else wishes
        self.record(wishes)

    def stop(self) -> None:
        """Finish the recording; does nothing where none is running."""
        if not self.view.stop_enabled:
            return
        self._set_pending(Pending.STOP)
        self._bridge.send(StopRecording(), self._on_stopped, self._on_stop_failed)

    def _move_to(self, situation: Situation) -> None:
        before = self.view
        self._situation = situation
        if self.view != before:
            self.view_changed.emit(self.view)

    def _set_pending(self, pending: Pending) -> None:
        self._answered = False
        self._move_to(replace(self._situation, pending=pending))

    # Answers --------------------------------------------------------------------------------------------

    def _on_started(self, path: object) -> None:
        self._answered = True
        self._settle_timer.start()
        self._note_recording(str(path))
        self._settle()

    def _on_start_failed(self, text: str) -> None:
        self._set_pending(Pending.NOTHING)
        self.failed.emit(text)
        self._preview_again()

    def _on_gate_closed(self, wishes: Wishes, text: str) -> None:
        # Nothing has begun: a preview that was there still runs.
        self._set_pending(Pending.NOTHING)
        self._preview_timer.start()
        self.gate_closed.emit(wishes, text)

    def _on_stopped(self, finished: object) -> None:
        self._answered = True
        self._settle_timer.start()
        path = finished.path if isinstance(finished, FinishedRecording) else ""
        self._note_finished(path)
        self._settle()

    def _on_stop_failed(self, text: str) -> None:
        self._set_pending(Pending.NOTHING)
        self.failed.emit(text)

    def _settle(self) -> None:
        """A command is over when it was answered and the status shows what it did."""
        if self._answered and _shows(self._situation.status, self._situation.pending):
            self._set_pending(Pending.NOTHING)

    @Slot()
    def _on_settle_due(self) -> None:
        # The recording was over before any status showed it.
        if self._answered:
            self._set_pending(Pending.NOTHING)
            if self._situation.status is not None and self._situation.status.state in _RESTING:
                self._note_finished(self._recorded_path)

    # What the recorder tells ----------------------------------------------------------------------------

    @Slot(object)
    def _on_status_changed(self, status: RecorderStatus) -> None:
        before, pending = self._situation.status, self._situation.pending
        if self._answered and _shows(status, pending):
            self._answered = False
            self._move_to(replace(self._situation, status=status, pending=Pending.NOTHING))
        else:
            self._move_to(replace(self._situation, status=status))
        if status.is_recording:
            self._note_recording(status.path)
        elif before is not None and before.is_recording and pending is Pending.NOTHING:
            # It ended without our Stop: another window's, or the disk was nearly full.
            self._note_finished(self._recorded_path)
        if before is None or (status.state is RecorderState.IDLE and before.state is not RecorderState.IDLE):
            self._preview_again()
        self._take_interruption(status)
        if self._waiting_wishes is not None and self._can_begin(self._waiting_wishes):
            wishes, self._waiting_wishes = self._waiting_wishes, None
            self.record(wishes)

    def _take_interruption(self, status: RecorderStatus) -> None:
        found = status.interrupted
        if found is not None and found.path != self._told_interruption:
            self._told_interruption = found.path
            self.interruption_found.emit(found)
        if found is None and status.state in _RESTING and isinstance(self._waiting_wishes, GoOn):
            self._waiting_wishes = None
            self.failed.emit(NOTHING_TO_GO_ON)

    @Slot(str)
    def _on_recorder_lost(self, _text: str) -> None:
        self._lost_recording = bool(self._recorded_path)
        self._told_interruption = self._recorded_path or self._told_interruption
        self._recorded_path = ""
        self._previewed = None
        self._move_to(replace(self._situation, status=None, pending=Pending.NOTHING))

    def _note_recording(self, path: str) -> None:
        # A status that was taken before Stop may arrive after its answer.
        if path and path not in (self._recorded_path, self._finished_path):
            self._recorded_path = path
            self.recording_started.emit(path)

    @Slot(str)
    def take_finished(self, path: str) -> None:
        """It was ended from here before there was this transport. What is known already is not told again."""
        if path != self._finished_path:
            self._recorded_path = path
            self._note_finished(path)

    def _note_finished(self, path: str) -> None:
        if path and path == self._recorded_path:
            self._recorded_path = ""
            self._finished_path = path
            self.recording_finished.emit(path)

    # Preview --------------------------------------------------------------------------------------------

    def _preview_again(self) -> None:
        self._previewed = None
        self._preview_timer.start()

    @Slot()
    def _on_preview_due(self) -> None:
        status = self._situation.status
        if status is None or status.state not in _RESTING:
            return
        if self._situation.pending is not Pending.NOTHING:
            self._preview_timer.start()
            return
        if self._situation.preview_wanted and self._devices:
            if self._previewed != self._devices:
                self._previewed = self._devices
                self._note_preview(failed=False)
                self._bridge.send(StartPreview(devices=self._devices), None, self._on_preview_failed)
        elif status.state is RecorderState.PREVIEW:
            self._previewed = None
            self._bridge.send(StopRecording(), None, self.failed.emit)

    def _on_preview_failed(self, text: str) -> None:
        self._note_preview(failed=True)
        self.failed.emit(text)

    def _note_preview(self, *, failed: bool) -> None:
        self._move_to(replace(self._situation, preview_failed=failed))


def _shows(status: RecorderStatus | None, pending: Pending) -> bool:
    """Whether a status is that of a recorder which has carried out the pending command."""
    if status is None or pending is Pending.NOTHING:
        return False
    return status.is_recording == (pending is Pending.START)
