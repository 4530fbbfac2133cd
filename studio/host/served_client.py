"""One process that is connected to us: its two threads, its outbox, and its end (decision 19)."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from studio.engine.threads import StudioThread, spawn
from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.host.authentication import admit
from studio.host.channel import Channel
from studio.host.codec import decode, encode
from studio.host.outbox import Outbox
from studio.host.protocol import Failure, Reply

STALL_S = 5.0
"""A client that takes nothing for so long is dropped."""
REQUEST_BYTES = 4 * 1024 * 1024
"""Requests are short; nothing larger is read."""


class ClientEvents(Protocol):
    """What a server wants to know of its clients; called on the clients' own threads."""

    def joined(self, client: "ServedClient") -> None:
        """It knows the key."""
        ...

    def received(self, client: "ServedClient", message: Any) -> None:
        """It sent a message."""
        ...

    def left(self, client: "ServedClient") -> None:
        """It is gone, whether it ever joined or not."""
        ...


class ServedClient:
    """The server's end of one connection."""

    def __init__(self, number: int, channel: Channel, authkey: bytes, events: ClientEvents) -> None:
        self.number = number
        self._channel = channel
        self._authkey = authkey
        self._events = events
        self._outbox = Outbox()
        self._dropped = threading.Event()
        self._thread: StudioThread | None = None
        self.end_reason = ""
        """Why the connection ended, for the log."""

    def start(self, on_failure: Callable[[BaseException], None]) -> None:
        """Authenticate and serve on a thread of its own."""
        self._on_failure = on_failure
        self._thread = spawn(f"client-{self.number}", self._serve, on_failure)

    def reply(self, message: Reply | Failure) -> None:
        """Send an answer, after those before it; a client that lets too many wait is dropped."""
        try:
            data = encode(message)
        except LocalProtocolError as error:
            data = encode(Failure(message.number, str(error), type(error).__name__))
        if not self._outbox.put_reply(data):
            self.drop("it does not read its replies")

    def push(self, data: bytes) -> None:
        """Send an encoded message instead of the one pushed before, if that is still waiting."""
        self._outbox.push(data)

    def drop(self, reason: str) -> None:
        """End the connection soon, without waiting."""
        self.end_reason = self.end_reason or reason
        self._dropped.set()
        self._outbox.close()

    def finish(self) -> None:
        """Send what still waits, then end the connection; returns at once."""
        self._outbox.close()

    def wait_until_gone(self, timeout_s: float) -> None:
        """Wait for the end of its threads; a client that is still there after `timeout_s` is dropped."""
        if self._thread is not None and not self._thread.join(timeout_s):
            self.drop("the server ends")
            self._thread.join(STALL_S)

    def _serve(self, cancelled: threading.Event) -> None:
        try:
            admit(self._channel, self._authkey, self._dropped)
            sending = spawn(f"client-{self.number}-out", self._send, self._on_failure)
            self._events.joined(self)
            try:
                self._receive()
            finally:
                self._outbox.close()
                sending.join()
        except (EOFError, OSError, RemoteProtocolError) as error:
            self.end_reason = self.end_reason or str(error)
        finally:
            self._channel.close()
            self._events.left(self)

    def _receive(self) -> None:
        while True:
            data = self._channel.receive(self._dropped, limit=REQUEST_BYTES)
            self._events.received(self, decode(data))

    def _send(self, cancelled: threading.Event) -> None:
        try:
            while (data := self._outbox.take()) is not None:
                self._channel.send(data, self._dropped, stall_s=STALL_S)
        except (EOFError, OSError) as error:
            self.end_reason = self.end_reason or str(error)
        self._dropped.set()  # wakes the receiving thread, which closes the channel
