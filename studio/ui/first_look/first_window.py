"""The light window that shows a running recording until the window of the studio is there.

Toolbar and status bar are those of the later window and stand where it has them; Stop works. Everything else
is grey and comes with the window.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QVBoxLayout, QWidget

from studio.app.status import FinishedRecording, RecorderStatus
from studio.host.protocol import Command, StopRecording
from studio.timing import monotonic_ns
from studio.ui import readable
from studio.ui.actions import ACTIONS, Actions
from studio.ui.first_look.stream_list import StreamList
from studio.ui.menus import TOOLBAR, ToolBar, fill_menu_bar
from studio.ui.named import named
from studio.ui.settings.layout_memory import first_geometry, restore_geometry
from studio.ui.status_bar import StatusBar
from studio.ui.status_texts import status_texts
from studio.ui.theme import Theme
from studio.ui.transport_view import Pending, Situation, elapsed, transport_view

if TYPE_CHECKING:
    from concurrent.futures import Future

CLOCK_INTERVAL_MS = 100
WIDEST = 960
"""Pixels of the list: numbers far from their names are hard to read."""
GOES_ON = "The recording goes on. What it sees follows in a moment."

Send = Callable[[Command], "Future[object]"]


class FirstLook(QMainWindow):
    """Shows itself when a recording runs, and never otherwise. `leave` when the window has come."""

    finished = Signal(str)  # the path of the recording that Stop has ended
    _stopped = Signal(object)  # the answer to Stop, from its thread

    def __init__(self, *, theme: Theme, layout: Mapping[str, str], send: Send) -> None:
        super().__init__()
        self.setObjectName("first_look")
        self._theme, self._layout, self._send = theme, layout, send
        self._status: RecorderStatus | None = None
        self._status_arrived = 0
        self._pending = Pending.NOTHING
        self.close_wanted = False
        self._over = False
        self._clock = QTimer(self, interval=CLOCK_INTERVAL_MS)
        self._clock.timeout.connect(self._show_clock)
        self._stopped.connect(self._on_stopped, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def show_status(self, status: RecorderStatus) -> None:
        """The newest; the first of a recording brings the window up."""
        if self._over or (self._status is None and not status.is_recording):
            return
        if self._status is None:
            self._build()
        self._status, self._status_arrived = status, monotonic_ns()
        self._show_status(status)
        if not self.isVisible():
            if not restore_geometry(self, self._layout):
                first_geometry(self)
            self.show()
            self._clock.start()

    def _build(self) -> None:
        self.setWindowTitle("Studio")
        self.setWindowIcon(self._theme.icon("studio", "accent"))
        self._actions = Actions(self._theme, self, iconed=TOOLBAR)
        for name in ACTIONS:
            self._actions[name].setEnabled(name == "quit")
        self._actions["stop"].triggered.connect(self._stop)
        self._actions["quit"].triggered.connect(self.close)
        self._actions["record"].setIcon(self._theme.icon("record", "on_record"))
        self._toolbar = ToolBar(self._actions, self)
        for line in (self._toolbar.participant, self._toolbar.session_name):
            line.setEnabled(False)  # what is typed here would be gone with this window
        self._bar = StatusBar(self._theme, self)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self._toolbar)
        self.setStatusBar(self._bar)
        fill_menu_bar(self.menuBar(), self._actions, ())
        self._streams = StreamList(self._theme)
        self._streams.setMaximumWidth(WIDEST)
        words = named(QLabel(GOES_ON), "first_words")
        font = words.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        words.setFont(font)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(16)
        column.addWidget(words)
        column.addWidget(self._streams, 1)
        self.setCentralWidget(middle)

    def _show_status(self, status: RecorderStatus) -> None:
        view = transport_view(Situation(status=status, pending=self._pending))
        self._actions["record"].setEnabled(view.recording)
        self._actions["stop"].setEnabled(view.stop_enabled)
        self._toolbar.show_recording(view.recording)
        self._bar.show_texts(status_texts(status))
        self._bar.show_state(view)
        self._streams.show_status(status)
        self._show_clock()

    @Slot()
    def _show_clock(self) -> None:
        status = self._status
        if status is not None and status.is_recording:
            text = readable.running_clock(elapsed(status, monotonic_ns() - self._status_arrived))
            self._actions["record"].setIconText(text)

    @Slot()
    def _stop(self) -> None:
        if self._status is not None and self._pending is Pending.NOTHING:
            self._pending = Pending.STOP
            self._show_status(self._status)
            self._send(StopRecording()).add_done_callback(self._stopped.emit)

    @Slot(object)
    def _on_stopped(self, answer: "Future[object]") -> None:
        """A failure is told by the window: the recording still runs, and Stop can be pressed again."""
        self._pending = Pending.NOTHING
        found = None if answer.cancelled() or answer.exception() is not None else answer.result()
        if isinstance(found, FinishedRecording):
            self.finished.emit(found.path)
        self._be_gone()

    def _be_gone(self) -> None:
        if self._over and self._pending is Pending.NOTHING:
            self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """The window that comes asks what shall become of the recording."""
        self.close_wanted = self.close_wanted or not self._over
        event.ignore()

    @Slot()
    def leave(self) -> None:
        """Make way for the window. Idempotent."""
        self._over = True
        self._clock.stop()
        self.hide()
        self._be_gone()
