"""Moves change view and cursor, and tell it once."""

from pytestqt.qtbot import QtBot

from studio.timing import NS_PER_S
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.time_view import TimeView

FIRST = 1_700_000_000 * NS_PER_S


def reviewing() -> Navigator:
    navigator = Navigator()
    view = TimeView.of_recording(FIRST, FIRST + 100 * NS_PER_S)
    navigator.begin(view, origin_time=FIRST, cursor_time=FIRST + 10 * NS_PER_S)
    return navigator


def view_of(navigator: Navigator) -> TimeView:
    assert navigator.view is not None
    return navigator.view


def test_space_holds_the_live_view_and_lets_it_go_on() -> None:
    navigator = Navigator()
    navigator.begin(TimeView.live(100 * NS_PER_S), origin_time=0, cursor_time=None)
    navigator.hold_or_follow()
    navigator.advance(103 * NS_PER_S)
    assert navigator.view is not None
    assert (navigator.view.right, navigator.view.following) == (100 * NS_PER_S, False)
    navigator.hold_or_follow()
    assert (navigator.view.right, navigator.view.following) == (103 * NS_PER_S, True)


def test_without_a_view_all_moves_do_nothing() -> None:
    navigator = Navigator()
    for move in (navigator.zoom_in, navigator.zoom_out, navigator.go_home, navigator.go_end):
        move()
    navigator.pan(5)
    navigator.move_cursor(5)
    assert navigator.view is None
    assert navigator.cursor_time is None


def test_keys_zoom_about_the_cursor(qtbot: QtBot) -> None:
    navigator = reviewing()
    before = view_of(navigator)
    with qtbot.waitSignal(navigator.changed):
        navigator.zoom_in()
    after = view_of(navigator)
    cursor = navigator.cursor_time or 0
    assert after.span == before.span // 2
    share = (cursor - after.left) / after.span
    assert abs(share - (cursor - before.left) / before.span) < 1e-6


def test_home_and_end_take_the_cursor_along(qtbot: QtBot) -> None:
    navigator = reviewing()
    navigator.zoom_in()
    with qtbot.waitSignal(navigator.cursor_moved):
        navigator.go_end()
    assert view_of(navigator).right == view_of(navigator).last == navigator.cursor_time
    navigator.go_home()
    assert view_of(navigator).left == view_of(navigator).first
    assert navigator.cursor_time == FIRST


def test_end_of_a_live_view_follows() -> None:
    navigator = Navigator()
    navigator.begin(TimeView.live(FIRST), origin_time=FIRST, cursor_time=None)
    navigator.pan(-NS_PER_S)
    assert not view_of(navigator).following
    navigator.go_end()
    assert view_of(navigator).following


def test_the_cursor_can_be_moved_out_of_view_and_is_brought_in() -> None:
    navigator = reviewing()
    navigator.zoom_in()
    navigator.move_cursor(FIRST + 99 * NS_PER_S)
    assert view_of(navigator).left <= FIRST + 99 * NS_PER_S <= view_of(navigator).right
    navigator.move_cursor(FIRST + 10**6 * NS_PER_S)
    assert navigator.cursor_time == view_of(navigator).last


def test_the_same_again_is_not_told(qtbot: QtBot) -> None:
    navigator = reviewing()
    with qtbot.assertNotEmitted(navigator.changed):
        navigator.set_cursor(navigator.cursor_time)
        navigator.zoom_session()
