"""Follows the clock of another machine for as long as it is open: measured in a process of its own.

Bursts come in on one thread, a second one looks at the time, anybody asks how it stands: one lock guards what
is known (`followed_clock`). Nothing is called under it but arithmetic.
"""

import threading
from collections.abc import Callable

from studio.engine.threads import FailureHandler, StudioThread, spawn
from studio.net.clock_link import ClockLink
from studio.net.clock_messages import BURST, PERIOD_S, Burst, ClockProcessFailed
from studio.net.clock_serving import machine_name
from studio.net.followed_clock import FollowedClock
from studio.net.tls_files import TlsFiles
from studio.timing import NS_PER_S, Duration, SystemClock, gained_ns, monotonic_ns, slept_ns, wait_on
from studio.timing.corridor import RateBelief
from studio.timing.local_slew import LocalSlew
from studio.timing.offset_tracking import Finding
from studio.timing.steered_clock import SteeredClock
from studio.timing.sync_status import BOUND_LIMIT, ClockLog, Reference, SyncStatus

LOOK: Duration = NS_PER_S
SLEPT: Duration = NS_PER_S
"""Less is no sleep but an inaccuracy."""
CLOSE_S = 5.0


class Synchroniser:
    """One exporter that is followed. The constructor starts nothing."""

    def __init__(
        self,
        link: ClockLink,
        host: str,
        port: int,
        *,
        on_failure: FailureHandler,
        own: SystemClock | None = None,
        bound_limit: Duration = BOUND_LIMIT,
        burst: int = BURST,
        period_s: float = PERIOD_S,
        is_studio: bool = False,
        tls: TlsFiles | None = None,
        belief: RateBelief | None = None,
        far_machine: str | None = None,
    ) -> None:
        """`own`: this machine's clock, to which offsets are told. `belief`: what is remembered of its rate.

        `far_machine`: who may be off by more than a day: None: nobody; empty: whoever answers there.
        """
        self._link = link
        self._place = (host, port)
        self._options = (burst, period_s, 2.0 if is_studio else 1.0, tls)
        self._on_failure = on_failure
        self._lock = threading.Lock()
        self._slew = LocalSlew()
        self._followed = FollowedClock(
            Reference(host, port, is_studio=is_studio, is_protected=tls is not None),
            own if own is not None else SystemClock(),
            bound_limit=bound_limit,
            period=round(period_s * NS_PER_S),
            belief=belief,
            far_machine=far_machine,
            own_name=machine_name(),
        )
        self._is_known = threading.Event()
        """There is an offset, or an error, or it is this machine: no need to wait any more."""
        self._looker: StudioThread | None = None
        self._number: int | None = None
        self._on_identified: Callable[[Reference, bool], None] | None = None

    def start(self, on_identified: Callable[[Reference, bool], None] | None = None) -> None:
        """Begin to measure. `on_identified(reference, is_self)` is called once the machine has said its name.

        Called on the thread that takes the bursts. Once only.
        """
        self._on_identified = on_identified
        host, port = self._place
        burst, period_s, settle_ms, tls = self._options
        self._looker = spawn("clock-look", self._look, self._on_failure)
        self._number = self._link.follow(
            host, port, self._take, burst=burst, period_s=period_s, settle_ms=settle_ms, tls=tls
        )
        if self.is_self or self.error:  # it was quicker than we are
            self._stop_measuring()

    def wait_until_known(self, timeout_s: float | None = None) -> bool:
        """Wait for the first offset, or for the reason why there will be none; False after the limit."""
        return self._is_known.wait(timeout_s)

    @property
    def error(self) -> str:
        """Why it cannot be followed; empty if it can."""
        with self._lock:
            return self._followed.error

    @property
    def belief(self) -> RateBelief:
        """What may be remembered of the rate for the next time."""
        with self._lock:
            return self._followed.belief

    @property
    def reference(self) -> Reference:
        """Who is followed, as far as known."""
        with self._lock:
            return self._followed.reference

    @property
    def is_self(self) -> bool:
        """Whether it turned out to be this machine."""
        with self._lock:
            return self._followed.is_self

    def status(self) -> SyncStatus:
        """How it stands now."""
        with self._lock:
            return self._followed.status(self._looked_at_slew())

    def log(self, since: int = 0) -> ClockLog:
        """What was measured, decided and seen since then (monotonic ns), up to now; for the certificate."""
        with self._lock:
            self._followed.look(self._looked_at_slew())
            return self._followed.log(since)

    def measure_now(self, count: int = 16) -> None:
        """Measure so often at once; allowed at any time, it only adds to what is known."""
        self._link.measure_now(count)

    def clock_for_run(self) -> SteeredClock | None:
        """A clock for what starts now; it goes on following, by slewing only, until `release`.

        All that run at the same time have the same one. None before the first offset, and where there is
        nothing to add: it is this machine, or cannot be followed.
        """
        with self._lock:
            return self._followed.clock_for_run(monotonic_ns())

    def release(self, clock: SteeredClock) -> None:
        """What ran on it has ended; once for each that was given."""
        with self._lock:
            self._followed.release(clock)

    def limit_bound(self, bound_limit: Duration) -> None:
        """From now on the bound shall be within that, or the state says that it is not."""
        with self._lock:
            self._followed.bound_limit = bound_limit

    def fail(self, error: str) -> None:
        """It must not be followed after all: its name contradicts what was agreed."""
        with self._lock:
            self._followed.refuse(error)
        self._is_known.set()
        self._stop_measuring()

    def close(self) -> None:
        """Measure no more; clocks that were handed out run on at their last rate. Idempotent."""
        self._stop_measuring()
        if self._looker is not None:
            self._looker.cancel()
            self._looker.join(CLOSE_S)
        self._is_known.set()

    def _stop_measuring(self) -> None:
        number, self._number = self._number, None
        if number is not None:
            self._link.unfollow(number)

    def _looked_at_slew(self) -> int:
        """What the time is, after this machine's own clock was looked at; under the lock."""
        now = monotonic_ns()
        gained = gained_ns()
        by = self._slew.look(now, gained)
        if by is not None:
            self._followed.slewed(now, by)
        return now

    def _take(self, told: Burst | ClockProcessFailed) -> None:
        """On the link's thread."""
        now = monotonic_ns()
        if isinstance(told, ClockProcessFailed):
            with self._lock:
                self._followed.failed(told.problem, now)
            return
        with self._lock:
            was_named = bool(self._followed.reference.machine)
            finding = self._followed.take(
                told.records, now, machine=told.machine, is_local=told.is_local, problem=told.problem
            )
            self._followed.look(now)
            reference, is_self = self._followed.reference, self._followed.is_self
            is_known = self._followed.is_known or bool(self._followed.error)
        if finding is Finding.SUSPECT:
            self._link.hurry()
        if reference.machine and not was_named and self._on_identified is not None:
            self._on_identified(reference, is_self)
        if is_self:
            self._stop_measuring()
        if is_known:
            self._is_known.set()

    def _look(self, cancelled: threading.Event) -> None:
        slept = slept_ns()
        while not wait_on(cancelled, LOOK):
            now, slept_now = monotonic_ns(), slept_ns()
            with self._lock:
                if slept_now - slept > SLEPT:
                    self._followed.slept(slept_now - slept, now)
                self._followed.look(self._looked_at_slew())
            if slept_now - slept > SLEPT:
                self._link.hurry()
            slept = slept_now
