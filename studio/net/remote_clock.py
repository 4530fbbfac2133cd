"""Clocks that agree, as users of the engine write it: an exporter here, an importer there (rules E236-E243).

    exporter = RemoteClockExporter(port=11511, host="10.0.0.2")

    importer = RemoteClockImporter(pipeline, "10.0.0.2")
    importer.connected.wait(timeout_s=10)
    pipeline.run()

The importer keeps measuring for its whole life; a run that starts has its clock to the end.
"""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from studio.errors import StudioError
from studio.net.clock_lease import ExportLease, FollowLease
from studio.net.clock_protocol import DEFAULT_PORT
from studio.net.clock_roles import clock_roles
from studio.net.clock_serving import machine_name
from studio.net.endpoints import RemoteClockExporterEndpoint
from studio.net.tcp_addresses import serving_address
from studio.timing import Clock, Duration, SystemClock
from studio.timing.sync_status import BOUND_LIMIT, ClockLog, SyncState, SyncStatus

if TYPE_CHECKING:
    from studio.engine.pipeline import Pipeline


class RemoteClockExporter:
    """Tells the clock of this program to importers, from a process of its own, until closed.

    It is the clock that is given (`pipeline.clock`), or one that reads UTC now and never steps.
    """

    def __init__(
        self,
        port: int = DEFAULT_PORT,
        host: str = "",
        *,
        clock: SystemClock | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        """Returns when it is listened; `port` 0 takes any that is free. No `host`: one address is chosen,
        of a private network if there is one, never all of them. `allowed`: networks (10.0.0.0/24) that may
        ask; empty: all who reach the address. It is neither encrypted nor authenticated (decision 32).

        Raises ClockRoleError while this process follows another machine's clock, NetworkError if nobody can
        be listened for there, RoleError.
        """
        self._lease: ExportLease = clock_roles().export(
            host or serving_address(), port, clock=clock, allowed=allowed
        )
        self._is_closed = False

    @property
    def host(self) -> str:
        """The address that is listened at."""
        return self._lease.host

    @property
    def port(self) -> int:
        """The port that is listened at."""
        return self._lease.port

    @property
    def machine(self) -> str:
        """What importers are told this machine is called."""
        return machine_name()

    @property
    def clock(self) -> SystemClock:
        """What is exported; pipelines that shall agree with importers run on it."""
        return self._lease.clock

    def status(self) -> SyncStatus:
        """Who asks, and whether something is wrong."""
        return self._lease.status()

    def to_rendezvous_endpoint(self, host: str = "") -> RemoteClockExporterEndpoint:
        """How it is advertised; `host` is where others reach this machine (rule E247)."""
        return RemoteClockExporterEndpoint(host or self.host, self.port)

    def close(self) -> None:
        """Export it no more. Idempotent."""
        if not self._is_closed:
            self._is_closed = True
            self._lease.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Connected:
    """Set when there is an offset to the other clock; raises, in the waiter, why there will be none."""

    def __init__(self, lease: FollowLease) -> None:
        self._lease = lease

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the first offset; False after the limit. Raises ClockRoleError, StudioError."""
        return self._lease.wait_until_known(timeout_s)

    def is_set(self) -> bool:
        """Whether it has come."""
        return self._lease.is_known


class RemoteClockImporter:
    """Follows the clock of an exporter; the runs of its pipeline are stamped with it.

    A run that starts before the first offset is on its own clock to its end, warns, and is marked
    (`pipeline.is_synchronised`); `run(require_sync=True)` raises instead (decision 30).
    """

    def __init__(
        self,
        pipeline: "Pipeline | None",
        host: str,
        port: int = DEFAULT_PORT,
        *,
        bound_limit: Duration = BOUND_LIMIT,
        is_far_allowed: bool = False,
    ) -> None:
        """Make it before the components of the pipeline. Begins to measure at once, in a process of its own.

        `is_far_allowed`: the exporter may be off by more than a day. Raises ClockRoleError, naming both,
        while this process exports its clock or follows another machine; PipelineStateError if the pipeline
        has run, or follows a clock already.
        """
        own = None if pipeline is None else pipeline.clock
        self._lease: FollowLease = clock_roles().follow(
            host,
            port,
            own=own if isinstance(own, SystemClock) else None,
            bound_limit=bound_limit,
            far_machine="" if is_far_allowed else None,
        )
        self.connected = Connected(self._lease)
        self._is_closed = False
        if pipeline is not None:
            try:
                pipeline.follow(self)
            except StudioError:
                self.close()
                raise

    def status(self) -> SyncStatus:
        """How it stands now: state, offset, rate, guaranteed bound."""
        return self._lease.status()

    def log(self, since: int = 0) -> ClockLog:
        """What was measured, decided and seen from then on (ns of the monotonic clock)."""
        return self._lease.log(since)

    def measure_now(self, count: int = 16) -> None:
        """Measure so often at once."""
        self._lease.measure_now(count)

    def clock_for_run(self, own: Clock) -> Clock | None:
        """For the engine: the clock of a run that starts now."""
        return None if self._is_closed else self._lease.clock_for_run(own)

    def release(self, clock: Clock) -> None:
        """For the engine: that run has ended."""
        self._lease.release_clock(clock)

    def why_not(self) -> str:
        """Why there is no offset, in people's words."""
        if self._is_closed:
            return "The importer is closed."
        status = self.status()
        return (
            status.text if status.state is not SyncState.SYNCING else "The other clock has not answered yet."
        )

    def close(self) -> None:
        """Follow it no more; a run that has its clock goes on at the last rate. Idempotent."""
        if not self._is_closed:
            self._is_closed = True
            self._lease.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
