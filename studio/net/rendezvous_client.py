"""Takes part in a directory that a server shares, and goes on doing so (rules E248, E251-E253).

A thread of its own keeps the connection up: it connects, hears what there is, says what this program
announces, and when the connection is lost tries again, less and less often. Another one calls the handlers.
"""

import logging
import random
import threading
from enum import Enum
from functools import partial

from studio.engine.events import Event
from studio.engine.threads import StudioThread, spawn
from studio.errors import NetworkError, RemoteProtocolError, StudioError
from studio.net.connected import Connected
from studio.net.rendezvous import MOST_BYTES, Rendezvous
from studio.net.rendezvous_delivery import Delivery
from studio.net.rendezvous_membership import Membership
from studio.net.rendezvous_protocol import DEFAULT_PORT
from studio.net.rendezvous_visit import Visit
from studio.net.tcp_client import ClientConnection, Deadline, resolve
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_link import TcpLink

CONNECT_S = 5.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
SCATTER = 0.2
"""Pauses differ by so much, so that all clients of a server do not come back at once."""
GOODBYE_S = 1.0
CLOSE_S = 5.0
LIMITS = ServerLimits(record_s=10.0, outgoing_bytes=2 * MOST_BYTES, stalled_s=10.0, keeps_alive=True)

logger = logging.getLogger(__name__)


class ClientState(Enum):
    """How it stands with the connection."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """Until the next attempt; `RendezvousClient.problem` says what the last one failed of."""


class RendezvousClient:
    """Keeps `rendezvous` equal to the directory of a server. The constructor starts nothing.

    A context manager: inside it is started.

    What is added to `rendezvous`, before or after, is announced to all; what others announce appears in it.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        leaves_nothing: bool = False,
        rendezvous: Rendezvous | None = None,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        """`leaves_nothing`: what this program announces shall be forgotten when it stops or vanishes.

        Otherwise it stays listed, as in \\psi. A server of \\psi forgets it after `stop` only, a server of
        ours also when the connection is lost.
        """
        self.rendezvous = rendezvous or Rendezvous()
        self.connected = Connected(self._ensure_started)
        self.error: Event[Exception] = Event()
        """Emitted when the connection is lost or cannot be made (once for the same reason), for a name that
        somebody else has, and with our own mistakes."""
        self.host = host
        self.port = port
        self._first_pause_s = first_pause_s
        self._membership = Membership(self.rendezvous, self._put_error, leaves_nothing=leaves_nothing)
        self._lock = threading.Lock()
        self._thread: StudioThread | None = None
        self._delivery: Delivery | None = None
        self._link: TcpLink | None = None
        self._visit: Visit | None = None
        self._state = ClientState.STOPPED
        self._problem = ""
        self._server_address = ""

    def start(self) -> None:
        """Begin to connect; returns at once. Raises RuntimeError if it has begun."""
        with self._lock:
            if self._thread is not None:
                raise RuntimeError("this client of the Rendezvous was started before; stop it first")
            self._begin()

    def stop(self) -> None:
        """Say goodbye and end. Idempotent; it may be started again. The directory keeps what it knows."""
        with self._lock:
            thread, self._thread = self._thread, None
            delivery, self._delivery = self._delivery, None
        if thread is None or delivery is None:
            return
        thread.cancel()
        self._take_leave(thread)
        thread.join(CLOSE_S)
        self._state = ClientState.STOPPED
        self.connected.clear()
        delivery.close()

    close = stop

    def __enter__(self) -> "RendezvousClient":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def state(self) -> ClientState:
        """How it stands with the connection."""
        return self._state

    @property
    def problem(self) -> str:
        """What the last attempt failed of, in people's words; empty while connected."""
        return self._problem

    @property
    def client_address(self) -> str:
        """Our address as the server sees it; empty before the first connection."""
        visit = self._visit
        return visit.client_address if visit else ""

    @property
    def server_address(self) -> str:
        """The address of the server; empty before the first connection."""
        return self._server_address

    def _ensure_started(self) -> None:
        with self._lock:
            if self._thread is None:
                self._begin()

    def _begin(self) -> None:
        self._delivery = Delivery("rendezvous-client-events", self.rendezvous, self._failed)
        self._delivery.start()
        self._thread = spawn("rendezvous-client", self._keep_up, self._failed)

    def _keep_up(self, cancelled: threading.Event) -> None:
        pause_s = self._first_pause_s
        while not cancelled.is_set():
            self._state = ClientState.CONNECTING
            has_joined = self._attend(cancelled)
            if cancelled.is_set():
                return
            pause_s = self._first_pause_s if has_joined else min(2 * pause_s, LONGEST_PAUSE_S)
            self._state = ClientState.WAITING
            cancelled.wait(pause_s * random.uniform(1 - SCATTER, 1 + SCATTER))

    def _attend(self, cancelled: threading.Event) -> bool:
        """One connection from its beginning to its end; whether it came to stand."""
        visit = Visit(self._membership, self._joined, self._wake, record_s=LIMITS.record_s)
        try:
            link = self._connect(visit, cancelled)
            self._visit, self._link = visit, link
            if cancelled.is_set():
                link.abort()
            link.run()
        except OSError as error:
            visit.closed(_words(error))
        finally:
            self._link = None
        self._lost(visit, cancelled)
        return visit.has_joined

    def _connect(self, visit: Visit, cancelled: threading.Event) -> TcpLink:
        deadline = Deadline(CONNECT_S, cancelled)
        connected = ClientConnection.open(resolve(self.host, self.port, deadline), deadline)
        try:
            self._server_address = connected.peer_address
        except OSError:  # it has hung up already
            connected.close()
            raise
        return TcpLink(connected, visit, on_failure=self._failed, limits=LIMITS)

    def _joined(self) -> None:
        """Everything the server knew is known; those who wait hear of it after the handlers did."""
        self._state = ClientState.CONNECTED
        self._problem = ""
        self.rendezvous.put(self.connected.set)

    def _lost(self, visit: Visit, cancelled: threading.Event) -> None:
        if cancelled.is_set():
            return
        problem = visit.reason or "the server has ended"
        is_known = problem == self._problem
        self._problem = problem
        message = f"The Rendezvous at {self.host}:{self.port} cannot be used: {self._problem}."
        breaks_rules = isinstance(visit.error, RemoteProtocolError)
        error: StudioError = RemoteProtocolError(message) if breaks_rules else NetworkError(message)
        self.rendezvous.put(partial(self.connected.fail, error) if breaks_rules else self.connected.clear)
        if not is_known:
            self._put_error(error)
        self._wake()

    def _take_leave(self, thread: StudioThread) -> None:
        link = self._link
        if link is None:
            return
        link.connection.send(self._membership.goodbye())
        link.close()
        if not thread.join(GOODBYE_S):
            link.abort()

    def _put_error(self, error: StudioError) -> None:
        self.rendezvous.put(partial(self._tell, error))

    def _wake(self) -> None:
        delivery = self._delivery
        if delivery is not None:
            delivery.wake()

    def _failed(self, error: BaseException) -> None:
        logger.error("the client of the Rendezvous failed", exc_info=error)
        if isinstance(error, Exception):
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not self.error.has_handlers:
            logger.warning("%s", error)
        for further in self.error.emit(error):
            logger.error("a handler of errors of the Rendezvous failed", exc_info=further)


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "nobody answers there in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return error.strerror or str(error)
