"""A start beside a recording, with a real recorder: what is seen first, and what the window is handed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from studio.app.status import RecorderState
from studio.host.protocol import GetStatus
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.ui.application import host_links, make_window
from studio.ui.bridge import RecorderCallbacks
from studio.ui.first_look.beside import Beside
from studio.ui.main_window import MainWindow
from tests.host.watched import WatchedClient, end_recorders
from tests.lab.places import Places
from tests.waiting import wait_until

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.fixture
def watch(places: Places) -> Iterator[WatchedClient]:
    """A recorder that runs."""
    client = WatchedClient()
    client.wait_until_connected()
    yield client
    client.link.close()
    end_recorders(places)


@pytest.fixture
def beside(qapp: QApplication, watch: WatchedClient) -> Iterator[Beside]:
    made = Beside(qapp)
    yield made
    made.link.close()


def shown_window(qapp: QApplication, beside: Beside, folder: Path) -> MainWindow:
    settings = Settings(recordings_folder=str(folder), ticked=(), theme="dark", first_start=False)
    links = host_links(first=beside.link)
    window = make_window(qapp, links, settings, shared_clock(RunDirectory.open()), beside.theme)
    window.show()
    beside.make_way_for(window)
    return window


def test_beside_a_recorder_at_rest_nothing_is_seen(beside: Beside) -> None:
    assert not beside.look_out()


def test_what_is_stopped_at_the_first_look_is_opened_by_the_window(
    qtbot: QtBot, qapp: QApplication, watch: WatchedClient, beside: Beside, tmp_path: Path
) -> None:
    path = watch.record(tmp_path)
    assert beside.look_out()
    assert beside.look.isVisible()
    beside.import_meanwhile("studio.ui.application")
    qtbot.keyClick(beside.look, Qt.Key.Key_S)
    window = shown_window(qapp, beside, tmp_path)
    try:
        qtbot.waitUntil(lambda: [info.path for info in window.timeline.recordings] == [str(path)])
        qtbot.waitUntil(lambda: window.transport.status is not None)
        assert window.transport.status is not None
        assert not window.transport.status.is_recording
    finally:
        window.leave()


def test_the_window_takes_over_without_another_connection_and_the_first_look_goes(
    qtbot: QtBot, qapp: QApplication, watch: WatchedClient, beside: Beside, tmp_path: Path
) -> None:
    path = watch.record(tmp_path)
    assert beside.look_out()
    gone: list[bool] = []
    beside.look.destroyed.connect(lambda: gone.append(True))
    window = shown_window(qapp, beside, tmp_path)
    try:
        qtbot.waitUntil(lambda: bool(gone))
        assert window.transport.view.recording
        assert window.transport.status is not None
        assert window.transport.status.path == str(path)
        window.transport.stop()
        watch.wait_for_state(RecorderState.IDLE)
    finally:
        window.leave()


def test_an_import_that_fails_is_told(beside: Beside) -> None:
    with pytest.raises(ModuleNotFoundError):
        beside.import_meanwhile("studio.ui.there_is_no_such_module")


def test_commands_pass_before_and_after_the_window_takes_over(watch: WatchedClient, beside: Beside) -> None:
    assert not beside.look_out()
    assert beside.link.request(GetStatus()).result(20) is not None
    told: list[object] = []
    beside.link.hand_over(
        RecorderCallbacks(told.append, told.append, lambda: told.append("connected"))
    ).open()
    assert told[0] == "connected"
    wait_until(lambda: len(told) > 2, 20, "more statuses")
    assert beside.link.request(GetStatus()).result(20) is not None
