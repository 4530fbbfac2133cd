"""A running recording is seen and stopped before the window is there."""

from concurrent.futures import Future
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from studio.app.status import DeviceStatus, FinishedRecording, RecorderState, RecorderStatus, StreamStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.errors import RoleError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.protocol import Command, StopRecording
from studio.timing import NS_PER_S
from studio.ui.first_look.first_window import FirstLook
from studio.ui.first_look.stream_list import MOST, StreamList
from studio.ui.theme import Theme
from studio.ui.theme_tokens import ThemeName

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it
T0 = 1_790_000_000 * NS_PER_S
PATH = "/r/P03.h5"


class Recorder:
    """The far end: what was asked, and the answers still owed."""

    def __init__(self) -> None:
        self.asked: list[Command] = []
        self.answer: Future[object] = Future()

    def send(self, command: Command) -> "Future[object]":
        self.asked.append(command)
        self.answer = Future()
        return self.answer


def stream(number: int, dropped: int = 0) -> StreamStatus:
    numbers = StreamFormat(kind=PayloadKind.SCALAR)
    return StreamStatus(name=f"stream {number}", format=numbers, produced=1200, stored=1100, dropped=dropped)


def recording(*streams: StreamStatus) -> RecorderStatus:
    device = DeviceStatus("d", "Device", DeviceKind.SIGNAL, DeviceState.RUNNING, streams=streams)
    return RecorderStatus(
        state=RecorderState.RECORDING,
        time=T0 + 62 * NS_PER_S,
        started_time=T0,
        path=PATH,
        file_size=1_000_000,
        dropped=sum(one.dropped for one in streams),
        devices=(device,),
    )


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def look(qtbot: QtBot, qapp: QApplication, recorder: Recorder) -> FirstLook:
    made = FirstLook(theme=Theme(ThemeName.DARK.value, qapp), layout={}, send=recorder.send)
    qtbot.addWidget(made)
    return made


def line(look: FirstLook, row: int) -> list[str]:
    shown = look.findChild(StreamList)
    assert isinstance(shown, StreamList)
    item = shown.topLevelItem(row)
    return [item.text(column) for column in range(shown.columnCount())] if item is not None else []


def words(look: FirstLook, name: str) -> str:
    return str(look.findChild(object, name).property("text"))  # type: ignore[type-var]


def test_it_shows_running_time_streams_and_account(look: FirstLook) -> None:
    look.show_status(recording(stream(1), stream(2, dropped=7)))
    assert look.isVisible()
    button = look.findChild(QToolButton, "record_button")
    assert isinstance(button, QToolButton)
    assert button.text().startswith("00:01:02")
    assert button.isEnabled()
    assert line(look, 0) == ["stream 1", "\u2013", "1\u202f200", "1\u202f100", "0"]
    assert line(look, 1)[-1] == "7"
    assert words(look, "status_dropped") == "7\u00a0dropped"
    assert words(look, "status_file") == PATH


def test_where_nothing_is_recorded_it_never_shows_itself(look: FirstLook) -> None:
    look.show_status(RecorderStatus(state=RecorderState.PREVIEW, time=T0))
    look.show_status(RecorderStatus(state=RecorderState.IDLE, time=T0))
    assert not look.isVisible()


def test_streams_come_and_go_and_of_very_many_the_rest_is_counted(look: FirstLook) -> None:
    look.show_status(recording(*map(stream, range(MOST + 3))))
    assert line(look, MOST)[0] == "and 3 more"
    look.show_status(recording(stream(5)))
    assert line(look, 0)[0] == "stream 5"
    assert line(look, 1) == []


def test_stop_by_key_asks_once_and_says_which_recording_has_ended(
    qtbot: QtBot, look: FirstLook, recorder: Recorder
) -> None:
    look.show_status(recording(stream(1)))
    with qtbot.waitActive(look):
        look.activateWindow()
    ended: list[str] = []
    look.finished.connect(ended.append)
    qtbot.keyClick(look, Qt.Key.Key_S)
    qtbot.keyClick(look, Qt.Key.Key_S)
    assert recorder.asked == [StopRecording()]
    recorder.answer.set_result(FinishedRecording(PATH, 1, 1, ()))
    qtbot.waitUntil(lambda: ended == [PATH])


def test_a_stop_that_fails_can_be_pressed_again(qtbot: QtBot, look: FirstLook, recorder: Recorder) -> None:
    status = recording(stream(1))
    look.show_status(status)
    stop = look.findChild(QToolButton, "stop_button")
    assert isinstance(stop, QToolButton)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert not stop.isEnabled()
    recorder.answer.set_exception(RoleError("gone"))

    def again() -> bool:
        look.show_status(replace(status, time=status.time + 1))
        return stop.isEnabled()

    qtbot.waitUntil(again)


def test_closing_it_is_left_to_the_window_that_comes(qtbot: QtBot, look: FirstLook) -> None:
    look.show_status(recording(stream(1)))
    with qtbot.waitActive(look):
        look.activateWindow()
    qtbot.keyClick(look, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert look.isVisible()
    assert look.close_wanted


def test_it_makes_way_and_stays_away(look: FirstLook) -> None:
    look.show_status(recording(stream(1)))
    look.leave()
    look.show_status(recording(stream(1)))
    assert not look.isVisible()
    assert not look.close_wanted
