"""Looks at when a window draws, comes round, and is clicked; see `watched_window`."""

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QRegularExpression, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

BEAT_MS = 16
LOOK_MS = 2
WRITE_MS = 300
PLOT = QRegularExpression("^plot_")
NS_PER_MS = 1_000_000
WRAP_MS = 1 << 32
"""The X server counts milliseconds of the monotonic clock in 32 bits."""


class Arrivals(QObject):
    """Begins to look on when a window shows itself; of a first look it only notes that it is there."""

    def __init__(self, application: QApplication, log: Path) -> None:
        super().__init__(application)
        self._application = application
        self._file = log.open("a", encoding="ascii")
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look out."""
        if event.type() == QEvent.Type.Paint and watched.objectName() == "first_streams":
            self._file.write(f"first {time.monotonic_ns()}\n")
            self._file.flush()
        elif event.type() == QEvent.Type.Show and watched.objectName() == "main_window":
            assert isinstance(watched, QWidget)
            self._application.removeEventFilter(self)
            Watch(watched, self._file)
        return False


class Watch(QObject):
    """Looks on from when the window is there."""

    def __init__(self, window: QWidget, log: TextIO) -> None:
        super().__init__(window)
        self._window = window
        self._file = log
        self._handle: QWindow | None = None
        self._used = self._waited = 0
        of_this_thread = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._waits = of_this_thread.open("rb", buffering=0)
        self._seen: set[str] = set()
        self._awaited: dict[str, Callable[[], bool]] = {
            "usable": self._is_usable,
            "recording": self._shows_recording,
            "streams": self._shows_streams,
        }
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
        """Until the window has been made by the system, and Record can be clicked or a recording is seen."""
        if self._handle is None and (handle := self._window.windowHandle()) is not None:
            self._handle = handle
            handle.installEventFilter(self)  # clicks
            self._window.installEventFilter(self)  # frames
        for what, is_so in self._awaited.items():
            if what not in self._seen and is_so():
                self._seen.add(what)
                self._tell(what, time.monotonic_ns())
        if "usable" in self._seen or {"recording", "streams"} <= self._seen:
            self._look.stop()
            self._begin_to_beat()

    def _begin_to_beat(self) -> None:
        self._beat.start()
        self._used, self._waited = time.thread_time_ns(), self._waiting()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.connect(self._on_about_to_block)

    def _is_usable(self) -> bool:
        return self._can_be_seen("record_button") and self._button("record_button").isEnabled()

    def _shows_recording(self) -> bool:
        """Its size and its loss account stand in the status bar, and it can be stopped."""
        shown = all(map(self._can_be_seen, ("status_size", "status_dropped", "stop_button")))
        return shown and self._button("stop_button").isEnabled()

    def _shows_streams(self) -> bool:
        plots = self._window.findChildren(QWidget, PLOT)
        return any(plot.isVisible() for plot in plots)

    def _button(self, name: str) -> QWidget:
        button = self._window.findChild(QWidget, name)
        assert isinstance(button, QWidget)
        return button

    def _can_be_seen(self, name: str) -> bool:
        widget = self._window.findChild(QWidget, name)
        return widget is not None and widget.isVisible()

    @Slot()
    def _on_about_to_block(self) -> None:
        """A turn of the event loop is over; what is done here belongs to none."""
        used, waited = time.thread_time_ns(), self._waiting()
        self._file.write(f"turn {time.monotonic_ns()} {used - self._used} {waited - self._waited}\n")
        self._used, self._waited = time.thread_time_ns(), waited

    def _waiting(self) -> int:
        """Ns that this thread has been ready, and no processor was free for it (proc(5))."""
        self._waits.seek(0)
        return int(self._waits.read().split()[1])

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
