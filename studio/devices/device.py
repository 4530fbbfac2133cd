"""What a device is: description, settings, health, and the contract of its component. No hardware here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from studio.formats.payload import StreamFormat
from studio.timing import Timestamp

if TYPE_CHECKING:  # the window knows devices, and no pipeline
    from studio.engine import Emitter


class DeviceKind(StrEnum):
    """What a device senses; decides its icon and its panel."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    SIGNAL = "signal"
    EVENTS = "events"


class DeviceState(StrEnum):
    """How a device is doing."""

    OPENING = "opening"
    RUNNING = "running"
    STALLED = "stalled"
    """Open, but silent for longer than it should be."""
    LOST = "lost"
    """Could not be opened or went away; it is retried every second."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What a user may choose for a device; a zero or an empty text means "as the device offers it"."""

    source: str = field(default="", repr=False)
    """Camera: index, V4L2 path, file or URL (with a password, perhaps: never shown or logged). Microphone:
    PortAudio's name of the input."""
    rate: float = 0.0
    """Samples (or frames, or events) per second."""
    channels: int = 0
    width: int = 0
    height: int = 0
    jpeg_quality: int = 90
    """1 to 100; 0 stores raw pixels. Measured values (depth) are always stored as they are."""
    faults: str = ""
    """Simulated devices only: how they fail, so that it can be rehearsed; written as `faults` says."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as discovery found it, with the settings it shall be opened with."""

    id: str
    """Stable from start to start, such as `microphone:mic_a` or `simulated:imu`."""
    name: str
    """As people know it; unique among the devices of one discovery."""
    kind: DeviceKind
    simulated: bool = False
    detail: str = ""
    """One line for people: `48 kHz, 1 channel`."""
    settings: DeviceSettings = field(default_factory=DeviceSettings)


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """How one stream of a device is doing, counted at the device before anything can drop (decision 27)."""

    name: str
    produced: int = 0
    """Samples for sampled streams, messages for all others."""
    dropped: int = 0
    """Of these, lost between the device and `post`."""
    gaps: int = 0
    rate: float = 0.0
    """Measured over the last seconds, in the unit of `produced` per second; 0 unknown."""
    level: float | None = None
    """Peak of the last tenth of a second in dB of full scale (audio only); None: does not apply."""
    last_time: Timestamp = 0
    """Originating time of the newest message; 0: none yet."""


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """Snapshot of a device."""

    state: DeviceState
    message: str = ""
    """In people's words what is wrong and what happens next; empty when all is well."""
    streams: tuple[StreamHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceStream:
    """One output of a device."""

    name: str
    """Unique in a recording: the device's name, with the part behind a slash if it has several."""
    format: StreamFormat
    emitter: "Emitter[Any]"


@dataclass(frozen=True, slots=True)
class Gap:
    """What a device could not deliver (decision 27)."""

    stream: str
    from_time: Timestamp
    to_time: Timestamp
    expected: int
    """Samples or messages that would have come; counted as produced and dropped."""
    reason: str


class DeviceReports(Protocol):
    """Where a device tells what is not data."""

    def gap(self, gap: Gap) -> None:
        """Something is missing in a stream."""
        ...

    def note(self, device: str, text: str) -> None:
        """Something happened that belongs into the log of the recording."""
        ...


class Device(Protocol):
    """A source component (rule E74) that owns one piece of hardware, or plays one.

    It never fails the pipeline for what the hardware does: it reports, retries and goes on.
    """

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        ...

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """Its outputs, fixed before the pipeline runs."""
        ...

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        ...

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin; opening happens on the device's own thread."""
        ...

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver what the hardware holds up to the final time, then say so (decision 3)."""
        ...
