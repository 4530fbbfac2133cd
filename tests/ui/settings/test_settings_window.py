"""The page of settings in the window: all choices on one page, each counting at once and kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.app.clock_sync import ClockSyncStatus
from studio.app.settings import Settings
from studio.app.settings_file import settings_path
from studio.app.status import RecorderState
from studio.host.clock_protocol import SetClockSettings
from studio.host.protocol import OpenRecording, WarnOfDisk
from studio.timing import NS_PER_MS, SystemClock
from studio.ui.application import make_window
from studio.ui.main_window import MainWindow
from studio.ui.settings.settings_dialog import SettingsDialog
from studio.ui.timeline.timing import TimingMode
from tests.ui.far_end import FarEnd

Kind = TypeVar("Kind", bound=QWidget)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")


@pytest.fixture
def far_end() -> FarEnd:
    return FarEnd()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, far_end: FarEnd) -> Iterator[MainWindow]:
    more = str(tmp_path / "more")
    settings = Settings(recordings_folder=str(tmp_path), session_folders=(more,), first_start=False)
    made = make_window(qapp, far_end.links(), settings, SystemClock())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.leave()


@pytest.fixture
def dialog(window: MainWindow) -> SettingsDialog:
    window.actions_by_name["edit_settings"].trigger()
    found = window.findChild(SettingsDialog, "settings_dialog")
    assert found is not None
    return found


def part(dialog: SettingsDialog, kind: type[Kind], name: str) -> Kind:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def choose(combo: QComboBox, value: str) -> None:
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_what_is_chosen_on_the_page_counts_at_once_and_is_kept(
    window: MainWindow, dialog: SettingsDialog, tmp_path: Path
) -> None:
    choose(part(dialog, QComboBox, "setting_theme"), "light")
    assert window.theme.choice == "light"
    assert window.actions_by_name["theme_light"].isChecked()
    part(dialog, QRadioButton, "setting_timing_wall").click()
    assert window.timeline.timing.mode is TimingMode.WALL
    part(dialog, QCheckBox, "setting_cursor_follows").click()
    assert not window.actions_by_name["cursor_follows"].isChecked()
    part(dialog, QCheckBox, "setting_open_last").click()
    choose(part(dialog, QComboBox, "setting_export_choice"), "wav")
    part(dialog, QListWidget, "setting_more_folders").setCurrentRow(0)
    part(dialog, QPushButton, "setting_remove_folder").click()
    assert window.sessions_dock.folders == (str(tmp_path),)
    window.choices.save()
    kept = Settings.load(settings_path())
    assert (kept.theme, kept.timing, kept.cursor_follows) == ("light", "wall", False)
    assert (kept.open_last, kept.export_choice, kept.session_folders) == (True, "wav", ())


def test_what_is_chosen_in_menus_is_seen_on_the_page(window: MainWindow, dialog: SettingsDialog) -> None:
    window.actions_by_name["theme_dark"].trigger()
    window.timeline.set_timing_mode(TimingMode.SELECTION)
    window.actions_by_name["cursor_follows"].setChecked(False)
    assert part(dialog, QComboBox, "setting_theme").currentData() == "dark"
    assert part(dialog, QRadioButton, "setting_timing_selection").isChecked()
    assert not part(dialog, QCheckBox, "setting_cursor_follows").isChecked()
    assert window.choices.settings.timing == "selection"


def test_rows_of_times_are_switched_in_the_menu_and_on_the_page(
    window: MainWindow, dialog: SettingsDialog
) -> None:
    for name in ("row_wall", "row_session"):
        window.actions_by_name[name].trigger()
    rows = window.timeline.page.time_rows
    assert list(rows.modes) == [TimingMode.SESSION, TimingMode.WALL]
    assert part(dialog, QCheckBox, "setting_row_wall").isChecked()
    part(dialog, QCheckBox, "setting_row_selection").click()
    assert list(rows.modes) == [TimingMode.SESSION, TimingMode.SELECTION, TimingMode.WALL]
    assert all(
        window.actions_by_name[name].isChecked() for name in ("row_session", "row_selection", "row_wall")
    )
    part(dialog, QCheckBox, "setting_row_session").click()
    assert window.choices.settings.time_rows == ("selection", "wall")
    assert list(rows.modes) == [TimingMode.SELECTION, TimingMode.WALL]


def test_the_limit_of_the_clock_goes_to_the_recorder(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, far_end: FarEnd
) -> None:
    limit = part(dialog, QDoubleSpinBox, "clock_limit")
    assert not limit.isEnabled()  # the recorder is not reached yet
    clock = ClockSyncStatus()
    far_end.tell(RecorderState.IDLE, clock=clock)
    qtbot.waitUntil(limit.isEnabled)
    limit.setValue(3.0)
    wanted = SetClockSettings(replace(clock.settings, bound_limit_ns=3 * NS_PER_MS))
    qtbot.waitUntil(lambda: wanted in far_end.bodies())


def test_the_limit_of_the_disk_goes_to_the_recorder_and_to_the_next_one(
    window: MainWindow, dialog: SettingsDialog, far_end: FarEnd, qtbot: QtBot
) -> None:
    part(dialog, QSpinBox, "setting_disk_warning_min").setValue(45)
    assert far_end.bodies()[-1] == WarnOfDisk(2700.0)
    assert window.choices.settings.disk_warning_min == 45
    window.bridge.recorder_connected.emit()
    qtbot.waitUntil(lambda: far_end.bodies().count(WarnOfDisk(2700.0)) == 2)


def test_a_start_shows_what_was_open_last_if_that_is_wanted(
    qtbot: QtBot, qapp: QApplication, far_end: FarEnd, tmp_path: Path
) -> None:
    last = (str(tmp_path / "take.h5"),)
    for wanted in (False, True):
        settings = Settings(recordings_folder=str(tmp_path), open_last=wanted, recent=(last,))
        window = make_window(qapp, far_end.links(), settings, SystemClock())
        qtbot.addWidget(window)
        assert (OpenRecording(last[0]) in far_end.bodies()) is wanted
        window.leave()
        far_end.closed = 0
