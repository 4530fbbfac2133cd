"""What this machine's clock is at: its own, followed, or served to others. One is made for each choice.

Made, used and closed by the keeper; how it stands, and the clock of a run, may be asked for by any thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from studio.app.clock_measuring import MEASURED, MeasurementWatch
from studio.app.clock_news import ClockNews
from studio.app.clock_sync import (
    PROBE_BURST,
    PROBE_PERIOD_S,
    ClockMeasurement,
    ClockRole,
    ClockSettings,
    Protection,
    address_key,
)
from studio.app.machine_list import MachineList, split_address
from studio.app.own_networks import own_networks
from studio.app.run_clock import RunClock
from studio.engine.threads import FailureHandler
from studio.net.clock_link import ClockLink
from studio.net.clock_messages import ClockProcessFailed, Serving, ServingFailed
from studio.net.endpoints import RemoteClockExporterEndpoint
from studio.net.synchroniser import Synchroniser
from studio.net.tcp_addresses import serving_address
from studio.timing import Duration, SystemClock, monotonic_ns
from studio.timing.corridor import KNOWN_PPM, RateBelief
from studio.timing.segments import Segment
from studio.timing.sync_status import BOUND_LIMIT, ClockLog, ClockTerms, SyncState, SyncStatus

TOLD_SEGMENTS = 4
"""Of the clock of a run: what holds now, and what is planned."""
NOBODY_CHOSEN = "No machine is chosen yet to be followed"


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
    looked_for: str = ""
    """The machine to follow that is not listed yet."""
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
    def offer(self) -> RemoteClockExporterEndpoint | None:
        """What others may be told: our clock, if it is served."""
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
    offer = None
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

    def measure(self) -> bool:
        """Nobody is there to be asked."""
        return False

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The own clock."""
        return RunClock(own, on_release=on_release)

    def close(self) -> None:
        """Nothing to give up."""


class FollowWork:
    """Another machine's clock is followed."""

    offer = None
    warning = ""

    def __init__(
        self, wanted: WantedWork, link: ClockLink, own: SystemClock, on_failure: FailureHandler
    ) -> None:
        """Begins at once."""
        self.wanted = wanted
        self._own = own
        self._measurement = MeasurementWatch(own)
        self._followed = Synchroniser(
            link,
            wanted.host,
            wanted.port,
            on_failure=on_failure,
            own=own,
            bound_limit=wanted.bound_limit,
            burst=wanted.burst,
            period_s=wanted.period_s,
            belief=None if wanted.rate_ppm is None else RateBelief(wanted.rate_ppm, KNOWN_PPM),
        )
        self._followed.start()

    @property
    def followed_key(self) -> str:
        """The address that is followed."""
        return address_key(self.wanted.host, self.wanted.port)

    @property
    def is_measuring(self) -> bool:
        """Whether what `measure` began is not complete."""
        return self._measurement.is_measuring

    @property
    def measurement(self) -> ClockMeasurement | None:
        """What it found last."""
        return self._measurement.look(self._followed)

    @property
    def rate_ppm(self) -> float | None:
        """How much faster the reference runs, if that is known well enough to be remembered."""
        belief = self._followed.belief
        return belief.ppm if belief.spread_ppm <= KNOWN_PPM else None

    def sync(self) -> SyncStatus:
        """How it stands."""
        return self._followed.status()

    def measure(self) -> bool:
        """Begin to ask the reference more often for once."""
        status = self._followed.status()
        if status.state in (SyncState.ERROR, SyncState.SELF):
            return False
        self._measurement.begin()
        self._followed.measure_now(MEASURED)
        return True

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The followed clock; the own one as long as no offset is known."""
        begun = monotonic_ns()
        clock = self._followed.clock_for_run()
        news = ClockNews(self._followed.log, begun=begun, sync=self._followed.status(), terms=terms)

        def release() -> None:
            if clock is not None:
                self._followed.release(clock)
            on_release()

        return RunClock(
            own if clock is None else clock,
            is_followed=clock is not None,
            line=tuple if clock is None else lambda: clock.line.segments[-TOLD_SEGMENTS:],
            log=lambda: news.take(monotonic_ns()),
            on_release=release,
        )

    def close(self) -> None:
        """Follow no more. A run keeps the clock it has, at its last rate."""
        self._followed.close()


class ServeWork:
    """Others may follow our clock."""

    followed_key = ""
    is_measuring = False
    measurement = None
    rate_ppm = None

    def __init__(self, wanted: WantedWork, link: ClockLink, own: SystemClock) -> None:
        """Begins at once."""
        self.wanted = wanted
        self._link = link
        self._told: Serving | ServingFailed | ClockProcessFailed | None = None
        self._host = wanted.host or serving_address()
        allowed = wanted.allow or own_networks(self._host)
        self._number = link.serve(self._host, wanted.port, own, self._take, allowed=allowed)

    @property
    def offer(self) -> RemoteClockExporterEndpoint | None:
        """Where our clock is, as soon as it is there."""
        told = self._told
        return RemoteClockExporterEndpoint(told.host, told.port) if isinstance(told, Serving) else None

    @property
    def warning(self) -> str:
        """Whoever reaches the address can ask, and be told something else by whoever is in between."""
        return "" if self.offer is None else f"Unprotected: asked and told in the clear at {self._host}."

    def sync(self) -> SyncStatus:
        """How it stands."""
        match self._told:
            case Serving(host=host, port=port, clients=clients):
                return SyncStatus(SyncState.REFERENCE, serving=address_key(host, port), clients=clients)
            case ServingFailed(problem=problem):
                return SyncStatus(SyncState.ERROR, problem)
            case ClockProcessFailed(problem=problem):
                return SyncStatus(SyncState.REFERENCE, problem)
            case _:
                return SyncStatus(SyncState.REFERENCE, "Beginning to serve")

    def measure(self) -> bool:
        """There is nobody to be asked."""
        return False

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The own clock, which is what others follow."""
        begun = monotonic_ns()
        line = (Segment(begun, own.from_monotonic(begun), 0),)

        def log(since: int) -> ClockLog:
            return ClockLog(segments=line)

        news = ClockNews(log, begun=begun, sync=self.sync(), terms=terms)
        return RunClock(own, log=lambda: news.take(monotonic_ns()), on_release=on_release)

    def close(self) -> None:
        """Serve no more."""
        self._link.stop_serving(self._number)

    def _take(self, told: Serving | ServingFailed | ClockProcessFailed) -> None:
        """On the link's thread."""
        self._told = told


def begin_work(
    wanted: WantedWork, link: Callable[[], ClockLink], own: SystemClock, on_failure: FailureHandler
) -> ClockWork:
    """Take the role that is wanted; `link` is only asked for if something is to be done on the network."""
    if wanted.is_idle:
        return NoWork(wanted)
    if wanted.role is ClockRole.REFERENCE:
        return ServeWork(wanted, link(), own)
    return FollowWork(wanted, link(), own, on_failure)


def work_wanted(settings: ClockSettings, machines: MachineList) -> WantedWork:
    """What is to be done, as far as it is known."""
    match settings.role:
        case ClockRole.REFERENCE:
            return WantedWork(
                settings.role,
                settings.serve_address.strip(),
                settings.serve_port,
                settings.allow,
                protection=settings.protection,
            )
        case ClockRole.FOLLOW:
            host, port = _target(settings, machines)
            return WantedWork(
                settings.role,
                host,
                port,
                bound_limit=settings.bound_limit_ns,
                period_s=settings.period_s,
                burst=settings.burst,
                protection=settings.protection,
                looked_for="" if host else settings.machine,
            )
        case _:
            return WantedWork()


def _target(settings: ClockSettings, machines: MachineList) -> tuple[str, int]:
    """Whom to follow; an empty host: not known."""
    if not settings.use_rendezvous:
        return settings.host.strip(), settings.port
    found = machines.find(settings.machine) if settings.machine else None
    if found is not None:
        return found.host, found.port
    return split_address(settings.machine) or ("", 0)
