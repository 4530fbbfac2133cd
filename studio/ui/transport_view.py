"""What Record, Stop and Preview may do now and what the window says about it: one value, no Qt.

The recorder's own state comes with its status; what was asked for and not yet answered is `Pending`.
"""

from dataclasses import dataclass
from enum import Enum, auto

from studio.app.status import RecorderState, RecorderStatus
from studio.timing import Duration


class Pending(Enum):
    """A command that the recorder has not answered yet."""

    NOTHING = auto()
    START = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the transport knows."""

    status: RecorderStatus | None = None
    """None: the recorder is not reached."""
    device_count: int = 0
    """How many devices are ticked and there."""
    pending: Pending = Pending.NOTHING
    preview_wanted: bool = True
    preview_failed: bool = False
    """The preview that was asked for last could not begin; why has been told."""


@dataclass(frozen=True, slots=True)
class TransportView:
    """What is shown."""

    record_enabled: bool
    go_on_enabled: bool
    """A recording was interrupted, and can be gone on with."""
    stop_enabled: bool
    preview_enabled: bool
    preview_checked: bool
    recording: bool
    """Shown in red; devices are locked; closing asks."""
    holds_window: bool
    """Recording, or about to: closing the window must not forget it."""
    live: bool
    """Whether there is something live to look at."""
    state_text: str
    state_role: str
    record_hint: str


_TEXTS = {
    RecorderState.IDLE: ("Ready", "muted"),
    RecorderState.PREVIEW: ("Preview", "ok"),
    RecorderState.RECORDING: ("Recording", "record"),
    RecorderState.FINISHING: ("Finishing\u2026", "warning"),
}


def transport_view(situation: Situation) -> TransportView:
    """What to show in this situation."""
    state = situation.status.state if situation.status else None
    busy = situation.status is not None and situation.status.is_recording
    free = state in (RecorderState.IDLE, RecorderState.PREVIEW) and situation.pending is not Pending.START
    interrupted = situation.status.interrupted if situation.status else None
    text, role = _words(situation, state)
    return TransportView(
        record_enabled=free and situation.pending is Pending.NOTHING and situation.device_count > 0,
        go_on_enabled=free and situation.pending is Pending.NOTHING and interrupted is not None,
        stop_enabled=state is RecorderState.RECORDING and situation.pending is Pending.NOTHING,
        preview_enabled=not busy and situation.pending is Pending.NOTHING,
        # While recording the devices are seen anyway: a button both pressed and grey would say nothing.
        preview_checked=situation.preview_wanted and not busy,
        recording=busy,
        holds_window=busy or (state is not None and situation.pending is Pending.START),
        live=state not in (None, RecorderState.IDLE),
        state_text=text,
        state_role=role,
        record_hint=_record_hint(situation, state),
    )


def _words(situation: Situation, state: RecorderState | None) -> tuple[str, str]:
    if state is None:
        return "Connecting\u2026", "warning"
    if situation.pending is Pending.STOP and state is RecorderState.RECORDING:
        return _TEXTS[RecorderState.FINISHING]
    if situation.pending is Pending.START:
        return "Starting\u2026", "warning"
    return _TEXTS[state]


def _record_hint(situation: Situation, state: RecorderState | None) -> str:
    if state is None:
        return "Waiting for the recorder to answer."
    if state is RecorderState.RECORDING:
        return "Recording is running. Press S to stop it."
    if state is RecorderState.FINISHING:
        return "The last data are being written."
    if situation.device_count == 0:
        return "Tick at least one device to record."
    devices = "1 device" if situation.device_count == 1 else f"{situation.device_count} devices"
    return f"Record {devices} (R)"


def elapsed(status: RecorderStatus, since_status: Duration) -> Duration:
    """How long the recording has been running, `since_status` ns after the status arrived."""
    if not status.started_time or status.state is not RecorderState.RECORDING:
        return max(0, status.time - status.started_time) if status.started_time else 0
    # A status that is late must not let the clock run on for ever.
    return max(0, status.time - status.started_time + min(since_status, 1_000_000_000))
