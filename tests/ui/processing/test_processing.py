"""Process and Attach in the window: real chains, real jobs, a real reader; only the recorder is played."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.app.chains.preparing import read_info
from studio.app.settings import Settings
from studio.app.status import RecorderState, Severity
from studio.host.reader_client import ReaderClient
from studio.timing import SystemClock, TimeInterval
from studio.ui.application import make_window
from studio.ui.labels import ElidedLabel
from studio.ui.processing.process_dialog import ProcessDialog
from studio.ui.processing.wiring import ProcessingWiring
from tests.app.chains.chain_files import DOUBLED, ENDLESS, FIRST_LINE, content, written
from tests.store.recordings import MS, T0, small_recording
from tests.store.test_following import growing
from tests.ui.far_end import FarEnd

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it
LONG = 30_000

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


class Studio:
    """A window without a screen and with a recorder that the test plays."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path) -> None:
        self.qtbot, self.folder, self.far_end = qtbot, folder, FarEnd()
        links = replace(self.far_end.links(), reader=ReaderClient())
        settings = Settings(recordings_folder=str(folder))
        self.window = make_window(application, links, settings, SystemClock())
        qtbot.addWidget(self.window)
        self.window.show()
        found = self.window.findChild(ProcessingWiring)
        assert found is not None
        self.processing = found

    def show(self, path: Path) -> None:
        self.window.stage.show_recording(str(path))
        self.qtbot.waitUntil(lambda: bool(self.window.timeline.recordings), timeout=LONG)

    def dialog(self, action: str) -> ProcessDialog:
        self.window.actions_by_name[action].trigger()
        return self.opened()

    def opened(self) -> ProcessDialog:
        self.qtbot.waitUntil(lambda: self.processing.dialog is not None, timeout=LONG)
        assert self.processing.dialog is not None
        return self.processing.dialog

    def load(self, dialog: ProcessDialog, file: Path) -> None:
        dialog.chooser.choose(str(file))
        assert not part(dialog, QPushButton, "process_run").isEnabled()
        part(dialog, QPushButton, "chain_load").click()
        self.wait_for_chain(dialog)

    def wait_for_chain(self, dialog: ProcessDialog) -> None:
        run, problem = part(dialog, QPushButton, "process_run"), part(dialog, QLabel, "process_problem")
        self.qtbot.waitUntil(lambda: run.isEnabled() or bool(problem.text()), timeout=LONG)

    def run(self, dialog: ProcessDialog) -> str:
        with self.qtbot.waitSignal(self.window.jobs.finished, timeout=LONG) as finished:
            part(dialog, QPushButton, "process_run").click()
        return str(finished.args[0].text)

    def close(self) -> None:
        self.window.leave()


def part(dialog: QWidget, kind: type[AnyWidget], name: str) -> AnyWidget:
    found = dialog.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(qtbot, qapp, tmp_path)
    yield made
    made.close()


def test_a_chain_from_a_file_is_asked_about_run_and_shown_beside_the_recording(
    studio: Studio, tmp_path: Path
) -> None:
    small_recording(tmp_path / "r.h5")
    studio.show(tmp_path / "r.h5")
    studio.window.timeline.navigator.set_selection(TimeInterval(T0 + 100 * MS, T0 + 300 * MS))
    dialog = studio.dialog("process_chain")
    studio.wait_for_chain(dialog)  # the first example, which needs no question
    assert "decibels" in part(dialog, QLabel, "process_summary").text()
    studio.load(dialog, written(tmp_path, DOUBLED))
    assert f"mine.py:{FIRST_LINE}" in part(dialog, QLabel, "process_summary").text()
    assert part(dialog, QCheckBox, "process_selection").isChecked()
    assert part(dialog, QPushButton, "process_run").text() == "Process"
    assert "Makes r.doubled.h5" in part(dialog, QLabel, "process_target").text()
    assert part(dialog, QComboBox, "input_numbers").currentText() == "numbers"
    factor = part(dialog, QLineEdit, "parameter_factor")
    factor.setText("much")
    assert "expected number" in part(dialog, QLabel, "process_problem").text()
    assert not part(dialog, QPushButton, "process_run").isEnabled()
    factor.setText("4")
    assert "doubled gave 201 messages" in studio.run(dialog)
    derived = tmp_path / "r.doubled.h5"
    assert content(derived)["doubled"] == [(T0 + i * MS, 4.0 * i) for i in range(100, 301)]
    studio.qtbot.waitUntil(lambda: len(studio.window.timeline.recordings) == 2, timeout=LONG)
    assert studio.window.choices.settings.chains == (str(tmp_path / "mine.py"),)
    dialog = studio.dialog("process_chain")
    studio.load(dialog, tmp_path / "mine.py")
    assert part(dialog, QPushButton, "process_run").text() == "Replace"
    assert "will be replaced" in part(dialog, QLabel, "process_target").text()
    dialog.reject()
    assert studio.processing.dialog is None
    assert studio.window.actions_by_name["compare_chain"].isEnabled()
    with studio.qtbot.waitSignal(studio.window.jobs.finished, timeout=LONG) as compared:
        studio.window.actions_by_name["compare_chain"].trigger()
    assert "the same message by message" in compared.args[0].text


def test_foreign_code_is_not_run_before_the_user_says_so_and_its_faults_are_told(
    studio: Studio, tmp_path: Path
) -> None:
    small_recording(tmp_path / "r.h5")
    (listed,) = studio.processing._actions_for([str(tmp_path / "r.h5")])  # as its context menu offers it
    mark = tmp_path / "was run"
    file = written(tmp_path, f"open({str(mark)!r}, 'w').close()\n1 / 0\n")
    listed.trigger()
    dialog = studio.opened()
    studio.wait_for_chain(dialog)
    dialog.chooser.choose(str(file))
    assert "with all your rights" in part(dialog, QLabel, "chain_warning").text()
    assert not part(dialog, QPushButton, "process_run").isEnabled()
    assert not mark.exists()
    studio.load(dialog, file)
    assert mark.exists()
    assert f"mine.py:{FIRST_LINE + 1}" in part(dialog, QLabel, "process_problem").text()
    assert "ZeroDivisionError" in part(dialog, QLabel, "process_problem").text()
    dialog.chooser.choose(str(written(tmp_path, "while True: pass\n", "endless.py")))
    part(dialog, QPushButton, "chain_load").click()
    dialog.chooser.list.setCurrentIndex(dialog.chooser.list.findData("motion_energy"))
    dialog.chooser.list.activated.emit(dialog.chooser.list.currentIndex())
    studio.qtbot.waitUntil(
        lambda: "no stream for video" in part(dialog, QLabel, "process_problem").text(), timeout=LONG
    )
    dialog.reject()


def test_a_chain_that_raises_or_never_returns_costs_the_window_nothing(
    studio: Studio, tmp_path: Path
) -> None:
    small_recording(tmp_path / "r.h5")
    studio.show(tmp_path / "r.h5")
    window = studio.window
    dialog = studio.dialog("process_chain")
    studio.load(dialog, written(tmp_path, DOUBLED.replace("factor * x", "[][1]"), "raises.py"))
    with studio.qtbot.waitSignal(window.jobs.added, timeout=LONG) as added:
        part(dialog, QPushButton, "process_run").click()
    studio.qtbot.waitUntil(window.job_strip.isHidden, timeout=LONG)
    shown = window.messages.log.history[-1]
    assert shown.severity is Severity.ERROR
    assert f"raises.py:{FIRST_LINE + 2}" in shown.text
    dialog = studio.dialog("process_chain")
    studio.load(dialog, written(tmp_path, ENDLESS))
    with studio.qtbot.waitSignal(window.jobs.added, timeout=LONG) as added:
        part(dialog, QPushButton, "process_run").click()
    job = added.args[0]
    studio.qtbot.waitUntil(lambda: any(tmp_path.glob(".r.*.making-*/result.h5")), timeout=LONG)
    _look_around(studio)
    with studio.qtbot.waitSignal(job.cancelled, timeout=LONG):
        part(window.job_strip, QToolButton, "job_cancel").click()
    studio.qtbot.waitUntil(window.job_strip.isHidden, timeout=LONG)
    _look_around(studio)
    assert window.messages.log.history[-1].text.endswith("was cancelled.")
    assert [path.name for path in tmp_path.glob("*.h5")] == ["r.h5"]
    assert not any(tmp_path.glob(".r.*"))


def _look_around(studio: Studio) -> None:
    """The window still asks and draws."""
    navigator = studio.window.timeline.navigator
    navigator.zoom_in()
    before = navigator.view
    navigator.zoom_session()
    assert navigator.view != before
    assert not studio.window.grab().isNull()


def test_a_chain_is_attached_while_recording_and_its_lag_shown(studio: Studio, tmp_path: Path) -> None:
    assert not studio.window.actions_by_name["attach_chain"].isEnabled()
    with growing(tmp_path / "r.h5", ending="told") as path:
        studio.far_end.tell(RecorderState.RECORDING, path=str(path), started_time=1)
        attach = studio.window.actions_by_name["attach_chain"]
        studio.qtbot.waitUntil(attach.isEnabled)
        dialog = studio.dialog("attach_chain")
        studio.wait_for_chain(dialog)
        assert dialog.findChild(QCheckBox, "process_real_time") is None
        lags: list[str] = []
        studio.window.jobs.added.connect(lambda job: job.changed.connect(lambda v: lags.append(v.text)))
        with studio.qtbot.waitSignal(studio.window.jobs.finished, timeout=LONG) as finished:
            part(dialog, QPushButton, "process_run").click()
            studio.qtbot.waitUntil(lambda: any("s behind" in lag for lag in lags), timeout=LONG)
            line = part(studio.window.job_strip, ElidedLabel, "job_text")
            studio.qtbot.waitUntil(lambda: "level " in line.text(), timeout=LONG)
            detach = part(studio.window.job_strip, QToolButton, "job_cancel")
            assert detach.text() == "Detach"
            detach.click()
    assert finished.args[0].text.startswith("audio_level followed")
    derived = read_info(str(tmp_path / "r.audio_level.h5"))
    assert (derived.clean, derived.derivation["complete"]) == (True, True)
