"""Where machines meet: takes part in a Rendezvous, announces our clock there, or holds one itself.

Used from the keeper's thread; the looks from any. Connections live on threads of the network's own.
"""

import platform

from studio.app.clock_sync import ClockSettings, address_key
from studio.errors import StudioError
from studio.net.endpoints import Endpoint, Process
from studio.net.rendezvous_client import ClientState, RendezvousClient
from studio.net.rendezvous_server import RendezvousServer
from studio.net.tcp_addresses import serving_address
from studio.timing import NS_PER_S, Duration, monotonic_ns

TRY_AGAIN_AFTER: Duration = 5 * NS_PER_S
"""When the Rendezvous cannot be held here: another program still has the port, say."""

Place = tuple[str, int]


class ClockMeeting:
    """The one Rendezvous that this machine takes part in, if any."""

    def __init__(self) -> None:
        self._server: RendezvousServer | None = None
        self._server_place: Place | None = None
        self._server_problem = ""
        self._retry_at = 0
        self._client: RendezvousClient | None = None
        self._announced: Process | None = None

    def be_as(self, settings: ClockSettings, *, is_wanted: bool, offers: tuple[Endpoint, ...]) -> None:
        """Be where the settings say, and announce `offers`, where others may ask for our clock."""
        self._hold(_server_place(settings) if is_wanted else None)
        self._join(self._client_place(settings) if is_wanted else None)
        self._announce(offers)

    def close(self) -> None:
        """Leave, and hold nothing any more. Idempotent."""
        self._join(None)
        self._hold(None)

    @property
    def processes(self) -> tuple[Process, ...]:
        """All that the others have announced, and we."""
        client = self._client
        return () if client is None else client.rendezvous.processes

    @property
    def server_host(self) -> str:
        """The address of the Rendezvous; its name before it has been reached."""
        client = self._client
        return "" if client is None else client.server_address or client.host

    @property
    def is_connected(self) -> bool:
        """Whether all that the others announce is known."""
        client = self._client
        return client is not None and client.state is ClientState.CONNECTED

    @property
    def text(self) -> str:
        """How the connection stands, in people's words; empty: none is wanted."""
        client = self._client
        if self._server_problem:
            return self._server_problem
        if client is None:
            return ""
        place = address_key(client.host, client.port)
        if client.state is ClientState.CONNECTED:
            held = " (run by this machine)" if self._server is not None else ""
            return f"Connected to the Rendezvous at {place}{held}"
        problem = f" ({client.problem})" if client.problem else ""
        return f"Looking for the Rendezvous at {place} \u2026{problem}"

    def _hold(self, place: Place | None) -> None:
        if place != self._server_place:
            server, self._server, self._server_place = self._server, None, place
            self._server_problem, self._retry_at = "", 0
            if server is not None:
                server.close()
        if place is None or self._server is not None or monotonic_ns() < self._retry_at:
            return
        server = RendezvousServer(place[1], place[0])
        try:
            server.start()
        except StudioError as error:
            self._server_problem = f"The Rendezvous cannot be run here: {error}"
            self._retry_at = monotonic_ns() + TRY_AGAIN_AFTER
            return
        self._server, self._server_problem = server, ""

    def _client_place(self, settings: ClockSettings) -> Place | None:
        if settings.runs_rendezvous:
            return None if self._server is None else (self._server.host, self._server.port)
        host = settings.rendezvous_host.strip()
        return (host, settings.rendezvous_port) if host else None

    def _join(self, place: Place | None) -> None:
        client = self._client
        if client is not None and place != (client.host, client.port):
            client.close()
            self._client = client = self._announced = None
        if client is None and place is not None:
            # What we announce is of use as long as we are there, and not longer.
            self._client = RendezvousClient(place[0], place[1], leaves_nothing=True)
            self._client.start()

    def _announce(self, offers: tuple[Endpoint, ...]) -> None:
        client = self._client
        process = Process(process_name(), offers) if offers else None
        if client is None or process == self._announced:
            return
        if process is not None:
            client.rendezvous.replace_process(process)
        elif self._announced is not None:
            client.rendezvous.try_remove_process(self._announced.name)
        self._announced = process


def process_name() -> str:
    """What this program calls itself among the others."""
    return f"Studio {platform.node().partition('.')[0]}".strip()


def _server_place(settings: ClockSettings) -> Place | None:
    if not settings.runs_rendezvous:
        return None
    return settings.serve_address.strip() or serving_address(), settings.rendezvous_port
