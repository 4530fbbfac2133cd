"""Calls the handlers of a directory on a thread of its own: one that takes long holds up no network.

Knows nothing of what is said on connections.
"""

import threading

from studio.engine.threads import FailureHandler, StudioThread, spawn
from studio.net.rendezvous import Rendezvous

CLOSE_S = 5.0


class Delivery:
    """Tells of what other machines changed. The constructor starts nothing."""

    def __init__(self, name: str, rendezvous: Rendezvous, on_failure: FailureHandler) -> None:
        self._name = name
        self._rendezvous = rendezvous
        self._on_failure = on_failure
        self._wanted = threading.Event()
        self._thread: StudioThread | None = None

    def start(self) -> None:
        """Begin. Once only."""
        self._thread = spawn(self._name, self._run, self._on_failure)

    def wake(self) -> None:
        """There is something to tell. Any thread; never waits."""
        self._wanted.set()

    def close(self) -> None:
        """End; what is still to be told is told by whoever calls this. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.cancel()
            self._wanted.set()
            thread.join(CLOSE_S)
        self._rendezvous.deliver()

    def _run(self, cancelled: threading.Event) -> None:
        while not cancelled.is_set():
            self._wanted.wait()
            self._wanted.clear()
            self._rendezvous.deliver()
