"""One recording from the command line: begin it, show that it runs, wait for its end."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import TextColumn

from studio.app.backlog import behind_words
from studio.app.recorder import Recorder
from studio.app.settings import Settings
from studio.app.status import FinishedRecording, HeldUp, RecorderStatus
from studio.app.value_text import bytes_text, duration_text
from studio.cli.device_choice import chosen_devices, rehearsing
from studio.cli.output import progress_line, remark
from studio.errors import RecordingCancelledError, StudioError
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock, monotonic_ns, wait_on

LOOK_INTERVAL = 100 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class Target:
    """Where the recording shall go: a file, a session that exists, or a new one."""

    out: Path | None = None
    folder: Path | None = None
    """None: as in the settings."""
    session: Path | None = None
    name: str = ""
    participant: str = ""
    rehearse: str = ""
    """How simulated devices shall fail."""


def own_clock() -> SystemClock:
    """The clock that all processes of the studio on this machine share (decision 5)."""
    try:
        return shared_clock(RunDirectory.open())
    except (OSError, StudioError):
        return SystemClock()  # no run directory, no other process to agree with


def make_recorder() -> Recorder:
    """A recorder of this process."""
    return Recorder(own_clock())


def begin(recorder: Recorder, names: Sequence[str], target: Target, interrupted: threading.Event) -> Path:
    """Find the devices and record them; the file's path. Raises what `Recorder.record` raises.

    How exact the clock must be was decided before (`clock_following`).
    """
    devices = rehearsing(chosen_devices(names), target.rehearse)
    if interrupted.is_set():
        raise RecordingCancelledError("Interrupted before the recording began; nothing was written.")
    if target.out is not None:
        path = recorder.record_to(devices, target.out, despite_clock=True)
    elif target.session is not None:
        path = recorder.record_into(devices, target.session, despite_clock=True)
    else:
        folder = target.folder if target.folder is not None else Path(Settings.load().recordings_folder)
        path = recorder.record(
            devices, folder, name=target.name, participant=target.participant, despite_clock=True
        )
    remark(f"Recording {', '.join(device.name for device in devices)} into {path}")
    return path


def wait_for_end(recorder: Recorder, seconds: float | None, interrupted: threading.Event) -> bool:
    """Wait until the time is over or somebody interrupts; False if the recording ended by itself before."""
    end = None if seconds is None else monotonic_ns() + round(seconds * NS_PER_S)
    told = 0
    with progress_line(TextColumn("{task.description}")) as progress:
        task = progress.add_task("", total=None)
        while not recorder.wait_until_ended(0):
            status = recorder.status()
            progress.update(task, description=_line(status), refresh=True)
            told = _tell_problems(status, told)
            left = LOOK_INTERVAL if end is None else min(LOOK_INTERVAL, end - monotonic_ns())
            if left <= 0 or wait_on(interrupted, left):
                return True
    return False


def finished(recorder: Recorder) -> FinishedRecording:
    """Stop, and what was recorded."""
    remark("Finishing\u2026")
    result = recorder.stop()
    assert result is not None  # one was begun, and nobody else stops it
    return result


def _line(status: RecorderStatus) -> str:
    parts = [
        duration_text((status.time - status.started_time) / NS_PER_S),
        bytes_text(status.file_size),
        f"{status.dropped} dropped",
    ]
    if status.held_up is not HeldUp.NOT:
        parts.append(f"{behind_words(status.held_up)}: {bytes_text(status.waiting_bytes)} waiting")
    elif status.disk_seconds_left is not None:
        parts.append(f"disk lasts {duration_text(status.disk_seconds_left)}")
    return "  ".join(parts)


def _tell_problems(status: RecorderStatus, told: int) -> int:
    for problem in status.problems:
        if problem.number > told:
            remark(problem.text)
    return max((problem.number for problem in status.problems), default=told)
