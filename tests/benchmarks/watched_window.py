"""The studio as it is, with a look at when its window draws, comes round, and is clicked.

python -m tests.benchmarks.watched_window LOG [arguments of the studio]

Appends to LOG, a line each, in ns of the monotonic clock: `usable` (once: Record can be clicked), `drawn` (a
frame is due and is drawn), `beat` (a timer of 16 ms fired: the window came round to what a user does) and
`click` (the mouse was let go; the time is that of the X server, where the click began its way).
"""

import sys
import time
from pathlib import Path
from typing import Any

from studio.host.head_start import start_recorder_ahead

RECORDER = start_recorder_ahead() if __name__ == "__main__" else None
"""As the studio does: before the window's modules are imported."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot  # noqa: E402
from PySide6.QtGui import QMouseEvent, QWindow  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from studio.ui import application  # noqa: E402

BEAT_MS = 16
LOOK_MS = 2
WRITE_MS = 300
NS_PER_MS = 1_000_000
WRAP_MS = 1 << 32
"""The X server counts milliseconds of the monotonic clock in 32 bits."""


class Watch(QObject):
    """Looks on from when the window is there."""

    def __init__(self, window: QWidget, log: Path) -> None:
        super().__init__(window)
        self._window = window
        self._file = log.open("a", encoding="ascii")
        self._handle: QWindow | None = None
        self._is_usable = False
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._look.start()
        self._beat = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._writing = QTimer(self, interval=WRITE_MS)
        self._writing.timeout.connect(self._on_writing)
        self._writing.start()

    @Slot()
    def _on_look(self) -> None:
        """Until the window has been made by the system, and Record can be clicked."""
        if self._handle is None and (handle := self._window.windowHandle()) is not None:
            self._handle = handle
            handle.installEventFilter(self)  # clicks
            self._window.installEventFilter(self)  # frames
        button = self._window.findChild(QWidget, "record_button")
        if button is not None and button.isVisible() and button.isEnabled():
            self._tell("usable", time.monotonic_ns())
            self._look.stop()
            self._beat.start()

    @Slot()
    def _on_beat(self) -> None:
        self._tell("beat", time.monotonic_ns())

    @Slot()
    def _on_writing(self) -> None:
        self._file.flush()

    def _tell(self, what: str, moment: int) -> None:
        self._file.write(f"{what} {moment}\n")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look on."""
        if event.type() == QEvent.Type.UpdateRequest:
            self._tell("drawn", time.monotonic_ns())
        elif event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            self._tell("click", clicked(event.timestamp(), time.monotonic_ns()))
        return False


def clicked(stamp: int, now: int) -> int:
    """The X server's moment of an event (ms, wrapping) as ns of the monotonic clock."""
    ago = (now // NS_PER_MS - stamp) % WRAP_MS
    return now - ago * NS_PER_MS if ago < 60_000 else now  # another clock: when it arrived, then


def main(arguments: list[str]) -> int:
    """Run the studio with somebody looking on."""
    log = Path(arguments[0])
    make = application.make_window

    def watched(*given: Any, **more: Any) -> Any:
        window = make(*given, **more)
        Watch(window, log)
        return window

    application.make_window = watched
    return application.run_window(arguments[1:], RECORDER)


if __name__ == "__main__":
    sys.setswitchinterval(0.001)  # as the studio does
    sys.exit(main(sys.argv[1:]))
