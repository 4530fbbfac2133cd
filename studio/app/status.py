"""What the recorder tells about itself, as values: the window, the command line and tests read these."""

from dataclasses import dataclass, field
from enum import StrEnum

from studio.app.clock_sync import ClockSyncStatus
from studio.app.preflight.card import PreflightStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import StreamFormat
from studio.timing import Timestamp
from studio.timing.segments import Segment
from studio.timing.sync_status import SyncStatus


class RecorderState(StrEnum):
    """What the recorder is doing."""

    IDLE = "idle"
    PREVIEW = "preview"
    RECORDING = "recording"
    FINISHING = "finishing"
    """A recording or a preview is being ended; of a recording the last data are being written."""


class Severity(StrEnum):
    """How much a problem matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    """Data are being lost, or something the user wanted does not work."""


class HeldUp(StrEnum):
    """What a recording waits for that is behind: what was recorded seconds ago is not written yet."""

    NOT = "not"
    BY_DISK = "disk"
    BY_PROCESSORS = "processors"
    """Others use them, too, or the recording needs more of them than there are."""
    BY_BOTH = "processors and disk"
    BY_ITSELF = "recorder"
    """It computes as fast as one process can, while other processors are free."""
    SOMEHOW = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the user should know, in people's words."""

    number: int
    """Counts up; a window shows each once."""
    time: Timestamp
    severity: Severity
    text: str
    device_id: str = ""


@dataclass(frozen=True, slots=True)
class LiveView:
    """Where the newest data of a stream can be read without asking the recorder (decision 20)."""

    path: str
    """File of the ring; a new size is a new file."""
    kind: str
    """`samples`, `frames`, `texts` or `messages`."""


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """One stream: produced = stored + dropped + what is still on its way."""

    name: str
    format: StreamFormat
    """As it is stored; of a preview, as the device gives it."""
    produced: int = 0
    """Samples for sampled streams, messages for all others."""
    stored: int = 0
    dropped: int = 0
    """For whatever reason, gaps included."""
    refused: int = 0
    """Of these, what the machine or its disk were too slow for, or the disk too full."""
    gaps: int = 0
    rate: float = 0.0
    """Measured, in the unit of `produced` per second."""
    level: float | None = None
    """Peak in dB of full scale; None: does not apply."""
    last_time: Timestamp = 0
    """Originating time of the newest message; 0: none yet."""
    live: LiveView | None = None

    @property
    def waiting(self) -> int:
        """Produced, and neither stored nor dropped so far."""
        return max(0, self.produced - self.stored - self.dropped)


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """One ticked device."""

    id: str
    name: str
    kind: DeviceKind
    state: DeviceState
    message: str = ""
    streams: tuple[StreamStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class InterruptedRecording:
    """A recording whose recorder died. It can be gone on with, in a further file of its session."""

    path: str
    begun_time: Timestamp
    device_names: tuple[str, ...]
    """These would be recorded again."""


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """All the window shows about recording, as one snapshot."""

    state: RecorderState
    time: Timestamp
    """When the snapshot was taken."""
    started_time: Timestamp = 0
    """When the running recording or preview began; 0: none."""
    path: str = ""
    """The file being written; empty: none."""
    file_size: int = 0
    committed_time: Timestamp = 0
    """What was stored before is safe whatever happens; 0: nothing yet, or nothing is being recorded."""
    bytes_per_second: float = 0.0
    disk_free: int = 0
    """Bytes the recording may still use: free space less the reserve."""
    disk_seconds_left: float | None = None
    """At the present rate; None: unknown or without end."""
    waiting_bytes: int = 0
    """Memory taken by what is recorded and not written yet."""
    held_up: HeldUp = HeldUp.NOT
    """Whether what was recorded seconds ago is not written yet, and why."""
    dropped: int = 0
    cpu_percent: float = 0.0
    """Of one core, of the recorder's process."""
    devices: tuple[DeviceStatus, ...] = ()
    problems: tuple[Problem, ...] = ()
    """The newest, at most 50."""
    clock: ClockSyncStatus = field(default_factory=ClockSyncStatus)
    """Whose time it is, and how exact."""
    interrupted: InterruptedRecording | None = None
    """Offered to be gone on with until another recording is begun; None: there is none."""
    clock_line: tuple[Segment, ...] = ()
    """The clock that `time` and all times of the present run are of, as a map from this machine's monotonic
    clock; empty: the machine's own clock. A line that has begun never changes, more may follow."""
    preflight: PreflightStatus | None = None
    """The newest pre-flight; None: there was none."""

    @property
    def is_recording(self) -> bool:
        """Whether a recording is being made or finished; a preview is finished, too, and is none."""
        return self.state is RecorderState.RECORDING or (
            self.state is RecorderState.FINISHING and bool(self.path)
        )

    @property
    def sync(self) -> SyncStatus:
        """How the clock stands to the one it should follow."""
        return self.clock.sync


@dataclass(frozen=True, slots=True)
class FinishedRecording:
    """What Stop returns after a recording."""

    path: str
    duration_ns: int
    byte_size: int
    streams: tuple[StreamStatus, ...]
    problems: tuple[Problem, ...] = ()
