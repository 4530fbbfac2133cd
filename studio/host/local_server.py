"""Listens for local processes that know the key. No peer can hold up another (decision 19).

Accepts first and authenticates in the client's own thread, with a deadline. Knows nothing of what messages
mean. The number of connections is bounded; the folder of the socket belongs to the user alone, so whoever
fills them up is the user's own process.
"""

import contextlib
import itertools
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from studio.engine.threads import StudioThread, spawn
from studio.errors import RoleError
from studio.host.channel import Channel
from studio.host.codec import encode
from studio.host.endpoint import Endpoint
from studio.host.served_client import ClientEvents, ServedClient
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

CONNECTIONS = 64
FINISH = NS_PER_S
"""How long a client may take to read the last replies when the server ends."""
PAUSE_AFTER_ERROR = 100 * NS_PER_MS


class LocalServer:
    """The accepting thread and the clients. `open` and `close` belong to one thread."""

    def __init__(
        self, endpoint: Endpoint, events: ClientEvents, on_failure: Callable[[BaseException], None]
    ) -> None:
        self._endpoint = endpoint
        self._events = events
        self._on_failure = on_failure
        self._lock = threading.Lock()
        self._clients: dict[ServedClient, bool] = {}
        """Connected ones, and whether they have joined."""
        self._numbers = itertools.count(1)
        self._listener: Listener | None = None
        self._accepting: StudioThread | None = None
        self.turned_away = 0
        """Connections refused because there were too many."""

    def open(self) -> None:
        """Begin to listen; raises RoleError if the address cannot be used."""
        try:
            self._listener = Listener(self._endpoint.address, backlog=CONNECTIONS)
        except OSError as error:
            raise RoleError(
                f"Other parts of the studio cannot reach this one: {self._endpoint.address} cannot be "
                f"listened at ({error.strerror or error})."
            ) from error
        self._accepting = spawn("accept", self._accept, self._on_failure)

    @property
    def client_count(self) -> int:
        """Clients that know the key and are still there."""
        with self._lock:
            return sum(self._clients.values())

    def push(self, message: object) -> None:
        """Send a message to all clients, newest only."""
        with self._lock:
            clients = [client for client, joined in self._clients.items() if joined]
        if clients:
            data = encode(message)
            for client in clients:
                client.push(data)

    def close(self) -> None:
        """Stop listening, let clients read their last replies, end all threads. Idempotent."""
        listener, self._listener = self._listener, None
        if listener is None or self._accepting is None:
            return
        self._accepting.cancel()
        with contextlib.suppress(OSError):  # wakes the accepting thread
            Client(self._endpoint.address).close()
        self._accepting.join()
        with contextlib.suppress(FileNotFoundError):  # somebody removed the socket already
            listener.close()
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.finish()
        deadline = monotonic_ns() + FINISH
        for client in clients:
            client.wait_until_gone(max(0, deadline - monotonic_ns()) / NS_PER_S)

    def _accept(self, cancelled: threading.Event) -> None:
        listener = self._listener
        while listener is not None and not cancelled.is_set():
            try:
                connection = listener.accept()
            except OSError:
                # Too many open files, or a peer that hung up already: neither may end the listening.
                wait_on(cancelled, PAUSE_AFTER_ERROR)
                continue
            self._welcome(connection, cancelled)

    def _welcome(self, connection: "Connection | Any", cancelled: threading.Event) -> None:
        client = ServedClient(next(self._numbers), Channel(connection), self._endpoint.authkey, self)
        with self._lock:
            full = len(self._clients) >= CONNECTIONS
            if not full:
                self._clients[client] = False
        if full or cancelled.is_set():
            self.turned_away += full
            connection.close()
            self.left(client)
        else:
            client.start(self._on_failure)

    def joined(self, client: ServedClient) -> None:
        """Called by a client that knows the key."""
        with self._lock:
            self._clients[client] = True
        self._events.joined(client)

    def received(self, client: ServedClient, message: Any) -> None:
        """Called by a client that sent something."""
        self._events.received(client, message)

    def left(self, client: ServedClient) -> None:
        """Called by a client that is gone."""
        with self._lock:
            joined = self._clients.pop(client, False)
        if joined:
            self._events.left(client)
