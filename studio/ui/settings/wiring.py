"""Opens the page of settings, and gives every setting that changes to the part of the window it is for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.app.status import RecorderStatus
from studio.errors import SettingsError
from studio.host.protocol import WarnOfDisk
from studio.timing import monotonic_ns
from studio.ui.actions import THEME_CHOICES
from studio.ui.sync.clock_view import clock_view
from studio.ui.timeline.timing import TimingMode

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow
    from studio.ui.sessions.wiring import SessionsWiring
    from studio.ui.settings.settings_dialog import SettingsDialog
    from studio.ui.sync.clock_choice import ClockChoice

ROWS = {f"row_{mode}": mode.value for mode in TimingMode}
"""Actions and the rows of times that they switch."""


class SettingsWiring(QObject):
    """All connections of the settings of one window."""

    def __init__(self, window: "MainWindow", sessions: "SessionsWiring", clock: "ClockChoice") -> None:
        super().__init__(window)
        self._window, self._sessions, self._clock = window, sessions, clock
        self._dialog: SettingsDialog | None = None
        self._opened: tuple[str, ...] = ()
        """What the start has asked for."""
        self._show_theme_choice()
        self._apply_times()
        window.choices.changed.connect(self._on_changed)
        window.actions_by_name["edit_settings"].triggered.connect(self.open)
        window.timeline.timing_changed.connect(self._on_timing_changed)
        window.actions_by_name["cursor_follows"].toggled.connect(self._on_follows_toggled)
        for name in ROWS:
            window.actions_by_name[name].triggered.connect(self._on_row_triggered)
        window.bridge.status_changed.connect(self._on_first_status)
        window.bridge.recorder_connected.connect(self._on_recorder_connected)
        clock.changed.connect(self._show_clock)

    def begin(self) -> None:
        """Show what was open last, if that is wanted."""
        if self._window.choices.settings.open_last:
            self._opened = self._sessions.recent.show_last()

    @Slot(object)
    def _on_first_status(self, status: RecorderStatus) -> None:
        """What is being recorded comes before what was open last."""
        self._window.bridge.status_changed.disconnect(self._on_first_status)
        shown = tuple(info.path for info in self._window.timeline.recordings)
        if self._opened and status.is_recording and shown in ((), self._opened):
            self._window.stage.show_live()

    # The page -------------------------------------------------------------------------------------------

    @Slot()
    def open(self) -> None:
        """Show the page; the one that is there comes forward."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _make_dialog(self) -> "SettingsDialog":
        from studio.ui.settings.settings_dialog import SettingsDialog  # only who opens it pays for it

        window = self._window
        dialog = SettingsDialog(window.theme, window)
        dialog.show_settings(window.choices.settings)
        dialog.chosen.connect(self.choose)
        dialog.finished.connect(self._on_closed)
        dialog.general.folder_wanted.connect(window.actions_by_name["choose_folder"].trigger)
        dialog.general.more_folder_wanted.connect(self._sessions.add_folder)
        dialog.general.presets_wanted.connect(window.actions_by_name["marker_keys"].trigger)
        dialog.limits.clock_wanted.connect(self._clock.want)
        dialog.limits.panel_wanted.connect(window.actions_by_name["clock_panel"].trigger)
        self._dialog = dialog
        self._show_clock()
        return dialog

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _show_clock(self) -> None:
        if self._dialog is not None:
            view = clock_view(self._clock.clock, self._clock.settings, monotonic_ns())
            self._dialog.limits.show_clock(view)

    @Slot(str, object)
    def choose(self, name: str, value: object) -> None:
        """Take this value of a setting."""
        try:
            self._window.choices.change(**{name: value})
        except SettingsError as error:
            self._window.messages.tell_error(str(error))

    # What counts from now on ----------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, names: frozenset[str]) -> None:
        if names & {"recordings_folder", "session_folders"}:
            self._apply_folders()
        if "theme" in names:
            self._window.theme.choose(self._window.choices.settings.theme)
            self._show_theme_choice()
        if "disk_warning_min" in names:
            self._tell_disk_limit()
        if names & {"timing", "time_rows", "cursor_follows"}:
            self._apply_times()
        if self._dialog is not None:
            self._dialog.show_settings(self._window.choices.settings)

    def _apply_folders(self) -> None:
        window, settings = self._window, self._window.choices.settings
        wanted = tuple(dict.fromkeys((settings.recordings_folder, *settings.session_folders)))
        if window.sessions_dock.folders != wanted:
            window.sessions_dock.set_folders(wanted)
        window.disk.watch(settings.recordings_folder)

    @Slot()
    def _on_recorder_connected(self) -> None:
        """A recorder that has only started knows of no wishes."""
        usual = type(self._window.choices.settings).model_fields["disk_warning_min"].default
        if self._window.choices.settings.disk_warning_min != usual:
            self._tell_disk_limit()

    def _tell_disk_limit(self) -> None:
        below_s = 60.0 * self._window.choices.settings.disk_warning_min
        # One that is not reached is told when it is.
        self._window.bridge.send(WarnOfDisk(below_s), on_failure=lambda _: None)

    def _show_theme_choice(self) -> None:
        for name, theme in THEME_CHOICES.items():
            self._window.actions_by_name[name].setChecked(theme == self._window.theme.choice)

    def _apply_times(self) -> None:
        settings = self._window.choices.settings
        self._window.timeline.set_timing_mode(TimingMode(settings.timing))
        self._window.actions_by_name["cursor_follows"].setChecked(settings.cursor_follows)
        for name, mode in ROWS.items():
            self._window.actions_by_name[name].setChecked(mode in settings.time_rows)
        modes = tuple(TimingMode(mode) for mode in settings.time_rows)
        if set(modes) != set(self._window.timeline.page.time_rows.modes):
            self._window.timeline.page.show_time_rows(modes)

    @Slot()
    def _on_row_triggered(self) -> None:
        actions = self._window.actions_by_name
        self.choose("time_rows", tuple(mode for name, mode in ROWS.items() if actions[name].isChecked()))

    @Slot()
    def _on_timing_changed(self) -> None:
        self._window.choices.change(timing=self._window.timeline.timing.mode.value)

    @Slot(bool)
    def _on_follows_toggled(self, on: bool) -> None:
        self._window.choices.change(cursor_follows=on)
