"""Local connections under bad company: silent, babbling, unknown, stopped and gone peers hold up nobody."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client
from typing import Any

import pytest

from studio.host.channel import Channel
from studio.host.codec import decode, encode
from studio.host.endpoint import Endpoint
from studio.host.local_server import CONNECTIONS, LocalServer
from studio.host.protocol import Failure, GetStatus, Reply, Request
from studio.host.recorder_search import connect
from studio.host.run_directory import RunDirectory
from studio.host.served_client import ServedClient
from studio.timing import NS_PER_S, monotonic_ns
from tests.waiting import PATIENCE, wait_until

NEVER = threading.Event()


class Echo:
    """Answers each request with its number, and keeps who came and went."""

    def __init__(self) -> None:
        self.joined_clients: list[ServedClient] = []
        self.left_clients: list[ServedClient] = []
        self.failures: list[BaseException] = []

    def joined(self, client: ServedClient) -> None:
        self.joined_clients.append(client)

    def left(self, client: ServedClient) -> None:
        self.left_clients.append(client)

    def received(self, client: ServedClient, message: Any) -> None:
        client.reply(Reply(message.number, message.number))


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint.new(RunDirectory.open().path, "recorder")


@pytest.fixture
def server(echo: Echo, endpoint: Endpoint) -> Iterator[LocalServer]:
    server = LocalServer(endpoint, echo, echo.failures.append)
    server.open()
    yield server
    server.close()
    server.close()
    assert echo.failures == []


def connected(endpoint: Endpoint) -> Channel:
    channel = connect(endpoint, NEVER)
    assert channel is not None
    return channel


def ask(channel: Channel, number: int) -> Any:
    channel.send(encode(Request(number, GetStatus())), NEVER, stall_s=5)
    return decode(channel.receive(NEVER, timeout_s=5))


def raw_socket(endpoint: Endpoint) -> socket.socket:
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(10)
    peer.connect(endpoint.address)
    return peer


def test_requests_are_answered_and_the_end_is_seen(
    server: LocalServer, endpoint: Endpoint, echo: Echo
) -> None:
    channel = connected(endpoint)
    for number in range(1, 50):
        assert ask(channel, number) == Reply(number, number)
    assert server.client_count == 1
    channel.close()
    wait_until(lambda: server.client_count == 0)
    wait_until(lambda: len(echo.left_clients) == 1)


def test_a_wrong_key_is_turned_away(server: LocalServer, endpoint: Endpoint, echo: Echo) -> None:
    stranger = Endpoint(endpoint.address, b"wrong" * 8, endpoint.pid)
    assert connect(stranger, NEVER) is None
    assert echo.joined_clients == []


def test_a_server_without_the_key_is_not_trusted_either(endpoint: Endpoint, echo: Echo) -> None:
    impostor = LocalServer(Endpoint(endpoint.address, b"wrong" * 8, endpoint.pid), echo, echo.failures.append)
    impostor.open()
    assert connect(endpoint, NEVER) is None
    impostor.close()


def test_silent_peers_hold_up_nobody_and_are_dropped(server: LocalServer, endpoint: Endpoint) -> None:
    silent = [raw_socket(endpoint) for _ in range(20)]
    begun = monotonic_ns()
    channel = connected(endpoint)
    assert ask(channel, 1) == Reply(1, 1)
    assert monotonic_ns() - begun < PATIENCE * NS_PER_S  # one after another would be 40 s
    for peer in silent:
        while peer.recv(4096):  # the challenge, then the end
            pass
        peer.close()
    assert monotonic_ns() - begun < 5 * PATIENCE * NS_PER_S
    channel.close()


@pytest.mark.parametrize(
    "babble",
    [
        b"GET / HTTP/1.1\r\n\r\n" * 10,
        os.urandom(5000),
        struct.pack("!i", 2**31 - 1) + b"x" * 1000,
        struct.pack("!i", -1) + struct.pack("!Q", 2**60),
        struct.pack("!i", 64) + b"\0" * 64,
        struct.pack("!i", 64) + b"\0" * 3,
    ],
    ids=["http", "random", "huge", "huger", "wrong proof", "half a proof"],
)
def test_babbling_peers_are_dropped(
    server: LocalServer, endpoint: Endpoint, echo: Echo, babble: bytes
) -> None:
    with raw_socket(endpoint) as peer:
        peer.sendall(babble)
        try:
            while peer.recv(4096):
                pass
        except ConnectionResetError:
            pass  # dropped while it still talked
    assert echo.joined_clients == []
    channel = connected(endpoint)
    assert ask(channel, 1) == Reply(1, 1)
    channel.close()


def test_a_member_that_babbles_is_dropped(server: LocalServer, endpoint: Endpoint, echo: Echo) -> None:
    channel = connected(endpoint)
    channel.send(b"no message of ours", NEVER, stall_s=1)
    wait_until(lambda: len(echo.left_clients) == 1)
    assert "arrived damaged" in echo.left_clients[0].end_reason
    channel.close()


def test_status_is_newest_only_and_a_client_that_reads_nothing_is_dropped(
    server: LocalServer, endpoint: Endpoint, echo: Echo
) -> None:
    lazy, quick = connected(endpoint), connected(endpoint)
    wait_until(lambda: server.client_count == 2)
    ask(quick, 1)
    filling = "x" * 300_000
    for number in range(100):
        begun = monotonic_ns()
        server.push(Failure(number, filling))
        assert monotonic_ns() - begun < PATIENCE * NS_PER_S / 2  # whoever pushes never waits
    newest = decode(quick.receive(NEVER, timeout_s=5))
    while newest.number < 99:
        newest = decode(quick.receive(NEVER, timeout_s=5))
    wait_until(lambda: len(echo.left_clients) == 1, 10, "the drop of the lazy client")
    assert "takes nothing" in echo.left_clients[0].end_reason
    assert ask(quick, 2) == Reply(2, 2)
    lazy.close()
    quick.close()


def test_a_client_that_never_reads_its_replies_is_dropped(
    server: LocalServer, endpoint: Endpoint, echo: Echo
) -> None:
    channel = connected(endpoint)
    try:
        for number in range(20_000):
            channel.send(encode(Request(number, GetStatus())), NEVER, stall_s=1)
    except OSError:
        pass  # dropped already
    wait_until(lambda: len(echo.left_clients) == 1, 10, "the drop")
    channel.close()


CLIENT = """
import sys, threading
from multiprocessing.connection import Client
from studio.host.codec import decode, encode
from studio.host.endpoint import Endpoint
from studio.host.protocol import GetStatus, Request
from studio.host.recorder_search import connect
never = threading.Event()
channel = connect(Endpoint(sys.argv[1], bytes.fromhex(sys.argv[2]), 0), never)
print("joined", flush=True)
while True:
    channel.receive(never)
"""


def test_a_stopped_client_costs_the_others_nothing(
    server: LocalServer, endpoint: Endpoint, echo: Echo
) -> None:
    arguments = [sys.executable, "-c", CLIENT, endpoint.address, endpoint.authkey.hex()]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as stopped:
        assert stopped.stdout is not None
        assert stopped.stdout.readline() == b"joined\n"
        stopped.send_signal(signal.SIGSTOP)
        other = connected(endpoint)
        filling, slowest = "x" * 100_000, 0
        deadline = monotonic_ns() + 10 * NS_PER_S
        number = 0
        while not echo.left_clients and monotonic_ns() < deadline:
            number += 1
            begun = monotonic_ns()
            server.push(Failure(0, filling))
            other.send(encode(Request(number, GetStatus())), NEVER, stall_s=5)
            while not isinstance(decode(other.receive(NEVER, timeout_s=5)), Reply):
                pass
            slowest = max(slowest, monotonic_ns() - begun)
        assert [client.end_reason for client in echo.left_clients] == ["the other end takes nothing any more"]
        print(f"the other client's slowest answer of {number}: {slowest / 1e6:.1f} ms")
        assert slowest < NS_PER_S
        stopped.kill()
        other.close()


def test_too_many_connections_are_turned_away_and_room_comes_back(
    server: LocalServer, endpoint: Endpoint
) -> None:
    members = [connected(endpoint) for _ in range(CONNECTIONS)]
    wait_until(lambda: server.client_count == CONNECTIONS)
    assert connect(endpoint, NEVER) is None
    assert server.turned_away == 1
    members.pop().close()
    wait_until(lambda: server.client_count == CONNECTIONS - 1)
    members.append(connected(endpoint))
    for member in members:
        member.close()


def test_the_last_replies_are_read_before_the_end(endpoint: Endpoint, echo: Echo) -> None:
    server = LocalServer(endpoint, echo, echo.failures.append)
    server.open()
    channel = connected(endpoint)
    for number in range(1, 20):
        channel.send(encode(Request(number, GetStatus())), NEVER, stall_s=5)
    wait_until(lambda: len(echo.joined_clients) == 1)
    assert decode(channel.receive(NEVER, timeout_s=5)) == Reply(1, 1)
    server.push(Failure(99, "the last word"))
    server.close()
    received = []
    with contextlib.suppress(EOFError):
        while True:
            received.append(decode(channel.receive(NEVER, timeout_s=5)))
    assert Failure(99, "the last word") in received
    channel.close()
    with pytest.raises(FileNotFoundError):
        Client(endpoint.address)
