"""How it stands with the clock, as one line of text for people."""

from studio.app.clock_gate import milliseconds
from studio.app.clock_sync import ClockSyncStatus
from studio.timing import NS_PER_S
from studio.timing.sync_status import SyncState, SyncStatus

_WORDS = {
    SyncState.OWN: "This machine's own clock",
    SyncState.REFERENCE: "Reference",
    SyncState.DISCOVERING: "Looking for a clock",
    SyncState.CONNECTING: "Connecting",
    SyncState.SYNCING: "Measuring",
    SyncState.SYNCHRONISED: "Synchronised",
    SyncState.DEGRADED: "Degraded",
    SyncState.HOLDOVER: "Holdover",
    SyncState.LOST: "Lost",
    SyncState.SELF: "That is this machine: nothing to do",
    SyncState.ERROR: "Error",
}


def sync_text(status: ClockSyncStatus) -> str:
    """One line: state, whom, offset, bound, rate, replies."""
    sync = status.sync
    parts = [_WORDS[sync.state], *_parts(sync)]
    if sync.state is SyncState.REFERENCE and status.rendezvous:
        parts.append(status.rendezvous)
    if sync.text and sync.state is not SyncState.SELF:
        parts.append(sync.text.rstrip("."))
    return "  ".join(parts)


def offset_text(offset: int) -> str:
    """`+3.500 123 s`: what has to be added, to the microsecond."""
    sign = "-" if offset < 0 else "+"
    seconds, rest = divmod(abs(offset), NS_PER_S)
    micros = rest // 1000
    return f"{sign}{seconds}.{micros // 1000:03d} {micros % 1000:03d} s"


def _parts(sync: SyncStatus) -> list[str]:
    parts = []
    if sync.state is SyncState.REFERENCE:
        people = "1 machine" if sync.clients == 1 else f"{sync.clients} machines"
        parts.append(f"for {people} at {sync.serving}" if sync.serving else "not serving yet")
    if sync.reference is not None:
        parts.append(sync.reference.machine or sync.reference.host)
    if sync.offset is not None:
        parts.append(f"offset {offset_text(sync.offset)}")
    if sync.bound is not None:
        parts.append(f"\u00b1 {milliseconds(sync.bound)} guaranteed")
    if sync.rate_ppm is not None:
        parts.append(f"rate {sync.rate_ppm:+.2f} ppm")
    if sync.round_trip is not None:
        parts.append(f"round trip {milliseconds(sync.round_trip)}")
    if sync.probes:
        parts.append(f"{sync.answered} of {sync.probes} replies")
    return parts
