"""A server lets in what its limits allow, serves everybody from one thread, and lets nobody keep another."""

import contextlib
import socket
import struct
import threading
from ipaddress import ip_network

import pytest

from studio.errors import NetworkError
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_server import TcpServer
from tests.net.tcp_peers import (
    PATIENCE_S,
    Echo,
    echo_server,
    is_turned_away,
    peer_of,
    said,
    was_reset_or_closed,
)
from tests.waiting import wait_until

LONG = ServerLimits(record_s=60.0)


def test_a_short_exchange_is_answered_and_closed() -> None:
    with echo_server(is_short=True) as running, peer_of(running.server.port) as peer:
        peer.sendall(b"time\n")
        assert said(peer, 5) == b"time\n"
        assert was_reset_or_closed(peer)
        wait_until(lambda: running.reasons() == [""], PATIENCE_S)
        assert running.server.statistics.accepted == 1
        wait_until(lambda: running.server.statistics.open == 0, PATIENCE_S)


def test_a_long_connection_is_sent_to_from_any_thread() -> None:
    with echo_server(LONG) as running, peer_of(running.server.port) as peer:
        wait_until(lambda: bool(running.log), PATIENCE_S)
        connection = running.protocols[0].connection
        assert connection is not None
        for _ in range(100):
            connection.send(b"news\n")
        assert said(peer, 500) == b"news\n" * 100
        peer.sendall(b"thanks\n")
        assert said(peer, 7) == b"thanks\n"
        connection.close()
        assert was_reset_or_closed(peer)
        connection.send(b"too late")


def test_a_silent_peer_delays_nobody_and_is_dropped() -> None:
    with echo_server(ServerLimits(record_s=0.2), first_owes_nothing=True) as running:
        with peer_of(running.server.port) as honest, peer_of(running.server.port) as silent:
            honest.sendall(b"hello\n")
            assert said(honest, 6) == b"hello\n"
            assert was_reset_or_closed(silent)
            honest.sendall(b"still here\n")
            assert said(honest, 11) == b"still here\n"
        wait_until(lambda: sorted(running.reasons()) == ["", "it took too long"], PATIENCE_S)


def test_dripping_does_not_stretch_the_time_for_a_record() -> None:
    with echo_server(ServerLimits(record_s=0.3)) as running, peer_of(running.server.port) as peer:
        ended = running.protocols
        wait_until(lambda: bool(ended), PATIENCE_S)
        with contextlib.suppress(ConnectionError):
            while not ended[0].has_ended.wait(0.05):
                peer.sendall(b"a")
        assert running.reasons() == ["it took too long"]


def test_what_breaks_the_rules_ends_its_own_connection_only() -> None:
    with echo_server() as running:
        with peer_of(running.server.port) as honest, peer_of(running.server.port) as loud:
            loud.sendall(b"HEY!\n")
            assert was_reset_or_closed(loud)
            honest.sendall(b"quiet\n")
            assert said(honest, 6) == b"quiet\n"
        assert running.reasons()[0] == "no shouting"
        assert running.failures == []


def test_a_mistake_of_ours_is_told_to_the_owner_and_the_others_are_served() -> None:
    with echo_server() as running:
        with peer_of(running.server.port) as honest, peer_of(running.server.port) as curious:
            curious.sendall(b"what?\n")
            assert was_reset_or_closed(curious)
            honest.sendall(b"fine\n")
            assert said(honest, 5) == b"fine\n"
        assert [type(error) for error in running.failures] == [ZeroDivisionError]


def test_one_address_has_so_many_connections_and_others_get_in() -> None:
    limits = ServerLimits(per_address=3, record_s=60.0)
    with echo_server(limits) as running, contextlib.ExitStack() as peers:
        for _ in range(3):
            peers.enter_context(peer_of(running.server.port))
        assert is_turned_away(running.server.port)
        other = peers.enter_context(peer_of(running.server.port, source="127.0.0.2"))
        other.sendall(b"me\n")
        assert said(other, 3) == b"me\n"
        assert running.server.statistics.refused == 1
    assert running.server.statistics.open == 0


def test_in_a_full_house_the_oldest_goes_who_owes_something() -> None:
    limits = ServerLimits(per_address=1, in_total=3, record_s=60.0)
    with echo_server(limits) as running, contextlib.ExitStack() as peers:
        settled = peers.enter_context(peer_of(running.server.port, source="127.0.0.1"))
        settled.sendall(b"in\n")
        assert said(settled, 3) == b"in\n"
        second = peers.enter_context(peer_of(running.server.port, source="127.0.0.2"))
        third = peers.enter_context(peer_of(running.server.port, source="127.0.0.3"))
        wait_until(lambda: running.server.statistics.open == 3, PATIENCE_S)
        fourth = peers.enter_context(peer_of(running.server.port, source="127.0.0.4"))
        assert was_reset_or_closed(second)
        for there in (settled, third, fourth):
            there.sendall(b"ok\n")
            assert said(there, 3) == b"ok\n"
        assert is_turned_away(running.server.port, source="127.0.0.5"), "nobody owes anything"
        assert running.server.statistics.evicted == 1


def test_who_comes_too_often_is_refused() -> None:
    limits = ServerLimits(per_second=5)
    with echo_server(limits, is_short=True) as running:
        # However slow the machine is, some second of the many sees more than five.
        while not running.server.statistics.refused:
            with contextlib.suppress(ConnectionError), peer_of(running.server.port):
                pass
        with peer_of(running.server.port, source="127.0.0.9") as other:
            other.sendall(b"hi\n")
            assert said(other, 3) == b"hi\n"


def test_who_is_not_on_the_list_is_reset() -> None:
    limits = ServerLimits(allowed=(ip_network("127.0.0.8/29"),))
    with echo_server(limits) as running:
        assert is_turned_away(running.server.port)
        with peer_of(running.server.port, source="127.0.0.9") as friend:
            friend.sendall(b"hi\n")
            assert said(friend, 3) == b"hi\n"


def test_more_bytes_than_allowed_end_the_connection() -> None:
    limits = ServerLimits(received_bytes=10)
    with echo_server(limits) as running, peer_of(running.server.port) as peer:
        peer.sendall(b"12345\n67890\n")
        assert was_reset_or_closed(peer)
        wait_until(lambda: running.reasons() == ["it sent more than 10 bytes"], PATIENCE_S)


def test_a_peer_that_does_not_read_is_dropped_for_what_waits() -> None:
    limits = ServerLimits(record_s=60.0, outgoing_bytes=100_000, stalled_s=60.0)
    with echo_server(limits) as running, peer_of(running.server.port, buffer=4096):
        wait_until(lambda: bool(running.log), PATIENCE_S)
        protocol = running.protocols[0]
        assert protocol.connection is not None
        for _ in range(200):
            protocol.connection.send(b"x" * 100_000)
        assert protocol.has_ended.wait(PATIENCE_S)
        assert running.reasons() == ["it lets more than 100000 bytes wait"]


def test_a_peer_that_takes_nothing_for_a_while_is_dropped() -> None:
    limits = ServerLimits(record_s=60.0, outgoing_bytes=1 << 30, stalled_s=0.2)
    with echo_server(limits) as running, peer_of(running.server.port, buffer=4096):
        wait_until(lambda: bool(running.log), PATIENCE_S)
        protocol = running.protocols[0]
        assert protocol.connection is not None
        protocol.connection.send(b"x" * 30_000_000)
        assert protocol.has_ended.wait(PATIENCE_S)
        assert "took nothing" in running.reasons()[0]


def test_a_farewell_reaches_everybody_before_the_server_is_closed() -> None:
    with echo_server(LONG) as running, peer_of(running.server.port) as peer:
        wait_until(lambda: bool(running.log), PATIENCE_S)
        connection = running.protocols[0].connection
        assert connection is not None
        connection.send(b"bye\n" * 100_000)
        closing = threading.Event()

        def read_all() -> bytes:
            closing.wait(PATIENCE_S)
            return said(peer, 400_001)

        running.server.call(closing.set)
        data = bytearray()
        reader = threading.Thread(target=lambda: data.extend(read_all()))
        reader.start()
        running.server.close(drain_s=PATIENCE_S)
        reader.join(PATIENCE_S)
        assert bytes(data) == b"bye\n" * 100_000


def test_a_server_can_be_closed_by_its_own_protocol_and_twice() -> None:
    with echo_server(LONG) as running, peer_of(running.server.port) as peer:
        running.server.call(running.server.close)
        assert was_reset_or_closed(peer)
        running.server.close()
        running.server.close()
        assert not running.server.is_listening


def test_a_server_that_was_never_started_can_be_closed() -> None:
    server = TcpServer("never", "127.0.0.1", 0, lambda: Echo([]), on_failure=lambda error: None)
    server.close()
    server.close()


def test_a_taken_port_and_no_host_are_told_at_once() -> None:
    with echo_server() as running:
        taken = TcpServer("b", "127.0.0.1", running.server.port, lambda: Echo([]), on_failure=print)
        with pytest.raises(NetworkError, match="Choose another port"):
            taken.start()
        taken.close()
    everywhere = TcpServer("c", "", 0, lambda: Echo([]), on_failure=print)
    with pytest.raises(NetworkError, match="at which address"):
        everywhere.start()
    everywhere.close()


def test_peers_that_come_and_go_at_once_leave_nothing() -> None:
    with echo_server(ServerLimits(per_second=10**6)) as running:
        for count in range(200):
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.connect(("127.0.0.1", running.server.port))
                if count % 2:
                    sock.sendall(b"half")
        with peer_of(running.server.port) as peer:
            peer.sendall(b"done\n")
            assert said(peer, 5) == b"done\n"
        wait_until(lambda: running.server.statistics.open == 0, PATIENCE_S)
        assert running.failures == []
