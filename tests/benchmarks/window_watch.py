"""Looks at when a window draws, comes round, and is clicked; see `watched_window`."""

import time
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QWindow
from PySide6.QtWidgets import QWidget

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
        self._used = 0
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
            self._used = time.thread_time_ns()
            dispatcher = QAbstractEventDispatcher.instance()
            if dispatcher is not None:
                dispatcher.aboutToBlock.connect(self._on_about_to_block)

    @Slot()
    def _on_about_to_block(self) -> None:
        """A turn of the event loop is over; what is done here belongs to none."""
        used = time.thread_time_ns()
        self._file.write(f"turn {time.monotonic_ns()} {used - self._used}\n")
        self._used = time.thread_time_ns()

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
