"""What the recorder does for each command. Called on the one thread that owns the order of commands."""

import logging
from pathlib import Path
from typing import Protocol

from studio.app.clock_history import ClockPast
from studio.app.clock_sync import ClockSettings
from studio.app.own_addresses import own_addresses
from studio.app.status import FinishedRecording, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.errors import RoleError, StudioError
from studio.formats.notes import Note
from studio.host.clock_protocol import (
    FollowFarClock,
    ForgetMachine,
    ListAddresses,
    LookAtMachines,
    MeasureNow,
    ReadClockPast,
    SetClockSettings,
)
from studio.host.going_on_protocol import GoOnRecording
from studio.host.pairing_protocol import AnswerPairing, BeginPairing, EndPairing, ForgetPaired
from studio.host.preflight_protocol import CancelPreflight, StartPreflight
from studio.host.protocol import (
    DropMarker,
    Failure,
    GetStatus,
    Quit,
    Reply,
    Request,
    StartPreview,
    StartRecording,
    StopRecording,
    WarnOfDisk,
)

_log = logging.getLogger(__name__)


class CommandedPairing(Protocol):
    """Makes machines trust each other. None of these waits for the network."""

    def begin(self, host: str, port: int) -> None:
        """Call the machine that waits there, or wait."""
        ...

    def answer(self, *, is_equal: bool) -> None:
        """The user has compared."""
        ...

    def end(self) -> None:
        """Call it off."""
        ...

    def forget(self, fingerprint: str) -> None:
        """Trust that machine no more."""
        ...


class CommandedClocks(Protocol):
    """The keeper of the clock, as far as commands need it. None of these waits for the network."""

    @property
    def pairing(self) -> CommandedPairing:
        """Whom this machine trusts."""
        ...

    def set(self, settings: ClockSettings) -> None:
        """Act on these from now on."""
        ...

    def measure(self) -> None:
        """Ask the reference more often for once."""
        ...

    def look_at_machines(self) -> None:
        """Somebody looks at the list of machines."""
        ...

    def forget(self, key: str) -> None:
        """Remember that machine no longer."""
        ...

    def past(self) -> ClockPast:
        """The last ten minutes of what is followed."""
        ...

    def follow_far(self, key: str, machine: str) -> None:
        """Follow that machine although its clock is far off."""
        ...


class CommandedRecorder(Protocol):
    """The recorder of the app, as far as commands need it."""

    @property
    def clocks(self) -> CommandedClocks:
        """Whose time it records with."""
        ...

    def preview(self, devices: tuple[DeviceInfo, ...]) -> None:
        """Run these devices without a store."""
        ...

    def record(
        self,
        devices: tuple[DeviceInfo, ...],
        folder: Path,
        *,
        name: str = "",
        participant: str = "",
        despite_clock: bool = False,
    ) -> Path:
        """Record these devices into a new session below `folder`."""
        ...

    def go_on(self, *, despite_clock: bool = False) -> Path:
        """Go on with what was interrupted, in a further file of its session."""
        ...

    def begin_preflight(self, devices: tuple[DeviceInfo, ...], folder: Path, *, seconds: float = 10.0) -> int:
        """Find out whether they are fit to record; returns at once."""
        ...

    def warn_of_disk(self, below_s: float) -> None:
        """Warn when the disk lasts for less than this."""
        ...

    def cancel_preflight(self) -> None:
        """Call it off."""
        ...

    def stop(self) -> FinishedRecording | None:
        """Stop whatever runs."""
        ...

    def mark(self, id: str, monotonic: int, text: str = "") -> Note:
        """Mark a moment of what is being recorded."""
        ...

    def status(self) -> RecorderStatus:
        """A snapshot, from any thread."""
        ...

    def close(self) -> None:
        """Stop and give everything back."""
        ...


def answer(recorder: CommandedRecorder, request: Request) -> Reply | Failure:
    """Carry out a command; what goes wrong becomes a Failure in people's words."""
    try:
        return Reply(request.number, _carry_out(recorder, request.body))
    except StudioError as error:
        return Failure(request.number, str(error), type(error).__name__)
    except (
        Exception
    ) as error:  # the outer edge of the command: our bug, told and logged, the recorder lives on
        _log.exception("command %s failed", type(request.body).__name__)  # its cameras may have passwords
        return unexpected(request.number, error)


def unexpected(number: int, error: Exception) -> Failure:
    """The answer for an error that no part of the program foresaw."""
    what = str(error) or type(error).__name__
    text = f"Something unexpected went wrong in the studio: {what}. Its log has the details."
    return Failure(number, text, type(error).__name__)


def _carry_out(recorder: CommandedRecorder, command: object) -> object:
    match command:
        case StartPreview(devices=devices):
            recorder.preview(devices)
        case StartRecording():
            return _record(recorder, command)
        case GoOnRecording(despite_clock=despite_clock):
            return str(recorder.go_on(despite_clock=despite_clock))
        case StopRecording():
            return recorder.stop()
        case DropMarker(id=id, monotonic=monotonic, text=text):
            return recorder.mark(id, monotonic, text)
        case GetStatus():
            return recorder.status()
        case Quit():
            _refuse_while_recording(recorder.status())
        case _:
            return _carry_out_of_limits(recorder, command)
    return None


def _carry_out_of_limits(recorder: CommandedRecorder, command: object) -> object:
    match command:
        case StartPreflight(devices=devices, folder=folder, seconds=seconds):
            return recorder.begin_preflight(devices, Path(folder), seconds=seconds)
        case CancelPreflight():
            recorder.cancel_preflight()
        case WarnOfDisk(below_s=below_s):
            recorder.warn_of_disk(below_s)
        case _:
            return _carry_out_of_clock(recorder.clocks, command)
    return None


def _carry_out_of_clock(clocks: CommandedClocks, command: object) -> object:
    match command:
        case SetClockSettings(settings=settings):
            clocks.set(settings)
        case MeasureNow():
            clocks.measure()
        case LookAtMachines():
            clocks.look_at_machines()
        case ForgetMachine(key=key):
            clocks.forget(key)
        case FollowFarClock(key=key, machine=machine):
            clocks.follow_far(key, machine)
        case ListAddresses():
            return own_addresses()
        case ReadClockPast():
            return clocks.past()
        case _:
            _carry_out_of_pairing(clocks.pairing, command)
    return None


def _carry_out_of_pairing(pairing: CommandedPairing, command: object) -> None:
    match command:
        case BeginPairing(host=host, port=port):
            pairing.begin(host, port)
        case AnswerPairing(is_equal=is_equal):
            pairing.answer(is_equal=is_equal)
        case EndPairing():
            pairing.end()
        case ForgetPaired(fingerprint=fingerprint):
            pairing.forget(fingerprint)
        case _:
            raise RoleError(f"The recorder does not know the command {type(command).__name__}.")


def _record(recorder: CommandedRecorder, command: StartRecording) -> str:
    path = recorder.record(
        command.devices,
        Path(command.folder),
        name=command.name,
        participant=command.participant,
        despite_clock=command.despite_clock,
    )
    return str(path)


def _refuse_while_recording(status: RecorderStatus) -> None:
    if status.is_recording:
        raise RoleError("The recorder is recording. Stop the recording first.")
