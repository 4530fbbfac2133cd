"""How it stands with the time of a machine that follows another, or is followed: values only.

The clock role measures, the registry of roles decides, recordings keep it, panels show it: all speak of it in
these words. Nothing here asks a clock.
"""

from dataclasses import dataclass, field
from enum import Enum, IntEnum

from studio.timing.clock import NS_PER_MS, Duration, Timestamp
from studio.timing.segments import Segment


class SyncState(Enum):
    """Where a machine's clock stands to the one it should follow."""

    OWN = "own"
    """It follows nobody and is no reference: its own clock."""
    REFERENCE = "reference"
    """Others may follow it."""
    DISCOVERING = "discovering"
    """It shall follow, and looks for whom."""
    CONNECTING = "connecting"
    """The address is known; no reply yet."""
    SYNCING = "syncing"
    """First replies; too few to say more."""
    SYNCHRONISED = "synchronised"
    """The bound is within the limit, and the last good burst is fresh."""
    DEGRADED = "degraded"
    """It follows, but less well than wanted, or something is being verified; `SyncStatus.text` says what."""
    HOLDOVER = "holdover"
    """The reference is silent; the clock runs on at the last known rate."""
    LOST = "lost"
    """Silent for so long that the bound is beyond the limit."""
    SELF = "self"
    """The reference is this machine: nothing to do, the offset is zero."""
    ERROR = "error"
    """It cannot be; `SyncStatus.text` says why."""


FOLLOWING = frozenset({SyncState.SYNCHRONISED, SyncState.DEGRADED, SyncState.HOLDOVER, SyncState.LOST})
"""States in which the clock is that of the reference, as well as it is known."""

BOUND_LIMIT: Duration = 5 * NS_PER_MS
"""What a bound may be without a word, unless the user says otherwise."""


class ProbeOutcome(IntEnum):
    """What became of a probe; how it is called in recordings."""

    ANSWERED = 0
    REFUSED = 1
    """Reset or refused: the exporter is busy with somebody else, or not there."""
    SILENT = 2
    """No complete reply within its time."""
    UNREADABLE = 3
    """The reply broke the rules of the protocol."""


@dataclass(frozen=True, slots=True)
class ProbeRecord:
    """One exchange with the reference, as it was measured; what recordings keep of it."""

    sent: int
    """By the monotonic clock of this machine, just before the request was sent."""
    received: int
    """By the same clock, at the first byte of the reply, or when the probe was given up."""
    stamp: Timestamp
    """The reference's time; 0 without an answer."""
    outcome: ProbeOutcome = ProbeOutcome.ANSWERED
    reference: int = 0
    """Which one was asked: the number of its `Reference` in the order in which they were followed."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The machine that is followed."""

    host: str
    port: int
    machine: str = ""
    """Its name as it gives it; empty before its first reply."""
    is_studio: bool = False
    """It is known to be one of ours."""
    is_protected: bool = False
    """It is asked through TLS."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """From this moment on it stood so."""

    monotonic: int
    state: SyncState
    text: str = ""
    """In people's words: why, or what happened (a step, a name clash, a sleep of this machine)."""
    held_step: Duration = 0
    """At this moment it became certain that the reference had been set by that much, and the clock of the run
    did not go along; 0: no such thing. Told once for each step."""
    uncertain_since: int = 0
    """Not 0: what was stamped from then until this moment may be off by more than the bound of that time,
    since the reference was found to have been set or steered somewhere in between (decision 31)."""


@dataclass(frozen=True, slots=True)
class ClockTerms:
    """By what rules a clock follows, serves or stands alone; recordings keep them for whoever asks later."""

    limit: Duration = BOUND_LIMIT
    """What the user allows the bound to be."""
    own_offset: Duration = 0
    """What this machine's own clock adds to its monotonic one: offsets are told against it."""
    when_lost: str = ""
    """What was to happen without the reference: "continue", "warn" or "stop"."""
    algorithm: str = ""
    algorithm_version: int = 0
    parameters: tuple[tuple[str, float], ...] = ()
    """Of the algorithm, by name; units are in the names."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How it stands now. Times are in ns; offsets are what has to be added to this machine's own clock."""

    state: SyncState = SyncState.OWN
    text: str = ""
    """The reason in people's words, where the state alone does not say it."""
    reference: Reference | None = None
    offset: Duration | None = None
    """Of the reference to this machine's own clock."""
    bound: Duration | None = None
    """Guaranteed: the clock of our pipelines is no farther from that of the reference."""
    repeatability: Duration | None = None
    """How much the measurements scatter; says nothing of a path that is longer one way than the other."""
    rate_ppm: float | None = None
    """How much faster the reference's clock runs than ours."""
    correction_ppm: float = 0.0
    """How much faster than the reference our clock runs just now, to use up what is left of an error."""
    round_trip: Duration | None = None
    """The median of the newest burst."""
    last_reply: int | None = None
    """When, by the monotonic clock."""
    probes: int = 0
    answered: int = 0
    held_step: Duration = 0
    """The reference was set by that much while we were recording; the recording keeps its time line."""
    tick: Duration = 0
    """The reference's clock only counts in steps of that (a coarse clock); 0: fine enough."""
    clients: int = 0
    """As a reference: how many addresses have asked for the time within the last minute."""
    serving: str = ""
    """As a reference: `address:port` where others reach it."""
    far: Duration = 0
    """Not 0: the reference's clock is ahead of this machine's by so much, more than a day, and is not
    followed unless somebody confirms that it shall be."""
    line: tuple[Segment, ...] = field(default=())
    """The newest segments of the clock that a pipeline started now would run on; empty: the own clock."""
    as_of: int = 0
    """By the monotonic clock, the moment for which offset and bound were told; 0: for none in particular."""


@dataclass(frozen=True, slots=True)
class ClockLog:
    """What was measured, decided and seen; what a recording made meanwhile keeps. A part, or the whole."""

    probes: tuple[ProbeRecord, ...] = ()
    segments: tuple[Segment, ...] = ()
    """Of the clock that the recording runs on."""
    changes: tuple[StateChange, ...] = ()
    references: tuple[Reference, ...] = ()
    """All that were followed, in order; in a part, too, or none if none is new or better known."""
    bounds: tuple[tuple[int, Duration], ...] = ()
    """(monotonic, guaranteed bound), one a second, and one when a run begins or the log is asked for."""
    terms: ClockTerms | None = None
    """By what rules; in a part None if they are as before."""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return self == ClockLog()
