"""One connection in a loop: bytes in to a protocol, bytes out as the peer takes them, with limits to both.

Never blocks. A peer that lets too much wait, takes too long or says too much is dropped. What arrives is
judged by the protocol, which does no I/O; what it raises ends this connection only.
"""

import contextlib
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE
from typing import Protocol

from studio.engine.threads import FailureHandler
from studio.errors import RemoteProtocolError
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_loop import TcpLoop
from studio.timing import NS_PER_S, monotonic_ns

READ_BYTES = 65536
_KEEP_ALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPALIVE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Seconds, and how often, as far as the system lets one choose."""
_RESET = struct.pack("ii", 1, 0)
_log = logging.getLogger(__name__)


class ConnectionProtocol(Protocol):
    """What is said on a connection. Always called on the thread of the loop, by one call at a time."""

    def opened(self, connection: "Connection") -> None:
        """The connection stands (and is encrypted, if it shall be); it may be sent to."""
        ...

    def received(self, data: bytes) -> None:
        """Bytes came. Raises RemoteProtocolError if they break the rules: the connection is closed."""
        ...

    def closed(self, reason: str) -> None:
        """The connection is gone; called once if `opened` was. `reason` is empty for an orderly end."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end."""

    address: str
    port: int


class Connection:
    """Open until it is closed by either side. `send` and `close` may be called by any thread."""

    def __init__(
        self,
        sock: socket.socket,
        loop: TcpLoop,
        protocol: ConnectionProtocol,
        *,
        limits: ServerLimits,
        on_failure: FailureHandler,
        on_closed: "Callable[[Connection], None]",
    ) -> None:
        """Over a non-blocking connected socket, which belongs to it from now on. `start` begins."""
        address, port, *_ = sock.getpeername()
        self.peer = Peer(address, port)
        self.local_address: str = sock.getsockname()[0]
        """At which the peer has reached us."""
        if limits.keeps_alive:
            _keep_alive(sock)
        self._sock = sock
        self._loop = loop
        self._protocol = protocol
        self._limits = limits
        self._on_failure = on_failure
        self._on_closed = on_closed
        self._lock = threading.Lock()
        self._outgoing = bytearray()
        self._received_bytes = 0
        self._is_open = False
        self._is_leaving = False
        self._is_closed = False
        self._deadline: int | None = monotonic_ns() + round(limits.record_s * NS_PER_S)
        self._stalled_since: int | None = None
        self._handshake_wants = EVENT_READ

    def start(self) -> None:
        """Take part in the loop; on its thread."""
        self._loop.register(self._sock, EVENT_READ, self._ready)
        self._loop.watch(self, self._check)
        if isinstance(self._sock, ssl.SSLSocket):
            self._guarded(self._shake_hands)
        else:
            self._guarded(self._open)

    @property
    def is_expecting(self) -> bool:
        """Whether the peer owes us something, or is about to go: then it may have to make room."""
        return self._deadline is not None or self._is_leaving

    @property
    def peer_certificate(self) -> bytes | None:
        """What the peer has proved to own (DER); None on a plain connection."""
        return self._sock.getpeercert(binary_form=True) if isinstance(self._sock, ssl.SSLSocket) else None

    @property
    def woken(self) -> int:
        """When it was heard that there is something to read (monotonic ns); on the loop's thread."""
        return self._loop.woken

    def expect(self, within_s: float | None) -> None:
        """The peer has so long for what it owes from now on; None: it owes nothing. On the loop's thread.

        From the beginning it owes its first record within `ServerLimits.record_s`.
        """
        self._deadline = None if within_s is None else monotonic_ns() + round(within_s * NS_PER_S)

    def send(self, data: bytes) -> None:
        """Send, now or as soon as the peer takes it; no effect when closed. Any thread."""
        with self._lock:
            if self._is_closed:
                return
            self._outgoing += data
        if self._loop.is_own_thread:
            self._guarded(self._flush)
        else:
            self._loop.call(lambda: self._guarded(self._flush))

    def close(self, reason: str = "") -> None:
        """Close after what waits to be sent has been. Idempotent; any thread."""
        if self._loop.is_own_thread:
            self._leave(reason)
        else:
            self._loop.call(lambda: self._leave(reason))

    def drop(self, reason: str) -> None:
        """Reset: what waits is lost, and nothing of the connection remains. On the loop's thread."""
        with contextlib.suppress(OSError):  # the peer may have gone
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._end(reason)

    def _ready(self, events: int) -> None:
        if not self._is_open and isinstance(self._sock, ssl.SSLSocket):
            self._guarded(self._shake_hands)
            return
        if events & EVENT_WRITE:
            self._guarded(self._flush)
        if events & EVENT_READ and not self._is_closed:
            self._guarded(self._read)

    def _shake_hands(self) -> None:
        assert isinstance(self._sock, ssl.SSLSocket)
        try:
            self._sock.do_handshake()
        except ssl.SSLWantReadError:
            self._loop.modify(self._sock, EVENT_READ)
        except ssl.SSLWantWriteError:
            self._loop.modify(self._sock, EVENT_WRITE)
        else:
            self._loop.modify(self._sock, EVENT_READ)
            self._open()

    def _open(self) -> None:
        self._is_open = True
        self._protocol.opened(self)

    def _read(self) -> None:
        """What has come, once; an encrypted connection may have more than the selector knows of."""
        while not self._is_closed:
            try:
                data = self._sock.recv(READ_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            if not data:
                self._leave("")
                return
            self._count(data)
            if not self._is_leaving:
                self._protocol.received(data)
            if not isinstance(self._sock, ssl.SSLSocket):
                return

    def _count(self, data: bytes) -> None:
        self._received_bytes += len(data)
        limit = self._limits.received_bytes
        if limit is not None and self._received_bytes > limit:
            raise RemoteProtocolError(f"it sent more than {limit} bytes")

    def _flush(self) -> None:
        if not self._is_open or self._is_closed:
            return
        while self._outgoing:
            with self._lock:
                waiting = bytes(self._outgoing[:READ_BYTES])
            try:
                sent = self._sock.send(waiting)
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                self._wait_for_peer()
                return
            with self._lock:
                del self._outgoing[:sent]
            self._stalled_since = None
        self._want(EVENT_READ)
        if self._is_leaving:
            self._end("")

    def _wait_for_peer(self) -> None:
        if len(self._outgoing) > self._limits.outgoing_bytes:
            self.drop(f"it lets more than {self._limits.outgoing_bytes} bytes wait")
            return
        if self._stalled_since is None:
            self._stalled_since = monotonic_ns()
        self._want(EVENT_READ | EVENT_WRITE)

    def _want(self, events: int) -> None:
        if self._is_leaving:
            events &= ~EVENT_READ  # or a peer that has ended would be reported for ever
        self._loop.modify(self._sock, events)

    def _leave(self, reason: str) -> None:
        if self._is_closed:
            return
        if reason or not self._outgoing or not self._is_open:
            self._end(reason)
            return
        self._is_leaving = True
        self._want(EVENT_WRITE)

    def _check(self, now: int) -> int | None:
        """Look at the time (the loop asks); when it is to be looked at next."""
        if self._deadline is not None and now >= self._deadline and not self._is_leaving:
            self.drop("it took too long")
            return None
        if self._stalled_since is None:
            return self._deadline
        limit = self._stalled_since + round(self._limits.stalled_s * NS_PER_S)
        if now >= limit:
            self.drop(f"it took nothing of what waits for it for {self._limits.stalled_s:g} seconds")
            return None
        return limit if self._deadline is None else min(limit, self._deadline)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Whatever goes wrong on this connection ends this connection only."""
        try:
            work()
        except (RemoteProtocolError, OSError) as error:
            self.drop(str(error))
        except Exception as error:  # our own mistake: told to the owner, the others are served on
            self.drop("of a mistake in this program")
            self._on_failure(error)

    def _end(self, reason: str) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            self._outgoing.clear()
        self._loop.forget(self._sock, self)
        self._sock.close()
        self._on_closed(self)
        if reason:
            _log.debug("connection of %s ended: %s", self.peer.address, reason)
        if self._is_open:
            try:
                self._protocol.closed(reason)
            except Exception as error:  # our own mistake: told to the owner
                self._on_failure(error)


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if (option := getattr(socket, name, None)) is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
