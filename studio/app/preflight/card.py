"""What a pre-flight has found, as values that travel between processes. Knows no device and no disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from studio.devices.device import DeviceKind
from studio.formats.payload import StreamFormat
from studio.timing import Duration, Timestamp
from studio.timing.sync_status import SyncState


class Verdict(StrEnum):
    """How good something is for a recording."""

    PASS = "pass"
    WARN = "warn"
    """It can be recorded; there is something to know."""
    FAIL = "fail"
    """A recording would lack something, or would not begin."""


_ORDER = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason."""

    verdict: Verdict
    text: str
    """What is the matter, in people's words."""
    advice: str = ""
    """What to do about it."""
    typed_advice: str = ""
    """What to do where there is no window; empty: the same."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; of none, PASS."""
    return max(verdicts, key=_ORDER.index, default=Verdict.PASS)


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What came of one stream."""

    messages: int = 0
    samples: int = 0
    """In the unit of its rate: rows of sampled streams, else messages."""
    rate: float = 0.0
    """Per second by originating times, while it flowed; 0: unknown."""
    distance: Duration = 0
    """Usual time from one message to the next; 0: unknown."""
    jitter: Duration | None = None
    """95 of 100 messages came no farther than that from their even distance; None: does not apply."""
    gaps: int = 0
    longest_gap: Duration = 0
    """Where something is missing, the silence at the end included."""
    lost: int = 0
    """In the unit of `samples`: by the device, or because this machine could not keep up."""
    refused: int = 0
    """Messages of these that this machine could not take."""
    late: Duration = 0
    """How long the latest message was on its way."""
    ahead: Duration = 0
    """How far the times of a message lay in the future."""
    peak: float | None = None
    """Largest amplitude in dB of full scale; None: no sound."""
    clipped: int = 0
    """Samples at full scale."""
    width: int = 0
    height: int = 0
    """Of the last picture."""
    bytes_per_second: float = 0.0
    """What a recording would store of it."""
    first_after: Duration | None = None
    """When the first message came, after the beginning; None: none has."""
    trouble: str = ""
    """Why a message could not be stored."""


@dataclass(frozen=True, slots=True)
class StreamCard:
    """One stream."""

    name: str
    format: StreamFormat
    """As the device gives it; its rate is the one that was asked for, 0: any."""
    figures: StreamFigures = StreamFigures()
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings."""
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device."""

    id: str
    name: str
    kind: DeviceKind
    streams: tuple[StreamCard, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Of the device as a whole; those of its streams are theirs."""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Its own, then those of its streams."""
        return (*self.findings, *(finding for stream in self.streams for finding in stream.findings))

    @property
    def verdict(self) -> Verdict:
        """The worst of all its findings."""
        return worst(finding.verdict for finding in self.all_findings)


@dataclass(frozen=True, slots=True)
class DiskCard:
    """The disk that will be recorded to."""

    folder: str
    """Where was written."""
    bytes_per_second: float = 0.0
    """How fast it took what was written, to the last byte on the disk; 0: not known."""
    slowest_ns: Duration = 0
    """The longest wait for a part of it."""
    written: int = 0
    free: int = 0
    """Bytes a recording may still use: free space less the reserve."""
    seconds_left: float | None = None
    """At the rate of the devices; None: unknown, or without end."""
    warn_below_s: float = 600.0
    """Less recording time than this is little."""
    trouble: str = ""
    """Why nothing could be written."""
    network: str = ""
    """What kind of network drive it is; empty: a disk of this machine."""
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings."""
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ClockCard:
    """The clock that the recording would have."""

    state: SyncState = SyncState.OWN
    text: str = ""
    """How it stands, in people's words."""
    bound: Duration | None = None
    """How exact it is guaranteed to be; None: it follows nobody, or nothing is known yet."""
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings."""
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True, slots=True)
class PreflightCard:
    """All of it."""

    time: Timestamp
    """When it was put together."""
    devices: tuple[DeviceCard, ...]
    disk: DiskCard
    clock: ClockCard

    @property
    def bytes_per_second(self) -> float:
        """What a recording of all streams would store."""
        return sum(s.figures.bytes_per_second for device in self.devices for s in device.streams)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every reason, of devices, disk and clock."""
        of_devices = tuple(finding for device in self.devices for finding in device.all_findings)
        return (*of_devices, *self.disk.findings, *self.clock.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        return worst(finding.verdict for finding in self.findings)


class PreflightPhase(StrEnum):
    """How far a pre-flight is."""

    RUNNING = "running"
    DONE = "done"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class PreflightStatus:
    """The newest pre-flight."""

    number: int
    """Counts up with each that is begun."""
    phase: PreflightPhase
    elapsed_ns: Duration
    duration_ns: Duration
    """How long it is meant to take."""
    card: PreflightCard | None = None
    """What there is so far; of one that is called off, nothing."""
    text: str = ""
    """Why it was called off."""
