"""A port at which one connection after the other is taken, by one thread that has nothing else to do.

For what seldom happens and takes a user; whoever serves many uses `tcp_server`.
"""

import contextlib
import socket

from studio.net.tcp_client import ClientConnection, Deadline
from studio.net.tcp_server import bound_listener

_WAITING = 4


class TcpListener:
    """Listens from its making until it is closed."""

    def __init__(self, host: str, port: int) -> None:
        """Raises NetworkError. Port 0: any free one."""
        self._sock = bound_listener(host, port, backlog=_WAITING)
        address = self._sock.getsockname()
        self.host: str = address[0]
        self.port: int = address[1]

    def accept(self, deadline: Deadline) -> ClientConnection:
        """The next one who connects. Raises TimeoutError, OSError; the latter also when it is closed."""
        self._sock.settimeout(deadline.remaining_s())
        sock, _ = self._sock.accept()
        return ClientConnection(sock)

    def close(self) -> None:
        """Listen no more. Idempotent; any thread: it ends what another one is waiting for."""
        with contextlib.suppress(OSError):  # closed already
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
