"""Exporters as real sockets: one of ours, and those that do everything wrong that can be done wrong."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from studio.net.clock_protocol import machine_bytes, stamp_bytes
from studio.net.clock_roles import clock_roles
from studio.net.clock_serving import ClockServer
from studio.timing import Clock, SystemClock

PATIENCE_S = 20.0
Manner = Callable[[socket.socket, threading.Event], None]


@contextmanager
def our_exporter(clock: Clock | None = None, port: int = 0) -> Iterator[ClockServer]:
    """One of ours, in this process, at a free port of 127.0.0.1."""
    failures: list[BaseException] = []
    server = ClockServer("127.0.0.1", port, clock or SystemClock(), on_failure=failures.append)
    server.start()
    try:
        yield server
    finally:
        server.close()
        assert failures == []


class Exporter:
    """A listening socket that treats one connection after the other in its manner."""

    def __init__(self, manner: Manner, port: int = 0) -> None:
        self.manner = manner
        self.served = 0
        self._ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(OSError):
                peer, _ = self._listener.accept()
                self.served += 1
                with peer, contextlib.suppress(OSError):
                    self.manner(peer, self._ending)

    def close(self) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@contextmanager
def exporter_that(manner: Manner, port: int = 0) -> Iterator[Exporter]:
    """Running at a port of 127.0.0.1, until the end of the block."""
    running = Exporter(manner, port)
    try:
        yield running
    finally:
        running.close()


def tells(clock: Callable[[], int], name: str = "LAB-MASTER") -> Manner:
    """Answers properly with the time of a clock."""

    def manner(peer: socket.socket, ending: threading.Event) -> None:
        peer.settimeout(PATIENCE_S)
        if peer.recv(2) == b"\0\0":
            peer.sendall(stamp_bytes(clock()) + machine_bytes(name))

    return manner


def resets(peer: socket.socket, ending: threading.Event) -> None:
    """Ends every connection with a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_silent(peer: socket.socket, ending: threading.Event) -> None:
    """Never says anything."""
    peer.settimeout(PATIENCE_S)
    peer.recv(2)
    while not ending.wait(0.02) and _is_there(peer):
        pass


def drips(peer: socket.socket, ending: threading.Event) -> None:
    """Answers, with a byte every now and then."""
    for byte in stamp_bytes(SystemClock().now()) + machine_bytes("LAB-MASTER"):
        if ending.wait(0.3):
            return
        peer.sendall(bytes([byte]))


def says(data: bytes) -> Manner:
    """Says something whatever it is asked."""

    def manner(peer: socket.socket, ending: threading.Event) -> None:
        peer.sendall(data)
        peer.settimeout(PATIENCE_S)
        while peer.recv(100):
            pass

    return manner


@contextmanager
def kept_clock_process() -> Iterator[None]:
    """The registry's clock process is started, and stays from lease to lease."""
    clock_roles()._use_link()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    clock_roles().preview("127.0.0.1", port).result(3 * PATIENCE_S)
    try:
        yield
    finally:
        clock_roles()._leave_link()


HUGE_NAME = stamp_bytes(1_790_000_000_000_000_000) + b"\xff\xff\xff\xff\x07"
"""A stamp, and then the beginning of a name of 2 GB."""


def _is_there(peer: socket.socket) -> bool:
    peer.settimeout(0.01)
    try:
        return peer.recv(100) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
