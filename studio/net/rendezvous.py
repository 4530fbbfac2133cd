"""The directory of processes that offer something to each other (rules E244-E246). No sockets, no threads.

It may be used from several threads. What happens is told in the order in which it happened: whoever changes
the directory calls the handlers, unless another thread is just at it, which then does that, too; no lock is
held meanwhile. `follow` is for those who pass changes on to other machines and must miss none.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from studio.engine.events import Event
from studio.errors import LocalProtocolError
from studio.net import endpoints
from studio.net.rendezvous_protocol import MOST_PROCESSES, ProcessAdded, ProcessRemoved, record_bytes

MOST_BYTES = 4 << 20
"""All that is said of all processes; everybody who connects is told it."""
MOST_UNTOLD = 4 * MOST_PROCESSES
"""So many changes may wait for a handler that takes long, before those of other machines are refused."""

logger = logging.getLogger(__name__)

ProcessHandler = Callable[[endpoints.Process], object]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the directory; `source` is who wanted it, None for somebody of this program."""

    record: ProcessAdded | ProcessRemoved
    process: endpoints.Process
    data: bytes
    """The record as it is sent to others."""
    source: object = None


class Follower(Protocol):
    """Somebody who passes changes on."""

    def changed(self, change: Change) -> None:
        """Put it aside, at once and without an error: the directory is locked meanwhile."""


class ProcessEvent:
    """`process_added` or `process_removed`: those who want to know."""

    def __init__(self, rendezvous: "Rendezvous", *, is_replayed: bool) -> None:
        """`is_replayed`: a new handler is first called for the processes that are already there."""
        self._rendezvous = rendezvous
        self._is_replayed = is_replayed
        self._handlers: tuple[ProcessHandler, ...] = ()

    def connect(self, handler: ProcessHandler) -> None:
        """Call `handler(process)` each time from now on, and for none twice (rule E253, 11)."""
        with self._rendezvous.lock:
            self._handlers += (handler,)
            if self._is_replayed:
                for process in self._rendezvous.processes:
                    self._rendezvous.put(self._call(handler, process))
        self._rendezvous.deliver()

    def disconnect(self, handler: ProcessHandler) -> None:
        """Forget the handler; ValueError if it is not connected."""
        with self._rendezvous.lock:
            handlers = list(self._handlers)
            if handler not in handlers:
                raise ValueError("this handler is not connected to the event")
            handlers.remove(handler)
            self._handlers = tuple(handlers)

    @property
    def has_handlers(self) -> bool:
        """Whether somebody listens."""
        return bool(self._handlers)

    def put(self, process: endpoints.Process) -> None:
        """Have it told to those who listen now; under the lock of the directory."""
        for handler in self._handlers:
            self._rendezvous.put(self._call(handler, process))

    def _call(self, handler: ProcessHandler, process: endpoints.Process) -> Callable[[], None]:
        def call() -> None:
            if handler in self._handlers:
                handler(process)

        return call


class Rendezvous:
    """A directory: name -> process.

    `error` is emitted with what a handler raised; it does not reach whoever changed the directory.
    """

    Process: TypeAlias = endpoints.Process
    Stream: TypeAlias = endpoints.Stream
    TcpSourceEndpoint: TypeAlias = endpoints.TcpSourceEndpoint
    NetMQSourceEndpoint: TypeAlias = endpoints.NetMQSourceEndpoint
    RemoteExporterEndpoint: TypeAlias = endpoints.RemoteExporterEndpoint
    RemoteClockExporterEndpoint: TypeAlias = endpoints.RemoteClockExporterEndpoint

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.process_added = ProcessEvent(self, is_replayed=True)
        self.process_removed = ProcessEvent(self, is_replayed=False)
        self.error: Event[Exception] = Event()
        self._known: dict[str, tuple[endpoints.Process, int]] = {}
        self._byte_count = 0
        self._followers: tuple[Follower, ...] = ()
        self._untold: deque[Callable[[], None]] = deque()
        self._is_telling = False

    @property
    def processes(self) -> tuple[endpoints.Process, ...]:
        """All that are known now, in the order in which they came."""
        with self.lock:
            return tuple(process for process, _ in self._known.values())

    def process(self, name: str) -> endpoints.Process | None:
        """The one of that name, if there is one."""
        with self.lock:
            known = self._known.get(name)
            return known[0] if known else None

    def try_add_process(self, process: endpoints.Process) -> bool:
        """Add it and tell of it; False if there is one of that name, which then stays as it is (E246).

        Raises LocalProtocolError if it is larger than other machines take, or if the directory is full.
        """
        added = self.add(process)
        self.deliver()
        return added

    def try_remove_process(self, process: endpoints.Process | str) -> bool:
        """Remove the process of that name and tell of it; False if there is none."""
        removed = self.remove(process if isinstance(process, str) else process.name)
        self.deliver()
        return removed

    def replace_process(self, process: endpoints.Process) -> bool:
        """Put it in the place of the one of its name, if there is one; False if it is there as it is.

        Others are told of a removal and an addition: so a process that was started again with other ports
        becomes known (rule E253, 7). Raises LocalProtocolError as `try_add_process` does.
        """
        replaced = self.replace(process)
        self.deliver()
        return replaced

    def add(self, process: endpoints.Process, *, source: object = None) -> bool:
        """As `try_add_process`, but handlers are called by the next `deliver`."""
        record = ProcessAdded(process)
        data = record_bytes(record)
        with self.lock:
            if process.name in self._known:
                return False
            self._check_room(process.name, len(data))
            self._known[process.name] = (process, len(data))
            self._byte_count += len(data)
            self._note(Change(record, process, data, source))
            self.process_added.put(process)
            return True

    def remove(self, name: str, *, source: object = None) -> bool:
        """As `try_remove_process`, but handlers are called by the next `deliver`."""
        with self.lock:
            if name not in self._known:
                return False
            process, byte_count = self._known.pop(name)
            self._byte_count -= byte_count
            record = ProcessRemoved(name)
            self._note(Change(record, process, record_bytes(record), source))
            self.process_removed.put(process)
            return True

    def replace(self, process: endpoints.Process, *, source: object = None) -> bool:
        """As `replace_process`, but handlers are called by the next `deliver`."""
        byte_count = len(record_bytes(ProcessAdded(process)))
        with self.lock:
            known, freed = self._known.get(process.name, (None, 0))
            if known == process:
                return False
            if known is not None:
                self._check_room(process.name, byte_count, freed=freed)
                self.remove(process.name, source=source)
            return self.add(process, source=source)

    def follow(self, follower: Follower) -> tuple[endpoints.Process, ...]:
        """What is known now; `follower` is told of every change after that, once and in order."""
        with self.lock:
            self._followers += (follower,)
            return self.processes

    def unfollow(self, follower: Follower) -> None:
        """Tell it nothing more; harmless if it is told nothing."""
        with self.lock:
            self._followers = tuple(one for one in self._followers if one is not follower)

    @property
    def untold(self) -> int:
        """So many calls of handlers are waiting."""
        return len(self._untold)

    def put(self, call: Callable[[], None]) -> None:
        """Have something called after all that happened before."""
        with self.lock:
            self._untold.append(call)

    def deliver(self) -> None:
        """Call the handlers whose turn it is, unless another thread is at it, or this one further up."""
        while (call := self._next_call()) is not None:
            try:
                call()
            except Exception as error:  # whoever changed the directory is not at fault: it is told apart
                self._report(error)
            finally:
                with self.lock:
                    self._is_telling = False

    def _next_call(self) -> Callable[[], None] | None:
        with self.lock:
            if self._is_telling or not self._untold:
                return None
            self._is_telling = True
            return self._untold.popleft()

    def _report(self, error: Exception) -> None:
        logger.error("a handler of the directory failed", exc_info=error)
        for further in self.error.emit(error):
            logger.error("a handler of errors of the directory failed", exc_info=further)

    def _check_room(self, name: str, byte_count: int, *, freed: int = 0) -> None:
        if not freed and len(self._known) >= MOST_PROCESSES:
            raise LocalProtocolError(
                f"{MOST_PROCESSES} processes are known, no more can be; {name!r} was not added. Remove one."
            )
        if self._byte_count - freed + byte_count > MOST_BYTES:
            raise LocalProtocolError(
                f"What is known of all processes would take more than {MOST_BYTES} bytes; {name!r} was not "
                "added. Remove one, or announce fewer streams."
            )

    def _note(self, change: Change) -> None:
        for follower in self._followers:
            follower.changed(change)
