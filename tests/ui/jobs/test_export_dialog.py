"""The export dialog and the menu in a window: from a click to the file, with the real job behind it."""

import wave
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QListView,
    QMessageBox,
    QPushButton,
    QRadioButton,
)
from pytestqt.qtbot import QtBot

from studio.app.operations.requests import VerifyRequest
from studio.app.settings import Settings
from studio.devices.discovery import simulated_devices
from studio.host.job_client import JobClient
from studio.host.protocol import OpenRecording, Quit, ReadSpace
from studio.store import StoreReader
from studio.timing import SystemClock, TimeInterval
from studio.ui.application import make_window
from studio.ui.bridge import Links
from studio.ui.jobs.export_dialog import ExportDialog
from studio.ui.main_window import MainWindow
from tests.app.operations.recordings import record
from tests.store.recordings import SECOND, T0
from tests.ui.far_end import FarEnd

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Far(FarEnd):
    """Answers what the dialog asks at once; jobs are real."""

    def links(self) -> Links:
        made = super().links()
        return Links(recorder=made.recorder, reader=self, devices=made.devices, jobs=JobClient())

    def request(self, body):  # type: ignore[no-untyped-def]
        future = super().request(body)
        if isinstance(body, Quit):
            future.set_result(None)
        elif isinstance(body, ReadSpace):
            future.set_result(10**12)
        elif isinstance(body, OpenRecording):
            with StoreReader(body.path) as reader:
                future.set_result(reader.info())
        return future


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    (tmp_path / "recordings").mkdir()
    settings = Settings(recordings_folder=str(tmp_path / "recordings"))
    made = make_window(qapp, Far(simulated_devices()).links(), settings, SystemClock())
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    yield made
    made.leave()


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return record(tmp_path / "take.h5", 2.0)


def dialog_of(window: MainWindow) -> ExportDialog:
    found = [each for each in window.findChildren(ExportDialog) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def find(dialog: QDialog, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_selection_is_exported_from_the_menu(
    window: MainWindow, qtbot: QtBot, take: Path, tmp_path: Path
) -> None:
    export = window.actions_by_name["export_recording"]
    assert not export.isEnabled()
    window.stage.show_recording(str(take))
    qtbot.waitUntil(export.isEnabled)
    window.timeline.navigator.set_selection(TimeInterval(T0 + SECOND // 2, T0 + SECOND))
    export.trigger()
    dialog = dialog_of(window)
    assert find(dialog, QRadioButton, "export_selection").isChecked()
    assert "(0.500 s)" in find(dialog, QRadioButton, "export_selection").text()
    choice = find(dialog, QComboBox, "export_choice")
    choice.setCurrentIndex(choice.findData("wav"))
    streams = find(dialog, QListView, "export_streams").model()
    rows = [streams.index(row, 0) for row in range(streams.rowCount())]
    sound, words = (next(row for row in rows if row.data().startswith(name)) for name in ("sound", "words"))
    assert sound.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
    assert not words.flags() & Qt.ItemFlag.ItemIsEnabled
    qtbot.waitUntil(lambda: "may be used there" in find(dialog, QLabel, "export_size").text())
    with qtbot.waitSignal(window.jobs.finished, timeout=20_000) as finished:
        find(dialog, QPushButton, "export_start").click()
        assert not window.job_strip.isHidden()
    (made,) = finished.args[0].paths
    with wave.open(str(Path(made) / "sound.wav")) as file:
        assert file.getnframes() == pytest.approx(4000, abs=80)
    shown = window.messages.log.shown
    assert shown is not None
    assert (shown.action, shown.target) == ("Show folder", str(tmp_path / "take wav"))


def test_nothing_ticked_cannot_be_exported(window: MainWindow, qtbot: QtBot, take: Path) -> None:
    window.stage.show_recording(str(take))
    qtbot.waitUntil(window.actions_by_name["crop_recording"].isEnabled)
    window.actions_by_name["crop_recording"].trigger()
    dialog = dialog_of(window)
    start = find(dialog, QPushButton, "export_start")
    assert start.text() == "Copy"
    find(dialog, QPushButton, "export_no_streams").click()
    assert not start.isEnabled()
    assert "No stream" in find(dialog, QLabel, "export_problem").text()
    find(dialog, QPushButton, "export_all_streams").click()
    assert start.isEnabled()
    dialog.reject()


def test_a_session_offers_what_can_be_done_with_it(window: MainWindow, qtbot: QtBot, take: Path) -> None:
    second = record(take.with_name("later.h5"), 1.0, T0 + 60 * SECOND)
    offers = [a for more in window.sessions_dock.context_actions for a in more((str(take), str(second)))]
    offered = {action.text().replace("&", ""): action for action in offers}
    with qtbot.waitSignal(window.jobs.finished, timeout=20_000) as finished:
        offered["Join into one\u2026"].trigger()
    assert finished.args[0].paths == (str(take.with_name("take joined.h5")),)
    offered["Export or crop\u2026"].trigger()
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ExportDialog)))
    dialog_of(window).reject()


@pytest.mark.kill
def test_the_window_asks_before_it_closes_on_work(window: MainWindow, qtbot: QtBot, take: Path) -> None:
    job = window.jobs.start(VerifyRequest(str(take)), "Verify take")
    running = job._running
    assert running is not None
    qtbot.waitUntil(lambda: running.pid is not None)
    psutil.Process(running.pid).suspend()
    window.close()
    question = window.findChild(QMessageBox, "jobs_question")
    assert isinstance(question, QMessageBox)
    assert "Verify take" in question.text()
    find(question, QPushButton, "jobs_stay_button").click()
    assert window.isVisible()
    psutil.Process(running.pid).resume()
    window.close()
    with qtbot.waitSignal(window.jobs.all_ended, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: not window.isVisible())
