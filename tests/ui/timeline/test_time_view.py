"""The view follows, zooms and pans, and never leaves what there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S
from studio.ui.timeline.time_view import LIVE_KEPT, LIVE_MINIMUM_SPAN, LIVE_SPAN, MINIMUM_SPAN, TimeView

FIRST = 1_700_000_000 * NS_PER_S
RECORDING = TimeView.of_recording(FIRST, FIRST + 600 * NS_PER_S)
moves = st.one_of(
    st.tuples(st.just("zoom"), st.floats(0.01, 100), st.floats(0, 1)),
    st.tuples(st.just("pan"), st.floats(-2, 2), st.just(0.0)),
)


def moved(view: TimeView, move: tuple[str, float, float]) -> TimeView:
    kind, amount, share = move
    if kind == "zoom":
        return view.zoomed(amount, view.left + round(share * view.span))
    return view.panned(round(amount * view.span))


@given(steps=st.lists(moves, max_size=20))
def test_whatever_is_done_the_view_stays_inside(steps: list[tuple[str, float, float]]) -> None:
    view = RECORDING
    for step in steps:
        view = moved(view, step)
        assert view.first <= view.left < view.right <= view.last
        assert view.span >= MINIMUM_SPAN


@given(factor=st.floats(0.01, 1.0), share=st.floats(0, 1))
def test_zooming_in_keeps_the_moment_under_the_pointer(factor: float, share: float) -> None:
    about = RECORDING.left + round(share * RECORDING.span)
    zoomed = RECORDING.zoomed(factor, about)
    assert (about - zoomed.left) / zoomed.span == pytest.approx(share, abs=1e-6)


def test_a_whole_recording_is_in_view_with_a_little_room() -> None:
    assert RECORDING.is_whole
    assert RECORDING.left < FIRST
    assert RECORDING.right > FIRST + 600 * NS_PER_S
    closer = RECORDING.zoomed(0.1, FIRST + 300 * NS_PER_S)
    assert not closer.is_whole
    assert closer.whole() == RECORDING


def test_a_recording_of_one_moment_can_be_shown() -> None:
    view = TimeView.of_recording(FIRST, FIRST)
    assert view.left < FIRST < view.right
    assert view.zoomed(0.001, FIRST).span >= MINIMUM_SPAN


def test_live_follows_the_newest() -> None:
    view = TimeView.live(FIRST).advanced(FIRST + NS_PER_S)
    assert (view.right, view.span, view.following) == (FIRST + NS_PER_S, LIVE_SPAN, True)


def test_scrolling_back_pauses_and_coming_back_follows() -> None:
    view = TimeView.live(FIRST).panned(-NS_PER_S)
    assert not view.following
    later = view.advanced(FIRST + 5 * NS_PER_S)
    assert (later.left, later.right) == (view.left, view.right)
    assert later.panned(6 * NS_PER_S).following
    followed = later.followed()
    assert (followed.right, followed.following) == (FIRST + 5 * NS_PER_S, True)


def test_paused_for_long_it_moves_with_the_oldest_that_is_kept() -> None:
    view = TimeView.live(FIRST).panned(-NS_PER_S).advanced(FIRST + 100 * NS_PER_S)
    assert view.left == FIRST + 100 * NS_PER_S - LIVE_KEPT
    assert view.span == LIVE_SPAN


def test_the_wheel_changes_the_span_of_a_following_view_within_limits() -> None:
    view = TimeView.live(FIRST)
    closer = view.zoomed(0.5, view.left)
    assert (closer.right, closer.span, closer.following) == (FIRST, LIVE_SPAN // 2, True)
    assert view.zoomed(1e-9, view.left).span == LIVE_MINIMUM_SPAN
    assert view.zoomed(1e9, view.left).span == LIVE_KEPT


def test_a_time_out_of_view_is_brought_in_at_the_nearer_edge() -> None:
    view = RECORDING.zoomed(0.1, FIRST + 300 * NS_PER_S)
    assert view.showing(view.left + 5) == view
    assert view.showing(view.left - NS_PER_S).left == view.left - NS_PER_S
    assert view.showing(view.right + NS_PER_S).right == view.right + NS_PER_S
