"""What is being recorded right now, on the disk, so that a recorder that follows a killed one knows.

One JSON file of this user, written by the recorder process alone: made before a recording begins, taken away
when it has ended properly. A recorder that finds one at its start comes after one that died (decision 18). It
is never needed to read a recording; a damaged one is as none.
"""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter

from studio.app.status import InterruptedRecording
from studio.devices.device import DeviceInfo
from studio.errors import SettingsError
from studio.timing import Timestamp

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording that was begun: all that is needed to go on with it in another file."""

    path: str
    devices: tuple[DeviceInfo, ...]
    """With their settings."""
    begun_time: Timestamp

    @property
    def session(self) -> Path:
        """The folder where a further file belongs."""
        return Path(self.path).parent

    def told(self) -> InterruptedRecording:
        """What people should know of it."""
        return InterruptedRecording(
            path=self.path,
            begun_time=self.begun_time,
            device_names=tuple(device.name for device in self.devices),
        )


def recording_memory_path() -> Path:
    """The user's file."""
    return platformdirs.user_state_path("studio", appauthor=False) / "recording.json"


class RecordingMemory:
    """Belongs to the thread that commands the recorder; `interrupted` may be read from any."""

    def __init__(self, place: Path | None = None, interrupted: KeptRecording | None = None) -> None:
        """Without a place nothing is kept from start to start."""
        self._place = place
        self._interrupted = interrupted

    @classmethod
    def left_at(cls, place: Path) -> "RecordingMemory":
        """What a recorder that died has left there, as long as the folder of its session exists."""
        try:
            kept = TypeAdapter(KeptRecording).validate_json(place.read_bytes())
        except FileNotFoundError:
            kept = None
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("what was being recorded cannot be read from %s (%s)", place, type(error).__name__)
            kept = None
        return cls(place, kept if kept is not None and kept.session.is_dir() else None)

    @property
    def interrupted(self) -> KeptRecording | None:
        """What can be gone on with; None: nothing, or another recording was begun since."""
        return self._interrupted

    def begin(self, recording: KeptRecording) -> None:
        """This is recorded from now on; what was interrupted before is forgotten. Raises SettingsError."""
        self._interrupted = None
        self._write(recording)

    def put_back(self, interrupted: KeptRecording | None) -> None:
        """What was begun last could not be; this can be gone on with, as before. Raises SettingsError."""
        self._interrupted = interrupted
        if interrupted is None:
            self.end()
        else:
            self._write(interrupted)

    def end(self) -> None:
        """What was recorded is closed. Idempotent."""
        if self._place is not None:
            with suppress(
                OSError
            ):  # it stays: at worst something that has ended is offered to be gone on with
                self._place.unlink(missing_ok=True)

    def _write(self, recording: KeptRecording) -> None:
        if self._place is None:
            return
        unfinished = self._place.with_name(f"{self._place.name}.{os.getpid()}.new")
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.touch(mode=0o600)  # the address of a camera may hold a password
            unfinished.write_bytes(TypeAdapter(KeptRecording).dump_json(recording, indent=2))
            unfinished.replace(self._place)
        except OSError as error:
            raise SettingsError(
                f"What is being recorded cannot be noted in {self._place} ({error.strerror}). Should the "
                "recorder process die, nobody could offer to go on in the same session."
            ) from error
