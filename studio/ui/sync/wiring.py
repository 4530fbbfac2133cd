"""Connects panel, chip and start gate with recorder and window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from studio.app.clock_history import ClockPast, SyncHistory
from studio.app.clock_sync import ClockRole
from studio.app.status import RecorderStatus, Severity
from studio.timing import monotonic_ns
from studio.ui.sync.announcing import Announcer, announce
from studio.ui.sync.clock_choice import ClockChoice
from studio.ui.sync.clock_view import clock_view, report_of
from studio.ui.sync.pairing import Pairing
from studio.ui.sync.start_gate import StartGate

if TYPE_CHECKING:
    from studio.timing.sync_status import SyncState
    from studio.ui.main_window import MainWindow

REFRESH_MS = 500
"""Figures that change more often cannot be read."""
LOOK_MS = 25_000
"""A look at the machines is good for a minute."""


class SyncWiring(QObject):
    """All connections of the clock of one window."""

    announced = Signal(str)  # what was said to screen readers

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._dock = window, window.clock_dock
        self.choice = ClockChoice(window.bridge, self)
        self.history = SyncHistory()
        self.gate = StartGate(window, self.choice)
        self.pairing = Pairing(window, self.choice)
        self._announcer = Announcer()
        self._state: SyncState | None = None
        self._refresh_timer = QTimer(self, interval=REFRESH_MS)
        self._look_timer = QTimer(self, interval=LOOK_MS)
        self._listen()
        self._show()

    def _listen(self) -> None:
        window, dock, choice = self._window, self._dock, self.choice
        window.bridge.status_changed.connect(self._on_status_changed)
        window.bridge.recorder_lost.connect(self._on_recorder_lost)
        window.status_bar.chip.clicked.connect(self.open_panel)
        window.actions_by_name["clock_panel"].triggered.connect(self.open_panel)
        dock.settings_wanted.connect(choice.want)
        dock.follow_requested.connect(choice.follow)
        dock.forget_requested.connect(choice.forget)
        dock.card.far.confirmed.connect(choice.follow_far)
        dock.card.far.declined.connect(choice.follow_nobody)
        dock.card.measure_requested.connect(choice.measure)
        dock.card.report_requested.connect(self._on_report_requested)
        dock.addresses.wanted.connect(self._on_addresses_wanted)
        dock.appeared.connect(self._on_dock_appeared)
        dock.disappeared.connect(self._on_dock_disappeared)
        choice.failed.connect(window.messages.tell_error)
        choice.changed.connect(self._on_choice_changed)
        window.closed.connect(self.rest)
        self._refresh_timer.timeout.connect(self._show)
        self._look_timer.timeout.connect(self._look)

    @Slot()
    def open_panel(self) -> None:
        """Bring the panel to the front."""
        self._dock.show()
        self._dock.raise_()
        self._dock.widget().setFocus()

    @Slot(object)
    def _on_status_changed(self, status: RecorderStatus) -> None:
        now = monotonic_ns()
        sync = status.clock.sync
        self.history.take(sync, now)
        words = self._announcer.words_for(sync)
        if words:
            announce(self._dock, words)
            self.announced.emit(words)
        self.choice.take(status.clock)
        if self._state is None and status.clock.settings.role is ClockRole.FOLLOW:
            # It has followed for longer than this window has looked.
            self.choice.ask_past(self._on_past_read)
        if sync.state is not self._state:
            self._state = sync.state
            self._show()

    def _on_past_read(self, past: object) -> None:
        if isinstance(past, ClockPast):
            self.history.begin_with(past)
            self._show()

    @Slot()
    def _on_addresses_wanted(self) -> None:
        self.choice.ask_addresses(self._dock.addresses.show_addresses)

    @Slot(str)
    def _on_recorder_lost(self, _text: str) -> None:
        self._state = None
        self.choice.take(None)
        self._show()

    @Slot()
    def _on_choice_changed(self) -> None:
        view = self._dock.view
        if view is not None and view.settings != self.choice.settings:
            self._show()
            self._look()

    @Slot()
    def _show(self) -> None:
        clock, now = self.choice.clock, monotonic_ns()
        self._window.status_bar.chip.show_sync(clock.sync if clock is not None else None, now)
        if self._dock.isVisible() or self._dock.view is None:
            self._dock.show_view(clock_view(clock, self.choice.settings, now))
            self._dock.card.show_history(self.history.curve(), now)

    # While somebody looks -------------------------------------------------------------------------------

    @Slot()
    def _on_dock_appeared(self) -> None:
        self._show()
        self._look()
        self._look_timer.start()

    @Slot()
    def _on_dock_disappeared(self) -> None:
        self._look_timer.stop()

    @Slot()
    def _look(self) -> None:
        settings = self.choice.settings
        if self._dock.isVisible() and settings.role is ClockRole.FOLLOW and settings.use_rendezvous:
            self.choice.look_at_machines()

    @Slot()
    def _on_report_requested(self) -> None:
        if self._dock.view is not None:
            QGuiApplication.clipboard().setText(report_of(self._dock.view))
            self._window.messages.tell(Severity.NOTE, "The report about the clock was copied.")

    def begin(self) -> None:
        """Keep what is shown up to date."""
        self._refresh_timer.start()

    @Slot()
    def rest(self) -> None:
        """The window leaves."""
        self._refresh_timer.stop()
        self._look_timer.stop()
