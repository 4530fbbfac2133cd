"""One deadline for all that is done on a connection, whatever the other side does."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from studio.net.tcp_client import ClientConnection, Deadline, resolve
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_link import TcpLink
from studio.timing import NS_PER_S, monotonic_ns
from tests.net.tcp_peers import PATIENCE_S, Echo, echo_server
from tests.waiting import wait_until


@contextlib.contextmanager
def server_that(treats: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A port at which each connection is treated so; the event is set when all shall end."""
    ending = threading.Event()

    def serve() -> None:
        while not ending.is_set():
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                with peer:
                    treats(peer, ending)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ending.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)


def connected(port: int, deadline: Deadline) -> ClientConnection:
    return ClientConnection.open(resolve("127.0.0.1", port, deadline), deadline)


def read_for_ever(port: int, within_s: float) -> int:
    """Read until it ends; how long that took, ns."""
    begin = monotonic_ns()
    deadline = Deadline(within_s)
    connection = connected(port, deadline)
    try:
        while connection.receive(100, deadline):
            pass
    finally:
        connection.close()
    return monotonic_ns() - begin


def test_an_exchange_goes_there_and_back() -> None:
    with echo_server(is_short=True) as running:
        deadline = Deadline(PATIENCE_S)
        connection = connected(running.server.port, deadline)
        connection.send(b"hello\n", deadline)
        assert connection.receive(100, deadline) == b"hello\n"
        assert connection.receive(100, deadline) == b""
        assert connection.local_address == connection.peer_address == "127.0.0.1"
        connection.close()
        connection.close()


def test_a_silent_server_keeps_nobody_longer_than_the_deadline() -> None:
    with (
        server_that(lambda peer, ending: contextlib.nullcontext(ending.wait()).__exit__()) as port,
        pytest.raises(TimeoutError),
    ):
        read_for_ever(port, 0.3)


def test_a_dripping_server_keeps_nobody_longer_either() -> None:
    def drip(peer: socket.socket, ending: threading.Event) -> None:
        while not ending.wait(0.02):
            peer.sendall(b"a")

    begin = monotonic_ns()
    with server_that(drip) as port, pytest.raises(TimeoutError):
        read_for_ever(port, 0.3)
    assert monotonic_ns() - begin < PATIENCE_S * NS_PER_S


def test_nobody_there_is_a_refusal_and_not_a_silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        connected(port, Deadline(PATIENCE_S))


def test_closing_ends_what_another_thread_waits_for() -> None:
    with echo_server(ServerLimits(record_s=60.0)) as running:
        deadline = Deadline(PATIENCE_S)
        connection = connected(running.server.port, deadline)
        results: list[object] = []

        def wait() -> None:
            try:
                results.append(connection.receive(100, deadline))
            except OSError as error:
                results.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        wait_until(lambda: bool(running.log), PATIENCE_S)
        connection.close()
        waiting.join(PATIENCE_S)
        assert len(results) == 1


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(OSError, match=r"nobody knows|looked up"):
        resolve("no-such-machine.invalid", 11511, Deadline(PATIENCE_S))


@pytest.mark.parametrize(
    ("host", "port"),
    [("", 1), ("a\0b", 1), ("127.0.0.1", 0), ("127.0.0.1", 70_000), ("vm", -1), ("\ud800", 1)],
)
def test_what_can_be_no_place_is_told_as_such(host: str, port: int) -> None:
    with pytest.raises(OSError, match=r"port|name|nobody knows"):
        resolve(host, port, Deadline(PATIENCE_S))


def test_a_name_becomes_an_address() -> None:
    assert resolve("localhost", 11511, Deadline(PATIENCE_S))[1:] in (("127.0.0.1", 11511), ("::1", 11511))
    assert resolve("::1", 5, Deadline(PATIENCE_S)) == (socket.AF_INET6, "::1", 5)


def test_a_deadline_that_has_passed_lets_nothing_begin() -> None:
    deadline = Deadline(0.0)
    assert deadline.remaining == 0
    with pytest.raises(TimeoutError):
        deadline.remaining_s()


def test_a_link_speaks_both_ways_until_the_server_ends_it() -> None:
    with echo_server(ServerLimits(record_s=60.0)) as running:
        ours = Listening([])
        link = TcpLink(connected(running.server.port, Deadline(PATIENCE_S)), ours, on_failure=print)
        serving = threading.Thread(target=link.run)
        serving.start()
        link.connection.send(b"one\ntwo\n")
        wait_until(lambda: ours.line == b"one\ntwo\n", PATIENCE_S)
        server_side = running.protocols[0].connection
        assert server_side is not None
        server_side.send(b"news\n")
        wait_until(lambda: ours.line.endswith(b"news\n"), PATIENCE_S)
        server_side.close()
        serving.join(PATIENCE_S)
        assert ours.log[-1] == ("closed", "")


def test_a_link_is_closed_from_another_thread() -> None:
    with echo_server(ServerLimits(record_s=60.0)) as running:
        ours = Listening([])
        link = TcpLink(connected(running.server.port, Deadline(PATIENCE_S)), ours, on_failure=print)
        serving = threading.Thread(target=link.run)
        serving.start()
        wait_until(lambda: bool(ours.log), PATIENCE_S)
        link.connection.send(b"last words\n")
        link.close()
        serving.join(PATIENCE_S)
        assert not serving.is_alive()
        wait_until(lambda: running.reasons() != [], PATIENCE_S)
        link.abort()


class Listening(Echo):
    """Only listens, and owes nothing to anybody."""

    def received(self, data: bytes) -> None:
        assert self.connection is not None
        self.connection.expect(None)
        self.line += data
