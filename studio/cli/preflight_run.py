"""One pre-flight from the command line: begins it, shows that it runs, waits for its end."""

import threading
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, TextColumn

from studio.app.preflight.card import PreflightPhase, PreflightStatus
from studio.app.recorder import Recorder
from studio.app.settings import Settings
from studio.app.value_text import bytes_text
from studio.cli.device_choice import chosen_devices, rehearsing
from studio.cli.output import progress_line, remark
from studio.cli.recording import LOOK_INTERVAL
from studio.errors import RecordingCancelledError
from studio.timing import wait_on


@dataclass(frozen=True, slots=True)
class Trial:
    """What shall be tried."""

    names: tuple[str, ...]
    seconds: float
    folder: Path | None = None
    """None: as in the settings."""
    rehearse: str = ""


def run(recorder: Recorder, trial: Trial, interrupted: threading.Event) -> PreflightStatus:
    """How it ended.

    Raises what `Recorder.begin_preflight` raises, RecordingCancelledError if interrupted before.
    """
    devices = rehearsing(chosen_devices(trial.names), trial.rehearse)
    if interrupted.is_set():
        raise RecordingCancelledError("Interrupted before the pre-flight began.")
    folder = trial.folder if trial.folder is not None else Path(Settings.load().recordings_folder)
    recorder.begin_preflight(devices, folder, seconds=trial.seconds)
    remark(f"Trying {', '.join(device.name for device in devices)} for {trial.seconds:g} s")
    with progress_line(TextColumn("{task.description}"), BarColumn()) as progress:
        task = progress.add_task("", total=1.0)
        while (status := _status(recorder)).phase is PreflightPhase.RUNNING:
            done = status.elapsed_ns / status.duration_ns
            progress.update(task, completed=done, description=_line(status), refresh=True)
            if wait_on(interrupted, LOOK_INTERVAL):
                recorder.cancel_preflight()
    return status


def _status(recorder: Recorder) -> PreflightStatus:
    status = recorder.status().preflight
    assert status is not None  # one was begun
    return status


def _line(status: PreflightStatus) -> str:
    rate = 0.0 if status.card is None else status.card.bytes_per_second
    return f"{bytes_text(round(rate))}/s"
