"""What a client does on one connection to a server: greets, hears what there is, then what changes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.errors import RemoteProtocolError
from studio.net.rendezvous_membership import Membership
from studio.net.rendezvous_protocol import (
    Disconnected,
    ProcessAdded,
    Record,
    ServerGreeting,
    client_greeting_bytes,
    record_bytes,
    server_parser,
)
from studio.net.tcp_connection import Connection

if TYPE_CHECKING:
    from studio.net.endpoints import Process


class Visit:
    """One connection, from its first byte to its end; on the thread that serves it."""

    def __init__(
        self,
        membership: Membership,
        joined: Callable[[], None],
        heard: Callable[[], None],
        *,
        record_s: float,
    ) -> None:
        """`joined` is called when the server has said all it knew, and was told what we announce.

        `heard` is called whenever something was said that may have to be told.
        """
        self.client_address = ""
        """Ours, as the server sees it."""
        self.has_joined = False
        self.reason = ""
        """Why the connection ended; empty: the server said that it ends."""
        self.error: RemoteProtocolError | None = None
        """How the server broke the rules, if that is the reason."""
        self._membership = membership
        self._joined = joined
        self._heard = heard
        self._record_s = record_s
        self._parser = server_parser()
        self._connection: Connection | None = None
        self._listed: list[Process] = []
        self._to_come = 0
        self._is_midway = False
        self._has_ended = False

    def opened(self, connection: Connection) -> None:
        """Say who we are."""
        self._connection = connection
        connection.send(client_greeting_bytes())

    def received(self, data: bytes) -> None:
        """Take what the server says. Raises RemoteProtocolError where it breaks the rules."""
        has_said = False
        try:
            for said in self._parser.feed(data):
                self._hear(said)
                has_said = True
        except RemoteProtocolError as error:
            self.error = error
            raise
        finally:
            self._heard()
        self._expect_the_rest(has_said)

    def closed(self, reason: str) -> None:
        """The connection is gone."""
        self._membership.left()
        if not self._has_ended:
            self.reason = reason or "the connection was closed"

    def _hear(self, said: ServerGreeting | Record) -> None:
        if isinstance(said, ServerGreeting):
            self.client_address = said.client_address
            self._to_come = said.process_count
            self._join_if_all_is_said()
        elif isinstance(said, Disconnected):
            self._has_ended = True
            self._open_connection.send(record_bytes(Disconnected()))
            self._open_connection.close()
        elif self.has_joined:
            self._membership.heard(said)
        elif isinstance(said, ProcessAdded):
            self._listed.append(said.process)
            self._to_come -= 1
            self._join_if_all_is_said()
        else:  # an original server may say so in the midst of its list (rule E253, 4)
            self._listed = [process for process in self._listed if process.name != said.name]

    def _join_if_all_is_said(self) -> None:
        if self._to_come:
            return
        self._membership.joined(tuple(self._listed), self._open_connection.send)
        self._listed.clear()
        self.has_joined = True
        self._joined()

    @property
    def _open_connection(self) -> Connection:
        assert self._connection is not None
        return self._connection

    def _expect_the_rest(self, has_said: bool) -> None:
        """A record that has begun must come to its end; once all is listed the server may be silent."""
        was_midway, self._is_midway = self._is_midway, not self._parser.is_between_values
        if not self._is_midway and self.has_joined:
            self._open_connection.expect(None)
        elif has_said or not was_midway:
            self._open_connection.expect(self._record_s)
