"""Ten minutes of a clock, and what is drawn of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.clock_history import KEPT, SyncHistory
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import Reference, SyncState, SyncStatus
from tests.lab.clock_scenes import NOW, SCENES, SYNCHRONISED, history_of


def fed(seconds: int, **changes: object) -> SyncHistory:
    history = SyncHistory()
    for second in range(seconds):
        sync = replace(SYNCHRONISED, last_reply=NOW + second * NS_PER_S, rate_ppm=0.0)
        history.take(replace(sync, **changes), NOW + second * NS_PER_S)  # type: ignore[arg-type]
    return history


def test_ten_minutes_are_kept_and_no_more_often_than_each_second() -> None:
    history = SyncHistory()
    for tenth in range(7000):
        now = NOW + tenth * NS_PER_S // 10
        history.take(replace(SYNCHRONISED, last_reply=now, rate_ppm=0.0), now)
    curve = history.curve()
    assert len(curve.times) == 601
    assert curve.times[-1] - curve.times[0] == KEPT


def test_a_steady_drift_is_no_correction() -> None:
    history = SyncHistory()
    for second in range(300):
        offset = 3 * NS_PER_S + second * 20_000
        history.take(replace(SYNCHRONISED, offset=offset, rate_ppm=20.0), NOW + second * NS_PER_S)
    assert np.max(np.abs(history.curve().corrections)) < 1.0
    assert history.curve().steps == ()


def test_who_comes_later_begins_with_what_was_seen_before() -> None:
    whole, early, late = SyncHistory(), SyncHistory(), SyncHistory()
    for second in range(300):
        offset = 3 * NS_PER_S + (250 * NS_PER_MS if second >= 200 else 0)
        now = NOW + second * NS_PER_S
        sync = replace(SYNCHRONISED, last_reply=now, rate_ppm=0.0, offset=offset)
        whole.take(sync, now)
        if second < 250:
            early.take(sync, now)
        if second >= 240:
            late.take(sync, now)
    late.begin_with(early.past())
    assert late.past() == whole.past()
    assert len(late.past().steps) == 1
    late.begin_with(early.past())
    assert late.past() == whole.past()  # heard twice


def test_the_past_of_another_reference_is_not_taken_up() -> None:
    ours, theirs = fed(10), fed(20, reference=Reference("10.0.0.9", 11511, "OTHER"))
    before = ours.past()
    ours.begin_with(theirs.past())
    ours.begin_with(SyncHistory().past())
    assert ours.past() == before
    empty = SyncHistory()
    empty.begin_with(theirs.past())
    assert empty.past() == theirs.past()


@given(
    st.integers(-500, 500), st.integers(-(10**15), 10**15), st.lists(st.integers(-9_000, 9_000), min_size=3)
)
def test_what_is_drawn_is_the_offset_less_a_straight_line(ppm: int, base: int, wander: list[int]) -> None:
    history = SyncHistory()
    for second, extra in enumerate(wander):
        sync = replace(SYNCHRONISED, offset=base + second * ppm * 1000 + extra, rate_ppm=float(ppm))
        history.take(sync, NOW + second * NS_PER_S)
    curve = history.curve()
    slopes = np.polyfit(np.arange(len(wander)), np.array(wander, float), 1)
    expected = np.array(wander) - np.polyval(slopes, np.arange(len(wander)))
    assert curve.steps == ()
    assert np.allclose(curve.corrections, expected, atol=1.0)


def test_a_step_of_the_reference_is_marked_once_with_its_size_and_begins_a_new_line() -> None:
    history = SyncHistory()
    for second in range(60):
        step = 8 * NS_PER_MS if second >= 30 else 0
        history.take(replace(SYNCHRONISED, offset=step, rate_ppm=0.0), NOW + second * NS_PER_S)
    curve = history.curve()
    assert [step.size for step in curve.steps] == [8 * NS_PER_MS]
    assert curve.stretches == (slice(0, 30), slice(30, 60))
    assert np.max(np.abs(curve.corrections)) < 1.0


def test_a_step_that_is_held_while_recording_is_marked_though_the_offset_stays() -> None:
    history = fed(30)
    held = replace(SYNCHRONISED, state=SyncState.DEGRADED, held_step=250 * NS_PER_MS, rate_ppm=0.0)
    for second in range(30, 40):
        history.take(held, NOW + second * NS_PER_S)
    assert [step.size for step in history.curve().steps] == [250 * NS_PER_MS]


def test_a_wide_bound_makes_no_step_of_a_restless_estimate() -> None:
    history = SyncHistory()
    for second in range(60):
        sync = replace(SYNCHRONISED, offset=(second % 2) * 900_000, bound=3 * NS_PER_MS, rate_ppm=0.0)
        history.take(sync, NOW + second * NS_PER_S)
    assert history.curve().steps == ()


def test_without_replies_points_are_stale_and_a_pause_of_the_window_parts_the_line() -> None:
    curve = history_of(SCENES["holdover"]).curve()
    stale = int(np.count_nonzero(~curve.is_fresh))
    assert 25 <= stale <= 28  # 42 s of silence, the first 15 of which are nothing to speak of
    history = fed(5)
    history.take(replace(SYNCHRONISED, last_reply=NOW + 60 * NS_PER_S), NOW + 60 * NS_PER_S)
    assert history.curve().stretches == (slice(0, 5), slice(5, 6))


def test_another_reference_begins_anew_and_reconnecting_forgets_nothing() -> None:
    history = fed(20)
    history.take(SyncStatus(state=SyncState.CONNECTING, reference=SYNCHRONISED.reference), NOW)
    assert len(history.curve().times) == 20
    history.take(SyncStatus(state=SyncState.CONNECTING, reference=Reference("10.0.0.9", 11511)), NOW)
    assert len(history.curve().times) == 0


@pytest.mark.parametrize("state", [SyncState.OWN, SyncState.REFERENCE, SyncState.SELF, SyncState.ERROR])
def test_who_follows_nobody_has_no_history(state: SyncState) -> None:
    assert not SyncHistory().take(replace(SYNCHRONISED, state=state), NOW)
