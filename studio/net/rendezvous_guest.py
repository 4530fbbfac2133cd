"""One client of our server: what it says changes the directory, what others change is said to it.

Does no I/O itself: it is called on the server's thread with what has come, and sends through its connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.net.allowance import Allowance
from studio.net.endpoints import Process
from studio.net.rendezvous import MOST_UNTOLD, Change, Rendezvous
from studio.net.rendezvous_protocol import (
    LEAVES_NOTHING,
    ClientGreeting,
    Disconnected,
    ProcessAdded,
    ProcessRemoved,
    Record,
    client_parser,
    record_bytes,
    server_greeting_bytes,
)
from studio.net.tcp_connection import Connection, Peer
from studio.timing import monotonic_ns

MOST_BROUGHT = 1 << 20
"""Bytes of all processes in the directory that one client has added."""
RECORDS_AT_ONCE = 4000
"""An original client says everything again that it is told, so it must be allowed that much."""
RECORDS_PER_SECOND = 200
CHANGED_AT_ONCE = 4 << 20
CHANGED_PER_SECOND = 256 << 10
"""Bytes of additions that are passed on to everybody."""


class Claims:
    """Who wants which processes gone when he is gone himself. Only under the lock of the directory."""

    def __init__(self) -> None:
        self._owners: dict[str, set[Guest]] = {}

    def changed(self, change: Change) -> None:
        """A process that is removed belongs to nobody any more."""
        if isinstance(change.record, ProcessRemoved):
            self._owners.pop(change.process.name, None)

    def add(self, name: str, guest: "Guest") -> None:
        """It is that guest's, too: one that came anew before its old connection was known to be dead."""
        self._owners.setdefault(name, set()).add(guest)

    def release(self, guest: "Guest") -> tuple[str, ...]:
        """Those that belong to nobody else."""
        names = tuple(name for name, owners in self._owners.items() if owners == {guest})
        for owners in self._owners.values():
            owners.discard(guest)
        return names


@dataclass(frozen=True, slots=True)
class House:
    """What a guest has to do with."""

    rendezvous: Rendezvous
    claims: Claims
    record_s: float
    call: Callable[[Callable[[], None]], None]
    """Has something done on the server's thread."""
    wake: Callable[[], None]
    """Has the handlers of the directory called."""
    came: "Callable[[Guest], None]"
    left: "Callable[[Guest, str], None]"


class Guest:
    """A connection to our server, from its first byte to its end."""

    def __init__(self, house: House) -> None:
        self.is_welcome = False
        """Whether it has said who it is, and was told what is known."""
        self._house = house
        self._parser = client_parser()
        self._connection: Connection | None = None
        self._leaves_nothing = False
        self._is_midway = False
        self._brought: dict[str, int] = {}
        self._records = Allowance(at_once=RECORDS_AT_ONCE, per_second=RECORDS_PER_SECOND)
        self._changed = Allowance(at_once=CHANGED_AT_ONCE, per_second=CHANGED_PER_SECOND)

    @property
    def peer(self) -> Peer:
        """Who it is."""
        return self._open_connection.peer

    def opened(self, connection: Connection) -> None:
        """It may be spoken to."""
        self._connection = connection
        self._house.came(self)

    def received(self, data: bytes) -> None:
        """Do what it says. Raises RemoteProtocolError where it breaks the rules, after all it said before."""
        has_said = False
        try:
            for said in self._parser.feed(data):
                self._hear(said)
                has_said = True
        finally:
            self._house.wake()
        self._expect_the_rest(has_said)

    def closed(self, reason: str) -> None:
        """It is gone; what it brought stays, as in \\psi, unless it wanted otherwise (rules E250, E253 6)."""
        rendezvous = self._house.rendezvous
        rendezvous.unfollow(self)
        with rendezvous.lock:
            for name in self._house.claims.release(self):
                rendezvous.remove(name, source=self)
        self._house.left(self, reason)
        self._house.wake()

    def changed(self, change: Change) -> None:
        """Pass it on, also what this one changed itself, as \\psi does (rule E250)."""
        if isinstance(change.record, ProcessRemoved):
            self._brought.pop(change.process.name, None)
        elif change.source is self:
            self._brought[change.process.name] = len(change.data)
        self._house.call(partial(self.say, change.data))

    def say(self, data: bytes) -> None:
        """Send it a record, if it was told what came before. On the server's thread."""
        if self.is_welcome:
            self._open_connection.send(data)

    @property
    def _open_connection(self) -> Connection:
        assert self._connection is not None
        return self._connection

    def _hear(self, said: ClientGreeting | Record) -> None:
        if not isinstance(said, ClientGreeting) and not self._records.take(1, monotonic_ns()):
            raise RemoteProtocolError(f"it says more than {RECORDS_PER_SECOND} things a second")
        match said:
            case ClientGreeting():
                self._welcome()
            case ProcessAdded(process):
                self._add(process)
            case ProcessRemoved(name) if name == LEAVES_NOTHING:
                self._leaves_nothing = True
            case ProcessRemoved(name):
                self._house.rendezvous.remove(name, source=self)
            case Disconnected():
                self._open_connection.close()

    def _welcome(self) -> None:
        processes = self._house.rendezvous.follow(self)
        connection = self._open_connection
        connection.send(server_greeting_bytes(connection.peer.address, processes))
        self.is_welcome = True

    def _add(self, process: Process) -> None:
        rendezvous = self._house.rendezvous
        if rendezvous.process(process.name) is None:
            self._check_limits(process)
            try:
                rendezvous.add(process, source=self)
            except LocalProtocolError as error:
                raise RemoteProtocolError(f"what it adds cannot be: {error}") from error
        if self._leaves_nothing:
            with rendezvous.lock:
                if rendezvous.process(process.name) == process:
                    self._house.claims.add(process.name, self)

    def _check_limits(self, process: Process) -> None:
        try:
            byte_count = len(record_bytes(ProcessAdded(process)))
        except LocalProtocolError as error:
            raise RemoteProtocolError(f"what it adds cannot be passed on: {error}") from error
        with self._house.rendezvous.lock:
            brought = sum(self._brought.values())
        if brought + byte_count > MOST_BROUGHT:
            raise RemoteProtocolError(f"all that it adds takes more than {MOST_BROUGHT} bytes")
        if not self._changed.take(byte_count, monotonic_ns()):
            raise RemoteProtocolError(f"it adds more than {CHANGED_PER_SECOND} bytes a second")
        if self._house.rendezvous.untold > MOST_UNTOLD:
            raise RemoteProtocolError("it adds more than this program can tell of in the meantime")

    def _expect_the_rest(self, has_said: bool) -> None:
        """A record that has begun must come to its end; between records it may be silent for ever."""
        was_midway, self._is_midway = self._is_midway, not self._parser.is_between_values
        if not self.is_welcome:
            return
        if not self._is_midway:
            self._open_connection.expect(None)
        elif has_said or not was_midway:
            self._open_connection.expect(self._house.record_s)
