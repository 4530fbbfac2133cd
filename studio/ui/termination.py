"""SIGINT and SIGTERM inside Qt's event loop (decision 21), told as a Qt signal.

Owns the handlers of these two signals and the pipe that wakes the loop, until `close`.
"""

import os
import signal
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot

SIGNALS = (signal.SIGINT, signal.SIGTERM)
POLL_INTERVAL_MS = 200


class Termination(QObject):
    """Tells that the system, or Ctrl+C, wants the program to end."""

    requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pipe: tuple[int, int] | None = None
        self._before_fd = -1
        self._notifier: QSocketNotifier | None = None
        self._before = {number: signal.signal(number, self._take) for number in SIGNALS}
        self._timer = QTimer(self, interval=POLL_INTERVAL_MS)
        if sys.platform == "win32":  # pragma: no cover
            # No pipe can wake Qt there; a timer gives Python its turn to run the handler.
            self._timer.start()
        else:
            self._listen()

    def _listen(self) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        self._pipe = (read_end, write_end)
        self._before_fd = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(read_end, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.requested.emit()

    @Slot()
    def _on_woken(self) -> None:
        # Reading is all: once Python code runs, it calls the handler of the signal.
        if self._pipe is not None:
            os.read(self._pipe[0], 64)

    def close(self) -> None:
        """Give the signals back. Idempotent."""
        self._timer.stop()
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)
        if self._pipe is not None and self._notifier is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._before_fd)
            for end in self._pipe:
                os.close(end)
            self._pipe = None
