"""Our exporter tells its clock to whoever asks, byte for byte as \\psi does, and to many at once."""

import contextlib
import socket

import pytest

from studio.errors import NetworkError
from studio.net.clock_protocol import ClockMachine, ClockStamp, reply_parser
from studio.net.clock_serving import ClockServer, machine_name
from studio.timing import ClockAnchor, SystemClock
from tests.net.clock_peers import PATIENCE_S, our_exporter
from tests.net.tcp_peers import peer_of, was_reset_or_closed

A_MINUTE = ClockAnchor(utc_time=1_790_000_000_000_000_000, monotonic=0)


def whole_reply(sock: socket.socket) -> bytes:
    data = b""
    while more := sock.recv(4096):
        data += more
    return data


def test_it_tells_its_own_clock_and_the_name_of_this_machine_and_closes() -> None:
    clock = SystemClock(A_MINUTE)
    with our_exporter(clock) as server, peer_of(server.port) as peer:
        before = clock.now()
        peer.sendall(b"\0\0")
        data = whole_reply(peer)
        after = clock.now()
        stamp, machine = list(reply_parser().feed(data))
        assert isinstance(stamp, ClockStamp)
        assert before - 100 <= stamp.time <= after
        assert machine == ClockMachine(machine_name())
        assert server.answered == server.clients() == 1


def test_a_request_in_two_pieces_is_one() -> None:
    with our_exporter() as server, peer_of(server.port) as peer:
        peer.sendall(b"\0")
        peer.sendall(b"\0")
        assert len(whole_reply(peer)) == 9 + len(machine_name())


@pytest.mark.parametrize("request_", [b"\1\0", b"\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0"])
def test_anything_else_is_ended_without_a_word(request_: bytes) -> None:
    with our_exporter() as server, peer_of(server.port) as peer:
        peer.sendall(request_)
        assert was_reset_or_closed(peer)


def test_silent_peers_delay_nobody() -> None:
    with our_exporter() as server, contextlib.ExitStack() as silent:
        for number in range(2, 18):
            silent.enter_context(peer_of(server.port, source=f"127.0.0.{number}"))
        with peer_of(server.port) as honest:
            honest.sendall(b"\0\0")
            assert whole_reply(honest)


def test_clients_are_addresses_not_connections() -> None:
    with our_exporter() as server:
        for source in ("127.0.0.1", "127.0.0.2", "127.0.0.1"):
            with peer_of(server.port, source=source) as peer:
                peer.sendall(b"\0\0")
                assert whole_reply(peer)
        assert (server.answered, server.clients()) == (3, 2)


def test_a_network_that_is_none_is_told_at_once() -> None:
    with pytest.raises(NetworkError, match=r"10\.0\.0\.0/24"):
        ClockServer("127.0.0.1", 0, SystemClock(), on_failure=print, allowed=("nonsense",))


def test_only_networks_on_the_list_are_served() -> None:
    server = ClockServer("127.0.0.1", 0, SystemClock(), on_failure=print, allowed=("127.0.0.2/32",))
    server.start()
    try:
        with peer_of(server.port, source="127.0.0.2") as friend:
            friend.sendall(b"\0\0")
            assert whole_reply(friend)
        with contextlib.suppress(ConnectionError), peer_of(server.port) as stranger:
            assert was_reset_or_closed(stranger)
        assert server.answered == 1
    finally:
        server.close()


def test_the_name_of_this_machine_is_its_first_part() -> None:
    assert machine_name() == socket.gethostname().partition(".")[0]
    assert PATIENCE_S
