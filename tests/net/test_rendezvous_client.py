"""Taking part in a shared directory, and going on doing so: with original servers, through losses and all."""

import socket
import threading
from contextlib import ExitStack

import pytest

from studio.errors import LocalProtocolError, NetworkError, RemoteProtocolError
from studio.net import rendezvous_client
from studio.net.endpoints import RemoteClockExporterEndpoint
from studio.net.rendezvous import Rendezvous
from studio.net.rendezvous_client import ClientState, RendezvousClient
from studio.net.rendezvous_protocol import (
    LEAVES_NOTHING,
    ClientGreeting,
    Disconnected,
    ProcessAdded,
    ProcessRemoved,
    client_parser,
    server_greeting_bytes,
)
from studio.net.rendezvous_server import RendezvousServer
from tests.net.rendezvous_peers import (
    LOCAL,
    QUICK_S,
    Peer,
    capture,
    guest_of,
    host_at,
    joined,
    listener,
    names,
    served,
)
from tests.net.tcp_peers import PATIENCE_S
from tests.waiting import wait_until

Process = Rendezvous.Process


def clock(name: str, host: str = "10.0.0.1", port: int = 11511) -> Process:
    """A process that offers its clock."""
    return Process(name, (RemoteClockExporterEndpoint(host, port),))


@pytest.mark.parametrize("name", ["rendezvous_session", "rendezvous_server_stops"])
def test_e251_ours_learns_from_an_original_server_what_an_original_client_learned(name: str) -> None:
    said = capture(name)
    added: list[str] = []
    removed: list[str] = []
    with listener() as listening, RendezvousClient(LOCAL, listening.getsockname()[1]) as client:
        client.rendezvous.process_added.connect(lambda p: added.append(p.name))
        client.rendezvous.process_removed.connect(lambda p: removed.append(p.name))
        sock, _ = listening.accept()
        with sock:
            peer = Peer(sock, client_parser())
            assert peer.hear() == ClientGreeting()
            for byte in bytes.fromhex(said["s2c_hex"]).removesuffix(b"\x00"):
                sock.sendall(bytes([byte]))  # as small as pieces can be
            assert client.connected.wait(PATIENCE_S)
            assert client.client_address == LOCAL
            told = said["decoded"]["s2c"][1:]
            wait_until(lambda: added == [r["name"] for r in told if r["action"] == "add"], PATIENCE_S)
            wait_until(lambda: removed == [r["name"] for r in told if r["action"] == "remove"], PATIENCE_S)
            if name == "rendezvous_server_stops":
                sock.sendall(b"\x00")
                assert peer.hear() == Disconnected()  # and nothing of what it learned was said again
                assert client.rendezvous.process("ServerProc") is not None


def test_a_server_that_announces_more_than_it_lists_and_ends_is_survived() -> None:
    with listener() as listening:
        port = listening.getsockname()[1]
        with RendezvousClient(LOCAL, port, first_pause_s=QUICK_S) as client:
            with host_at(listening, welcomes=False) as host:
                host.sock.sendall(server_greeting_bytes(LOCAL, [Process("A")])[:-9])
                host.sock.sendall(b"\x00")
            with host_at(listening, Process("A")):
                assert client.connected.wait(PATIENCE_S)
                assert names(client) == {"A"}


def test_e253_8_what_was_announced_before_there_was_a_connection_is_said() -> None:
    with served() as server:
        client = RendezvousClient(LOCAL, server.port)
        client.rendezvous.try_add_process(Process("early"))
        with client:
            wait_until(lambda: names(server) == {"early"}, PATIENCE_S)
            client.rendezvous.try_add_process(Process("later"))
            wait_until(lambda: names(server) == {"early", "later"}, PATIENCE_S)
            client.rendezvous.try_remove_process("early")
            wait_until(lambda: names(server) == {"later"}, PATIENCE_S)
        wait_until(lambda: not server.clients, PATIENCE_S)
        assert names(server) == {"later"}


def test_what_one_announces_appears_at_all_others_and_disappears_again() -> None:
    with served() as server, joined(server) as one, joined(server) as other:
        one.rendezvous.try_add_process(clock("A"))
        wait_until(lambda: other.rendezvous.process("A") == clock("A"), PATIENCE_S)
        other.rendezvous.try_remove_process("A")  # anybody may, as in the original
        wait_until(lambda: names(one) == names(server) == set(), PATIENCE_S)


def test_e252_waiting_for_a_connection_begins_to_connect() -> None:
    with served() as server:
        client = RendezvousClient(LOCAL, server.port)
        assert not client.connected.is_set()
        assert client.connected.wait(PATIENCE_S)
        assert client.state.value == "connected"
        with pytest.raises(RuntimeError, match="started before"):
            client.start()
        client.stop()
        client.stop()
        assert client.state is ClientState.STOPPED
        assert not client.connected.is_set()
        assert client.connected.wait(PATIENCE_S)  # and again
        client.close()


def test_the_handlers_have_heard_of_everything_that_was_there_when_the_connection_stands() -> None:
    with served() as server:
        server.rendezvous.try_add_process(clock("A"))
        client = RendezvousClient(LOCAL, server.port)
        seen: list[str] = []
        client.rendezvous.process_added.connect(lambda p: seen.append(p.name))
        assert client.connected.wait(PATIENCE_S)
        assert seen == ["A"]
        client.stop()


def test_e253_2_a_server_that_is_not_there_yet_is_waited_for_and_said_so() -> None:
    with listener() as listening:
        port = listening.getsockname()[1]
    errors: list[Exception] = []
    client = RendezvousClient(LOCAL, port, first_pause_s=QUICK_S)
    client.error.connect(errors.append)
    with client:
        assert not client.connected.wait(0.01)
        wait_until(lambda: client.problem == "nothing listens there", PATIENCE_S)
        wait_until(lambda: len(errors) > 0, PATIENCE_S)
        assert isinstance(errors[0], NetworkError)
        assert f"{LOCAL}:{port}" in str(errors[0])
        with RendezvousServer(port, LOCAL):
            assert client.connected.wait(PATIENCE_S)
            assert client.problem == ""


def test_stopping_does_not_wait_for_a_server_that_never_comes() -> None:
    with RendezvousClient(LOCAL, 1, first_pause_s=PATIENCE_S) as client:
        wait_until(lambda: client.state is ClientState.WAITING, PATIENCE_S)


def test_stopping_does_not_wait_for_a_machine_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendezvous_client, "CONNECT_S", 600.0)
    with socket.socket() as full, ExitStack() as others:
        full.bind((LOCAL, 0))
        full.listen(0)
        for _ in range(4):  # until nobody is let in any more
            other = others.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        with RendezvousClient(LOCAL, full.getsockname()[1]) as client:
            wait_until(lambda: client.state is ClientState.CONNECTING, PATIENCE_S)
        assert not [one for one in threading.enumerate() if one.name == "studio.rendezvous-client"]


def test_a_connection_that_was_lost_comes_again_with_what_had_been_announced() -> None:
    with served() as server, joined(server) as client, joined(server) as other:
        client.rendezvous.try_add_process(clock("mine"))
        other.rendezvous.try_add_process(clock("its"))
        wait_until(lambda: names(client) == names(other) == {"mine", "its"}, PATIENCE_S)
        server.stop()
        wait_until(lambda: not client.connected.is_set(), PATIENCE_S)
        assert names(client) == {"mine", "its"}  # kept as it was
        for process in server.rendezvous.processes:  # as a server that was started anew
            server.rendezvous.try_remove_process(process)
        other.stop()
        server.start()
        wait_until(lambda: names(server) == {"mine"} and names(client) == {"mine"}, PATIENCE_S)


def test_what_changed_while_there_was_no_connection_is_mended_on_both_sides() -> None:
    with served() as server, joined(server) as client:
        for name in ("stays", "goes", "changes"):
            server.rendezvous.try_add_process(clock(name))
        client.rendezvous.try_add_process(clock("ours"))
        client.rendezvous.try_add_process(clock("ours no more"))
        wait_until(lambda: len(names(client)) == len(names(server)) == 5, PATIENCE_S)
        server.stop()
        wait_until(lambda: not client.connected.is_set(), PATIENCE_S)
        server.rendezvous.try_remove_process("goes")
        server.rendezvous.replace_process(clock("changes", port=2))
        server.rendezvous.try_add_process(clock("comes"))
        client.rendezvous.try_remove_process("ours no more")
        client.rendezvous.try_add_process(clock("ours, too"))
        server.start()
        expected = {"stays", "changes", "comes", "ours", "ours, too"}
        wait_until(lambda: names(client) == names(server) == expected, PATIENCE_S)
        assert client.rendezvous.process("changes") == clock("changes", port=2)


def test_e253_7_a_process_that_was_started_again_replaces_what_is_listed_of_it() -> None:
    with served() as server, guest_of(server) as witness:
        server.rendezvous.try_add_process(clock("A", port=1))
        assert witness.hear_names(1) == ["+A"]
        client = RendezvousClient(LOCAL, server.port)
        client.rendezvous.try_add_process(clock("A", port=2))
        with client:
            assert witness.hear_names(2) == ["-A", "+A"]
            assert server.rendezvous.process("A") == clock("A", port=2)
            assert client.rendezvous.process("A") == clock("A", port=2)


def test_a_name_that_another_machine_has_is_left_to_it_and_told() -> None:
    errors: list[Exception] = []
    with served() as server:
        server.rendezvous.try_add_process(clock("A", host="10.0.0.9"))
        client = RendezvousClient(LOCAL, server.port)
        client.error.connect(errors.append)
        client.rendezvous.try_add_process(clock("A"))
        with client:
            wait_until(lambda: len(errors) > 0, PATIENCE_S)
            assert isinstance(errors[0], LocalProtocolError)
            assert "another process called 'A'" in str(errors[0])
            assert client.rendezvous.process("A") == clock("A", host="10.0.0.9")
        assert server.rendezvous.process("A") == clock("A", host="10.0.0.9")


def test_what_is_added_removed_and_added_again_in_haste_ends_as_it_was_wanted() -> None:
    with served() as server, joined(server) as client:
        for port in range(1, 60):
            client.rendezvous.try_add_process(clock("A", port=port))
            client.rendezvous.try_remove_process("A")
        client.rendezvous.try_add_process(clock("A", port=60))
        client.rendezvous.try_add_process(Process("last"))
        wait_until(lambda: "last" in names(server), PATIENCE_S)
        assert server.rendezvous.process("A") == clock("A", port=60)
        assert client.rendezvous.process("A") == clock("A", port=60)
        server.stop()
        wait_until(lambda: not client.connected.is_set(), PATIENCE_S)
        server.rendezvous.try_remove_process("A")
        server.start()  # it still knows that this is what it announces
        wait_until(lambda: server.rendezvous.process("A") == clock("A", port=60), PATIENCE_S)


def test_e253_6_nothing_stays_of_a_client_that_wants_it_so_when_it_stops() -> None:
    with served() as server, joined(server) as other:
        with joined(server, leaves_nothing=True) as client:
            client.rendezvous.try_add_process(Process("A"))
            wait_until(lambda: names(other) == {"A"}, PATIENCE_S)
        wait_until(lambda: names(other) == set(), PATIENCE_S)


def test_at_an_original_server_too_a_client_takes_along_what_it_announced() -> None:
    with listener() as listening:
        client = RendezvousClient(LOCAL, listening.getsockname()[1], leaves_nothing=True)
        client.rendezvous.try_add_process(Process("A"))
        client.start()
        with host_at(listening, Process("other")) as host:
            assert host.hear() == ProcessRemoved(LEAVES_NOTHING)  # which an original does not know
            assert host.hear() == ProcessAdded(Process("A"))
            assert client.connected.wait(PATIENCE_S)
            client.stop()
            assert [host.hear(), host.hear()] == [ProcessRemoved("A"), Disconnected()]
            assert host.hear_end()


def test_a_server_of_another_version_is_an_error_for_those_who_wait() -> None:
    with listener() as listening:
        port = listening.getsockname()[1]
        with RendezvousClient(LOCAL, port, first_pause_s=QUICK_S) as client:
            with host_at(listening, welcomes=False) as host:
                host.sock.sendall(b"\x03\x00")
                assert host.hear_end()
            with pytest.raises(RemoteProtocolError, match="version 3 of Rendezvous"):
                client.connected.wait(PATIENCE_S)
            with host_at(listening):
                wait_until(lambda: client.connected.is_set(), PATIENCE_S)


@pytest.mark.parametrize(
    "garbage", [b"\x02\x00\x01\x58\xff\xff\xff\x7f", b"HTTP/1.1 400\r\n", b"\x02\x00\x00" * 40]
)
def test_a_server_that_talks_nonsense_is_left_and_tried_again(garbage: bytes) -> None:
    with listener() as listening:
        port = listening.getsockname()[1]
        with RendezvousClient(LOCAL, port, first_pause_s=QUICK_S) as client:
            with host_at(listening, welcomes=False) as host:
                host.sock.sendall(garbage)
                assert host.hear_end()
            with host_at(listening, Process("A")):
                wait_until(lambda: names(client) == {"A"}, PATIENCE_S)


def test_an_original_server_that_removes_in_the_midst_of_its_list_is_understood() -> None:
    with (
        listener() as listening,
        RendezvousClient(LOCAL, listening.getsockname()[1]) as client,
        host_at(listening, welcomes=False) as host,
    ):
        host.sock.sendall(server_greeting_bytes(LOCAL, [Process("A"), Process("B")])[:-8])
        host.send(ProcessRemoved("A"))
        host.send(ProcessAdded(Process("B")))
        assert client.connected.wait(PATIENCE_S)
        assert names(client) == {"B"}


def test_a_handler_may_stop_the_client_itself() -> None:
    with served() as server:
        client = RendezvousClient(LOCAL, server.port)
        stopped = threading.Event()

        def stop(process: Process) -> None:
            client.stop()
            stopped.set()

        client.rendezvous.process_added.connect(stop)
        client.start()
        server.rendezvous.try_add_process(Process("A"))
        assert stopped.wait(PATIENCE_S)
        wait_until(lambda: not server.clients, PATIENCE_S)
