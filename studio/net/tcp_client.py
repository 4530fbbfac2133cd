"""One connection to somebody else, for one thread at a time, with one deadline for all that is done on it.

A peer that sends a byte a second keeps nobody longer than one that is silent. A name is looked up apart from
that, in a thread, since a look-up cannot be broken off.
"""

import contextlib
import errno
import os
import socket
import ssl
import threading
from selectors import EVENT_WRITE, DefaultSelector

from studio.engine.threads import spawn
from studio.timing import NS_PER_S, Duration, monotonic_ns

GLANCE_S = 0.1
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY)

Place = tuple[socket.AddressFamily, str, int]


class Deadline:
    """A moment by which everything has to be done."""

    def __init__(self, within_s: float, cancelled: threading.Event | None = None) -> None:
        """Once `cancelled` is set, looking up and connecting end soon, as if time were over."""
        self.cancelled = cancelled
        self._end = monotonic_ns() + round(within_s * NS_PER_S)

    @property
    def remaining(self) -> Duration:
        """ns until then; not negative."""
        return max(0, self._end - monotonic_ns())

    def remaining_s(self) -> float:
        """Seconds until then; raises TimeoutError once it has passed."""
        remaining = self.remaining
        if not remaining:
            raise TimeoutError("it took too long")
        return remaining / NS_PER_S

    def glance_s(self) -> float:
        """So long one may wait before asking again; raises TimeoutError once it is over, or cancelled."""
        if self.cancelled is not None and self.cancelled.is_set():
            raise TimeoutError("it was called off")
        return self.remaining_s() if self.cancelled is None else min(GLANCE_S, self.remaining_s())


def resolve(host: str, port: int, deadline: Deadline) -> Place:
    """Where a host is. Raises OSError for a name nobody knows or none can have, TimeoutError."""
    if not 0 < port < 65536:
        raise OSError(f"there is no port {port}; there are 1 to 65535")
    if not host or "\0" in host:
        raise OSError(f"{host!r} is no name or address of a machine")
    found: list[Place] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def look_up(cancelled: threading.Event) -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend((info[0], str(info[4][0]), int(info[4][1])) for info in infos)
        finally:
            done.set()

    if _is_literal(host):
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return infos[0][0], str(infos[0][4][0]), int(infos[0][4][1])
    thread = spawn("name-look-up", look_up, failures.append)
    try:
        while not done.wait(deadline.glance_s()):
            pass
    except TimeoutError as error:
        raise TimeoutError(f"the name {host} could not be looked up in time") from error
    thread.join(1.0)
    if not found:
        raise OSError(f"nobody knows a machine called {host}") from (failures[0] if failures else None)
    return min(found, key=lambda place: place[0] != socket.AF_INET)


class ClientConnection:
    """A connected socket. `close` may be called by any thread and ends what another one is waiting for."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    @classmethod
    def open(
        cls, place: Place, deadline: Deadline, context: ssl.SSLContext | None = None
    ) -> "ClientConnection":
        """Connect, and encrypt if asked to. Raises ConnectionError, TimeoutError, any other OSError."""
        family, address, port = place
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            _connect(sock, (address, port), deadline)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context is not None:
                sock = encrypted = context.wrap_socket(sock, do_handshake_on_connect=False)
                encrypted.settimeout(deadline.remaining_s())
                encrypted.do_handshake()
        except BaseException:
            sock.close()
            raise
        return cls(sock)

    @property
    def local_address(self) -> str:
        """Ours, on the way to the peer."""
        return str(self._sock.getsockname()[0])

    @property
    def peer_address(self) -> str:
        """Of the peer."""
        return str(self._sock.getpeername()[0])

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all. Raises OSError."""
        self._sock.settimeout(deadline.remaining_s())
        self._sock.sendall(data)

    def receive(self, limit: int, deadline: Deadline) -> bytes:
        """What comes next, at most `limit` bytes; empty at the end. Raises OSError, TimeoutError."""
        self._sock.settimeout(deadline.remaining_s())
        return self._sock.recv(limit)

    def timed_exchange(self, data: bytes, limit: int, deadline: Deadline) -> tuple[int, int, bytes]:
        """Send all and take what comes first: when it was sent and received (monotonic ns), and what came.

        Nothing but the two calls lies between the two moments. Raises OSError, TimeoutError.
        """
        self._sock.settimeout(deadline.remaining_s())
        sent = monotonic_ns()
        self._sock.sendall(data)
        answer = self._sock.recv(limit)
        received = monotonic_ns()
        return sent, received, answer

    @property
    def peer_certificate(self) -> bytes | None:
        """What the peer has proved to own (DER); None on a plain connection."""
        return self._sock.getpeercert(binary_form=True) if isinstance(self._sock, ssl.SSLSocket) else None

    def release(self) -> socket.socket:
        """The socket itself, non-blocking, for a loop; not ours any more."""
        self._sock.setblocking(False)
        return self._sock

    def close(self) -> None:
        """End it. Idempotent; any thread."""
        with contextlib.suppress(OSError):  # not connected any more
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


def _connect(sock: socket.socket, place: tuple[str, int], deadline: Deadline) -> None:
    sock.settimeout(deadline.remaining_s())
    if deadline.cancelled is None:
        sock.connect(place)
        return
    sock.setblocking(False)
    error = sock.connect_ex(place)
    with DefaultSelector() as selector:
        selector.register(sock, EVENT_WRITE)
        while error in _UNDER_WAY and not selector.select(deadline.glance_s()):
            pass
    if error in _UNDER_WAY:
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError, UnicodeError):
            socket.inet_pton(family, host)
            return True
    return False
