"""What this machine's clock is at: its own, followed, or served to others. One is made for each choice.

Made, used and closed by the keeper; how it stands, and the clock of a run, may be asked for by any thread.
"""

from collections.abc import Callable
from typing import TypeAlias

from studio.app.clock_measuring import MEASURED, MeasurementWatch
from studio.app.clock_news import ClockNews
from studio.app.clock_protection import ClockProtection, tls_port_beside
from studio.app.clock_sync import ClockMeasurement, ClockRole, ClockSettings, address_key
from studio.app.machine_list import MachineList, split_address
from studio.app.own_networks import own_networks
from studio.app.run_clock import RunClock
from studio.app.wanted_work import ClockWork, NoWork, WantedWork
from studio.engine.threads import FailureHandler
from studio.net.clock_link import ClockLink
from studio.net.clock_messages import ClockProcessFailed, Serving, ServingFailed
from studio.net.endpoints import Endpoint, RemoteClockExporterEndpoint
from studio.net.synchroniser import Synchroniser
from studio.net.tcp_addresses import serving_address
from studio.net.tls_policy import ServingPlan, Way, protected_endpoint
from studio.timing import SystemClock, monotonic_ns
from studio.timing.corridor import KNOWN_PPM, RateBelief
from studio.timing.segments import Segment
from studio.timing.sync_status import ClockLog, ClockTerms, SyncState, SyncStatus

ServerNews: TypeAlias = Serving | ServingFailed | ClockProcessFailed
TOLD_SEGMENTS = 4
"""Of the clock of a run: what holds now, and what is planned."""


class FollowWork:
    """Another machine's clock is followed."""

    offers: tuple[Endpoint, ...] = ()
    warning = ""

    def __init__(
        self, wanted: WantedWork, way: Way, link: ClockLink, own: SystemClock, on_failure: FailureHandler
    ) -> None:
        """Begins at once. `way`: how it is asked."""
        self.wanted = wanted
        self._own = own
        self._measurement = MeasurementWatch(own)
        self._followed = Synchroniser(
            link,
            way.host,
            way.port,
            on_failure=on_failure,
            tls=way.tls,
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
        own_line = (Segment(begun, own.from_monotonic(begun), 0),) if clock is None else ()
        news = ClockNews(
            self._followed.log, begun=begun, sync=self._followed.status(), terms=terms, own_line=own_line
        )

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

    def __init__(
        self, wanted: WantedWork, plan: ServingPlan, fingerprint: str, link: ClockLink, own: SystemClock
    ) -> None:
        """Begins at once. `fingerprint`: by which paired machines know this one."""
        self.wanted = wanted
        self._link = link
        self._fingerprint = fingerprint
        self._plain: ServerNews | None = None
        self._protected: ServerNews | None = None
        self._is_plain = plan.is_plain
        self._host = wanted.host or serving_address()
        allowed = wanted.allow or own_networks(self._host)
        self._numbers: list[int] = []
        if plan.is_plain:
            number = link.serve(self._host, wanted.port, own, self._take_plain, allowed=allowed)
            self._numbers.append(number)
        if plan.tls is not None:
            port = tls_port_beside(wanted.port)
            take = self._take_protected
            self._numbers.append(link.serve(self._host, port, own, take, allowed=allowed, tls=plan.tls))

    @property
    def offers(self) -> tuple[Endpoint, ...]:
        """Where our clock is, as soon as it is there."""
        found: list[Endpoint] = []
        if isinstance(told := self._plain, Serving):
            found.append(RemoteClockExporterEndpoint(told.host, told.port))
        if isinstance(told := self._protected, Serving):
            found.append(protected_endpoint(told.host, told.port, self._fingerprint))
        return tuple(found)

    @property
    def warning(self) -> str:
        """Whoever reaches the address can ask, and be told something else by whoever is in between."""
        problem = self._protected.problem if isinstance(self._protected, ServingFailed) else ""
        if problem and self._is_plain:
            return f"Paired machines cannot ask through TLS: {problem}"
        if not isinstance(self._plain, Serving):
            return ""
        return f"Unprotected: asked and told in the clear at {self._host}."

    def sync(self) -> SyncStatus:
        """How it stands."""
        match self._plain if self._is_plain else self._protected:
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
        for number in self._numbers:
            self._link.stop_serving(number)

    def _take_plain(self, told: "ServerNews") -> None:
        """On the link's thread."""
        self._plain = told

    def _take_protected(self, told: "ServerNews") -> None:
        """On the link's thread."""
        self._protected = told


def begin_work(
    wanted: WantedWork,
    link: Callable[[], ClockLink],
    own: SystemClock,
    on_failure: FailureHandler,
    protection: ClockProtection,
) -> ClockWork:
    """Take the role that is wanted; `link` is only asked for if something is to be done on the network.

    Raises PairingError if what the user allows does not allow that.
    """
    if wanted.is_idle:
        return NoWork(wanted)
    if wanted.role is ClockRole.REFERENCE:
        plan = protection.plan(wanted.protection)
        return ServeWork(wanted, plan, protection.own_fingerprint, link(), own)
    way = protection.way_to(wanted.host, wanted.port, wanted.protection, wanted.offer)
    return FollowWork(wanted, way, link(), own, on_failure)


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
