"""Listens at one address and lets connections in, as many and as fast as the limits allow.

One thread serves all of them. Listens where it is told to and nowhere else: an empty host is refused, since
that would be every address of the machine (decision 32).
"""

import contextlib
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from selectors import EVENT_READ

from studio.engine.threads import FailureHandler, StudioThread, spawn
from studio.errors import NetworkError
from studio.net.tcp_connection import Connection, ConnectionProtocol
from studio.net.tcp_limits import SHORT_EXCHANGE, Admission, ServerLimits
from studio.net.tcp_loop import TcpLoop
from studio.timing import NS_PER_MS, monotonic_ns

ACCEPTED_AT_ONCE = 64
"""Newcomers that are let in before those who are there are served again."""
PAUSE = 100 * NS_PER_MS
"""After a connection could not be accepted, since the machine has no more to give."""
CLOSE_S = 5.0
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class ServerStatistics:
    """What has been since the start."""

    open: int = 0
    accepted: int = 0
    refused: int = 0
    """Reset at once: too many, too often, or not allowed."""
    evicted: int = 0
    """Had to go for a newcomer."""
    failed: int = 0
    """Could not be accepted: the machine had nothing more to give."""


class TcpServer:
    """A listening port. The constructor starts nothing."""

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        make_protocol: Callable[[], ConnectionProtocol],
        *,
        on_failure: FailureHandler,
        limits: ServerLimits = SHORT_EXCHANGE,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`name` is that of its thread. `make_protocol` is called on it for each connection let in.

        With `context` each connection is encrypted before its protocol hears of it.
        """
        self._name = name
        self._asked = (host, port)
        self._make_protocol = make_protocol
        self._on_failure = on_failure
        self._limits = limits
        self._context = context
        self._loop = TcpLoop()
        self._admission = Admission(limits)
        self._connections: dict[Connection, None] = {}
        self._counts = {"accepted": 0, "refused": 0, "evicted": 0, "failed": 0}
        self._listener: socket.socket | None = None
        self._paused_until: int | None = None
        self._thread: StudioThread | None = None
        self._drained = threading.Event()
        self._bound: tuple[str, int] | None = None

    def start(self) -> None:
        """Listen, and serve in a thread of its own. Raises NetworkError if that cannot be. Once only."""
        if self._thread is not None:
            raise RuntimeError(f"{self._name} was started before")
        listener = bound_listener(*self._asked, backlog=self._limits.backlog)
        self._bound = listener.getsockname()[:2]
        self._listener = listener
        self._loop.register(listener, EVENT_READ, self._accept)
        self._loop.watch(self, self._check_pause)
        self._thread = spawn(self._name, self._run, self._on_failure)

    @property
    def host(self) -> str:
        """The address that it listens at; as it was asked for, before the start."""
        return self._bound[0] if self._bound else self._asked[0]

    @property
    def port(self) -> int:
        """The port that it listens at; as it was asked for, before the start."""
        return self._bound[1] if self._bound else self._asked[1]

    @property
    def is_listening(self) -> bool:
        """Whether it was started and neither closed nor broken."""
        return self._thread is not None and self._thread.is_alive

    @property
    def statistics(self) -> ServerStatistics:
        """As of now; any thread."""
        return ServerStatistics(open=len(self._connections), **self._counts)

    def call(self, work: Callable[[], None]) -> None:
        """Have it done on the server's thread, where all protocols live; forgotten once it is closed."""
        self._loop.call(work)

    def close(self, *, drain_s: float = 0.0) -> None:
        """Listen no more and close all connections; those that have something to take get `drain_s` for it.

        Idempotent; any thread. On the server's own thread it does not wait.
        """
        if self._thread is None:
            self._loop.discard()
            return
        self._loop.call(self._shut)
        if not self._loop.is_own_thread and drain_s:
            self._drained.wait(drain_s)
        self._loop.stop()
        self._thread.join(CLOSE_S)

    def _run(self, cancelled: threading.Event) -> None:
        try:
            self._loop.run()
        finally:
            for connection in tuple(self._connections):
                connection.drop("the server is closed")
            if self._listener is not None:
                self._listener.close()
            self._drained.set()

    def _shut(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            self._loop.forget(listener, self)
            listener.close()
        for connection in tuple(self._connections):
            connection.close()
        self._tell_drained()

    def _tell_drained(self) -> None:
        if self._listener is None and not self._connections:
            self._drained.set()

    def _accept(self, events: int) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            if self._listener is None:
                return
            try:
                sock, place = self._listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # it went while it was waiting
            except OSError:
                self._counts["failed"] += 1
                self._loop.forget(self._listener, None)
                self._paused_until = monotonic_ns() + PAUSE
                return
            try:
                self._let_in(sock, place[0])
            except OSError:  # it went before it was let in
                sock.close()

    def _let_in(self, sock: socket.socket, address: str) -> None:
        if self._admission.refusal(address, monotonic_ns()) or not self._has_room():
            self._counts["refused"] += 1
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            sock = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        connection = Connection(
            sock,
            self._loop,
            self._make_protocol(),
            limits=self._limits,
            on_failure=self._on_failure,
            on_closed=self._gone,
        )
        self._counts["accepted"] += 1
        self._admission.entered(connection.peer.address)
        self._connections[connection] = None
        connection.start()

    def _has_room(self) -> bool:
        """Make it if need be: the oldest goes that still owes something; those that owe nothing stay."""
        if not self._admission.is_full:
            return True
        for connection in self._connections:
            if connection.is_expecting:
                self._counts["evicted"] += 1
                connection.drop("there is no more room, and it has been idle for longest")
                return True
        return False

    def _gone(self, connection: Connection) -> None:
        if self._connections.pop(connection, connection) is None:
            self._admission.left(connection.peer.address)
            self._tell_drained()

    def _check_pause(self, now: int) -> int | None:
        if self._paused_until is None or now < self._paused_until:
            return self._paused_until
        self._paused_until = None
        if self._listener is not None:
            self._loop.register(self._listener, EVENT_READ, self._accept)
        return None


def bound_listener(host: str, port: int, *, backlog: int = 128) -> socket.socket:
    """A non-blocking listening socket at that address; port 0: any free one. Raises NetworkError."""
    if not host:
        raise NetworkError("It has to be said at which address to listen; none would mean all of them.")
    sock: socket.socket | None = None
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        if os.name == "posix":  # on Windows it would let others take the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(place)
        sock.listen(backlog)
        sock.setblocking(False)
    except (OSError, OverflowError, UnicodeError) as error:
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise NetworkError(
            f"Nobody can be listened for at {host}:{port}: {reason}. "
            "Choose another port, or an address of this machine."
        ) from error
    return sock
