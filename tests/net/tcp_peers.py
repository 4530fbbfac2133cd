"""Plain sockets as peers, well- and ill-mannered ones, and protocols for servers under test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from studio.errors import RemoteProtocolError
from studio.net.tcp_connection import Connection, ConnectionProtocol
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_server import TcpServer

PATIENCE_S = 20.0
DEFAULT = ServerLimits()


class Echo:
    """Sends back what comes, a line at a time; remembers what happened."""

    def __init__(
        self, log: "list[tuple[str, str]]", *, is_short: bool = False, owes_nothing: bool = False
    ) -> None:
        self.log = log
        self.is_short = is_short
        self.owes_nothing = owes_nothing
        self.connection: Connection | None = None
        self.line = b""
        self.has_ended = threading.Event()

    def opened(self, connection: Connection) -> None:
        self.connection = connection
        if self.owes_nothing:
            connection.expect(None)
        self.log.append(("opened", connection.peer.address))

    def received(self, data: bytes) -> None:
        assert self.connection is not None
        self.line += data
        if b"!" in self.line:
            raise RemoteProtocolError("no shouting")
        if b"?" in self.line:
            raise ZeroDivisionError("a mistake of ours")
        while b"\n" in self.line:
            line, _, self.line = self.line.partition(b"\n")
            self.connection.send(line + b"\n")
            self.connection.expect(2.0 if self.line else None)
            if self.is_short:
                self.connection.close()

    def closed(self, reason: str) -> None:
        self.log.append(("closed", reason))
        self.has_ended.set()


class EchoServer:
    """A running server of echoes."""

    def __init__(self, server: TcpServer, protocols: list[Echo], log: list[tuple[str, str]]) -> None:
        self.server = server
        self.protocols = protocols
        self.log = log
        self.failures: list[BaseException] = []

    def reasons(self) -> list[str]:
        return [what for kind, what in self.log if kind == "closed"]


@contextmanager
def echo_server(
    limits: ServerLimits = DEFAULT, *, is_short: bool = False, first_owes_nothing: bool = False
) -> Iterator[EchoServer]:
    """At a free port of 127.0.0.1; closed afterwards."""
    log: list[tuple[str, str]] = []
    protocols: list[Echo] = []
    failures: list[BaseException] = []

    def make() -> ConnectionProtocol:
        is_first = not protocols
        protocols.append(Echo(log, is_short=is_short, owes_nothing=first_owes_nothing and is_first))
        return protocols[-1]

    server = TcpServer("echo", "127.0.0.1", 0, make, limits=limits, on_failure=failures.append)
    server.start()
    running = EchoServer(server, protocols, log)
    running.failures = failures
    try:
        yield running
    finally:
        server.close()


@contextmanager
def peer_of(port: int, *, source: str = "127.0.0.1", buffer: int | None = None) -> Iterator[socket.socket]:
    """A socket connected to a server of this machine."""
    with socket.socket() as sock:
        if buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.settimeout(PATIENCE_S)
        sock.bind((source, 0))
        sock.connect(("127.0.0.1", port))
        yield sock


def said(sock: socket.socket, count: int) -> bytes:
    """The next `count` bytes, or fewer if it ends before."""
    data = b""
    while len(data) < count and (more := sock.recv(count - len(data))):
        data += more
    return data


def was_reset_or_closed(sock: socket.socket) -> bool:
    """Wait until the other side has ended it."""
    try:
        return sock.recv(65536) == b""
    except ConnectionError:
        return True


def is_turned_away(port: int, *, source: str = "127.0.0.1") -> bool:
    """Whether the server ends a new connection without a word; even before we know of being connected."""
    try:
        with peer_of(port, source=source) as sock:
            return was_reset_or_closed(sock)
    except ConnectionError:
        return True
