"""The window: puts toolbar, docks, timeline, strip and bars together and passes on what they tell.

Owns its parts and its layout. Never waits, and decides nothing: transport, choice of devices,
stage and closing do.
"""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from studio.app.status import RecorderStatus
from studio.timing import Clock, monotonic_ns
from studio.ui import readable
from studio.ui.actions import Actions
from studio.ui.bridge import Bridge
from studio.ui.closing import Closing
from studio.ui.devices.device_choice import DeviceChoice
from studio.ui.devices.devices_dock import DevicesDock
from studio.ui.devices.settings_panel import SettingsPanel
from studio.ui.disk_watch import DiskWatch
from studio.ui.empty_state import EmptyState
from studio.ui.jobs.batches import Batches
from studio.ui.jobs.job_strip import JobStrip
from studio.ui.jobs.jobs import Jobs
from studio.ui.jobs.leaving import Leaving
from studio.ui.menus import ToolBar, fill_menu_bar
from studio.ui.messages import Messages, MessagesDock, MessageStrip
from studio.ui.notes.notes_dock import NotesDock
from studio.ui.playback.playback import Playback
from studio.ui.playback.playback_bar import PlaybackBar
from studio.ui.sessions.session_panel import SessionPanel
from studio.ui.sessions.sessions_dock import SessionsDock
from studio.ui.settings.choices import Choices
from studio.ui.settings.layout_memory import first_geometry, layout_of, restore_layout
from studio.ui.stage import Stage
from studio.ui.status_bar import StatusBar
from studio.ui.sync.clock_dock import ClockDock
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from studio.ui.transport import Transport
from studio.ui.transport_view import elapsed
from studio.ui.undo import UndoStack
from studio.ui.undo_memory import UndoMemory

CLOCK_INTERVAL_MS = 100
LAYOUT_DELAY_MS = 500
"""Where docks stand is kept that soon after they were moved: the window may be killed."""
SMALLEST = (640, 400)
"""A screen of 1280 x 720 at 150 % has room for no more than 853 x 480."""
LEFT_WIDTH = 320
DEVICES_SHARE = (340, 300)
"""Heights of devices and sessions at first."""


class MainWindow(QMainWindow):
    """The window of the studio; `application.py` makes what it is given."""

    closed = Signal()  # for good

    def __init__(self, *, bridge: Bridge, theme: Theme, choices: Choices, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.bridge, self.theme, self.choices = bridge, theme, choices
        self.actions_by_name = Actions(theme, self)
        self.undo = UndoStack(self)
        self.undo.attach(self.actions_by_name["undo"], self.actions_by_name["redo"])
        self.undo_memory = UndoMemory(self.undo, parent=self)
        self.transport = Transport(bridge, self)
        self.devices = DeviceChoice(bridge, choices, self)
        self.messages = Messages(clock, self)
        self.jobs = Jobs(bridge.jobs, self.messages, self)
        self.batches = Batches(self.jobs, self.messages, self)
        self.leaving_jobs = Leaving(self, self.jobs)
        self.leaving_jobs.released.connect(self.close)
        self.disk = DiskWatch(bridge, self)
        self._make_widgets()
        self.stage = Stage(
            bridge=bridge,
            transport=self.transport,
            pages=self.pages,
            timeline=self.timeline,
            empty=self.empty,
        )
        self.closing = Closing(window=self, bridge=bridge, transport=self.transport)
        self._leaving = False
        self._status_arrived = 0
        self._clock_timer = QTimer(self, interval=CLOCK_INTERVAL_MS)
        self._layout_timer = QTimer(self, singleShot=True, interval=LAYOUT_DELAY_MS)
        self._layout_timer.timeout.connect(self._keep_layout)
        self._lay_out()

    def _make_widgets(self) -> None:
        theme, actions = self.theme, self.actions_by_name
        self.toolbar = ToolBar(actions, self)
        self.strip = MessageStrip(theme, self.messages)
        self.job_strip = JobStrip(theme, self.jobs)
        self.timeline = Timeline(theme, self.bridge)
        self.playback = Playback(self.bridge.player, self.timeline, self)
        self.playback_bar = PlaybackBar(theme, actions, self.playback)
        self.empty = EmptyState(theme)
        self.pages = QStackedWidget()
        self.devices_dock = DevicesDock(
            theme, rescan=actions["rescan"], add_camera=actions["add_camera"], parent=self
        )
        self.sessions_dock = SessionsDock(theme, self.bridge)
        self.settings_dock = SettingsPanel(theme, self)
        self.session_panel = SessionPanel(theme, self)
        self.clock_dock = ClockDock(theme, self)
        self.notes_dock = NotesDock(theme, self)
        self.messages_dock = MessagesDock(theme, self.messages, self)
        self.status_bar = StatusBar(theme, self)

    def _lay_out(self) -> None:
        self.setWindowTitle("Studio")
        self.setWindowIcon(self.theme.icon("studio", "accent"))
        self.setMinimumSize(*SMALLEST)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.toolbar)
        self.setStatusBar(self.status_bar)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.timeline)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.playback_bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.job_strip)
        self.strip.float_over(self.pages)
        self.setCentralWidget(middle)
        for dock in self._docks():
            for changed in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
                changed.connect(self._on_layout_changed)
        views = [dock.toggleViewAction() for dock in self._docks()]
        fill_menu_bar(self.menuBar(), self.actions_by_name, views)
        self.reset_docks()

    def _docks(self) -> tuple[QDockWidget, ...]:
        return (
            self.devices_dock,
            self.sessions_dock,
            self.settings_dock,
            self.session_panel,
            self.clock_dock,
            self.notes_dock,
            self.messages_dock,
        )

    @Slot()
    def reset_docks(self) -> None:
        """Everything where a first start has it."""
        area = Qt.DockWidgetArea
        for dock in self._docks():
            dock.setFloating(False)
        self.addDockWidget(area.LeftDockWidgetArea, self.devices_dock)
        self.addDockWidget(area.LeftDockWidgetArea, self.sessions_dock)
        self.addDockWidget(area.RightDockWidgetArea, self.settings_dock)
        self.addDockWidget(area.RightDockWidgetArea, self.session_panel)
        self.addDockWidget(area.RightDockWidgetArea, self.clock_dock)
        self.tabifyDockWidget(self.settings_dock, self.session_panel)
        self.tabifyDockWidget(self.session_panel, self.clock_dock)
        self.addDockWidget(area.BottomDockWidgetArea, self.notes_dock)
        self.addDockWidget(area.BottomDockWidgetArea, self.messages_dock)
        # The left column goes down to the status bar, whatever stands at the bottom.
        self.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        self.devices_dock.show()
        self.sessions_dock.show()
        self.settings_dock.hide()
        self.session_panel.hide()
        self.clock_dock.hide()
        self.notes_dock.hide()
        self.messages_dock.hide()
        self.resizeDocks([self.devices_dock], [min(LEFT_WIDTH, self.width() // 3)], Qt.Orientation.Horizontal)
        left = [self.devices_dock, self.sessions_dock]
        self.resizeDocks(left, list(DEVICES_SHARE), Qt.Orientation.Vertical)

    def restore(self) -> None:
        """Look as the last time, or fill most of the screen."""
        if not restore_layout(self, self.choices.settings.window):
            first_geometry(self)
            self.reset_docks()

    @Slot()
    def _on_layout_changed(self) -> None:
        self._layout_timer.start()

    @Slot()
    def _keep_layout(self) -> None:
        layout = layout_of(self)
        if self.isVisible() and not self._leaving and layout != self.choices.settings.window:
            self.choices.change(window=layout)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """As large the next time."""
        self._layout_timer.start()
        super().resizeEvent(event)

    @Slot()
    def come_forward(self) -> None:
        """Somebody started the studio again and wants to see this window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # What is told to it ---------------------------------------------------------------------------------

    def start_clock(self) -> None:
        """Let the elapsed time run."""
        self._clock_timer.timeout.connect(self.show_clock)
        self._clock_timer.start()

    @Slot(object)
    def note_status(self, status: RecorderStatus) -> None:
        """A status has come: remember when, for the running clock."""
        self._status_arrived = monotonic_ns()

    @Slot()
    def show_clock(self) -> None:
        """Show the elapsed time on the Record button while recording, else its name."""
        status, view = self.transport.status, self.transport.view
        text = "Record"
        if view.recording and status is not None:
            text = readable.running_clock(elapsed(status, monotonic_ns() - self._status_arrived))
        record = self.actions_by_name["record"]
        if record.iconText() != text:
            record.setIconText(text)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """The user closes the window: leave only when nothing holds it."""
        if self._leaving:
            event.accept()
        else:
            event.ignore()
            if not self.leaving_jobs.holds_window():
                self.closing.ask_to_close()

    @Slot()
    def leave(self) -> None:
        """Remember the layout, let go of everything, be gone. Idempotent."""
        if self._leaving:
            return
        self._leaving = True
        self._clock_timer.stop()
        self._layout_timer.stop()
        self.disk.rest()
        self.choices.change(
            window=layout_of(self), participant=self.toolbar.participant.text(), first_start=False
        )
        self.choices.save()
        self.undo_memory.forget()
        self.devices_dock.close_rings()
        self.playback.close()
        self.timeline.show_empty()
        self.bridge.close()
        self.close()
        self.closed.emit()
