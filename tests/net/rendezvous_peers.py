"""Peers of the Rendezvous over plain sockets: they say what they are told to, and read what is said."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.net.rendezvous_client import RendezvousClient
from studio.net.rendezvous_protocol import (
    ClientGreeting,
    ProcessAdded,
    Record,
    ServerGreeting,
    client_greeting_bytes,
    client_parser,
    record_bytes,
    server_greeting_bytes,
    server_parser,
)
from studio.net.rendezvous_server import RendezvousServer
from tests.net.tcp_peers import PATIENCE_S

if TYPE_CHECKING:
    from studio.formats.wire import Parser

DATA = Path(__file__).parents[1] / "data/psi_wire"
LOCAL = "127.0.0.1"
QUICK_S = 0.05


def capture(name: str) -> dict[str, Any]:
    """What original processes said to each other."""
    read: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return read


class Peer:
    """One end of a connection: sends bytes, reads values."""

    def __init__(self, sock: socket.socket, parser: "Parser[Any]") -> None:
        sock.settimeout(PATIENCE_S)
        self.sock = sock
        self.said = b""
        """Everything that came."""
        self._parser = parser
        self._values: list[Any] = []

    def send(self, *records: Record) -> None:
        self.sock.sendall(b"".join(map(record_bytes, records)))

    def hear(self) -> Any:
        """The next thing that is said; None at the end of the connection."""
        while not self._values:
            data = self.sock.recv(65536)
            if not data:
                return None
            self.said += data
            self._values += self._parser.feed(data)
        return self._values.pop(0)

    def hear_names(self, count: int) -> list[str]:
        """The next records, as `+name` and `-name`."""
        return [described(self.hear()) for _ in range(count)]

    def hear_end(self) -> bool:
        """Whether nothing more is said, and the connection ends or is reset."""
        try:
            return self.hear() is None
        except ConnectionError:
            return True


def described(record: Any) -> str:
    """A record as `+name` or `-name`."""
    return f"+{record.process.name}" if isinstance(record, ProcessAdded) else f"-{record.name}"


@contextmanager
def guest_of(server: RendezvousServer, *, greets: bool = True, source: str = LOCAL) -> Iterator[Peer]:
    """A client of a server; as it is after the greetings, unless it shall say nothing."""
    with socket.socket() as sock:
        sock.bind((source, 0))
        sock.connect((LOCAL, server.port))
        peer = Peer(sock, server_parser())
        if greets:
            sock.sendall(client_greeting_bytes())
            greeting = peer.hear()
            assert isinstance(greeting, ServerGreeting)
            peer.hear_names(greeting.process_count)
        yield peer


@contextmanager
def listener(port: int = 0) -> Iterator[socket.socket]:
    """A socket at which a client of ours may find what plays a server."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOCAL, port))
        listening.listen()
        listening.settimeout(PATIENCE_S)
        yield listening


@contextmanager
def host_at(listening: socket.socket, *processes: Any, welcomes: bool = True) -> Iterator[Peer]:
    """Plays the server on the next connection; after the greetings, unless it shall say nothing."""
    sock, (address, _) = listening.accept()
    with sock:
        peer = Peer(sock, client_parser())
        assert peer.hear() == ClientGreeting()
        if welcomes:
            sock.sendall(server_greeting_bytes(address, processes))
        yield peer


@contextmanager
def served(**options: Any) -> Iterator[RendezvousServer]:
    """A running server of ours at a free port of this machine."""
    with RendezvousServer(0, LOCAL, **options) as server:
        yield server


@contextmanager
def joined(server: RendezvousServer, **options: Any) -> Iterator[RendezvousClient]:
    """A client of ours that is connected to it."""
    with RendezvousClient(LOCAL, server.port, first_pause_s=QUICK_S, **options) as client:
        assert client.connected.wait(PATIENCE_S)
        yield client


def names(client_or_server: RendezvousClient | RendezvousServer) -> set[str]:
    """Of the processes it knows."""
    return {process.name for process in client_or_server.rendezvous.processes}
