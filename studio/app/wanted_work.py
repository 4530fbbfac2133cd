"""What this machine's clock shall be at, what can be asked of that work, and the work of doing nothing.

Values and looks only; who follows or serves is in `clock_work`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from studio.app.clock_sync import (
    PROBE_BURST,
    PROBE_PERIOD_S,
    ClockMeasurement,
    ClockRole,
    Protection,
    address_key,
)
from studio.app.run_clock import RunClock
from studio.net.endpoints import Endpoint
from studio.net.tls_policy import ProtectedOffer
from studio.timing import Duration, SystemClock
from studio.timing.sync_status import BOUND_LIMIT, ClockTerms, SyncState, SyncStatus

NOBODY_CHOSEN = "No machine is chosen yet to be followed"
BEING_CHANGED = "What was chosen is being acted upon"
PENDING = {
    ClockRole.OWN: SyncStatus(),
    ClockRole.FOLLOW: SyncStatus(SyncState.CONNECTING, BEING_CHANGED),
    ClockRole.REFERENCE: SyncStatus(SyncState.REFERENCE, BEING_CHANGED),
}
"""How it stands until what was chosen is begun."""


@dataclass(frozen=True, slots=True)
class WantedWork:
    """What follows from the settings and from what is known of other machines."""

    role: ClockRole = ClockRole.OWN
    host: str = ""
    """To follow, or to serve at; empty: not known yet, or to be chosen."""
    port: int = 0
    allow: tuple[str, ...] = ()
    bound_limit: Duration = field(default=BOUND_LIMIT, compare=False)
    period_s: float = PROBE_PERIOD_S
    burst: int = PROBE_BURST
    protection: Protection = Protection.PLAIN
    offer: ProtectedOffer | None = None
    """Where the one to follow says that it can be asked through TLS."""
    paired_stamp: int = 0
    """Another one when a machine was paired or forgotten, where that matters."""
    looked_for: str = ""
    """The machine to follow that is not listed yet."""
    far_machine: str = ""
    """The name of the one to follow, if it is followed although its clock is more than a day off."""
    rate_ppm: float | None = field(default=None, compare=False)
    """What is remembered of its rate."""

    @property
    def is_idle(self) -> bool:
        """Nothing is to be done on the network for it."""
        return self.role is ClockRole.OWN or (self.role is ClockRole.FOLLOW and not self.host)


class ClockWork(Protocol):
    """A role that was taken."""

    wanted: WantedWork

    @property
    def followed_key(self) -> str:
        """The address that is followed; empty: none."""
        ...

    @property
    def offers(self) -> tuple[Endpoint, ...]:
        """What others may be told: where our clock is, if it is served."""
        ...

    @property
    def warning(self) -> str:
        """Something to know that ends nothing."""
        ...

    @property
    def is_measuring(self) -> bool:
        """Whether what `measure` began is not complete."""
        ...

    @property
    def measurement(self) -> ClockMeasurement | None:
        """What it found last."""
        ...

    @property
    def rate_ppm(self) -> float | None:
        """What may be remembered of the reference's rate."""
        ...

    def sync(self) -> SyncStatus:
        """How it stands."""
        ...

    def limit_bound(self, bound_limit: Duration) -> None:
        """The user allows another bound."""
        ...

    def measure(self) -> bool:
        """Begin to ask the reference more often for once; False: there is none."""
        ...

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The clock of a run that begins now; `on_release` is called when it has ended."""
        ...

    def close(self) -> None:
        """Give the role up. A run keeps the clock it has."""
        ...


class NoWork:
    """Nothing is done on the network: the own clock counts, or nobody is known yet to be followed."""

    followed_key = ""
    offers: tuple[Endpoint, ...] = ()
    warning = ""
    is_measuring = False
    measurement = None
    rate_ppm = None

    def __init__(self, wanted: WantedWork | None = None) -> None:
        self.wanted = wanted if wanted is not None else WantedWork()

    def sync(self) -> SyncStatus:
        """How it stands."""
        wanted = self.wanted
        if wanted.role is ClockRole.OWN:
            return SyncStatus()
        if wanted.role is ClockRole.REFERENCE:
            return SyncStatus(SyncState.REFERENCE, "Beginning to serve")
        if wanted.host:
            place = address_key(wanted.host, wanted.port)
            return SyncStatus(SyncState.CONNECTING, f"Connecting to {place} \u2026")
        text = f"Looking for {wanted.looked_for} \u2026" if wanted.looked_for else NOBODY_CHOSEN
        return SyncStatus(SyncState.DISCOVERING, text)

    def limit_bound(self, bound_limit: Duration) -> None:
        """There is no bound."""

    def measure(self) -> bool:
        """Nobody is there to be asked."""
        return False

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The own clock."""
        return RunClock(own, on_release=on_release)

    def close(self) -> None:
        """Nothing to give up."""


class RefusedWork:
    """What was chosen cannot be: nothing is done on the network, and the own clock counts."""

    followed_key = ""
    offers: tuple[Endpoint, ...] = ()
    warning = ""
    is_measuring = False
    measurement = None
    rate_ppm = None

    def __init__(self, wanted: WantedWork, problem: str) -> None:
        """`problem`: why, in people's words."""
        self.wanted = wanted
        self._problem = problem

    def sync(self) -> SyncStatus:
        """Why it cannot be."""
        return SyncStatus(SyncState.ERROR, self._problem)

    def limit_bound(self, bound_limit: Duration) -> None:
        """There is no bound."""

    def measure(self) -> bool:
        """Nobody may be asked."""
        return False

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The own clock."""
        return RunClock(own, on_release=on_release)

    def close(self) -> None:
        """Nothing to give up."""
