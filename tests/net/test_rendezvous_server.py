"""A directory that is shared: with original clients byte for byte, with many at once, with bad ones, too."""

import socket
import threading
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from studio.engine.threads import spawn
from studio.errors import NetworkError
from studio.net.rendezvous import Rendezvous
from studio.net.rendezvous_guest import MOST_BROUGHT
from studio.net.rendezvous_protocol import (
    LEAVES_NOTHING,
    Disconnected,
    ProcessAdded,
    ProcessRemoved,
    ServerGreeting,
    client_greeting_bytes,
    record_bytes,
    server_parser,
)
from studio.net.rendezvous_server import LIMITS, RendezvousServer
from tests.net.feeding import at_once
from tests.net.rendezvous_peers import LOCAL, capture, guest_of, names, served
from tests.net.tcp_peers import PATIENCE_S
from tests.net.test_rendezvous import large
from tests.waiting import wait_until

Process = Rendezvous.Process
HOSTILE = {
    "another version": "0300",
    "an unknown record": "0200 03",
    "an unknown endpoint": "0200 01 0150 00 01000000 04",
    "a TCP source without a host": "0200 01 0150 00 01000000 00 00 05000000 00000000",
    "a TCP source with two streams": "0200 01 0150 00 01000000 00 0168 05000000 02000000",
    "a clock with a stream": "0200 01 0150 00 01000000 03 0168 05000000 01000000",
    "a name of two gigabytes": "0200 01 ffffffff07",
    "another protocol": b"GET / HTTP/1.1\r\n\r\n".hex(),
}


@pytest.mark.parametrize("name", ["rendezvous_session", "rendezvous_server_stops"])
def test_e250_an_original_client_hears_from_ours_what_it_heard_from_an_original_server(name: str) -> None:
    said = capture(name)
    greeting, *known = at_once(server_parser, bytes.fromhex(said["s2c_hex"]))
    assert isinstance(greeting, ServerGreeting)
    with served() as server:
        for record in known[: greeting.process_count]:
            assert isinstance(record, ProcessAdded)
            server.rendezvous.try_add_process(record.process)
        with socket.create_connection((LOCAL, server.port)) as sock:
            sock.settimeout(PATIENCE_S)
            expected, heard = bytes.fromhex(said["s2c_hex"]), b""
            sock.sendall(bytes.fromhex(said["c2s_hex"])[:-1])  # all but its goodbye
            while len(heard) < len(expected.removesuffix(b"\x00")):
                heard += sock.recv(65536)
            if name == "rendezvous_server_stops":
                server.stop()
                heard += sock.recv(65536)
            sock.sendall(b"\x00")
        assert heard == expected


def test_e250_every_change_is_told_to_all_its_author_included() -> None:
    with served() as server, guest_of(server) as one, guest_of(server) as other:
        one.send(ProcessAdded(Process("A")))
        server.rendezvous.try_add_process(Process("B"))
        assert sorted(one.hear_names(2)) == sorted(other.hear_names(2)) == ["+A", "+B"]
        other.send(ProcessRemoved("A"))
        assert one.hear_names(1) == other.hear_names(1) == ["-A"]
        assert names(server) == {"B"}


def test_what_is_known_already_or_not_at_all_is_not_told_again() -> None:
    with served() as server, guest_of(server) as one:
        server.rendezvous.try_add_process(Process("A", version="1"))
        one.send(
            ProcessAdded(Process("A", version="2")), ProcessRemoved("nobody"), ProcessAdded(Process("Z"))
        )
        assert one.hear_names(2) == ["+A", "+Z"]
        assert server.rendezvous.process("A") == Process("A", version="1")


def test_e253_6_what_a_client_that_vanishes_has_added_stays_as_in_the_original() -> None:
    with served() as server:
        for goodbye in (b"", b"\x00"):
            with guest_of(server) as one:
                one.send(ProcessAdded(Process(f"A{goodbye!r}")))
                one.hear_names(1)
                one.sock.sendall(goodbye)
        wait_until(lambda: not server.clients, PATIENCE_S)
        with guest_of(server) as later:
            assert later.said.count(b"A") == 2
        assert len(names(server)) == 2


def test_e253_6_a_client_may_ask_that_nothing_of_it_stays() -> None:
    with served() as server, guest_of(server) as witness:
        with guest_of(server) as one:
            one.send(ProcessRemoved(LEAVES_NOTHING), ProcessAdded(Process("A")), ProcessAdded(Process("B")))
            one.send(ProcessRemoved("B"))
            assert witness.hear_names(3) == ["+A", "+B", "-B"]
        assert witness.hear_names(1) == ["-A"]
        assert names(server) == set()


def test_a_client_that_comes_anew_keeps_what_its_dead_connection_would_take_along() -> None:
    with served() as server, guest_of(server) as witness, guest_of(server) as second:
        with guest_of(server) as first:
            first.send(ProcessRemoved(LEAVES_NOTHING), ProcessAdded(Process("A")))
            assert witness.hear_names(1) == second.hear_names(1) == ["+A"]
            second.send(
                ProcessRemoved(LEAVES_NOTHING), ProcessAdded(Process("A")), ProcessAdded(Process("B"))
            )
            assert witness.hear_names(1) == ["+B"]
        wait_until(lambda: len(server.clients) == 2, PATIENCE_S)
        assert names(server) == {"A", "B"}
        second.sock.close()
        assert sorted(witness.hear_names(2)) == ["-A", "-B"]


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE.keys())
def test_whoever_breaks_the_rules_is_shown_the_door_and_the_others_are_served_on(said: str) -> None:
    errors: list[Exception] = []
    with served() as server, guest_of(server) as honest:
        server.error.connect(errors.append)
        with guest_of(server, greets=False) as bad:
            bad.sock.sendall(bytes.fromhex(said))
            while bad.hear_end() is False:
                pass
        honest.send(ProcessAdded(Process("A")))
        assert honest.hear_names(1) == ["+A"]
        wait_until(lambda: len(errors) > 0, PATIENCE_S)
        assert isinstance(errors[0], NetworkError)
        assert f"of {LOCAL}" in str(errors[0])


def test_e253_1_a_client_that_says_nothing_keeps_nobody_and_is_let_go() -> None:
    with (
        served(limits=replace(LIMITS, record_s=1.5)) as server,
        guest_of(server, greets=False) as silent,
        guest_of(server) as honest,
    ):
        assert silent.hear_end()
        honest.send(ProcessAdded(Process("A")))  # silent for as long as the other, but welcome
        assert honest.hear_names(1) == ["+A"]


def test_a_record_that_does_not_come_to_its_end_ends_the_connection() -> None:
    with served(limits=replace(LIMITS, record_s=1.5)) as server, guest_of(server) as slow:
        whole = record_bytes(ProcessAdded(Process("A")))
        slow.sock.sendall(whole + whole[:3])
        assert slow.hear_names(1) == ["+A"]
        assert slow.hear_end()


def test_a_client_that_does_not_read_is_let_go_and_holds_up_nobody() -> None:
    limits = replace(LIMITS, outgoing_bytes=400_000, stalled_s=PATIENCE_S)
    with served(limits=limits) as server, guest_of(server) as witness, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((LOCAL, server.port))
        deaf.sendall(client_greeting_bytes())
        wait_until(lambda: len(server.clients) == 2, PATIENCE_S)
        turn = 0
        while len(server.clients) == 2:
            server.rendezvous.try_add_process(large(str(turn), 180_000))
            assert witness.hear_names(1) == [f"+{turn}"]
            server.rendezvous.try_remove_process(str(turn))
            assert witness.hear_names(1) == [f"-{turn}"]
            turn += 1


def test_one_client_may_bring_so_many_bytes_and_no_more() -> None:
    with served() as server:
        with guest_of(server) as greedy:
            for number in range(MOST_BROUGHT // 240_000 + 1):
                greedy.send(ProcessAdded(large(str(number), 240_000)))
            while greedy.hear_end() is False:
                pass
        assert names(server) == {"0", "1", "2", "3"}
        with guest_of(server) as other:
            other.send(ProcessAdded(large("4", 240_000)))
            assert other.hear_names(1) == ["+4"]


def test_a_client_that_adds_and_removes_without_end_is_stopped() -> None:
    with served() as server, guest_of(server) as busy:
        pair = record_bytes(ProcessAdded(Process("A"))) + record_bytes(ProcessRemoved("A"))
        busy.sock.sendall(pair * 3000)
        while busy.hear_end() is False:
            pass
        wait_until(lambda: not server.clients, PATIENCE_S)


def test_many_clients_that_add_and_remove_at_once_all_end_with_the_same() -> None:
    with served() as server, ExitStack() as stack:
        peers = [stack.enter_context(guest_of(server, source=f"127.0.0.{n + 2}")) for n in range(12)]
        views: list[set[str]] = [set() for _ in peers]

        def take_part(number: int) -> None:
            for turn in range(40):
                peers[number].send(ProcessAdded(Process(str((number + turn) % 15))))
                peers[number].send(ProcessRemoved(str((number * turn) % 15)))
            peers[number].send(ProcessAdded(Process(f"done {number}")))

        def listen(number: int) -> None:
            while sum(name.startswith("done") for name in views[number]) < len(peers):
                (change,) = peers[number].hear_names(1)
                views[number] ^= {change[1:]}

        work: list[tuple[Any, int]] = [(act, n) for n in range(len(peers)) for act in (take_part, listen)]
        threads = [
            spawn(f"peer{n}", lambda cancelled, act=act, n=n: act(n), _fail)  # type: ignore[misc]
            for act, n in work
        ]
        assert all(thread.join(PATIENCE_S) for thread in threads)
        assert all(view == names(server) for view in views)


def test_a_handler_that_takes_long_holds_up_no_client() -> None:
    is_in, may_go = threading.Event(), threading.Event()

    def dawdle(process: Process) -> None:
        is_in.set()
        assert may_go.wait(PATIENCE_S)

    with served() as server, guest_of(server) as one, guest_of(server) as other:
        server.rendezvous.process_added.connect(dawdle)
        one.send(ProcessAdded(Process("A")))
        assert is_in.wait(PATIENCE_S)
        one.send(ProcessAdded(Process("B")))
        assert other.hear_names(2) == ["+A", "+B"]
        may_go.set()


def test_a_server_says_goodbye_and_may_be_started_again_and_says_everything_once() -> None:
    with served() as server:
        server.rendezvous.try_add_process(Process("A"))
        with guest_of(server) as one:
            with pytest.raises(RuntimeError, match="started before"):
                server.start()
            server.stop()
            server.stop()
            assert one.hear() == Disconnected()
            assert one.hear_end()
        assert not server.is_serving
        server.start()
        with guest_of(server) as one:
            assert b"A" in one.said
            server.rendezvous.try_add_process(Process("B"))
            server.rendezvous.try_add_process(Process("C"))
            assert one.hear_names(2) == ["+B", "+C"]


def test_a_port_that_is_taken_is_told_at_once() -> None:
    with served() as server:
        second = RendezvousServer(server.port, LOCAL)
        with pytest.raises(NetworkError, match=str(server.port)):
            second.start()
        assert not second.is_serving
        second.stop()


def test_it_listens_at_one_address_and_never_at_all() -> None:
    with RendezvousServer(0) as server:
        assert server.host not in ("", "0.0.0.0", "::")
        assert server.port > 0
        with socket.create_connection((server.host, server.port), timeout=PATIENCE_S):
            pass
    with pytest.raises(NetworkError, match="at which address"):
        RendezvousServer(0, "").start()


def _fail(error: BaseException) -> None:
    raise error
