"""The loop in which one thread serves all connections: waits for sockets, for work of others, and for times.

Knows nothing of what is said. Others reach its thread through `call`; everything else happens on that thread.
"""

import contextlib
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable

from studio.timing import NS_PER_S, monotonic_ns

LONGEST_SLEEP_S = 60.0

Ready = Callable[[int], None]
"""Called with the events (EVENT_READ, EVENT_WRITE) for which a socket is ready."""
Check = Callable[[int], int | None]
"""Called with the monotonic time; returns when to be called again at the latest, None: no need."""


class TcpLoop:
    """Runs in the thread that calls `run`, until `stop`. What it was given must not raise."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._work: deque[Callable[[], None]] = deque()
        self._watched: dict[object, Check] = {}
        self._thread: int | None = None
        self._is_stopped = False
        self._woken = 0
        self._bell, self._listener = socket.socketpair()
        for end in (self._bell, self._listener):
            end.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._drain_bell)

    @property
    def is_own_thread(self) -> bool:
        """Whether the caller is the thread that runs the loop."""
        return self._thread == threading.get_ident()

    @property
    def woken(self) -> int:
        """When it last heard that sockets are ready (monotonic ns): what had come then is being read now."""
        return self._woken

    def call(self, work: Callable[[], None]) -> None:
        """Have it done on the loop's thread, soon; forgotten if the loop has ended. Any thread."""
        with self._lock:
            if self._is_stopped:
                return
            self._work.append(work)
            # In the lock, since the bell is closed when the loop ends. One that is full has been heard.
            with contextlib.suppress(BlockingIOError):
                self._bell.send(b"!")

    def stop(self) -> None:
        """End `run` after the work that was given before. Idempotent; any thread."""
        self.call(self._finish)

    def run(self) -> None:
        """Serve until stopped. Once only."""
        self._thread = threading.get_ident()
        try:
            while not self._is_stopped:
                timeout_s = self._check_times()
                ready = self._selector.select(timeout_s)
                self._woken = monotonic_ns()
                for key, events in ready:
                    # One that was served before may have ended the next one.
                    if self._is_registered(key):
                        key.data(events)
                self._do_work()
        finally:
            self.discard()

    def discard(self) -> None:
        """Give back what a loop takes that was never run; `run` does so at its end. Idempotent."""
        with self._lock:
            self._is_stopped = True
            self._work.clear()
            self._bell.close()
        self._listener.close()
        self._selector.close()

    def register(self, sock: socket.socket, events: int, ready: Ready) -> None:
        """Call `ready` when the socket is; on the loop's thread, or before it runs."""
        self._selector.register(sock, events, ready)

    def modify(self, sock: socket.socket, events: int) -> None:
        """Wait for other events of a registered socket; for none, if `events` is 0."""
        key = self._selector.get_key(sock)
        if key.events != events and events:
            self._selector.modify(sock, events, key.data)

    def watch(self, owner: object, check: Check) -> None:
        """Ask `check` about the time after each turn."""
        self._watched[owner] = check

    def forget(self, sock: socket.socket | None, owner: object) -> None:
        """Neither wait for the socket nor ask about the time any more; unknown ones are ignored."""
        if sock is not None and sock.fileno() in self._selector.get_map():
            self._selector.unregister(sock)
        self._watched.pop(owner, None)

    def _is_registered(self, key: selectors.SelectorKey) -> bool:
        found = self._selector.get_map().get(key.fd)
        return found is not None and found.fileobj is key.fileobj

    def _check_times(self) -> float:
        now = monotonic_ns()
        wanted = [time for check in tuple(self._watched.values()) if (time := check(now)) is not None]
        if not wanted:
            return LONGEST_SLEEP_S
        return min(LONGEST_SLEEP_S, max(0, min(wanted) - now) / NS_PER_S)

    def _do_work(self) -> None:
        for _ in range(len(self._work)):
            with self._lock:
                work = self._work.popleft()
            work()

    def _drain_bell(self, events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._listener.recv(4096):
                pass

    def _finish(self) -> None:
        self._is_stopped = True
