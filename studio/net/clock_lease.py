"""What the registry of clock roles gives to those who export or follow: counted, released once for each."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from studio.errors import ClockRoleError, NetworkError, RoleError, StudioError
from studio.net.clock_link import ClockLink
from studio.net.clock_messages import ClockProcessFailed, Serving, ServingFailed
from studio.net.clock_serving import machine_name
from studio.net.followed_clock import FINEST_TICK
from studio.net.sync_judgement import signed
from studio.net.synchroniser import Synchroniser
from studio.net.tls_files import TlsFiles
from studio.timing import NS_PER_MS, Clock, Duration, SystemClock
from studio.timing.corridor import RateBelief
from studio.timing.segments import SegmentLine
from studio.timing.steered_clock import SteeredClock
from studio.timing.sync_status import (
    ClockLog,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    SyncState,
    SyncStatus,
)

TOLD_SET_BY: Duration = 20 * NS_PER_MS
Place: TypeAlias = tuple[str, int]
"""Address and port; all addresses of this machine are one, written as an empty text."""


class ExportLease:
    """The clock of this program is exported at an address."""

    def __init__(self, place: Place, clock: SystemClock, release: "Callable[[ExportLease], None]") -> None:
        """Made by the registry only."""
        self.place = place
        self.clock = clock
        self.count = 1
        self._release = release
        self._told = threading.Event()
        self._serving: Serving | None = None
        self._problem = ""
        self._link: ClockLink | None = None
        self._number = 0

    @property
    def host(self) -> str:
        """The address that is listened at."""
        return self.place[0] if self._serving is None else self._serving.host

    @property
    def port(self) -> int:
        """The port that is listened at; as it was asked for until then."""
        return self.place[1] if self._serving is None else self._serving.port

    @property
    def problem(self) -> str:
        """What is wrong just now, in people's words; empty if nothing is."""
        return self._problem

    def status(self) -> SyncStatus:
        """How it stands now."""
        serving = self._serving
        if serving is None:
            return SyncStatus(state=SyncState.ERROR, text=self._problem or "It is not listened yet.")
        return SyncStatus(
            state=SyncState.ERROR if self._problem else SyncState.REFERENCE,
            text=self._problem or _remark(serving),
            clients=serving.clients,
            answered=serving.answered,
            serving=f"{serving.host}:{serving.port}",
        )

    def begin(self, link: ClockLink, allowed: tuple[str, ...], tls: TlsFiles | None) -> None:
        """Have it listened. By the registry only."""
        self._link = link
        self._number = link.serve(*self.place, self.clock, self._take, allowed=allowed, tls=tls)

    def wait_until_listening(self, timeout_s: float) -> None:
        """Raises NetworkError if nobody can be listened for there, RoleError if it takes too long."""
        if not self._told.wait(timeout_s):
            raise RoleError(
                f"The clock could not be exported at {self.host}:{self.port} within {timeout_s:g} seconds: "
                f"{self._problem or 'the process that does so has not started yet'}"
            )
        if self._serving is None:
            raise NetworkError(self._problem)

    def release(self) -> None:
        """It is not needed any more; once for each that was given."""
        self._release(self)

    def end(self) -> None:
        """Export it no more. By the registry only."""
        if self._link is not None:
            self._link.stop_serving(self._number)

    def failed(self, error: BaseException) -> None:
        """Something went wrong in a thread."""
        self._problem = str(error) or type(error).__name__
        self._told.set()

    def _take(self, told: Serving | ServingFailed | ClockProcessFailed) -> None:
        if isinstance(told, Serving):
            self._serving, self._problem = told, ""
            self._told.set()
            return
        self._problem = told.problem
        if isinstance(told, ServingFailed):
            self._told.set()


def _remark(serving: Serving) -> str:
    if abs(serving.set_by) < TOLD_SET_BY:
        return ""
    return (
        f"This machine's wall clock was set or steered by {signed(serving.set_by)} meanwhile; what is "
        "exported goes on as it was, until the export is begun anew."
    )


class FollowLease:
    """An exporter is followed, or it is found out to be this machine, or not to be followed at all."""

    def __init__(
        self, host: str, port: int, place: Place, *, is_ours: bool, release: "Callable[[FollowLease], None]"
    ) -> None:
        """Made by the registry only."""
        self.host = host
        self.port = port
        self.place = place
        self.count = 1
        self.error: ClockRoleError | None = None
        """Why it cannot be followed, found out after it was granted."""
        self._is_ours = is_ours
        self._is_self = False
        self._machine = ""
        self._release = release
        self._settled = threading.Event()
        self._synchroniser: Synchroniser | None = None
        self.uses_link = False
        """By the registry: whether the clock process has to stay for it."""
        self._failure: BaseException | None = None

    @property
    def is_self(self) -> bool:
        """Whether it is this machine: in nobody's way."""
        return self._is_self

    @property
    def machine(self) -> str:
        """How it calls itself; empty as long as it has not said so."""
        return self._machine

    def agrees_with(self, records: Sequence[ProbeRecord]) -> bool:
        """Whether what was asked elsewhere may have been this one's time: all of it, and something was."""
        status = self.status()
        if status.bound is None or not status.line:
            return False
        line, bound = SegmentLine(status.line), status.bound
        answers = [record for record in records if record.outcome is ProbeOutcome.ANSWERED]
        return bool(answers) and all(
            line.time_at(answer.sent) - bound <= answer.stamp + FINEST_TICK
            and answer.stamp <= line.time_at(answer.received) + bound
            for answer in answers
        )

    @property
    def may_be_self(self) -> bool:
        """Whether it is, or may yet turn out to be, this machine."""
        return self._is_self or self.error is not None or (self._is_ours and not self._machine)

    @property
    def description(self) -> str:
        """For people: name and address."""
        return f"{self._machine} ({self.host}:{self.port})" if self._machine else f"{self.host}:{self.port}"

    def wait_until_known(self, timeout_s: float | None) -> bool:
        """Wait for the first offset; False after the limit. Raises ClockRoleError, StudioError."""
        if self._synchroniser is not None:
            is_known = self._synchroniser.wait_until_known(timeout_s)
        else:
            is_known = self._settled.wait(timeout_s)
        self._raise_stored()
        return is_known

    @property
    def is_known(self) -> bool:
        """Whether there is an offset, if only of zero."""
        if self.error is not None or self._failure is not None:
            return False
        if self._synchroniser is None:
            return self._settled.is_set()
        return self._synchroniser.wait_until_known(0) and not self._synchroniser.error

    def status(self) -> SyncStatus:
        """How it stands now."""
        if self._synchroniser is not None:
            return self._synchroniser.status()
        reference = Reference(self.host, self.port, self._machine)
        if self.error is not None:
            return SyncStatus(state=SyncState.ERROR, text=str(self.error), reference=reference)
        if self._is_self:
            text = "That is this machine: nothing to do."
            return SyncStatus(state=SyncState.SELF, text=text, reference=reference, offset=0, bound=0)
        return SyncStatus(
            state=SyncState.CONNECTING, text=f"Connecting to {self.description} …", reference=reference
        )

    def log(self, since: int = 0) -> ClockLog:
        """What was measured and decided."""
        return ClockLog() if self._synchroniser is None else self._synchroniser.log(since)

    @property
    def belief(self) -> RateBelief | None:
        """What may be remembered of the rate for the next time."""
        return None if self._synchroniser is None else self._synchroniser.belief

    def limit_bound(self, bound_limit: Duration) -> None:
        """From now on the bound shall be within that."""
        if self._synchroniser is not None:
            self._synchroniser.limit_bound(bound_limit)

    def measure_now(self, count: int = 16) -> None:
        """Measure so often at once; no effect where nothing is measured."""
        if self._synchroniser is not None:
            self._synchroniser.measure_now(count)

    def clock_for_run(self, own: Clock) -> Clock | None:
        """The clock of a run that starts now; `own` if this machine is followed; None before the offset."""
        if self._is_self or (self._synchroniser is not None and self._synchroniser.is_self):
            return own
        return None if self._synchroniser is None or self.error else self._synchroniser.clock_for_run()

    def release_clock(self, clock: Clock) -> None:
        """The run that had it has ended."""
        if self._synchroniser is not None and isinstance(clock, SteeredClock):
            self._synchroniser.release(clock)

    def release(self) -> None:
        """It is not needed any more; once for each that was given."""
        self._release(self)

    # -- by the registry only -----------------------------------------------------------------------------

    def begin(self, synchroniser: Synchroniser, identified: Callable[[Reference, bool], None]) -> None:
        """Begin to measure."""
        self._synchroniser = synchroniser
        synchroniser.start(identified)

    def is_this_machine(self) -> None:
        """There is nothing to follow."""
        self._is_self, self._machine = True, machine_name()
        self._settled.set()

    def identified(self, machine: str, *, is_self: bool) -> None:
        """It has said its name."""
        self._machine = machine
        self._is_self = self._is_self or is_self

    def refuse(self, error: ClockRoleError) -> None:
        """It must not be followed after all."""
        self.error = error
        if self._synchroniser is not None:
            self._synchroniser.fail(str(error))
        self._settled.set()

    def failed(self, error: BaseException) -> None:
        """Something went wrong in a thread."""
        self._failure = error
        self._settled.set()
        if self._synchroniser is not None:
            self._synchroniser.fail(f"Following failed: {error}")

    def end(self) -> None:
        """Measure no more."""
        if self._synchroniser is not None:
            self._synchroniser.close()

    def _raise_stored(self) -> None:
        if self.error is not None:
            raise self.error
        if self._failure is not None:
            raise StudioError(f"{self.description} cannot be followed: {self._failure}") from self._failure
        if self._synchroniser is not None and self._synchroniser.error:
            raise ClockRoleError(self._synchroniser.error)
