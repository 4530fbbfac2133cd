"""What the status bar says, as a value made of the recorder's status. No Qt."""

from dataclasses import dataclass

from studio.app.backlog import behind_words
from studio.app.status import HeldUp, InterruptedRecording, RecorderState, RecorderStatus
from studio.ui import readable

LOW_DISK_S = 30 * 60
"""Below this the time left is said in the colour of a warning."""
VERY_LOW_DISK_S = 5 * 60

LITTLE_ROOM = 2_000_000_000
"""Bytes: a camera fills that in half an hour or so."""


@dataclass(frozen=True, slots=True)
class StatusTexts:
    """The parts of the status bar; an empty part is not shown."""

    file: str = ""
    size: str = ""
    disk: str = ""
    disk_role: str = "muted"
    dropped: str = ""
    dropped_role: str = "muted"
    cpu: str = ""


def status_texts(status: RecorderStatus | None, room: int = 0, low_s: float = LOW_DISK_S) -> StatusTexts:
    """The texts for a status (None: the recorder is not reached) and the `room` on the disk, bytes.

    The disk is told in the colour of a warning when it lasts for less than `low_s`, or half an hour.
    """
    if status is None:
        return StatusTexts()
    busy = status.is_recording
    running = status.state is not RecorderState.IDLE
    return StatusTexts(
        file=status.path if busy else "",
        size=_size(status) if busy else "",
        disk=_disk(status) if busy or not room else f"{readable.size(room)} free",
        disk_role=_disk_role(status, max(low_s, LOW_DISK_S)) if busy else _room_role(room),
        dropped=readable.dropped(status.dropped) if running else "",
        dropped_role="error" if status.dropped else "muted",
        cpu=f"CPU {status.cpu_percent:.0f}{readable.SPACE}%" if running else "",
    )


def interruption_text(found: InterruptedRecording) -> str:
    """What to say of a recording whose recorder died while no window looked."""
    return (
        f"The recorder process ended unexpectedly while it recorded {found.path}. What was stored is safe, "
        "up to about half a second before. Nothing is recorded until you go on, in a new file of the same "
        "session."
    )


def _size(status: RecorderStatus) -> str:
    speed = f" (+{readable.size(status.bytes_per_second)}/s)" if status.bytes_per_second >= 1 else ""
    return readable.size(status.file_size) + speed


def _disk(status: RecorderStatus) -> str:
    if status.held_up is not HeldUp.NOT:
        return f"{behind_words(status.held_up)}: {readable.size(status.waiting_bytes)} waiting"
    if not status.disk_free:
        return ""
    left = readable.time_left(status.disk_seconds_left) if status.is_recording else ""
    return f"{readable.size(status.disk_free)} free" + (f" \u2248 {left}" if left else "")


def _disk_role(status: RecorderStatus, low_s: float) -> str:
    if status.held_up is not HeldUp.NOT:
        return "error"
    seconds = status.disk_seconds_left
    if seconds is None or seconds > low_s:
        return "muted"
    return "error" if seconds < VERY_LOW_DISK_S else "warning"


def _room_role(room: int) -> str:
    return "warning" if 0 < room < LITTLE_ROOM else "muted"
