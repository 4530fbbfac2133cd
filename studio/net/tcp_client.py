"""One connection to somebody else, for one thread at a time, with one deadline for all that is done on it.

A peer that sends a byte a second keeps nobody longer than one that is silent. A name is looked up apart from
that, in a thread, since a look-up cannot be broken off.
"""

import contextlib
import socket
import ssl
import threading

from studio.engine.threads import spawn
from studio.timing import NS_PER_S, Duration, monotonic_ns

Place = tuple[socket.AddressFamily, str, int]


class Deadline:
    """A moment by which everything has to be done."""

    def __init__(self, within_s: float) -> None:
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


def resolve(host: str, port: int, deadline: Deadline) -> Place:
    """Where a host is. Raises OSError for a name nobody knows, TimeoutError."""
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
    if not done.wait(deadline.remaining_s()):
        raise TimeoutError(f"the name {host} could not be looked up in time")
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
            sock.settimeout(deadline.remaining_s())
            sock.connect((address, port))
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


def _is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            socket.inet_pton(family, host)
            return True
    return False
