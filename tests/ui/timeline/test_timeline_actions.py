"""The actions of the timeline: in and out, times copied and gone to, ways of counting, keys that clash."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval
from studio.ui.actions import Actions
from studio.ui.theme import Theme
from studio.ui.timeline.cursor_moves import PLAIN_STEP
from studio.ui.timeline.go_to_dialog import GoToDialog
from studio.ui.timeline.timeline import Timeline
from studio.ui.timeline.timeline_actions import TimelineActions
from studio.ui.timeline.timing import TimingMode
from tests.store.recordings import SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

EVENTS = StreamFormat(PayloadKind.EVENT)


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(800, 400)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close_streams()


@pytest.fixture
def actions(timeline: Timeline) -> Actions:
    theme = Theme("light")
    made = Actions(theme, timeline)
    TimelineActions(timeline, made, theme)
    return made


@pytest.fixture
def shown(timeline: Timeline, actions: Actions, tmp_path: Path) -> Timeline:
    events = [(T0 + n * SECOND, Event(str(n))) for n in range(101)]
    timeline.show_recording(described(write_recording(tmp_path / "P01.h5", {"e": (EVENTS, events)})))
    return timeline


def test_without_a_session_there_is_nothing_to_select(actions: Actions) -> None:
    for name in ("select_from", "select_to", "select_all", "clear_selection", "go_to_time", "show_hidden"):
        assert not actions[name].isEnabled()


def test_in_out_all_and_clear(shown: Timeline, actions: Actions) -> None:
    navigator = shown.navigator
    navigator.move_cursor(T0 + 10 * SECOND)
    actions["select_from"].trigger()
    navigator.move_cursor(T0 + 20 * SECOND)
    actions["select_to"].trigger()
    assert navigator.selection == TimeInterval(T0 + 10 * SECOND, T0 + 20 * SECOND)
    assert actions["zoom_selection"].isEnabled()
    actions["selection_on"].trigger()
    assert navigator.selection == TimeInterval(T0 + 20 * SECOND, T0 + 30 * SECOND)
    actions["select_all"].trigger()
    assert navigator.selection == TimeInterval(T0, T0 + 100 * SECOND)
    actions["clear_selection"].trigger()
    assert navigator.selection is None
    assert not actions["clear_selection"].isEnabled()


def test_a_copied_time_can_be_gone_to(qtbot: QtBot, shown: Timeline, actions: Actions) -> None:
    shown.navigator.move_cursor(T0 + 12 * SECOND + 345)
    actions["copy_time"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == "2023-11-14T22:13:32.000000345Z"
    shown.navigator.move_cursor(T0)
    actions["go_to_time"].trigger()
    dialog = shown.window().findChild(GoToDialog)
    assert dialog is not None
    dialog.line.setText("nonsense")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.line.setText(copied)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert shown.navigator.cursor_time == T0 + 12 * SECOND + 345


def test_a_time_outside_is_gone_to_as_far_as_there_is_something(
    qtbot: QtBot, shown: Timeline, actions: Actions
) -> None:
    actions["go_to_time"].trigger()
    dialog = shown.window().findChild(GoToDialog)
    assert dialog is not None
    dialog.line.setText("2100-01-01")
    with qtbot.waitSignal(shown.noted) as told:
        qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert "outside" in told.args[0]
    view = shown.navigator.view
    assert view is not None
    assert shown.navigator.cursor_time == view.last


def test_ways_of_counting_exclude_each_other(shown: Timeline, actions: Actions) -> None:
    assert actions["timing_session"].isChecked()
    actions["timing_wall"].trigger()
    assert shown.timing.mode is TimingMode.WALL
    assert not actions["timing_session"].isChecked()


def test_steps_go_along_the_stream_that_is_snapped_to(
    qtbot: QtBot, shown: Timeline, actions: Actions
) -> None:
    shown.cursor_moves.snap_to(StreamRef(shown.recordings[0].path, "e"))
    shown.navigator.move_cursor(T0 + 5 * SECOND)
    actions["step_on"].trigger()
    qtbot.waitUntil(lambda: shown.navigator.cursor_time == T0 + 6 * SECOND)
    actions["step_back"].trigger()
    qtbot.waitUntil(lambda: shown.navigator.cursor_time == T0 + 5 * SECOND)


@pytest.mark.parametrize(
    ("key", "modifier", "claimed"),
    [
        (Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier, True),
        (Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier, True),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier, True),
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier, False),
    ],
)
def test_with_the_focus_in_the_timeline_its_keys_come_before_the_menus(
    shown: Timeline, actions: Actions, key: Qt.Key, modifier: Qt.KeyboardModifier, claimed: bool
) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    event.ignore()
    QApplication.sendEvent(shown, event)
    assert event.isAccepted() is claimed


def test_the_cursor_stays_when_it_is_told_to(qtbot: QtBot, shown: Timeline, actions: Actions) -> None:
    qtbot.keyClick(shown, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert not actions["cursor_follows"].isChecked()
    assert not shown._mouse.cursor_follows


def test_control_and_shift_step_farther_and_control_s_shows_the_selection(
    qtbot: QtBot, shown: Timeline, actions: Actions
) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    navigator = shown.navigator
    navigator.move_cursor(T0 + 50 * SECOND)
    qtbot.keyClick(shown, Qt.Key.Key_Greater, control | shift)
    assert navigator.cursor_time == T0 + 50 * SECOND + 5 * PLAIN_STEP
    shown.cursor_moves.pick(StreamRef(shown.recordings[0].path, "e"))
    navigator.move_cursor(T0 + 50 * SECOND)
    qtbot.keyClick(shown, Qt.Key.Key_Comma, control | shift)
    qtbot.waitUntil(lambda: navigator.cursor_time == T0 + 45 * SECOND)
    navigator.set_selection(TimeInterval(T0 + 10 * SECOND, T0 + 20 * SECOND))
    qtbot.keyClick(shown, Qt.Key.Key_S, control)
    assert navigator.view is not None
    assert navigator.view.right - navigator.view.left < 15 * SECOND
