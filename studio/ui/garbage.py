"""Collects cyclic garbage on the GUI thread only: a widget that is destroyed by another ends the process.

Python collects on whichever thread happens to make the object that is one too many, and the links to the
other processes have threads of their own here. So the automatic collection is off in the window, and a timer
does its work, the youngest objects first.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500
OLDEST_EVERY = 60
"""Half a minute: the oldest generation is large, and hardly anything in it dies."""


class GarbageOnThisThread(QObject):
    """Owns the collection of garbage from `begin` to `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._was_automatic = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def begin(self) -> None:
        """From now on only this thread collects. What has been imported by now is never looked at again.

        Not even for once: that takes a tenth of a second, and finds some hundred small objects.
        """
        self._was_automatic = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Python collects by itself again, as it did before. Idempotent."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_automatic:
            gc.enable()
            self._was_automatic = False

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._rounds += 1
        oldest = 2 if self._rounds % OLDEST_EVERY == 0 else 1
        gc.collect(oldest)
