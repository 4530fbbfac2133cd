"""Keeps the machine awake while something is recorded (decision 25). The only user of wakepy."""

import threading
from collections.abc import Callable

from studio.engine import StudioThread, spawn
from studio.timing import NS_PER_S, wait_on

CLOSE_S = 1.0
REFUSED = (
    "This computer could not be told to stay awake while recording. Switch off its automatic sleep if it is "
    "going to be left alone."
)


class Wakefulness:
    """From `begin` to `end` the machine does not go to sleep by itself.

    On a thread of its own: the desktop is asked, which may take its time, and may say no.
    """

    def __init__(self, on_refused: Callable[[str], None]) -> None:
        """`on_refused` gets a sentence for people, on that thread, if the machine cannot be kept awake."""
        self._on_refused = on_refused
        self._thread: StudioThread | None = None

    def begin(self) -> None:
        """Ask; returns at once."""
        self._thread = spawn("wakefulness", self._keep_awake, lambda _: self._on_refused(REFUSED))

    def end(self) -> None:
        """It may sleep again. Idempotent; a desktop that hangs is not waited for."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.cancel()
            thread.join(CLOSE_S)

    def _keep_awake(self, cancelled: threading.Event) -> None:
        from wakepy import keep

        with keep.running(on_fail="pass") as mode:
            if not mode.active:
                self._on_refused(REFUSED)
                return
            while not wait_on(cancelled, 3600 * NS_PER_S):
                pass
