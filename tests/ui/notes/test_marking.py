"""A key marks what is being recorded: seen at once, written by the recorder, with words that may follow."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.notes import drop_marker
from studio.app.status import DeviceStatus, RecorderState, Severity
from studio.devices.device import DeviceKind, DeviceState
from studio.devices.discovery import simulated_devices
from studio.errors import RemoteFailure
from studio.formats.notes import MARKERS
from studio.host.protocol import DropMarker, StartRecording
from studio.timing import monotonic_ns
from studio.ui.notes.note_deeds import NOT_BEGUN
from tests.ui.far_end import elsewhere
from tests.ui.notes.note_studio import LONG, NoteStudio

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
"""What the screenless platform says."""


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[NoteStudio]:
    made = NoteStudio(qtbot, qapp, tmp_path)
    record(made)
    yield made
    made.close()


def record(studio: NoteStudio) -> None:
    device = DeviceStatus("simulated:imu", "IMU", DeviceKind.SIGNAL, DeviceState.RUNNING)
    status = studio.far_end.tell(
        RecorderState.RECORDING, path=str(studio.path), started_time=1, devices=(device,)
    )
    studio.qtbot.waitUntil(lambda: studio.window.transport.status is status)


def dropped(studio: NoteStudio) -> DropMarker:
    """What the recorder was asked for."""
    asked = [body for body in studio.far_end.bodies() if isinstance(body, DropMarker)]
    return asked[-1]


def answer(studio: NoteStudio, time: int = 5_000) -> None:
    """The recorder writes the marker and says so."""
    asked = dropped(studio)
    note = drop_marker(studio.path, id=asked.id, time=time, text=asked.text, written=time)
    studio.far_end.reply(note)


def test_a_marker_is_seen_before_it_is_written_and_its_words_follow(studio: NoteStudio) -> None:
    before = monotonic_ns()
    studio.press("marker")
    assert before <= dropped(studio).monotonic <= monotonic_ns()
    assert [note.track for note in studio.notes] == [MARKERS]
    editor = studio.wiring.deeds.editor
    assert editor.isVisible()
    studio.qtbot.keyClicks(editor.line, "Rs 12")  # each of them is a key of the window, too
    studio.qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert len([b for b in studio.far_end.bodies() if isinstance(b, DropMarker)]) == 1
    answer(studio)
    studio.qtbot.waitUntil(
        lambda: bool(studio.stored.notes) and studio.stored.notes[0].text != "", timeout=LONG
    )
    (marker,) = studio.stored.notes
    assert (marker.text, marker.time) == ("Rs 12", 5_000)
    studio.settled()


def test_a_number_drops_a_marker_with_its_words_and_asks_nothing(studio: NoteStudio) -> None:
    studio.window.choices.change(marker_presets=("Go", "Stop it"))
    studio.wiring._preset_actions[1].trigger()
    assert dropped(studio).text == "Stop it"
    assert not studio.wiring.deeds.editor.isVisible()
    answer(studio)
    studio.settled()
    assert studio.stored.notes[0].text == "Stop it"
    studio.qtbot.waitUntil(lambda: studio.window.undo.canUndo(), timeout=LONG)
    studio.press("undo")
    studio.qtbot.waitUntil(lambda: studio.stored.notes == (), timeout=LONG)


def test_a_marker_that_was_not_written_is_told_and_taken_off_the_screen(studio: NoteStudio) -> None:
    studio.press("marker")
    assert len(studio.notes) == 1
    studio.far_end.refuse("The disk is full.")
    studio.qtbot.waitUntil(lambda: studio.notes == [], timeout=LONG)
    told = [one for one in studio.window.messages.log.history if one.severity is Severity.ERROR]
    assert told[-1].text == "The marker was not written. The disk is full."


@pytest.fixture
def starting(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[NoteStudio]:
    """Record was pressed, and nothing is recorded yet."""
    made = NoteStudio(qtbot, qapp, tmp_path)
    idle = made.far_end.tell(RecorderState.IDLE)
    qtbot.waitUntil(lambda: made.window.transport.status is idle)
    made.window.transport.set_devices(simulated_devices())
    made.press("record")
    yield made
    made.close()


def test_what_is_marked_while_a_recording_is_being_started_comes_into_it(starting: NoteStudio) -> None:
    before = monotonic_ns()
    starting.wiring._preset_actions[2].trigger()
    pressed = monotonic_ns()
    starting.press("marker")
    assert not any(isinstance(body, DropMarker) for body in starting.far_end.bodies())
    record(starting)
    first, second = [body for body in starting.far_end.bodies() if isinstance(body, DropMarker)]
    assert (first.text, second.text) == ("Stimulus", "")
    assert before <= first.monotonic <= pressed <= second.monotonic
    assert starting.wiring.deeds.editor.isVisible()
    record(starting)
    assert sum(isinstance(body, DropMarker) for body in starting.far_end.bodies()) == 2


def test_what_was_marked_for_a_recording_that_cannot_begin_is_told(starting: NoteStudio) -> None:
    starting.press("marker")
    started = next(f for body, f in starting.far_end.asked if isinstance(body, StartRecording))
    elsewhere(lambda: started.set_exception(RemoteFailure("The folder cannot be written.", kind="RoleError")))
    starting.qtbot.waitUntil(lambda: any(m.text == NOT_BEGUN for m in starting.window.messages.log.history))
    assert not any(isinstance(body, DropMarker) for body in starting.far_end.bodies())
    assert not starting.window.actions_by_name["marker"].isEnabled()


def test_markers_of_another_window_appear_while_recording(studio: NoteStudio) -> None:
    drop_marker(studio.path, id="other", time=7, text="from elsewhere", written=7)
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 1, timeout=LONG)
    assert replace(studio.notes[0]).text == "from elsewhere"
