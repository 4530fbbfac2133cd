"""What the recorder does for each command. Called on the one thread that owns the order of commands."""

import logging
from pathlib import Path
from typing import Protocol

from studio.app.status import FinishedRecording, RecorderState, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.errors import RoleError, StudioError
from studio.formats.notes import Note
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
)

_log = logging.getLogger(__name__)


class CommandedRecorder(Protocol):
    """The recorder of the app, as far as commands need it."""

    def preview(self, devices: tuple[DeviceInfo, ...]) -> None:
        """Run these devices without a store."""
        ...

    def record(
        self, devices: tuple[DeviceInfo, ...], folder: Path, *, name: str = "", participant: str = ""
    ) -> Path:
        """Record these devices into a new session below `folder`."""
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
        case StartRecording(devices=devices, folder=folder, name=name, participant=participant):
            return str(recorder.record(devices, Path(folder), name=name, participant=participant))
        case StopRecording():
            return recorder.stop()
        case DropMarker(id=id, monotonic=monotonic, text=text):
            return recorder.mark(id, monotonic, text)
        case GetStatus():
            return recorder.status()
        case Quit():
            _refuse_while_recording(recorder.status().state)
        case _:
            raise RoleError(f"The recorder does not know the command {type(command).__name__}.")
    return None


def _refuse_while_recording(state: RecorderState) -> None:
    if state in (RecorderState.RECORDING, RecorderState.FINISHING):
        raise RoleError("The recorder is recording. Stop the recording first.")
