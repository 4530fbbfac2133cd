"""What this machine's clock is at: its own, followed, or served to others. One is made for each choice.

Made, used and closed by the keeper; how it stands, and the clock of a run, may be asked for by any thread.
"""

from collections.abc import Callable
from functools import partial

from studio.app.clock_measuring import MeasurementWatch
from studio.app.clock_news import ClockNews
from studio.app.clock_protection import ClockProtection, tls_port_beside
from studio.app.clock_sync import ClockMeasurement, ClockRole, ClockSettings, address_key
from studio.app.machine_list import MachineList, split_address
from studio.app.own_networks import own_networks
from studio.app.run_clock import RunClock
from studio.app.wanted_work import ClockWork, NoWork, WantedWork
from studio.errors import StudioError
from studio.net.clock_lease import ExportLease
from studio.net.clock_roles import ClockRoles
from studio.net.endpoints import Endpoint, RemoteClockExporterEndpoint
from studio.net.tcp_addresses import serving_address
from studio.net.tls_files import TlsFiles
from studio.net.tls_policy import ServingPlan, Way, protected_endpoint
from studio.timing import Duration, SystemClock, monotonic_ns
from studio.timing.corridor import KNOWN_PPM, RateBelief
from studio.timing.segments import Segment
from studio.timing.steered_clock import SteeredClock
from studio.timing.sync_status import ClockLog, ClockTerms, SyncState, SyncStatus

LISTENING_S = 10.0
TOLD_SEGMENTS = 4
"""Of the clock of a run: what holds now, and what is planned."""


class FollowWork:
    """Another machine's clock is followed."""

    offers: tuple[Endpoint, ...] = ()
    warning = ""

    def __init__(self, wanted: WantedWork, way: Way, own: SystemClock, roles: ClockRoles) -> None:
        """Begins at once. `way`: how it is asked. Raises ClockRoleError if the program has another role."""
        self.wanted = wanted
        self._lease = roles.follow(
            way.host,
            way.port,
            tls=way.tls,
            own=own,
            bound_limit=wanted.bound_limit,
            burst=wanted.burst,
            period_s=wanted.period_s,
            far_machine=wanted.far_machine or None,
            belief=None if wanted.rate_ppm is None else RateBelief(wanted.rate_ppm, KNOWN_PPM),
        )
        self._measurement = MeasurementWatch(self._lease)

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
        return self._measurement.look()

    @property
    def rate_ppm(self) -> float | None:
        """How much faster the reference runs, if that is known well enough to be remembered."""
        belief = self._lease.belief
        return None if belief is None or belief.spread_ppm > KNOWN_PPM else belief.ppm

    def sync(self) -> SyncStatus:
        """How it stands."""
        return self._lease.status()

    def limit_bound(self, bound_limit: Duration) -> None:
        """The user allows another bound."""
        self._lease.limit_bound(bound_limit)

    def measure(self) -> bool:
        """Begin to ask the reference more often for once."""
        if self.sync().state in (SyncState.ERROR, SyncState.SELF):
            return False
        self._measurement.begin()
        return True

    def clock_for_run(self, own: SystemClock, on_release: Callable[[], None], terms: ClockTerms) -> RunClock:
        """The followed clock; the own one as long as no offset is known, and if it is this machine."""
        begun = monotonic_ns()
        clock = self._lease.clock_for_run(own)
        is_followed = isinstance(clock, SteeredClock)
        own_line = () if is_followed else (Segment(begun, own.from_monotonic(begun), 0),)
        news = ClockNews(self._lease.log, begun=begun, sync=self.sync(), terms=terms, own_line=own_line)

        def release() -> None:
            if clock is not None:
                self._lease.release_clock(clock)
            on_release()

        line: Callable[[], tuple[Segment, ...]] = tuple
        if isinstance(clock, SteeredClock):
            line = partial(_newest_segments, clock)
        return RunClock(
            own if clock is None else clock,
            is_followed=is_followed,
            line=line,
            log=lambda: news.take(monotonic_ns()),
            on_release=release,
        )

    def close(self) -> None:
        """Follow no more. A run keeps the clock it has, at its last rate."""
        self._lease.release()


class ServeWork:
    """Others may follow our clock."""

    followed_key = ""
    is_measuring = False
    measurement = None
    rate_ppm = None

    def __init__(
        self, wanted: WantedWork, plan: ServingPlan, fingerprint: str, own: SystemClock, roles: ClockRoles
    ) -> None:
        """Begins, and returns when it stands. `fingerprint`: by which paired machines know this one.

        Raises ClockRoleError, NetworkError, RoleError. Where it is served in the clear as well, a protected
        port that cannot be had is only a warning.
        """
        self.wanted = wanted
        self._fingerprint = fingerprint
        self._own, self._roles = own, roles
        self._host = wanted.host or serving_address()
        self._allowed = wanted.allow or own_networks(self._host)
        self._problem = ""
        self._plain = self._exported(wanted.port, None) if plan.is_plain else None
        self._protected: ExportLease | None = None
        if plan.tls is None:
            return
        try:
            self._protected = self._exported(tls_port_beside(wanted.port), plan.tls)
        except StudioError as error:
            if self._plain is None:
                raise
            self._problem = f"Paired machines cannot ask through TLS: {error}"

    def _exported(self, port: int, tls: TlsFiles | None) -> ExportLease:
        return self._roles.export(
            self._host, port, clock=self._own, allowed=self._allowed, tls=tls, timeout_s=LISTENING_S
        )

    @property
    def offers(self) -> tuple[Endpoint, ...]:
        """Where our clock is."""
        found: list[Endpoint] = []
        if self._plain is not None:
            found.append(RemoteClockExporterEndpoint(self._plain.host, self._plain.port))
        if self._protected is not None:
            place = (self._protected.host, self._protected.port)
            found.append(protected_endpoint(*place, self._fingerprint))
        return tuple(found)

    @property
    def warning(self) -> str:
        """Whoever reaches the address can ask, and be told something else by whoever is in between."""
        if self._problem:
            return self._problem
        return "" if self._plain is None else f"Unprotected: asked and told in the clear at {self._host}."

    def sync(self) -> SyncStatus:
        """How it stands."""
        lease = self._plain or self._protected
        return SyncStatus(SyncState.REFERENCE) if lease is None else lease.status()

    def limit_bound(self, bound_limit: Duration) -> None:
        """There is no bound to the own clock."""

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
        for lease in (self._plain, self._protected):
            if lease is not None:
                lease.release()


def begin_work(
    wanted: WantedWork, own: SystemClock, protection: ClockProtection, roles: ClockRoles
) -> ClockWork:
    """Take the role that is wanted.

    Raises PairingError if what the user allows does not allow that, ClockRoleError if this program has
    promised something else, NetworkError and RoleError if nobody can be listened for.
    """
    if wanted.is_idle:
        return NoWork(wanted)
    if wanted.role is ClockRole.REFERENCE:
        return ServeWork(wanted, protection.plan(wanted.protection), protection.own_fingerprint, own, roles)
    way = protection.way_to(wanted.host, wanted.port, wanted.protection, wanted.offer)
    return FollowWork(wanted, way, own, roles)


def _newest_segments(clock: SteeredClock) -> tuple[Segment, ...]:
    return clock.line.segments[-TOLD_SEGMENTS:]


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
                offer=machines.offer(address_key(host, port)) if host else None,
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
