"""One clock process for all that this program wants of other clocks: who asked is told, and nobody else.

The process is started when it is first needed. When it dies, questions fail, and whoever follows or exports
is told so; it comes back by itself (`clock_process`).
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from studio.engine.threads import FailureHandler
from studio.errors import RoleError
from studio.net.clock_messages import (
    Burst,
    ClockProcessFailed,
    Command,
    Follow,
    Hurry,
    MeasureNow,
    Preview,
    Previewed,
    Serve,
    Serving,
    ServingFailed,
    StopServing,
    Told,
    Unfollow,
)
from studio.net.clock_process import ClockProcess
from studio.net.tls_files import TlsFiles
from studio.timing import SystemClock

FollowerTake = Callable[[Burst | ClockProcessFailed], None]
ServerTake = Callable[[Serving | ServingFailed | ClockProcessFailed], None]


class ClockLink:
    """May be used by any thread. What it is given is called on a thread of its own, and must not wait."""

    def __init__(self, on_failure: FailureHandler, *, log: Path | None = None) -> None:
        """`log`: where the process may complain. Starts nothing."""
        self._on_failure = on_failure
        self._log = log
        self._lock = threading.Lock()
        self._process: ClockProcess | None = None
        self._is_closed = False
        self._numbers = 0
        self._follower: tuple[int, FollowerTake] | None = None
        self._servers: dict[int, ServerTake] = {}
        self._previews: dict[int, Future[Previewed]] = {}

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        process = self._process
        return None if process is None else process.pid

    def follow(
        self,
        host: str,
        port: int,
        take: FollowerTake,
        *,
        burst: int,
        period_s: float,
        settle_ms: float = 1.0,
        tls: TlsFiles | None = None,
    ) -> int:
        """Measure an exporter, instead of the one before; its number, for `unfollow`."""
        number = self._next_number()
        with self._lock:
            self._follower = (number, take)
        self._tell(Follow(number, host, port, burst, period_s, settle_ms, tls))
        return number

    def unfollow(self, number: int) -> None:
        """Measure it no more; ignored if another one has taken its place."""
        with self._lock:
            if self._follower is None or self._follower[0] != number:
                return
            self._follower = None
        self._tell(Unfollow())

    def hurry(self) -> None:
        """The next bursts soon."""
        self._tell(Hurry())

    def measure_now(self, count: int) -> None:
        """A burst of so many at once."""
        self._tell(MeasureNow(count))

    def serve(
        self,
        host: str,
        port: int,
        clock: SystemClock,
        take: ServerTake,
        *,
        allowed: tuple[str, ...] = (),
        tls: TlsFiles | None = None,
    ) -> int:
        """Export a clock; its number, for `stop_serving`. `take` is told where it stands, or why not."""
        number = self._next_number()
        with self._lock:
            self._servers[number] = take
        anchor = clock.anchor
        self._tell(Serve(number, host, port, anchor.utc_time, anchor.monotonic, allowed, tls))
        return number

    def stop_serving(self, number: int) -> None:
        """Export it no more. Idempotent."""
        with self._lock:
            if self._servers.pop(number, None) is None:
                return
        self._tell(StopServing(number))

    def preview(
        self, host: str, port: int, count: int = 1, tls: TlsFiles | None = None
    ) -> "Future[Previewed]":
        """Ask somebody a few times, once. The future may end with a RoleError."""
        number = self._next_number()
        future: Future[Previewed] = Future()
        with self._lock:
            self._previews[number] = future
        self._tell(Preview(number, host, port, count, tls))
        return future

    def close(self) -> None:
        """End the process; questions without an answer fail. Idempotent."""
        with self._lock:
            self._is_closed = True
            process, self._process = self._process, None
        if process is not None:
            process.close()
        self._fail_previews("The clock process was closed before it had answered.")

    def _next_number(self) -> int:
        with self._lock:
            self._numbers += 1
            return self._numbers

    def _tell(self, command: Command) -> None:
        with self._lock:
            process = self._process
            is_new = process is None and not self._is_closed
            if is_new:
                process = self._process = ClockProcess(self._take, self._on_failure, log=self._log)
        if process is None:
            self._fail_previews("The clock process is closed.")
            return
        process.tell(command)
        if is_new:
            process.start()

    def _take(self, told: Told) -> None:
        match told:
            case Burst():
                with self._lock:
                    follower = self._follower
                if follower is not None and follower[0] == told.number:
                    follower[1](told)
            case Previewed():
                with self._lock:
                    future = self._previews.pop(told.number, None)
                if future is not None and future.set_running_or_notify_cancel():
                    future.set_result(told)
            case Serving() | ServingFailed():
                with self._lock:
                    take = self._servers.get(told.number)
                if take is not None:
                    take(told)
            case ClockProcessFailed():
                self._tell_all(told)

    def _tell_all(self, failed: ClockProcessFailed) -> None:
        with self._lock:
            follower = self._follower
            servers = tuple(self._servers.values())
        if follower is not None:
            follower[1](failed)
        for take in servers:
            take(failed)
        self._fail_previews(failed.problem)

    def _fail_previews(self, problem: str) -> None:
        with self._lock:
            futures, self._previews = tuple(self._previews.values()), {}
        for future in futures:
            if future.set_running_or_notify_cancel():
                future.set_exception(RoleError(problem))
