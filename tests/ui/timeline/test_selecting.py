"""Selecting in a real timeline: by mouse in panels, ruler and overview, by keys, and by typing."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.formats.notes import Note, PutNote
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval
from studio.ui.notes.note_index import NoteIndex, NoteRow
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.theme import Theme
from studio.ui.timeline.selection_bar import SelectionBar
from studio.ui.timeline.timeline import Timeline
from tests.store.recordings import SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
EVENTS = StreamFormat(PayloadKind.EVENT)


@pytest.fixture
def timeline(qtbot: QtBot, tmp_path: Path) -> Iterator[Timeline]:
    path = write_recording(
        tmp_path / "P01.h5",
        {"events": (EVENTS, [(T0 + n * SECOND, Event(str(n))) for n in range(101)]), "none": (EVENTS, [])},
    )
    reader = RealReader()
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(1000, 480)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_recording(described(path))
    qtbot.waitUntil(lambda: reader.is_idle)
    yield widget
    widget.close_streams()
    reader.close()


def axis_of(timeline: Timeline) -> TimeAxis:
    axis = timeline._mouse.axis
    assert axis is not None
    return axis


def plot(timeline: Timeline) -> QWidget:
    return timeline.panels[0].plot


def place(timeline: Timeline, second: float) -> QPoint:
    return QPoint(round(axis_of(timeline).x_of(T0 + round(second * SECOND))), 12)


def drag(qtbot: QtBot, widget: QWidget, begin: QPoint, end: QPoint, modifier: Qt.KeyboardModifier) -> None:
    qtbot.mousePress(widget, LEFT, modifier, begin)
    qtbot.mouseMove(widget, begin + (end - begin) / 2)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, LEFT, modifier, end)


def seconds(interval: TimeInterval | None) -> tuple[float, float]:
    assert interval is not None
    return (interval.left - T0) / SECOND, (interval.right - T0) / SECOND


def test_shift_and_drag_selects_in_either_direction(qtbot: QtBot, timeline: Timeline) -> None:
    drag(qtbot, plot(timeline), place(timeline, 20), place(timeline, 40), SHIFT)
    assert seconds(timeline.navigator.selection) == pytest.approx((20, 40), abs=0.2)
    drag(qtbot, plot(timeline), place(timeline, 80), place(timeline, 60), SHIFT)
    assert seconds(timeline.navigator.selection) == pytest.approx((60, 80), abs=0.2)
    view = timeline.navigator.view
    assert view is not None
    assert view.is_whole


def test_shift_and_clicks_set_the_ends(qtbot: QtBot, timeline: Timeline) -> None:
    qtbot.mouseClick(plot(timeline), LEFT, SHIFT, place(timeline, 10))
    assert seconds(timeline.navigator.selection) == pytest.approx((10, 100), abs=0.2)
    qtbot.mouseClick(plot(timeline), RIGHT, SHIFT, place(timeline, 30))
    assert seconds(timeline.navigator.selection) == pytest.approx((10, 30), abs=0.2)


@pytest.mark.parametrize("where", ["plot", "ruler"])
def test_an_end_can_be_dragged_and_dragged_over_the_other(
    qtbot: QtBot, timeline: Timeline, where: str
) -> None:
    timeline.navigator.set_selection(TimeInterval(T0 + 20 * SECOND, T0 + 40 * SECOND))
    widget = plot(timeline) if where == "plot" else timeline.page.bar.ruler
    drag(qtbot, widget, place(timeline, 40), place(timeline, 50), NONE)
    assert seconds(timeline.navigator.selection) == pytest.approx((20, 50), abs=0.2)
    drag(qtbot, widget, place(timeline, 20), place(timeline, 70), NONE)
    assert seconds(timeline.navigator.selection) == pytest.approx((50, 70), abs=0.2)


def test_selecting_beyond_the_data_stops_at_their_end(qtbot: QtBot, timeline: Timeline) -> None:
    end = QPoint(plot(timeline).width() + 50, 12)
    drag(qtbot, plot(timeline), place(timeline, 90), end, SHIFT)
    assert seconds(timeline.navigator.selection) == pytest.approx((90, 100), abs=0.2)


def test_the_overview_selects_zooms_and_moves(qtbot: QtBot, timeline: Timeline) -> None:
    strip = timeline.page.overview
    parts = strip.parts
    assert parts is not None

    def at(second: float) -> QPoint:
        return QPoint(round(parts.axis.x_of(T0 + round(second * SECOND))), 20)

    drag(qtbot, strip, at(10), at(30), SHIFT)
    assert seconds(timeline.navigator.selection) == pytest.approx((10, 30), abs=0.3)
    drag(qtbot, strip, at(30), at(35), NONE)
    assert seconds(timeline.navigator.selection) == pytest.approx((10, 35), abs=0.3)
    drag(qtbot, strip, QPoint(1, 20), at(50), NONE)
    view = timeline.navigator.view
    assert view is not None
    assert (view.left - T0) / SECOND == pytest.approx(50, abs=0.5)
    drag(qtbot, strip, at(75), at(55), NONE)
    assert timeline.navigator.view is not None
    assert (timeline.navigator.view.left - T0) / SECOND == pytest.approx(30, abs=0.5)
    qtbot.mouseClick(strip, LEFT, NONE, at(5))
    assert timeline.navigator.view.left < T0 + 5 * SECOND < timeline.navigator.view.right
    assert timeline.navigator.cursor_time == pytest.approx(T0 + 5 * SECOND, abs=0.3 * SECOND)


def test_on_the_ruler_a_drag_moves_the_cursor_even_when_it_does_not_follow(
    qtbot: QtBot, timeline: Timeline
) -> None:
    timeline.set_cursor_follows(False)
    before = timeline.navigator.cursor_time
    qtbot.mouseMove(plot(timeline), place(timeline, 50))
    assert timeline.navigator.cursor_time == before
    drag(qtbot, timeline.page.bar.ruler, place(timeline, 20), place(timeline, 30), NONE)
    assert timeline.navigator.cursor_time == pytest.approx(T0 + 30 * SECOND, abs=0.2 * SECOND)
    qtbot.mouseClick(plot(timeline), LEFT, NONE, place(timeline, 60))
    assert timeline.navigator.cursor_time == pytest.approx(T0 + 60 * SECOND, abs=0.2 * SECOND)


def test_while_playing_the_mouse_leaves_the_cursor_and_a_click_is_told(
    qtbot: QtBot, timeline: Timeline
) -> None:
    timeline.navigator.playing = True
    timeline.navigator.play_to(T0 + 10 * SECOND)
    qtbot.mouseMove(plot(timeline), place(timeline, 50))
    assert timeline.navigator.cursor_time == T0 + 10 * SECOND
    with qtbot.waitSignal(timeline.navigator.cursor_moved):
        qtbot.mouseClick(plot(timeline), LEFT, NONE, place(timeline, 60))


def test_keys_clear_and_move_the_selection(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.navigator.set_selection(TimeInterval(T0 + 20 * SECOND, T0 + 40 * SECOND))
    qtbot.keyClick(timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert seconds(timeline.navigator.selection) == (40, 60)
    qtbot.keyClick(timeline, Qt.Key.Key_Escape)
    assert timeline.navigator.selection is None


def typed(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_times_are_typed(qtbot: QtBot, timeline: Timeline) -> None:
    bar = timeline.selection_bar
    typed(qtbot, bar.from_field, "0:10")
    typed(qtbot, bar.to_field, "+3.5")
    assert seconds(timeline.navigator.selection) == (10, 13.5)
    assert bar.duration_field.text() == "00:03.500"
    typed(qtbot, bar.duration_field, "500 ms")
    assert seconds(timeline.navigator.selection) == (10, 10.5)
    typed(qtbot, bar.cursor_field, "50%")
    assert timeline.navigator.cursor_time == T0 + 50 * SECOND


def test_a_narrow_bar_shows_the_selection_and_leaves_the_rest(qtbot: QtBot, timeline: Timeline) -> None:
    bar = SelectionBar(Theme("light"), timeline.navigator)
    qtbot.addWidget(bar)
    bar.resize(900, 32)
    bar.show()
    bar.show_times(timeline.timing, 3)
    assert bar.duration_field.isVisible()
    bar.resize(300, 32)
    qtbot.waitUntil(lambda: not bar.duration_field.isVisible())
    assert bar.from_field.isVisible()

    def is_apart() -> bool:
        shown = [part for part in bar.findChildren(QWidget) if part.isVisible() and part.parent() is bar]
        places = sorted((part.geometry().left(), part.geometry().right()) for part in shown)
        return all(one[1] < following[0] for one, following in pairwise(places))

    qtbot.waitUntil(is_apart)
    bar.resize(900, 32)
    qtbot.waitUntil(lambda: bar.duration_field.isVisible())


def test_what_is_no_time_changes_nothing_and_is_said(qtbot: QtBot, timeline: Timeline) -> None:
    bar = timeline.selection_bar
    typed(qtbot, bar.from_field, "soon")
    assert timeline.navigator.selection is None
    assert bar.from_field.property("wrong")
    assert "soon" in bar.from_field.toolTip()
    qtbot.keyClick(bar.from_field, Qt.Key.Key_Escape)
    assert not bar.from_field.property("wrong")
    assert bar.from_field.text() == ""


def test_a_selection_outside_of_the_data_is_cut_with_a_word(qtbot: QtBot, timeline: Timeline) -> None:
    with qtbot.waitSignal(timeline.noted) as told:
        typed(qtbot, timeline.selection_bar.to_field, "2262-01-01")
    assert "cut" in told.args[0]
    assert seconds(timeline.navigator.selection) == (0, 100)


def test_the_cursor_snaps_to_messages_and_steps_along_them(qtbot: QtBot, timeline: Timeline) -> None:
    moves, navigator = timeline.cursor_moves, timeline.navigator
    moves.snap_to(StreamRef(timeline.recordings[0].path, "events"))
    qtbot.mouseMove(plot(timeline), place(timeline, 20.3))
    qtbot.waitUntil(lambda: navigator.cursor_time == T0 + 20 * SECOND)
    moves.step_on()
    qtbot.waitUntil(lambda: navigator.cursor_time == T0 + 21 * SECOND)
    moves.step(-2)
    qtbot.waitUntil(lambda: navigator.cursor_time == T0 + 19 * SECOND)
    navigator.move_cursor(T0 + 100 * SECOND)
    with qtbot.assertNotEmitted(navigator.cursor_moved, wait=100):
        moves.step_on()


def test_a_click_on_a_header_picks_what_steps_go_along(qtbot: QtBot, timeline: Timeline) -> None:
    qtbot.mouseClick(timeline.panels[0].header, LEFT, NONE, QPoint(20, 8))
    assert timeline.selection_bar.words == "steps along events"
    timeline.navigator.move_cursor(T0 + 20 * SECOND + 1)
    timeline.cursor_moves.step_on()
    qtbot.waitUntil(lambda: timeline.navigator.cursor_time == T0 + 21 * SECOND)


def test_without_messages_a_step_is_a_picture_and_snapping_leaves_the_cursor(
    qtbot: QtBot, timeline: Timeline
) -> None:
    moves, navigator = timeline.cursor_moves, timeline.navigator
    navigator.move_cursor(T0 + 10 * SECOND)
    moves.step_on()
    assert navigator.cursor_time == T0 + 10 * SECOND + SECOND // 30
    moves.snap_to(StreamRef(timeline.recordings[0].path, "none"))
    before = navigator.cursor_time
    with qtbot.assertNotEmitted(navigator.cursor_moved, wait=100):
        qtbot.mouseMove(plot(timeline), place(timeline, 70))
    assert navigator.cursor_time == before


def test_an_end_of_the_selection_is_put_on_an_edge_it_comes_near_to_unless_alt_is_held(
    qtbot: QtBot, timeline: Timeline
) -> None:
    index = NoteIndex()
    edges = (T0 + 20 * SECOND + 7, T0 + 40 * SECOND + 9)
    index.take([PutNote(Note(id="n", track="Notes", time=edges[0], end_time=edges[1]))])
    timeline._mouse.edge_near = index.rows["Notes"].edge_near
    for first, last, modifiers, wanted in (
        (20.3, 39.8, SHIFT, edges),
        (39.8, 20.3, SHIFT, edges),
        (20.3, 60, SHIFT, (edges[0], None)),
        (20.3, 39.8, SHIFT | Qt.KeyboardModifier.AltModifier, (None, None)),
    ):
        qtbot.mousePress(plot(timeline), LEFT, modifiers, place(timeline, first))
        send_move(timeline, (first + last) / 2, modifiers)
        send_move(timeline, last, modifiers)
        qtbot.mouseRelease(plot(timeline), LEFT, modifiers, place(timeline, last))
        selection = timeline.navigator.selection
        assert selection is not None
        for end, exact in zip((selection.left, selection.right), wanted, strict=True):
            assert (end == exact) if exact is not None else (end not in edges)
        timeline.navigator.clear_selection()


def send_move(timeline: Timeline, second: float, modifiers: Qt.KeyboardModifier) -> None:
    at, widget = place(timeline, second), plot(timeline)
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)), LEFT, LEFT, modifiers
    )
    QApplication.sendEvent(widget, event)


def test_without_notes_there_is_no_edge() -> None:
    assert NoteRow().edge_near(T0, SECOND) is None
