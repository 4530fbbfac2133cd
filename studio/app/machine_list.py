"""The machines that export a clock: those the Rendezvous lists, and those that were followed before.

Keeps what is known of each, and says which may be asked how far it is: while somebody looks at the list, each
at most every 30 s or so, since an original exporter serves one client at a time. Asks nobody itself.
"""

import random
import threading
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from studio.app.clock_memory import RememberedMachine
from studio.app.clock_sync import DiscoveredMachine, MachineKind, address_key
from studio.net.endpoints import Process, RemoteClockExporterEndpoint
from studio.net.tls_policy import ProtectedOffer, protected_offer
from studio.timing import NS_PER_S, Duration
from studio.timing.sync_status import SyncStatus

PREVIEW_PERIOD: Duration = 30 * NS_PER_S
SPREAD = 0.2
"""All periods are random within that share, so that nobody meets another's rhythm."""
LOOKED_AT_FOR: Duration = 60 * NS_PER_S
STUDIO_STREAMS = "studio."
"""Streams whose names begin so are announced by our own program only."""
EVERYWHERE = frozenset({"", "localhost", "0.0.0.0", "::", "::1", "127.0.0.1", "*"})
"""What another machine may call itself, and means nothing here."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What asking a machine once has shown."""

    monotonic: int
    machine: str = ""
    round_trip: Duration | None = None
    offset: Duration | None = None
    is_self: bool = False
    problem: str = ""


class MachineList:
    """May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listed: dict[str, DiscoveredMachine] = {}
        self._offers: dict[str, ProtectedOffer] = {}
        self._remembered: dict[str, RememberedMachine] = {}
        self._previews: dict[str, Preview] = {}
        self._due: dict[str, int] = {}
        self._looked_at_until = 0

    def list_processes(
        self, processes: Iterable[Process], server_host: str, paired: Container[str] = ()
    ) -> None:
        """What the Rendezvous at `server_host` knows now; `paired`: fingerprints of paired machines."""
        found = [one for process in processes for one in _clocks_of(process, server_host, paired)]
        with self._lock:
            self._listed = {machine.key: machine for machine, _ in found}
            self._offers = {machine.key: offer for machine, offer in found if offer is not None}

    def offer(self, key: str) -> ProtectedOffer | None:
        """Where the machine at that address says that it can be asked through TLS, if it does."""
        with self._lock:
            return self._offers.get(key)

    def remember(self, machines: Iterable[RememberedMachine]) -> None:
        """Those that were followed."""
        with self._lock:
            self._remembered = {machine.key: machine for machine in machines}

    def look(self, now: int) -> None:
        """Somebody looks at the list, and will for the next minute."""
        with self._lock:
            self._looked_at_until = now + LOOKED_AT_FOR

    def is_looked_at(self, now: int) -> bool:
        """Whether somebody does."""
        with self._lock:
            return now < self._looked_at_until

    def due(self, now: int, *, followed: str = "") -> tuple[DiscoveredMachine, ...]:
        """Those to be asked now; the one that is followed is asked anyway, and not here."""
        with self._lock:
            if now >= self._looked_at_until:
                return ()
            known = self._known()
            found = [m for key, m in known.items() if key != followed and self._due.get(key, 0) <= now]
            for machine in found:
                self._due[machine.key] = now + _about(PREVIEW_PERIOD)
            return tuple(found)

    def take(self, key: str, preview: Preview) -> None:
        """Asking a machine has shown this."""
        with self._lock:
            self._previews[key] = preview

    def machines(self, followed: str = "", sync: SyncStatus | None = None) -> tuple[DiscoveredMachine, ...]:
        """All, by name; `sync` says what is known of the one that is followed."""
        with self._lock:
            shown = [self._with_preview(machine) for machine in self._known().values()]
        if sync is not None:
            shown = [_with_sync(m, sync) if m.key == followed else m for m in shown]
        return tuple(sorted(shown, key=lambda machine: (machine.machine.casefold(), machine.key)))

    def find(self, chosen: str) -> DiscoveredMachine | None:
        """The one of that address, machine name or process name; None if there is none, or more than one."""
        known = self.machines()
        for named in (
            [m for m in known if m.key == chosen],
            [m for m in known if m.machine == chosen],
            [m for m in known if m.process == chosen],
        ):
            if len(named) == 1:
                return named[0]
        return None

    def _known(self) -> dict[str, DiscoveredMachine]:
        known = {
            key: DiscoveredMachine(
                machine.machine or machine.host, machine.host, machine.port, is_listed=False
            )
            for key, machine in self._remembered.items()
        }
        known |= self._listed
        return {key: replace(m, is_remembered=key in self._remembered) for key, m in known.items()}

    def _with_preview(self, machine: DiscoveredMachine) -> DiscoveredMachine:
        remembered, preview = self._remembered.get(machine.key), self._previews.get(machine.key)
        if remembered is not None and remembered.machine:
            machine = replace(machine, machine=remembered.machine)
        if preview is None:
            return machine
        if preview.problem:
            return replace(machine, problem=preview.problem)
        bound = None if preview.round_trip is None else (preview.round_trip + 1) // 2
        return replace(
            machine,
            machine=preview.machine or machine.machine,
            is_self=preview.is_self,
            round_trip=preview.round_trip,
            offset=preview.offset,
            bound=bound,
            seen=preview.monotonic,
        )


def _with_sync(machine: DiscoveredMachine, sync: SyncStatus) -> DiscoveredMachine:
    name = sync.reference.machine if sync.reference is not None else ""
    return replace(
        machine,
        machine=name or machine.machine,
        is_followed=True,
        round_trip=sync.round_trip,
        offset=sync.offset,
        bound=sync.bound,
        seen=sync.last_reply,
        problem="",
    )


def _clocks_of(
    process: Process, server_host: str, paired: Container[str]
) -> list[tuple[DiscoveredMachine, ProtectedOffer | None]]:
    is_studio = any(
        stream.name.startswith(STUDIO_STREAMS)
        for endpoint in process.endpoints
        for stream in endpoint.streams
    )
    kind = MachineKind.STUDIO if is_studio else MachineKind.ORIGINAL
    offer = protected_offer(process)
    clocks = [one for one in process.endpoints if isinstance(one, RemoteClockExporterEndpoint)]
    places = [(clock.host, clock.port) for clock in clocks]
    if offer is not None and not places:  # it can be asked through TLS only
        places = [(offer.host, offer.port)]
    found = []
    for told, port in places:
        host = server_host if told.casefold() in EVERYWHERE else told
        is_protected = offer is not None and offer.fingerprint in paired
        machine = DiscoveredMachine(
            host, host, port, process=process.name, kind=kind, is_protected=is_protected
        )
        found.append((machine, offer))
    return found


def split_address(text: str) -> tuple[str, int] | None:
    """Host and port of what `DiscoveredMachine.key` gives; None for anything else."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) <= 65535:
        return None
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    return (host, int(port)) if host and address_key(host, int(port)) == text.strip() else None


def _about(duration: Duration) -> Duration:
    return round(duration * random.uniform(1 - SPREAD, 1 + SPREAD))
