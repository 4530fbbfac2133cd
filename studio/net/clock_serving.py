"""Tells a clock to whoever asks (rule E235), many at once, and keeps count of who asks.

The time is taken last, when the whole request is there, and sent in one piece with the name. What is told is
the middle between hearing of the request and that moment: our own work then counts as much for the way there
as for the way back, and does not make the clocks that follow late. It is the time that the pipelines of this
machine are stamped with, not the wall clock, which may be set meanwhile.
"""

import platform
import ssl
from ipaddress import ip_network

from studio.engine.threads import FailureHandler
from studio.errors import NetworkError
from studio.net.clock_protocol import (
    MACHINE_NAME_BYTES,
    REQUEST_BYTES,
    machine_bytes,
    request_parser,
    stamp_bytes,
)
from studio.net.tcp_connection import Connection
from studio.net.tcp_limits import Network, ServerLimits
from studio.net.tcp_server import TcpServer
from studio.timing import NS_PER_MS, NS_PER_S, Clock, ClockAnchor, Duration, monotonic_ns

COUNTED_FOR = 60 * NS_PER_S
COUNTED_ADDRESSES = 1024
SET_STEP: Duration = 10 * NS_PER_MS


def machine_name() -> str:
    """What this machine is called to others: its name up to the first dot, as in .NET."""
    name = platform.node().partition(".")[0] or "unnamed"
    return name.encode()[:MACHINE_NAME_BYTES].decode(errors="ignore")


def networks(texts: "tuple[str, ...]") -> tuple[Network, ...]:
    """Networks as people write them. Raises NetworkError for one that is none."""
    try:
        return tuple(ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise NetworkError(
            f"{error}. Networks that may ask for the time are written like 10.0.0.0/24."
        ) from error


class ClockServer:
    """A clock at an address, until closed."""

    def __init__(
        self,
        host: str,
        port: int,
        clock: Clock,
        *,
        on_failure: FailureHandler,
        allowed: tuple[str, ...] = (),
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Raises NetworkError for what is no network in `allowed`. Starts nothing."""
        self._clock = clock
        self._name = machine_bytes(machine_name())
        self._asked: dict[str, int] = {}
        self._answered = 0
        limits = ServerLimits(received_bytes=REQUEST_BYTES, allowed=networks(allowed))
        self._server = TcpServer(
            "clock-server",
            host,
            port,
            lambda: _Exchange(self),
            on_failure=on_failure,
            limits=limits,
            context=context,
        )

    def start(self) -> None:
        """Listen. Raises NetworkError."""
        self._server.start()

    @property
    def host(self) -> str:
        """The address it listens at."""
        return self._server.host

    @property
    def port(self) -> int:
        """The port it listens at."""
        return self._server.port

    @property
    def answered(self) -> int:
        """Exchanges since the start."""
        return self._answered

    def clients(self) -> int:
        """Addresses that have asked within the last minute. Any thread."""
        since = monotonic_ns() - COUNTED_FOR
        return sum(time >= since for time in tuple(self._asked.values()))

    def set_by(self) -> Duration:
        """By how much the wall clock has been set, or steered, since; told in steps, as it is never exact."""
        wall = ClockAnchor.read()
        difference = wall.utc_time - self._clock.from_monotonic(wall.monotonic)
        return round(difference / SET_STEP) * SET_STEP

    def close(self) -> None:
        """End it. Idempotent."""
        self._server.close()

    def reply(self, address: str, heard: int) -> bytes:
        """What somebody at `address` is told, of whose request was heard at `heard` (monotonic ns)."""
        self._asked.pop(address, None)
        self._asked[address] = monotonic_ns()
        if len(self._asked) > COUNTED_ADDRESSES:
            del self._asked[next(iter(self._asked))]
        self._answered += 1
        return stamp_bytes(self._clock.from_monotonic((heard + monotonic_ns()) // 2)) + self._name


class _Exchange:
    """One question, one answer."""

    def __init__(self, server: ClockServer) -> None:
        self._server = server
        self._parser = request_parser()
        self._connection: Connection | None = None

    def opened(self, connection: Connection) -> None:
        """Wait for the question."""
        self._connection = connection

    def received(self, data: bytes) -> None:
        """Answer it when it is whole."""
        connection = self._connection
        for _ in self._parser.feed(data):
            if connection is not None:
                connection.send(self._server.reply(connection.peer.address, connection.woken))
                connection.close()

    def closed(self, reason: str) -> None:
        """Nothing is kept of it."""
