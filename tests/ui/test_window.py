"""The window as a user meets it: what is shown, what can be pressed, and how it ends."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.app.session_entries import SessionChange
from studio.app.settings import Settings
from studio.app.status import (
    DeviceStatus,
    FinishedRecording,
    InterruptedRecording,
    Problem,
    RecorderState,
    Severity,
)
from studio.devices.device import DeviceInfo, DeviceKind, DeviceState
from studio.devices.discovery import simulated_devices
from studio.formats.recording import RecordingInfo
from studio.host.going_on_protocol import GoOnRecording
from studio.host.protocol import (
    EditSession,
    OpenRecording,
    Quit,
    RenameSession,
    StartPreview,
    StartRecording,
    StopRecording,
)
from studio.timing import NS_PER_S, SystemClock
from studio.ui.application import make_window
from studio.ui.layout_report import rectangles
from tests.ui.far_end import FarEnd, elsewhere

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
"""What the offscreen platform says of every dialog."""

SHIFT = Qt.KeyboardModifier.ShiftModifier
PATH = "/recordings/Study 7/vm.h5"


class Scene:
    """A window on an offscreen display, with the far end in the hands of the test."""

    def __init__(self, qtbot: QtBot, application: QApplication, settings: Settings) -> None:
        self.qtbot = qtbot
        self.far_end = FarEnd(simulated_devices())
        self.window = make_window(application, self.far_end.links(), settings, SystemClock())
        qtbot.addWidget(self.window)
        self.window.resize(1280, 720)
        self.window.show()
        qtbot.waitUntil(lambda: bool(self.window.devices.book.devices))

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        label = self.find(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text()

    def press(self, name: str) -> None:
        button = next(b for b in self.window.findChildren(QToolButton) if b.objectName() == name)
        button.click()

    def status(self, state: RecorderState, **fields: object) -> None:
        status = self.far_end.tell(state, **fields)
        self.qtbot.waitUntil(lambda: self.window.transport.status is status)

    def wait_for_command(self, kind: type) -> None:
        self.qtbot.waitUntil(lambda: any(isinstance(body, kind) for body in self.far_end.bodies()))

    def record(self) -> None:
        self.status(RecorderState.IDLE)
        self.press("record_button")
        self.far_end.reply(PATH)
        self.status(
            RecorderState.RECORDING,
            path=PATH,
            started_time=1 - 75 * NS_PER_S,
            devices=(device(),),
            file_size=5,
        )

    def answer(self, question: object, value: object) -> None:
        """Answer this question, once it is asked."""
        self.qtbot.waitUntil(lambda: question in self.far_end.bodies(), timeout=20_000)
        future = next(future for body, future in self.far_end.asked if body == question)
        elsewhere(lambda: future.set_result(value))

    def end(self) -> None:
        self.window.leave()


def device(state: DeviceState = DeviceState.RUNNING, message: str = "") -> DeviceStatus:
    info = simulated_devices()[0]
    return DeviceStatus(id=info.id, name=info.name, kind=info.kind, state=state, message=message)


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(qtbot, qapp, Settings(recordings_folder=str(tmp_path)))
    yield made
    made.end()


def test_a_first_start_without_hardware_ticks_simulated_devices_and_says_so(scene: Scene) -> None:
    boxes = scene.window.findChildren(QCheckBox)
    ticks = [box for box in boxes if box.objectName().startswith("device_tick")]
    assert len(ticks) == len(simulated_devices())
    assert all(tick.isChecked() for tick in ticks)
    assert "simulated" in scene.text("message_text")


def test_devices_are_seen_alive_without_a_click(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    scene.wait_for_command(StartPreview)


def test_record_shows_the_running_clock_in_place_of_its_name(scene: Scene) -> None:
    scene.record()
    button = scene.find(QToolButton, "record_button")
    assert isinstance(button, QToolButton)
    scene.qtbot.waitUntil(lambda: button.text().startswith("00:01:1"))
    assert button.property("recording") is True
    assert scene.text("status_state") == "Recording"
    assert scene.text("status_file") == PATH


def test_ticks_are_locked_while_recording_and_say_why(scene: Scene) -> None:
    scene.record()
    name = simulated_devices()[0].id
    tick = scene.find(QCheckBox, f"device_tick_{name}")
    scene.qtbot.waitUntil(lambda: not tick.isEnabled())
    assert "while recording" in scene.find(QWidget, f"device_{name}").toolTip()


def test_what_is_typed_of_the_session_while_recording_is_applied_when_it_has_ended(scene: Scene) -> None:
    toolbar = scene.window.toolbar
    scene.record()
    scene.qtbot.waitUntil(lambda: "has ended" in toolbar.session_name.toolTip(), timeout=20_000)
    for line, text in ((toolbar.session_name, "Pilot two"), (toolbar.participant, "Ada")):
        line.clear()
        QTest.keyClicks(line, text)
    scene.press("stop_button")
    scene.far_end.reply(FinishedRecording(path=PATH, streams=(), duration_ns=1, byte_size=1))
    scene.answer(EditSession("/recordings/Study 7", SessionChange(participant="Ada")), SessionChange())
    assert OpenRecording(PATH) not in scene.far_end.bodies()
    scene.answer(RenameSession("/recordings/Study 7", "Pilot two"), "/recordings/Pilot two")
    scene.qtbot.waitUntil(
        lambda: OpenRecording("/recordings/Pilot two/vm.h5") in scene.far_end.bodies(), timeout=20_000
    )
    assert toolbar.session_name.text() == ""
    scene.status(RecorderState.IDLE)
    scene.qtbot.waitUntil(lambda: toolbar.session_name.toolTip() == "")


def test_a_message_moves_nothing(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    before = scene.window.pages.geometry()
    scene.window.messages.tell_error("The disk is full. " * 20)
    strip = scene.window.strip
    scene.qtbot.waitUntil(strip.isVisible)
    assert scene.window.pages.geometry() == before
    assert before.contains(strip.geometry())
    assert strip.height() >= strip.heightForWidth(strip.width())
    scene.window.resize(900, 600)
    scene.qtbot.waitUntil(lambda: scene.window.pages.geometry().contains(strip.geometry()), timeout=20_000)
    assert scene.window.pages.geometry().width() < before.width()


def test_escape_leaves_the_name_of_the_session_so_that_keys_record_again(scene: Scene) -> None:
    line = scene.window.toolbar.session_name
    scene.window.activateWindow()
    line.setFocus()
    scene.qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not line.hasFocus()


def test_a_key_held_down_or_pressed_twice_records_once(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    scene.press("record_button")
    scene.press("record_button")
    kinds = [type(body) for body in scene.far_end.bodies()]
    assert kinds.count(StartRecording) == 1


def test_after_stop_the_recording_is_opened(scene: Scene) -> None:
    scene.record()
    scene.press("stop_button")
    assert isinstance(scene.far_end.bodies()[-1], StopRecording)
    assert scene.text("status_state").startswith("Finishing")
    scene.far_end.reply(FinishedRecording(path=PATH, duration_ns=1, byte_size=1, streams=()))
    scene.qtbot.waitUntil(lambda: OpenRecording(PATH) in scene.far_end.bodies())
    scene.status(RecorderState.IDLE)
    answer = next(future for body, future in scene.far_end.asked if body == OpenRecording(PATH))
    answer.set_result(recording())
    scene.qtbot.waitUntil(lambda: scene.window.stage.shows_recording)
    assert scene.window.windowTitle().startswith("Study 7")
    assert scene.window.pages.currentWidget() is scene.window.timeline
    scene.press("live_button")
    assert not scene.window.stage.shows_recording
    assert scene.window.windowTitle() == "Studio"


def test_a_device_that_is_lost_turns_red_and_says_what_happened(scene: Scene) -> None:
    lost = device(DeviceState.LOST, "The microphone stopped answering. It is retried every second.")
    problem = Problem(number=1, time=SystemClock().now(), severity=Severity.ERROR, text=lost.message)
    scene.status(RecorderState.PREVIEW, devices=(lost,), problems=(problem,))
    assert scene.text("message_text") == lost.message
    assert lost.message in scene.find(QWidget, f"device_{lost.id}").toolTip()


def test_when_the_recorder_dies_it_is_said_and_recording_on_is_offered(scene: Scene) -> None:
    scene.record()
    scene.far_end.lose("The recorder process ended unexpectedly. The recording is safe.")
    scene.qtbot.waitUntil(lambda: scene.text("message_text").startswith("The recorder process"))
    offer = scene.find(QPushButton, "message_action")
    assert isinstance(offer, QPushButton)
    assert offer.isVisible()
    offer.click()
    asked = len(scene.far_end.asked)
    scene.status(RecorderState.IDLE, interrupted=InterruptedRecording(PATH, 1, ("Simulated IMU",)))
    assert GoOnRecording() in scene.far_end.bodies()[asked:]


def test_what_was_interrupted_while_no_window_was_open_is_offered_by_button_and_key(scene: Scene) -> None:
    found = InterruptedRecording(PATH, 1, ("Simulated IMU",))
    go_on = scene.window.actions_by_name["go_on"]
    assert not go_on.isEnabled()
    scene.status(RecorderState.IDLE, interrupted=found)
    assert PATH in scene.text("message_text")
    assert scene.find(QPushButton, "message_action").isVisible()
    assert go_on.isEnabled()
    QTest.keyClick(scene.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | SHIFT)
    scene.wait_for_command(GoOnRecording)
    scene.answer(GoOnRecording(), PATH.replace(".h5", " 2.h5"))
    scene.qtbot.waitUntil(lambda: PATH not in scene.text("message_text"))
    assert not scene.find(QPushButton, "message_action").isVisible()


def test_closing_at_rest_asks_nothing_and_lets_the_recorder_go(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    scene.window.close()
    assert isinstance(scene.far_end.bodies()[-1], Quit)
    with scene.qtbot.waitSignal(scene.window.closed):
        scene.far_end.reply(None)


def test_closing_while_recording_asks_once_and_cancel_changes_nothing(scene: Scene) -> None:
    scene.record()
    scene.window.close()
    scene.window.close()
    assert len(scene.window.findChildren(QMessageBox)) == 1
    answer(scene, "closing_cancel_button")
    assert scene.window.isVisible()
    assert not any(isinstance(body, StopRecording) for body in scene.far_end.bodies())


def test_a_recorder_out_of_reach_for_a_moment_does_not_answer_the_question(scene: Scene) -> None:
    scene.record()
    scene.window.close()
    scene.far_end.lose("The recorder does not answer.")
    scene.qtbot.waitUntil(lambda: scene.window.transport.status is None)
    assert scene.window.isVisible()
    assert scene.find(QMessageBox, "closing_question").isVisible()
    scene.status(RecorderState.IDLE)
    scene.qtbot.waitUntil(lambda: not scene.window.isVisible())


def test_finish_and_close_stops_first_and_leaves_then(scene: Scene) -> None:
    scene.record()
    scene.window.close()
    answer(scene, "closing_finish_button")
    assert isinstance(scene.far_end.bodies()[-1], StopRecording)
    assert scene.window.isVisible()
    scene.far_end.reply(FinishedRecording(path=PATH, duration_ns=1, byte_size=1, streams=()))
    scene.status(RecorderState.IDLE)
    scene.qtbot.waitUntil(lambda: not scene.window.isVisible())


def test_a_recording_that_is_only_starting_is_finished_too(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    scene.press("record_button")
    scene.window.closing.finish_and_close()
    assert not any(isinstance(body, (StopRecording, Quit)) for body in scene.far_end.bodies())
    scene.far_end.reply(PATH)
    scene.status(RecorderState.RECORDING, path=PATH)
    scene.wait_for_command(StopRecording)
    scene.far_end.reply(FinishedRecording(path=PATH, duration_ns=1, byte_size=1, streams=()))
    scene.status(RecorderState.IDLE)
    scene.wait_for_command(Quit)


def test_keep_recording_closes_the_window_and_stops_nothing(scene: Scene) -> None:
    scene.record()
    scene.window.close()
    with scene.qtbot.waitSignal(scene.window.closed):
        answer(scene, "closing_keep_button")
    assert not any(isinstance(body, (StopRecording, Quit)) for body in scene.far_end.bodies())


def test_a_second_window_has_the_ticks_of_the_first(scene: Scene, qapp: QApplication, qtbot: QtBot) -> None:
    name = simulated_devices()[1].id
    tick = scene.find(QCheckBox, f"device_tick_{name}")
    assert isinstance(tick, QCheckBox)
    tick.click()
    scene.window.leave()
    second = Scene(qtbot, qapp, Settings.load())
    again = second.find(QCheckBox, f"device_tick_{name}")
    assert isinstance(again, QCheckBox)
    assert not again.isChecked()
    second.end()


def test_what_a_test_must_click_can_be_found_on_the_screen(scene: Scene) -> None:
    found = rectangles()
    for name in ("record_button", "stop_button", "preview_button", "devices_list", "sessions_dock"):
        assert min(found[name][2:]) > 0, name


def test_nothing_on_the_toolbar_is_cut_off(scene: Scene) -> None:
    for button in scene.window.toolbar.findChildren(QToolButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.objectName()


def test_names_give_way_on_a_narrow_screen_and_are_not_pushed_off_the_toolbar(scene: Scene) -> None:
    toolbar, lines = (
        scene.window.toolbar,
        (scene.window.toolbar.participant, scene.window.toolbar.session_name),
    )
    for width in (853, 1280):
        scene.window.resize(width, 600)
        scene.qtbot.waitUntil(lambda width=width: scene.window.width() == width)  # type: ignore[misc]
        scene.qtbot.waitUntil(lambda: all(line.isVisible() for line in lines))
        assert all(line.geometry().right() < toolbar.width() for line in lines)
    assert all(line.width() == line.maximumWidth() for line in lines)


def test_a_camera_of_the_user_can_be_removed_again(scene: Scene) -> None:
    camera = DeviceInfo(id="camera:http://c/", name="c", kind=DeviceKind.CAMERA)
    scene.window.devices.add_camera("http://c/", camera)
    assert scene.window.choices.settings.cameras == ("http://c/",)
    scene.window.devices.remove_camera(camera.id)
    assert scene.window.choices.settings.cameras == ()


def test_what_is_no_camera_is_refused_in_the_dialog_and_a_camera_is_added(scene: Scene) -> None:
    scene.window.actions_by_name["add_camera"].trigger()
    line, add = scene.find(QLineEdit, "camera_line"), scene.find(QPushButton, "camera_add_button")
    assert isinstance(line, QLineEdit)
    assert isinstance(add, QPushButton)
    line.setText("bad://x y")
    add.click()
    assert "bad://x y" in scene.text("camera_problem")
    line.setText("http://127.0.0.1:8080/video")
    add.click()
    assert scene.window.choices.settings.cameras == ("http://127.0.0.1:8080/video",)
    assert any(
        info.kind is DeviceKind.CAMERA and not info.simulated for info in scene.window.devices.book.chosen
    )


def test_settings_of_a_device_reach_the_preview(scene: Scene) -> None:
    scene.status(RecorderState.IDLE)
    scene.press(f"device_settings_{simulated_devices()[1].id}")
    box = scene.find(QComboBox, "setting_jpeg_quality")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(0)
    box.activated.emit(0)
    chosen = [info for info in scene.window.devices.book.chosen if info.kind is DeviceKind.CAMERA]
    assert chosen[0].settings.jpeg_quality == 60
    scene.qtbot.waitUntil(lambda: StartPreview(scene.window.devices.book.chosen) in scene.far_end.bodies())


def test_the_theme_that_was_chosen_is_remembered(scene: Scene) -> None:
    scene.window.actions_by_name["theme_light"].trigger()
    assert scene.window.choices.settings.theme == "light"
    assert scene.window.theme.name == "light"


def test_the_keys_are_listed(scene: Scene) -> None:
    scene.window.actions_by_name["keys"].trigger()
    assert scene.find(QWidget, "keys_dialog").isVisible()


def recording() -> RecordingInfo:
    empty = RecordingInfo(
        path=PATH,
        name="vm",
        created=1,
        machine="vm",
        clean=True,
        recovered=False,
        live=False,
        first_time=0,
        last_time=0,
        byte_size=1,
        streams=(),
    )
    return replace(empty, first_time=NS_PER_S, last_time=3 * NS_PER_S)


def answer(scene: Scene, name: str) -> None:
    box = scene.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.objectName() == name).click()
