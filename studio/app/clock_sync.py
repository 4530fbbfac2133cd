"""What a user chose about this machine's clock, and what there is to show of it: values only.

The recorder acts on the settings (`clock_keeper`) and keeps them from start to start; windows show them, set
them by a command, and see in the recorder's status what came of it. Nothing here opens a connection.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from studio.timing.clock import Duration
from studio.timing.sync_status import BOUND_LIMIT, SyncStatus

CLOCK_PORT = 11511
"""Where clocks are asked for, unless said otherwise (rule E235)."""
RENDEZVOUS_PORT = 13331
"""Where machines find each other, unless said otherwise (rule E241)."""
PROBE_PERIOD_S = 5.0
PROBE_BURST = 4


class ClockRole(StrEnum):
    """Whose time this machine records with."""

    OWN = "own"
    """Its own, for nobody else."""
    FOLLOW = "follow"
    """That of another machine."""
    REFERENCE = "reference"
    """Its own, and others may follow it."""


class WhenLost(StrEnum):
    """What a recording does when the reference has been silent until the bound is beyond the limit."""

    CONTINUE = "continue"
    """Go on and note it in the recording."""
    WARN = "warn"
    """As that, and say so like a device that fails."""
    STOP = "stop"
    """End the recording properly."""


class Protection(StrEnum):
    """With which machines this one speaks of the time (sync.md 5.2)."""

    PLAIN = "plain"
    """With all, unprotected."""
    PREFER = "prefer"
    """Protected with machines that were paired with this one, unprotected with all others."""
    REQUIRE = "require"
    """Only with machines that were paired with this one."""


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """All that a user chooses; the defaults do nothing on the network."""

    role: ClockRole = ClockRole.OWN
    use_rendezvous: bool = True
    """Look for others, and be found, at `rendezvous_host`; else `host` is the one to follow."""
    rendezvous_host: str = ""
    """Empty: there is none, unless `runs_rendezvous`."""
    rendezvous_port: int = RENDEZVOUS_PORT
    runs_rendezvous: bool = False
    """Be the place where machines find each other, at `rendezvous_port` of `serve_address`."""
    machine: str = ""
    """The listed machine to follow: its `DiscoveredMachine.key`; empty: none chosen yet."""
    host: str = ""
    """The fixed address to follow, if not found through the Rendezvous."""
    port: int = CLOCK_PORT
    serve_address: str = ""
    """Of this machine, where others may ask for the time; empty: chosen (never all addresses)."""
    serve_port: int = CLOCK_PORT
    allow: tuple[str, ...] = ()
    """Networks (10.0.0.0/24) that may ask; empty: the one `serve_address` is in."""
    bound_limit_ns: Duration = BOUND_LIMIT
    """How exact the clock shall be at least."""
    gate: bool = True
    """Do not start a recording while it is less exact than that, unless told to."""
    when_lost: WhenLost = WhenLost.CONTINUE
    period_s: float = PROBE_PERIOD_S
    burst: int = PROBE_BURST
    protection: Protection = Protection.PLAIN


class MachineKind(StrEnum):
    """Which program exports a clock."""

    STUDIO = "studio"
    ORIGINAL = "original"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class DiscoveredMachine:
    """A machine that exports its clock: announced at the Rendezvous, or remembered."""

    machine: str
    """Its name; its address before that is known."""
    host: str
    port: int = CLOCK_PORT
    process: str = ""
    """The name of its process at the Rendezvous."""
    kind: MachineKind = MachineKind.UNKNOWN
    is_protected: bool = False
    """It can be asked through TLS, and is paired with this one."""
    is_self: bool = False
    """It is this machine."""
    is_followed: bool = False
    is_listed: bool = True
    """The Rendezvous knows it now; else it is only remembered."""
    is_remembered: bool = False
    """It was followed before, and may be forgotten."""
    round_trip: Duration | None = None
    """Median of the last preview, or of the last burst of the one that is followed."""
    offset: Duration | None = None
    """Of its clock to this machine's own."""
    bound: Duration | None = None
    seen: int | None = None
    """When it last answered, by the monotonic clock of this machine; None: it has not."""
    problem: str = ""
    """Why it could not be asked, in people's words."""

    @property
    def key(self) -> str:
        """What `ClockSettings.machine` and commands call it: its address."""
        return address_key(self.host, self.port)


def address_key(host: str, port: int) -> str:
    """An address as one text: `host:port`, with brackets around IPv6."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """An address of this machine at which it can serve others."""

    address: str
    interface: str
    """As the system calls it: `eth0`, `Wi-Fi`."""
    is_loopback: bool = False
    """Only programs of this machine reach it."""


@dataclass(frozen=True, slots=True)
class ClockMeasurement:
    """What "Measure now" has found."""

    monotonic: int
    """When it was complete."""
    round_trips: tuple[Duration, ...]
    """Of those that were answered, in order."""
    asked: int
    offset: Duration | None = None
    bound: Duration | None = None


class PairingStep(StrEnum):
    """How far two machines are that shall trust each other."""

    WAITING = "waiting"
    """For the other one."""
    COMPARING = "comparing"
    """Both users have to say whether they see the same code."""
    PAIRED = "paired"
    REFUSED = "refused"
    """One of the users said that the codes differ."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PairingView:
    """The attempt to pair that is under way, or was the last."""

    step: PairingStep
    is_caller: bool
    """This machine calls the other; else it waits for it."""
    host: str
    """Where it waits, or whom it calls."""
    port: int
    code: str = ""
    """To be compared."""
    machine: str = ""
    """What the other one calls itself."""
    address: str = ""
    is_answered: bool = False
    """The user here has compared; the other one's word is still awaited."""
    text: str = ""
    """Why it failed or was refused, in people's words."""


@dataclass(frozen=True, slots=True)
class PairedView:
    """A machine that this one trusts."""

    machine: str
    address: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ClockSyncStatus:
    """How it stands with the clock, for a panel."""

    settings: ClockSettings = field(default_factory=ClockSettings)
    sync: SyncStatus = field(default_factory=SyncStatus)
    machines: tuple[DiscoveredMachine, ...] = ()
    rendezvous: str = ""
    """How the connection to the Rendezvous stands, in people's words; empty: none is wanted."""
    is_rendezvous_connected: bool = False
    gate: str = ""
    """Why a recording should not start now, in people's words; empty: it may."""
    warning: str = ""
    """Something to know that ends nothing: a name two machines have, an address that is left open."""
    is_frozen: bool = False
    """A recording runs: neither role nor addresses can be changed."""
    is_measuring: bool = False
    """`MeasureNow` was asked for, and is not complete."""
    measurement: ClockMeasurement | None = None
    """The newest."""
    pairing: PairingView | None = None
    """None: none was begun, or it was ended."""
    paired: tuple[PairedView, ...] = ()
    """All machines that this one trusts."""
