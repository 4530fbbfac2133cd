"""Record, Stop and Preview become commands once, and whatever comes back is told."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.app.status import FinishedRecording, InterruptedRecording, RecorderState
from studio.devices.device import DeviceInfo, DeviceKind
from studio.host.going_on_protocol import GoOnRecording
from studio.host.protocol import StartPreview, StartRecording, StopRecording
from studio.ui.transport import NOTHING_TO_GO_ON, GoOn, SessionWishes, Transport
from studio.ui.transport_view import Pending
from tests.ui.far_end import FarEnd

CAMERA = DeviceInfo(id="camera:0", name="Camera", kind=DeviceKind.CAMERA)
WISHES = SessionWishes(folder="/recordings", name="Study 7", participant="P03")
FINISHED = FinishedRecording(path="/r/a.h5", duration_ns=1, byte_size=1, streams=())


class Desk:
    """A transport, its far end, and what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.far_end = FarEnd()
        self.bridge = self.far_end.bridge()
        self.transport = Transport(self.bridge)
        self.qtbot = qtbot
        self.started: list[str] = []
        self.finished: list[str] = []
        self.failed: list[str] = []
        self.found: list[InterruptedRecording] = []
        self.transport.interruption_found.connect(self.found.append)
        self.transport.recording_started.connect(self.started.append)
        self.transport.recording_finished.connect(self.finished.append)
        self.transport.failed.connect(self.failed.append)

    def status(
        self, state: RecorderState, path: str = "", interrupted: InterruptedRecording | None = None
    ) -> None:
        status = self.far_end.tell(state, path=path, interrupted=interrupted)
        self.qtbot.waitUntil(lambda: self.transport.status is status)

    def wait_for_command(self, kind: type) -> None:
        self.qtbot.waitUntil(lambda: bool(self.far_end.asked) and isinstance(self.far_end.bodies()[-1], kind))

    def record(self) -> None:
        self.transport.set_devices([CAMERA])
        self.status(RecorderState.PREVIEW)
        self.transport.record(WISHES)
        self.far_end.reply("/r/a.h5")
        self.qtbot.waitUntil(lambda: self.started == ["/r/a.h5"])
        self.status(RecorderState.RECORDING, "/r/a.h5")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.bridge.close()


def test_record_sends_the_ticked_devices_and_the_wishes_once(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.transport.record(WISHES)
    desk.transport.record(WISHES)
    command = StartRecording(devices=(CAMERA,), folder="/recordings", name="Study 7", participant="P03")
    assert desk.far_end.bodies() == [command]


def test_record_without_devices_sends_nothing(desk: Desk) -> None:
    desk.status(RecorderState.IDLE)
    desk.transport.record(WISHES)
    assert desk.far_end.bodies() == []


def test_stop_is_sent_once_and_its_answer_names_the_recording(desk: Desk) -> None:
    desk.record()
    desk.transport.stop()
    desk.transport.stop()
    assert desk.far_end.bodies().count(StopRecording()) == 1
    desk.far_end.reply(FINISHED)
    desk.qtbot.waitUntil(lambda: desk.finished == ["/r/a.h5"])


def test_a_late_status_does_not_start_a_finished_recording_again(desk: Desk) -> None:
    desk.record()
    desk.transport.stop()
    desk.far_end.reply(FINISHED)
    desk.qtbot.waitUntil(lambda: desk.finished == ["/r/a.h5"])
    desk.status(RecorderState.RECORDING, "/r/a.h5")
    desk.status(RecorderState.IDLE)
    assert desk.started == ["/r/a.h5"]
    assert desk.finished == ["/r/a.h5"]


def test_a_stale_status_after_the_start_does_not_end_the_recording(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.transport.record(WISHES)
    desk.far_end.reply("/r/a.h5")
    desk.qtbot.waitUntil(lambda: bool(desk.started))
    desk.status(RecorderState.IDLE)
    assert desk.finished == []


def test_a_recording_that_was_over_before_it_was_seen_is_shown(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.transport.record(WISHES)
    desk.far_end.reply("/r/a.h5")
    desk.qtbot.waitUntil(lambda: desk.finished == ["/r/a.h5"])
    assert desk.transport.view.record_enabled


def test_a_recording_that_ends_by_itself_is_shown_too(desk: Desk) -> None:
    desk.record()
    desk.status(RecorderState.IDLE)
    assert desk.finished == ["/r/a.h5"]


def test_a_recording_met_at_the_start_is_shown(desk: Desk) -> None:
    desk.status(RecorderState.RECORDING, "/r/before.h5")
    assert desk.started == ["/r/before.h5"]
    assert desk.transport.view.stop_enabled


def test_a_start_that_fails_says_why_and_can_be_tried_again(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.transport.record(WISHES)
    desk.far_end.refuse("The folder cannot be written.")
    desk.qtbot.waitUntil(lambda: desk.failed == ["The folder cannot be written."])
    assert desk.transport.view.record_enabled


def test_preview_starts_by_itself_and_follows_the_ticks(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.wait_for_command(StartPreview)
    assert desk.far_end.bodies() == [StartPreview(devices=(CAMERA,))]
    desk.status(RecorderState.PREVIEW)
    desk.transport.set_devices([])
    desk.wait_for_command(StopRecording)


def test_preview_can_be_switched_off_and_on(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.PREVIEW)
    desk.wait_for_command(StartPreview)
    desk.transport.want_preview(False)
    assert not desk.transport.view.preview_checked
    desk.wait_for_command(StopRecording)
    desk.status(RecorderState.IDLE)
    desk.transport.want_preview(True)
    desk.wait_for_command(StartPreview)


def test_ticks_never_touch_a_running_recording(desk: Desk) -> None:
    desk.record()
    asked = len(desk.far_end.asked)
    desk.transport.set_devices([])
    desk.qtbot.wait(400)  # longer than the delay after which a preview would change
    assert len(desk.far_end.asked) == asked


def test_a_lost_recorder_can_be_recorded_on_with_as_soon_as_it_is_back(desk: Desk) -> None:
    desk.record()
    desk.far_end.lose("The recorder ended.")
    desk.qtbot.waitUntil(lambda: desk.transport.status is None)
    assert desk.transport.lost_recording
    assert not desk.transport.view.recording
    asked = len(desk.far_end.asked)
    desk.transport.record_when_possible(WISHES)
    assert len(desk.far_end.asked) == asked  # it is not back yet
    desk.status(RecorderState.IDLE)
    assert isinstance(desk.far_end.bodies()[-1], StartRecording)


def test_what_was_interrupted_is_gone_on_with_when_the_recorder_is_back(desk: Desk) -> None:
    lost = InterruptedRecording("/r/a.h5", begun_time=1, device_names=("Camera",))
    desk.record()
    desk.far_end.lose("The recorder ended.")
    desk.qtbot.waitUntil(lambda: desk.transport.status is None)
    asked = len(desk.far_end.asked)
    desk.transport.record_when_possible(GoOn())
    assert len(desk.far_end.asked) == asked
    desk.status(RecorderState.IDLE, interrupted=lost)
    assert desk.far_end.bodies()[asked:] == [GoOnRecording()]
    assert desk.found == []  # its loss was told already
    desk.far_end.reply("/r/a 2.h5")
    desk.qtbot.waitUntil(lambda: desk.started == ["/r/a.h5", "/r/a 2.h5"])
    desk.status(RecorderState.RECORDING, "/r/a 2.h5")
    assert desk.transport.view.stop_enabled


def test_an_interruption_that_nobody_saw_is_told_once_and_nothing_begins_by_itself(desk: Desk) -> None:
    lost = InterruptedRecording("/r/a.h5", begun_time=1, device_names=("Camera",))
    for _ in range(3):
        desk.status(RecorderState.IDLE, interrupted=lost)
    assert desk.found == [lost]
    assert desk.far_end.bodies() == []
    assert desk.transport.view.go_on_enabled
    desk.status(RecorderState.IDLE)
    assert not desk.transport.view.go_on_enabled
    desk.transport.record(GoOn())
    assert desk.far_end.bodies() == []


def test_where_nothing_can_be_gone_on_with_after_all_it_is_said(desk: Desk) -> None:
    desk.record()
    desk.far_end.lose("The recorder ended.")
    desk.qtbot.waitUntil(lambda: desk.transport.status is None)
    desk.transport.record_when_possible(GoOn())
    desk.status(RecorderState.IDLE)
    assert desk.failed == [NOTHING_TO_GO_ON]


def test_losing_an_idle_recorder_loses_no_recording(desk: Desk) -> None:
    desk.status(RecorderState.IDLE)
    desk.far_end.lose("The recorder ended.")
    desk.qtbot.waitUntil(lambda: desk.transport.status is None)
    assert not desk.transport.lost_recording


def test_a_preview_that_cannot_begin_is_remembered_until_the_next_one(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.IDLE)
    desk.wait_for_command(StartPreview)
    desk.far_end.refuse("The camera is in use.")
    desk.qtbot.waitUntil(lambda: desk.failed == ["The camera is in use."])
    assert desk.transport.situation.preview_failed
    desk.transport.want_preview(True)
    desk.qtbot.waitUntil(lambda: not desk.transport.situation.preview_failed)


def test_the_end_of_the_preview_is_not_the_start_that_was_asked_for(desk: Desk) -> None:
    desk.transport.set_devices([CAMERA])
    desk.status(RecorderState.PREVIEW)
    desk.transport.record(WISHES)
    desk.status(RecorderState.FINISHING)
    assert not desk.transport.view.recording
    desk.far_end.reply("/r/a.h5")
    desk.qtbot.waitUntil(lambda: desk.started == ["/r/a.h5"])
    assert desk.transport.situation.pending is Pending.START
    desk.status(RecorderState.RECORDING, "/r/a.h5")
    assert desk.transport.situation.pending is Pending.NOTHING
    assert desk.transport.view.recording
    assert desk.finished == []
