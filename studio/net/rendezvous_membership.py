"""What a client of a shared directory says and hears, on one connection after the other (rules E251, E253).

It keeps the directory of this program equal to that of the server, and the server told of what this program
announces: also what it announced before there was a connection, and after one was lost. Opens nothing.
"""

from collections.abc import Callable

from studio.errors import LocalProtocolError, RemoteProtocolError, StudioError
from studio.net.endpoints import NetMQSourceEndpoint, Process
from studio.net.rendezvous import Change, Rendezvous
from studio.net.rendezvous_protocol import (
    LEAVES_NOTHING,
    Disconnected,
    ProcessAdded,
    ProcessRemoved,
    Record,
    record_bytes,
)

Send = Callable[[bytes], None]
Report = Callable[[StudioError], None]


class Membership:
    """Used by the thread of a connection; follows the directory, whose lock keeps its parts together."""

    def __init__(self, rendezvous: Rendezvous, report: Report, *, leaves_nothing: bool) -> None:
        """`report` is told of names that somebody else has; under the lock, so it must put it aside."""
        self._rendezvous = rendezvous
        self._report = report
        self._leaves_nothing = leaves_nothing
        self._announced: dict[str, Process] = {}
        self._retracted: dict[str, Process] = {}
        """What this program removed while there was no connection."""
        self._removals: dict[str, int] = {}
        """What it has asked the server to remove, and has not heard back."""
        self._send: Send | None = None
        for process in rendezvous.follow(self):
            self._announced[process.name] = process

    def changed(self, change: Change) -> None:
        """Say what this program changed; what the server changed it knows (rule E253, 13)."""
        if change.source is self:
            return
        name = change.process.name
        if isinstance(change.record, ProcessAdded):
            self._announced[name] = change.process
            self._retracted.pop(name, None)
        else:
            self._announced.pop(name, None)
            self._note_removal(change.process)
        if self._send is not None:
            self._send(change.data)

    def joined(self, listed: tuple[Process, ...], send: Send) -> None:
        """The server has said all it knows: make both directories equal. Raises RemoteProtocolError."""
        known = {process.name: process for process in reversed(listed)}
        with self._rendezvous.lock:
            self._removals.clear()
            self._send = send
            if self._leaves_nothing:
                send(record_bytes(ProcessRemoved(LEAVES_NOTHING)))
            for name, process in self._retracted.items():
                if known.get(name) == process:
                    del known[name]
                    send(record_bytes(ProcessRemoved(name)))
            self._retracted.clear()
            for process in self._rendezvous.processes:
                if process.name not in known and process.name not in self._announced:
                    self._rendezvous.remove(process.name, source=self)
            for process in reversed(known.values()):
                self._learn(process, is_old=True)
            for process in tuple(self._announced.values()):
                self._announce(process, known.get(process.name))

    def heard(self, record: Record) -> None:
        """The server says what has changed. Raises RemoteProtocolError for what cannot be."""
        with self._rendezvous.lock:
            match record:
                case ProcessAdded(process):
                    self._learn(process)
                case ProcessRemoved(name):
                    self._unlearn(name)
                case Disconnected():
                    pass

    def left(self) -> None:
        """There is no connection any more; the directory stays as it is."""
        with self._rendezvous.lock:
            self._send = None

    def goodbye(self) -> bytes:
        """What to say last: what is to be removed, if nothing shall be left, and the end."""
        with self._rendezvous.lock:
            self._send = None
            names = tuple(self._announced) if self._leaves_nothing else ()
        records: tuple[Record, ...] = (*map(ProcessRemoved, names), Disconnected())
        return b"".join(map(record_bytes, records))

    def _note_removal(self, process: Process) -> None:
        if self._send is None:
            self._retracted[process.name] = process
        else:
            self._removals[process.name] = self._removals.get(process.name, 0) + 1

    def _learn(self, process: Process, *, is_old: bool = False) -> None:
        """The server has this one: so it is, unless ours takes its place, as that of an earlier run of ours.

        `is_old`: it was there before we came.
        """
        if self._removals.get(process.name):
            return  # said before the server heard that it is removed: it must not come back for that moment
        announced = self._announced.get(process.name)
        if announced is not None and announced != process:
            if is_old and _is_same_place(announced, process):
                return
            del self._announced[process.name]
            self._report(
                LocalProtocolError(
                    f"There is another process called {process.name!r} at the Rendezvous; that of this "
                    "program cannot be found by others. Give it another name."
                )
            )
        try:
            self._rendezvous.replace(process, source=self)
        except LocalProtocolError as error:
            raise RemoteProtocolError(f"the server lists what cannot be: {error}") from error

    def _unlearn(self, name: str) -> None:
        if self._removals.get(name):
            self._removals[name] -= 1
            if name in self._announced:
                return  # announced anew after we had it removed
        self._announced.pop(name, None)
        self._rendezvous.remove(name, source=self)

    def _announce(self, process: Process, known: Process | None) -> None:
        assert self._send is not None
        if known == process and not self._leaves_nothing:
            return
        if known is not None and known != process:
            self._send(record_bytes(ProcessRemoved(process.name)))
            self._removals[process.name] = self._removals.get(process.name, 0) + 1
        self._send(record_bytes(ProcessAdded(process)))


def _is_same_place(one: Process, other: Process) -> bool:
    """Whether two processes of one name are on the same machine: then the later one has taken its place."""
    return bool(_hosts(one)) and _hosts(one) == _hosts(other)


def _hosts(process: Process) -> set[str]:
    return {
        endpoint.address.rpartition(":")[0] if isinstance(endpoint, NetMQSourceEndpoint) else endpoint.host
        for endpoint in process.endpoints
    }
