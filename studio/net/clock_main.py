"""The clock process: measures other clocks and exports one, and does nothing else.

It exists because of Python's interpreter lock: beside two busy threads a probe was 8 ms off and an export
22 ms, in a process of its own microseconds (decision 16). Told what to do through its standard input, tells
what comes of it through its standard output, and ends when the input does.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, NoReturn

from studio.engine.threads import StudioThread, spawn
from studio.errors import RemoteProtocolError, StudioError
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
    read_message,
    write_message,
)
from studio.net.clock_probing import LOOK_UP_S, Prober, ProbeResult, Schedule, Target, probe
from studio.net.clock_serving import ClockServer
from studio.net.tcp_addresses import is_local_address
from studio.net.tcp_client import Deadline, Place, resolve
from studio.net.tls_files import TlsFiles, client_context, server_context
from studio.timing import NS_PER_MS, NS_PER_S, ClockAnchor, SystemClock, wait_on
from studio.timing.sync_status import ProbeOutcome, ProbeRecord

SWITCH_INTERVAL_S = 0.0001
"""Its few threads hardly do anything at once; when they do, none may keep another for long."""
REPORT = 2 * NS_PER_S
"""Between two reports of who asks."""
PREVIEWS = 32
"""That may be under way at once; more are refused."""
STOP_S = 3.0


class ClockWork:
    """Does what it is told, each thing in a thread of its own."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        """`tell` may be called by any thread."""
        self._tell = tell
        self._servers: dict[int, tuple[ClockServer, StudioThread]] = {}
        self._following: tuple[Prober, StudioThread] | None = None
        self._previews: list[StudioThread] = []

    def take(self, command: Command) -> None:
        """Begin or end something; returns at once."""
        match command:
            case Serve():
                self._serve(command)
            case StopServing():
                self._stop_serving(command.number)
            case Follow():
                self._unfollow()
                self._follow(command)
            case Unfollow():
                self._unfollow()
            case Hurry() if self._following is not None:
                self._following[0].hurry()
            case MeasureNow() if self._following is not None:
                self._following[0].measure(command.count)
            case Preview():
                self._begin_preview(command)

    def close(self) -> None:
        """End everything."""
        self._unfollow()
        for number in tuple(self._servers):
            self._stop_serving(number)
        for thread in self._previews:
            thread.cancel()

    def _failed(self, error: BaseException) -> None:
        self._tell(ClockProcessFailed(f"{type(error).__name__}: {error}"))

    # -- exporting ----------------------------------------------------------------------------------------

    def _serve(self, command: Serve) -> None:
        clock = SystemClock(ClockAnchor(utc_time=command.utc_time, monotonic=command.monotonic))
        number = command.number

        def broken(error: BaseException) -> None:
            self._tell(ServingFailed(number, f"The clock is not exported any more: {error}"))

        try:
            context = None if command.tls is None else server_context(command.tls)
            server = ClockServer(
                command.host,
                command.port,
                clock,
                on_failure=broken,
                allowed=command.allowed,
                context=context,
            )
            server.start()
        except (StudioError, OSError) as error:
            self._tell(ServingFailed(number, str(error)))
            return
        reports = spawn(
            "clock-reports", lambda cancelled: self._report(number, server, cancelled), self._failed
        )
        self._servers[number] = (server, reports)

    def _report(self, number: int, server: ClockServer, cancelled: threading.Event) -> None:
        last: Serving | None = None
        while not cancelled.is_set():
            report = Serving(
                number, server.host, server.port, server.clients(), server.answered, server.set_by()
            )
            if report != last:
                self._tell(report)
                last = report
            gc.collect()
            wait_on(cancelled, REPORT)

    def _stop_serving(self, number: int) -> None:
        server, reports = self._servers.pop(number, (None, None))
        if server is not None and reports is not None:
            reports.cancel()
            server.close()
            reports.join(STOP_S)

    # -- following ----------------------------------------------------------------------------------------

    def _follow(self, command: Follow) -> None:
        number = command.number

        def told(results: tuple[ProbeResult, ...], place: Place | None, is_asked_for: bool) -> None:
            self._tell(Burst(number, *_seen(results, place), is_asked_for=is_asked_for))
            gc.collect()  # while nothing is being measured

        try:
            target = _target(command.host, command.port, command.tls, command.settle_ms)
        except StudioError as error:
            self._tell(Burst(number, (), problem=str(error)))
            return
        schedule = Schedule(burst=command.burst, period_s=command.period_s)
        prober = Prober(target, schedule, told)
        self._following = (prober, spawn("clock-prober", prober.run, self._failed))

    def _unfollow(self) -> None:
        following, self._following = self._following, None
        if following is not None:
            prober, thread = following
            prober.stop(thread.cancelled)

    # -- previews -----------------------------------------------------------------------------------------

    def _begin_preview(self, command: Preview) -> None:
        self._previews = [thread for thread in self._previews if thread.is_alive]
        if len(self._previews) >= PREVIEWS:
            self._tell(Previewed(command.number, (), problem="too many others are being asked just now"))
            return
        self._previews.append(
            spawn("clock-preview", lambda cancelled: self._preview(command, cancelled), self._failed)
        )

    def _preview(self, command: Preview, cancelled: threading.Event) -> None:
        try:
            target = _target(command.host, command.port, command.tls, 1.0)
            place = resolve(command.host, command.port, Deadline(LOOK_UP_S))
        except (StudioError, OSError, UnicodeError) as error:
            self._tell(Previewed(command.number, (), problem=str(error)))
            return
        results: list[ProbeResult] = []
        while len(results) < command.count and not wait_on(cancelled, 50 * NS_PER_MS if results else 0):
            results.append(probe(target, place))
            if results[-1].record.outcome is ProbeOutcome.SILENT:
                break
        self._tell(Previewed(command.number, *_seen(tuple(results), place)))


def _target(host: str, port: int, tls: "TlsFiles | None", settle_ms: float) -> Target:
    context = None if tls is None else client_context(tls)
    return Target(host, port, round(settle_ms * NS_PER_MS), context)


def _seen(
    results: tuple[ProbeResult, ...], place: Place | None
) -> tuple[tuple[ProbeRecord, ...], str, bool, str]:
    """Records, the name that was given, whether the address is ours, and the last problem."""
    machine = next((result.machine for result in reversed(results) if result.machine), "")
    problem = next((result.problem for result in reversed(results) if result.problem), "")
    is_local = place is not None and is_local_address(place[1])
    return tuple(result.record for result in results), machine, is_local, problem


def run(arguments: Sequence[str] = ()) -> int:
    """Be the clock process; the exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    # No collection may fall between sending and receiving: it is done after a burst.
    gc.freeze()
    gc.disable()
    commands, told = _claimed_pipes()
    lock = threading.Lock()

    def tell(message: Told) -> None:
        try:
            with lock:
                write_message(told, message)
        except OSError:
            _leave()

    work = ClockWork(tell)
    try:
        while (command := read_message(commands)) is not None:
            work.take(_as_command(command))
    finally:
        work.close()
    _leave()


def _as_command(message: object) -> Command:
    if not isinstance(message, Command):
        raise RemoteProtocolError(f"{type(message).__name__} is nothing that can be told to do")
    return message


def _claimed_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Our pipes, out of reach of libraries that print."""
    commands, told = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    return commands, told


def _leave() -> NoReturn:
    """Nobody listens any more. A look-up that still hangs in the operating system shall not keep us."""
    os._exit(0)
