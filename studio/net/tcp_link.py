"""A long-lived connection to a server, on which both sides speak whenever they like.

Served by the thread that calls `run`: it is the thread of whoever keeps the connection up and, when it is
gone, tries again. Made of the same parts as a server's connections, so it never blocks on a slow peer either.
"""

from studio.engine.threads import FailureHandler
from studio.net.tcp_client import ClientConnection
from studio.net.tcp_connection import Connection, ConnectionProtocol
from studio.net.tcp_limits import SHORT_EXCHANGE, ServerLimits
from studio.net.tcp_loop import TcpLoop


class TcpLink:
    """A connection that stands, and its loop."""

    def __init__(
        self,
        connected: ClientConnection,
        protocol: ConnectionProtocol,
        *,
        on_failure: FailureHandler,
        limits: ServerLimits = SHORT_EXCHANGE,
    ) -> None:
        """Takes `connected` over, encrypted or not. Raises OSError if the peer has gone meanwhile."""
        self._loop = TcpLoop()
        sock = connected.release()
        try:
            self._connection = Connection(
                sock,
                self._loop,
                protocol,
                limits=limits,
                on_failure=on_failure,
                on_closed=lambda _: self._loop.stop(),
            )
        except OSError:
            self._loop.discard()
            sock.close()
            raise

    @property
    def connection(self) -> Connection:
        """To send to the peer, by any thread."""
        return self._connection

    def run(self) -> None:
        """Serve until the connection is closed by either side. Once only."""
        self._loop.call(self._connection.start)
        try:
            self._loop.run()
        finally:
            self._connection.drop("the connection is not served any more")

    def close(self, reason: str = "") -> None:
        """Close after what waits to be sent has been, within the limit for peers that stall. Any thread."""
        self._connection.close(reason)

    def abort(self) -> None:
        """End `run` now, whatever waits. Idempotent; any thread."""
        self._loop.stop()
