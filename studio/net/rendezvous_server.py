"""A directory that others on the network share: tells everybody of every change (rules E248, E250, E253).

One thread serves all connections, another one calls the handlers of the directory. What a stranger may take
of it is limited: connections, time, bytes, processes, changes a second. Nobody waits for anybody else.
"""

import logging
import threading
from functools import partial

from studio.engine.events import Event
from studio.errors import NetworkError
from studio.net.rendezvous import MOST_BYTES, MOST_UNTOLD, Rendezvous
from studio.net.rendezvous_delivery import Delivery
from studio.net.rendezvous_guest import Claims, Guest, House
from studio.net.rendezvous_protocol import DEFAULT_PORT, Disconnected, record_bytes
from studio.net.tcp_addresses import serving_address
from studio.net.tcp_connection import Peer
from studio.net.tcp_limits import ServerLimits
from studio.net.tcp_server import TcpServer

LIMITS = ServerLimits(
    per_address=16,
    in_total=128,
    per_second=50,
    record_s=10.0,
    outgoing_bytes=2 * MOST_BYTES,
    stalled_s=10.0,
    keeps_alive=True,
)
DRAIN_S = 1.0
"""So long those who are connected may take to hear that the server ends."""

logger = logging.getLogger(__name__)


class RendezvousServer:
    """Shares `rendezvous` with all who connect. The constructor starts nothing; a context manager."""

    def __init__(
        self,
        port: int = DEFAULT_PORT,
        host: str | None = None,
        *,
        rendezvous: Rendezvous | None = None,
        limits: ServerLimits = LIMITS,
    ) -> None:
        """`host`: the one address to listen at; None: that by which others on the network reach us.

        `port` 0 takes any free one at the first start and stays with it; `port` then says which.
        """
        self.rendezvous = rendezvous or Rendezvous()
        self.error: Event[Exception] = Event()
        """Emitted with what went wrong with a client, or inside; the server goes on."""
        self._asked = (serving_address() if host is None else host, port)
        self._limits = limits
        self._lock = threading.Lock()
        self._server: TcpServer | None = None
        self._delivery: Delivery | None = None
        self._guests: tuple[Guest, ...] = ()
        self._claims = Claims()
        self.rendezvous.follow(self._claims)

    def start(self) -> None:
        """Listen and serve. Raises NetworkError if that cannot be, RuntimeError if it is served already."""
        with self._lock:
            if self._server is not None:
                raise RuntimeError("this server of the Rendezvous was started before; stop it first")
            delivery = Delivery("rendezvous-events", self.rendezvous, self._failed)
            server = self._new_server(delivery)
            try:
                server.start()
            except NetworkError:
                server.close()
                raise
            self._asked = (server.host, server.port)
            self._server, self._delivery = server, delivery
            delivery.start()

    def stop(self) -> None:
        """Say goodbye to everybody and listen no more. Idempotent; it may be started again.

        The directory keeps what it knows.
        """
        with self._lock:
            server, self._server = self._server, None
            delivery, self._delivery = self._delivery, None
        if server is None or delivery is None:
            return
        goodbye = record_bytes(Disconnected())
        for guest in self._guests:
            server.call(partial(guest.say, goodbye))
        server.close(drain_s=DRAIN_S)
        delivery.close()

    close = stop

    def __enter__(self) -> "RendezvousServer":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """The address that it listens at."""
        server = self._server
        return server.host if server else self._asked[0]

    @property
    def port(self) -> int:
        """The port that it listens at; 0 if it shall be any and is not known yet."""
        server = self._server
        return server.port if server else self._asked[1]

    @property
    def is_serving(self) -> bool:
        """Whether it was started, and neither stopped nor broken."""
        server = self._server
        return server is not None and server.is_listening

    @property
    def clients(self) -> tuple[Peer, ...]:
        """Those who are connected and were told what is known."""
        return tuple(guest.peer for guest in self._guests if guest.is_welcome)

    def _new_server(self, delivery: Delivery) -> TcpServer:
        def new_guest() -> Guest:
            return Guest(house)

        server = TcpServer(
            "rendezvous-server", *self._asked, new_guest, on_failure=self._failed, limits=self._limits
        )
        house = House(
            rendezvous=self.rendezvous,
            claims=self._claims,
            record_s=self._limits.record_s,
            call=server.call,
            wake=delivery.wake,
            came=self._came,
            left=self._left,
        )
        return server

    def _came(self, guest: Guest) -> None:
        self._guests += (guest,)

    def _left(self, guest: Guest, reason: str) -> None:
        self._guests = tuple(one for one in self._guests if one is not guest)
        if reason and self._server is not None and self.rendezvous.untold < MOST_UNTOLD:
            error = NetworkError(f"The connection of {guest.peer.address} to the Rendezvous ended: {reason}.")
            self.rendezvous.put(partial(self._tell, error))

    def _failed(self, error: BaseException) -> None:
        logger.error("the server of the Rendezvous failed", exc_info=error)
        if isinstance(error, Exception):
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not self.error.has_handlers:
            logger.warning("%s", error)
        for further in self.error.emit(error):
            logger.error("a handler of errors of the Rendezvous failed", exc_info=further)
