"""A selection lies inside the recording, and says when it had to be cut."""

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from studio.timing import NS_PER_S, TimeInterval
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.selection import clamped, shifted, with_end, with_start
from studio.ui.timeline.time_view import TimeView

EXTENT = TimeInterval(1000, 2000)
times = st.integers(-(2**62), 2**62)


def reviewing(seconds: int = 100) -> Navigator:
    navigator = Navigator()
    extent = TimeInterval(NS_PER_S, (1 + seconds) * NS_PER_S)
    view = TimeView.of_recording(extent.left, extent.right)
    navigator.begin(view, origin_time=extent.left, cursor_time=extent.left, extent=extent)
    return navigator


def test_what_lies_inside_is_left_alone() -> None:
    done = clamped(TimeInterval(1200, 1300), EXTENT)
    assert (done.interval, done.word) == (TimeInterval(1200, 1300), "")


def test_what_reaches_out_is_cut_and_what_lies_outside_stands_at_the_nearer_end() -> None:
    assert clamped(TimeInterval(900, 1300), EXTENT).interval == TimeInterval(1000, 1300)
    before, behind = clamped(TimeInterval(1, 2), EXTENT), clamped(TimeInterval(3000, 4000), EXTENT)
    assert (before.interval, behind.interval) == (TimeInterval(1000, 1000), TimeInterval(2000, 2000))
    assert "before" in before.word
    assert "behind" in behind.word


@given(times, times)
def test_a_selection_is_always_inside(one: int, other: int) -> None:
    inside = clamped(TimeInterval(min(one, other), max(one, other)), EXTENT).interval
    assert EXTENT.left <= inside.left <= inside.right <= EXTENT.right


@given(times, times)
def test_either_end_may_be_set_first_and_beyond_the_other(start: int, end: int) -> None:
    first = with_end(with_start(None, start, EXTENT), end, EXTENT)
    assert first.right == end
    second = with_start(with_end(None, end, EXTENT), start, EXTENT)
    assert second.left == start


def test_a_selection_moves_by_its_own_length_up_to_the_ends() -> None:
    selected = TimeInterval(1100, 1400)
    assert shifted(selected, 1, EXTENT) == TimeInterval(1400, 1700)
    assert shifted(selected, -1, EXTENT) == TimeInterval(1000, 1300)
    assert shifted(selected, 9, EXTENT) == TimeInterval(1700, 2000)


def test_a_new_selection_is_told_once_and_a_cut_one_with_a_word(qtbot: QtBot) -> None:
    navigator = reviewing()
    told: list[str] = []
    navigator.selection_clamped.connect(told.append)
    with qtbot.waitSignal(navigator.selection_changed):
        navigator.set_selection(TimeInterval(0, 5 * NS_PER_S))
    assert navigator.selection == TimeInterval(NS_PER_S, 5 * NS_PER_S)
    assert len(told) == 1
    with qtbot.assertNotEmitted(navigator.selection_changed):
        navigator.set_selection(TimeInterval(NS_PER_S, 5 * NS_PER_S))
    with qtbot.waitSignal(navigator.selection_changed):
        navigator.clear_selection()
    assert navigator.selection is None


def test_in_and_out_at_the_cursor_and_the_cursor_to_both_ends() -> None:
    navigator = reviewing()
    navigator.set_cursor(10 * NS_PER_S)
    navigator.select_from_cursor()
    navigator.set_cursor(20 * NS_PER_S)
    navigator.select_to_cursor()
    assert navigator.selection == TimeInterval(10 * NS_PER_S, 20 * NS_PER_S)
    navigator.cursor_to_selection_start()
    assert navigator.cursor_time == 10 * NS_PER_S
    navigator.cursor_to_selection_end()
    assert navigator.cursor_time == 20 * NS_PER_S


def test_the_view_of_a_selection_leaves_room_for_its_ends() -> None:
    navigator = reviewing()
    navigator.set_selection(TimeInterval(10 * NS_PER_S, 20 * NS_PER_S))
    navigator.zoom_selection()
    assert navigator.view is not None
    assert (navigator.view.left, navigator.view.right) == (9 * NS_PER_S, 21 * NS_PER_S)


def test_a_selection_of_no_length_can_be_looked_at() -> None:
    navigator = reviewing()
    navigator.set_selection(TimeInterval(10 * NS_PER_S, 10 * NS_PER_S))
    navigator.zoom_selection()
    assert navigator.view is not None
    assert navigator.view.span > 0


def test_live_nothing_can_be_selected() -> None:
    navigator = Navigator()
    navigator.begin(TimeView.live(100 * NS_PER_S), origin_time=0, cursor_time=None)
    navigator.set_selection(TimeInterval(0, 5))
    assert navigator.selection is None


def test_playback_keeps_the_cursor_in_view_and_is_not_taken_for_the_user(qtbot: QtBot) -> None:
    navigator = reviewing()
    navigator.zoom_to(TimeInterval(10 * NS_PER_S, 20 * NS_PER_S))
    with qtbot.assertNotEmitted(navigator.cursor_moved), qtbot.waitSignal(navigator.changed):
        navigator.play_to(30 * NS_PER_S)
    assert navigator.cursor_time == 30 * NS_PER_S
    assert navigator.view is not None
    assert navigator.view.left < 30 * NS_PER_S < navigator.view.right


def test_what_grows_keeps_selection_and_view_and_what_shrinks_cuts_them() -> None:
    navigator = reviewing()
    navigator.zoom_to(TimeInterval(50 * NS_PER_S, 60 * NS_PER_S))
    navigator.set_selection(TimeInterval(50 * NS_PER_S, 60 * NS_PER_S))
    view = navigator.view
    assert view is not None
    grown = TimeInterval(NS_PER_S, 200 * NS_PER_S)
    navigator.take_extent(grown, view.grown(grown.left, grown.right))
    assert navigator.selection == TimeInterval(50 * NS_PER_S, 60 * NS_PER_S)
    assert (navigator.view.left, navigator.view.right) == (view.left, view.right)
    less = TimeInterval(NS_PER_S, 55 * NS_PER_S)
    navigator.take_extent(less, navigator.view.grown(less.left, less.right))
    assert navigator.selection == TimeInterval(50 * NS_PER_S, 55 * NS_PER_S)
    assert navigator.view.right <= 56 * NS_PER_S
