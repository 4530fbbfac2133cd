"""Jobs in the window: a line while they run, Cancel, and a sentence when they are over."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from studio.app.operations.requests import VerifyRequest
from studio.app.status import Severity
from studio.host.job_client import JobClient
from studio.timing import SystemClock
from studio.ui.jobs.job_strip import JobStrip
from studio.ui.jobs.jobs import Jobs
from studio.ui.messages import Messages, MessageStrip
from studio.ui.theme import Theme
from tests.store.recordings import small_recording


class Desk:
    """Jobs with their strip and the strip of messages."""

    def __init__(self, qtbot: QtBot, application: QApplication) -> None:
        theme = Theme("dark", application)
        self.client = JobClient(grace_s=0.5)
        self.widget = QWidget()
        qtbot.addWidget(self.widget)
        self.messages = Messages(SystemClock(), self.widget)
        self.message_strip = MessageStrip(theme, self.messages, self.widget)
        self.jobs = Jobs(self.client, self.messages, self.widget)
        self.strip = JobStrip(theme, self.jobs, self.widget)
        self.widget.show()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.client.close()


def test_a_job_is_shown_while_it_runs_and_its_outcome_afterwards(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    assert desk.strip.isHidden()
    with qtbot.waitSignal(desk.jobs.finished, timeout=20_000) as finished:
        desk.jobs.start(VerifyRequest(str(small_recording(tmp_path / "a.h5"))), "Verify a")
        assert not desk.strip.isHidden()
    assert finished.args[0].is_good
    qtbot.waitUntil(desk.strip.isHidden)
    shown = desk.messages.log.shown
    assert shown is not None
    assert shown.severity is Severity.NOTE
    assert "a.h5 is sound" in shown.text
    assert desk.jobs.running == ()


def test_a_job_that_fails_says_why(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    job = desk.jobs.start(VerifyRequest(str(tmp_path / "none.h5")), "Verify none")
    with qtbot.waitSignal(job.failed, timeout=20_000):
        pass
    shown = desk.messages.log.shown
    assert shown is not None
    assert shown.severity is Severity.ERROR
    assert shown.text.startswith("Verify none: there is no file")


@pytest.mark.kill
def test_cancel_ends_a_job_that_hangs(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    job = desk.jobs.start(VerifyRequest(str(small_recording(tmp_path / "a.h5"))), "Verify a")
    running = job._running
    assert running is not None
    qtbot.waitUntil(lambda: running.pid is not None)
    psutil.Process(running.pid).suspend()
    button = desk.strip.findChild(QToolButton, "job_cancel")
    assert isinstance(button, QToolButton)
    with qtbot.waitSignal(job.cancelled, timeout=20_000):
        button.click()
        assert not button.isEnabled()
    qtbot.waitUntil(desk.strip.isHidden)
    assert desk.messages.log.shown is not None
    assert desk.messages.log.shown.text == "Verify a was cancelled."


def test_a_message_about_a_file_offers_its_folder(desk: Desk, qtbot: QtBot) -> None:
    desk.messages.tell(Severity.NOTE, "It was made.", action="Show folder", target="/there/take.h5")
    button = desk.message_strip.findChild(QPushButton, "message_action")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(desk.message_strip.target_requested) as asked:
        button.click()
    assert asked.args == ["Show folder", "/there/take.h5"]
