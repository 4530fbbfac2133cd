"""Connects the parts of the window: which action, tick or status leads to what.

Holds no state of recording or devices; `dialogs` has what actions ask.
"""

from PySide6.QtCore import QObject, QTimer, Slot

from studio.app.status import InterruptedRecording, RecorderStatus, Severity
from studio.ui.actions import THEME_CHOICES
from studio.ui.devices.device_rows import device_rows
from studio.ui.dialogs import Dialogs
from studio.ui.empty_state import invitation
from studio.ui.field_keys import FieldKeys
from studio.ui.jobs.many_wiring import ManyWiring
from studio.ui.jobs.wiring import JobsWiring
from studio.ui.main_window import MainWindow
from studio.ui.notes.wiring import NotesWiring
from studio.ui.playback.wiring import PlaybackWiring
from studio.ui.preflight.preflight import PreflightWiring
from studio.ui.processing.wiring import ProcessingWiring
from studio.ui.sessions.listing_progress import ListingProgress
from studio.ui.sessions.session_times import SessionTimes
from studio.ui.sessions.wiring import SessionsWiring
from studio.ui.settings.wiring import SettingsWiring
from studio.ui.status_texts import interruption_text, status_texts
from studio.ui.sync.certificate_reading import CertificateReading
from studio.ui.sync.wiring import SyncWiring
from studio.ui.theme import SYSTEM
from studio.ui.timeline.wiring import TimelineWiring
from studio.ui.transport import GoOn, SessionWishes

GO_ON = "Go on in this session"
LOOK_AFTER_MS = 700
"""The search for devices is a process that takes a processor: the window and the recorder come first."""
REFRESH_AFTER_MS = 1000
"""A recording that has only begun has nothing in it that a list could show."""
ONLY_SIMULATED = (
    "No camera or microphone was found, so the simulated devices are ticked. "
    "Press Record (R) to try everything."
)
UNDO_LEFT = (
    "The studio was not closed properly the last time. What had been done is there, "
    "and it can still be undone (Ctrl+Z) and redone."
)


class Wiring(QObject):
    """All connections of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialogs = Dialogs(window)
        self.sessions = SessionsWiring(window)
        ListingProgress(window.bridge, window, window.messages.tell_warning)
        self._refresh_timer = QTimer(self, singleShot=True, interval=REFRESH_AFTER_MS)
        self._refresh_timer.timeout.connect(window.sessions_dock.refresh)
        SessionTimes(window, TimelineWiring(window).actions)
        self._connect_actions()
        FieldKeys(window)
        self._connect_transport()
        self._connect_devices()
        self._connect_messages()
        PlaybackWiring(window)
        ProcessingWiring(window)
        self.notes = NotesWiring(window)
        self.jobs = JobsWiring(window)
        self.many = ManyWiring(window)
        self.sync = SyncWiring(window)
        CertificateReading(window)
        self.preflight = PreflightWiring(window)
        self.settings = SettingsWiring(window, self.sessions, self.sync.choice)

    def begin(self) -> None:
        """Start to work and show the first state."""
        window = self._window
        window.bridge.open()  # first: a recorder that runs already is what is waited for
        settings = window.choices.settings
        window.toolbar.participant.setText(settings.participant)
        window.disk.watch(settings.recordings_folder)
        if settings.problem:
            window.messages.tell(Severity.WARNING, settings.problem)
        if window.undo_memory.begin():
            window.messages.tell(Severity.NOTE, UNDO_LEFT)
        self._on_view_changed()
        self._on_book_changed()
        window.start_clock()
        self.sync.begin()
        self.settings.begin()
        if window.devices.book.chosen:  # those of the last start are offered meanwhile
            QTimer.singleShot(LOOK_AFTER_MS, window.devices, window.devices.look_around)
        else:
            window.devices.look_around()

    # Connections ----------------------------------------------------------------------------------------

    def _connect_actions(self) -> None:
        window, actions = self._window, self._window.actions_by_name
        for name, slot in {
            "record": self._on_record,
            "stop": window.transport.stop,
            "go_on": self._on_go_on,
            "preview": self._on_preview,
            "live": window.stage.show_live,
            "choose_folder": self._dialogs.choose_folder,
            "open_recording": self._dialogs.open_recording,
            "quit": window.close,
            "rescan": window.devices.look_around,
            "add_camera": self._dialogs.add_camera,
            "keys": self._dialogs.show_keys,
            "about": self._dialogs.show_about,
            "reset_docks": window.reset_docks,
        }.items():
            actions[name].triggered.connect(slot)
        for name in THEME_CHOICES:
            actions[name].triggered.connect(self._on_theme_chosen)

    def _connect_transport(self) -> None:
        window = self._window
        window.bridge.status_changed.connect(window.note_status)
        window.bridge.status_changed.connect(self._on_status_changed)
        window.transport.view_changed.connect(self._on_view_changed)
        window.transport.failed.connect(self._show_invitation)
        window.transport.recording_finished.connect(self._on_recording_finished)
        window.transport.recording_started.connect(self._on_recording_started)
        window.transport.interruption_found.connect(self._on_interruption_found)
        window.stage.opened.connect(self._on_opened)
        window.sessions_dock.picked.connect(self._show_title)
        window.closing.done.connect(window.leave)
        window.theme.changed.connect(self._on_view_changed)

    def _connect_devices(self) -> None:
        window = self._window
        window.devices.changed.connect(self._on_book_changed)
        window.devices.only_simulated_found.connect(self._on_only_simulated_found)
        window.devices.missed.connect(window.messages.tell_warning)
        window.devices_dock.tick_changed.connect(window.devices.tick)
        window.devices_dock.settings_requested.connect(self._on_settings_requested)
        window.settings_dock.settings_changed.connect(window.devices.set_settings)
        window.settings_dock.removal_requested.connect(window.devices.remove_camera)

    def _connect_messages(self) -> None:
        window = self._window
        for told in (
            window.bridge.failed,
            window.transport.failed,
            window.stage.failed,
            window.devices.failed,
        ):
            told.connect(window.messages.tell_error)
        window.choices.failed.connect(window.messages.tell_error)
        window.undo_memory.failed.connect(window.messages.tell_warning)
        window.bridge.noted.connect(window.messages.tell_warning)
        window.bridge.recorder_lost.connect(self._on_recorder_lost)
        window.bridge.recorder_connected.connect(window.messages.take_new_recorder)
        window.strip.action_requested.connect(self._on_message_action)
        window.strip.target_requested.connect(window.jobs.take_message_action)
        window.strip.all_requested.connect(window.messages_dock.show)

    # What the user does ---------------------------------------------------------------------------------

    def _wishes(self) -> SessionWishes:
        window = self._window
        return SessionWishes(
            folder=window.choices.settings.recordings_folder,
            name=window.toolbar.session_name.text().strip(),
            participant=window.toolbar.participant.text().strip(),
        )

    @Slot()
    def _on_record(self) -> None:
        self._window.transport.record(self._wishes())

    @Slot()
    def _on_go_on(self) -> None:
        self._window.transport.record_when_possible(GoOn())

    @Slot(bool)
    def _on_preview(self, wanted: bool) -> None:
        self._window.transport.want_preview(wanted)
        self._window.stage.show_live()
        self._show_devices()

    @Slot(str)
    def _on_settings_requested(self, device_id: str) -> None:
        self._show_settings(device_id)
        self._window.settings_dock.show()
        self._window.settings_dock.raise_()

    @Slot()
    def _on_theme_chosen(self) -> None:
        actions = self._window.actions_by_name
        choice = next((theme for name, theme in THEME_CHOICES.items() if actions[name].isChecked()), SYSTEM)
        self._window.choices.change(theme=choice)

    # What the parts tell --------------------------------------------------------------------------------

    @Slot(object)
    def _on_status_changed(self, status: RecorderStatus) -> None:
        low_s = 60.0 * self._window.choices.settings.disk_warning_min
        self._window.status_bar.show_texts(status_texts(status, self._window.disk.free, low_s))
        self._window.messages.take_problems(status.problems)
        self._show_devices()

    @Slot()
    def _on_book_changed(self) -> None:
        window = self._window
        window.transport.set_devices(window.devices.book.chosen)
        window.actions_by_name["rescan"].setEnabled(not window.devices.looking)
        self._show_devices()
        self._show_invitation()

    @Slot()
    def _on_view_changed(self) -> None:
        window, view, actions = self._window, self._window.transport.view, self._window.actions_by_name
        # A disabled button would be grey; while recording it is the red clock, and a click does nothing.
        actions["record"].setEnabled(view.record_enabled or view.recording)
        actions["record"].setToolTip(view.record_hint)
        actions["record"].setIcon(window.theme.icon("record", "on_record" if view.recording else "record"))
        actions["stop"].setEnabled(view.stop_enabled)
        actions["go_on"].setEnabled(view.go_on_enabled)
        actions["preview"].setEnabled(view.preview_enabled)
        actions["preview"].setChecked(view.preview_checked)
        window.toolbar.show_recording(view.recording)
        window.status_bar.show_state(view)
        window.show_clock()
        if window.transport.status is None:
            window.status_bar.show_texts(status_texts(None))
        self._show_devices()
        self._show_invitation()

    def _show_devices(self) -> None:
        window = self._window
        rows = device_rows(window.devices.book, window.transport.status)
        window.devices_dock.show_rows(rows, looking=window.devices.looking)
        if window.settings_dock.device_id:
            self._show_settings(window.settings_dock.device_id)

    def _show_settings(self, device_id: str) -> None:
        window, book = self._window, self._window.devices.book
        window.settings_dock.show_device(
            book.device(device_id),
            locked=window.transport.view.recording,
            removable=book.is_added(device_id),
        )

    @Slot()
    def _show_invitation(self) -> None:
        window = self._window
        shown = invitation(window.transport.situation, looking=window.devices.looking)
        window.empty.show_invitation(shown)

    @Slot()
    def _on_recording_started(self) -> None:
        self._refresh_timer.start()
        self._window.messages.withdraw(GO_ON)

    @Slot(str)
    def _on_recording_finished(self, path: str) -> None:
        window = self._window
        window.sessions_dock.refresh()
        window.toolbar.session_name.clear()
        self.sessions.late_names.settle(path, self._show_finished)

    def _show_finished(self, path: str) -> None:
        self._window.sessions_dock.select(path)
        self._window.stage.show_recording(path)

    @Slot(str)
    def _on_opened(self, path: str) -> None:
        picked = self._window.sessions_dock.list.current_node
        session = self._window.sessions_dock.session_of(picked) if picked is not None else None
        if path and (session is None or all(part.path != path for part in session.partitions)):
            self._window.sessions_dock.select(path)
        self._show_title()

    @Slot()
    def _show_title(self) -> None:
        window, recordings = self._window, self._window.timeline.recordings
        if window.stage.shows_recording and recordings:
            part = recordings[0].name if len(recordings) == 1 else ""
            name = window.sessions_dock.name_of(recordings[0].path, part)
            window.setWindowTitle(f"{name} \u2013 Studio")
        else:
            window.setWindowTitle("Studio")

    @Slot()
    def _on_only_simulated_found(self) -> None:
        self._window.messages.tell(Severity.NOTE, ONLY_SIMULATED)

    @Slot(str)
    def _on_recorder_lost(self, text: str) -> None:
        was_recording = self._window.transport.lost_recording
        severity = Severity.ERROR if was_recording else Severity.WARNING
        self._window.messages.tell(severity, text, action=GO_ON if was_recording else "")
        if was_recording:
            self._window.sessions_dock.refresh()

    @Slot(object)
    def _on_interruption_found(self, found: InterruptedRecording) -> None:
        """Nobody has seen the end of the recorder: it died while it began, or while no window was open."""
        self._window.messages.tell(Severity.ERROR, interruption_text(found), action=GO_ON)
        self._window.sessions_dock.refresh()

    @Slot(str)
    def _on_message_action(self, action: str) -> None:
        if action == GO_ON:
            self._on_go_on()
