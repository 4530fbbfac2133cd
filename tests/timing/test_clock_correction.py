"""Correcting times afterwards, against known truth: drift, jitter, steps, other references."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.timing.clock_correction import Correction, correct_log
from studio.timing.clock_map import ClockMap, Int64s
from studio.timing.segments import Segment, SegmentLine
from studio.timing.sync_status import ClockLog
from tests.timing.simulated_following import (
    BEGIN,
    JITTERY,
    LAN,
    MS,
    SECOND,
    US,
    UTC,
    Path,
    Truth,
    drifting,
    follow,
    set_by,
)


def corrected(log: ClockLog, seconds: int, *, follow_steps: bool = True) -> Correction:
    line = SegmentLine(log.segments)
    end = line.time_at(BEGIN + seconds * SECOND)
    return correct_log(log, line.time_at(BEGIN), end, follow_steps=follow_steps)


def errors(log: ClockLog, truth: Truth, seconds: int, correction: Correction | None) -> Int64s:
    """Of the times that were recorded (or corrected) at many moments, ns."""
    line = SegmentLine(log.segments)
    moments = range(BEGIN, BEGIN + seconds * SECOND, 333 * MS)
    recorded = np.array([line.time_at(moment) for moment in moments])
    shown = recorded if correction is None else correction.clock_map.correct(recorded)
    return np.asarray(np.abs(shown - np.array([truth(moment) for moment in moments])), np.int64)


def holds(log: ClockLog, truth: Truth, seconds: int, correction: Correction) -> bool:
    """Whether at every moment the error is within the bound that is told for it."""
    moments = np.arange(BEGIN, BEGIN + seconds * SECOND, 333 * MS)
    told = np.array(correction.bounds)
    place = np.clip(np.searchsorted(told[:, 0], moments, side="right") - 1, 0, None)
    return bool((errors(log, truth, seconds, correction) <= told[place, 1]).all())


def p99(values: Int64s) -> float:
    return float(np.quantile(values, 0.99))


@pytest.mark.parametrize(
    ("path", "ppm", "median_us", "worst_us"),
    [(LAN, 20.0, 8, 30), (LAN, -90.0, 8, 30), (JITTERY, 20.0, 160, 400)],
    ids=["lan", "fast drift", "5 ± 3 ms"],
)
def test_what_is_corrected_lies_nearer_to_the_truth_and_within_its_bound(
    path: Path, ppm: float, median_us: float, worst_us: float
) -> None:
    truth = drifting(ppm=ppm)
    log = follow(200, truth, path)
    correction = corrected(log, 200)
    before, after = errors(log, truth, 200, None), errors(log, truth, 200, correction)
    print(
        f"as recorded {np.median(before) / US:.1f} / {p99(before) / US:.1f} µs, "
        f"corrected {np.median(after) / US:.1f} / {p99(after) / US:.1f} / {after.max() / US:.1f} µs"
    )
    assert np.median(after) <= median_us * US
    assert after.max() <= worst_us * US
    assert holds(log, truth, 200, correction)
    assert len(correction.pieces) == 1
    told = correction.bound_figures
    assert told[0] <= told[1] <= told[2] == max(bound for _, bound in correction.bounds)


def test_a_clock_that_was_never_followed_is_put_right_afterwards() -> None:
    truth = drifting(offset=3500 * MS, ppm=-40.0)
    log = follow(200, truth)
    own = (Segment(BEGIN - 100 * SECOND, BEGIN - 100 * SECOND + UTC, 0),)
    log = ClockLog(probes=log.probes, segments=own, references=log.references)
    correction = corrected(log, 200)
    assert errors(log, truth, 200, None).min() > 3400 * MS
    assert errors(log, truth, 200, correction).max() < 30 * US
    assert correction.clock_map.largest_change == pytest.approx(3500 * MS, abs=5 * MS)


@pytest.mark.parametrize("step", [8 * MS, 250 * MS, 90 * SECOND], ids=["8 ms", "250 ms", "asleep for 90 s"])
def test_where_the_reference_is_set_ahead_the_corrected_time_jumps(step: int) -> None:
    truth = set_by(drifting(), 100, step)
    log = follow(200, truth)
    correction = corrected(log, 200)
    after = errors(log, truth, 200, correction)
    assert [piece.is_step for piece in correction.pieces] == [False, True]
    assert correction.pieces[1].jump == pytest.approx(step, abs=100 * US)
    assert correction.pieces[1].held == 0
    moved = slice(95 * 3, 106 * 3)  # between the last burst before and the first after nobody knows
    assert np.delete(after, moved).max() < 40 * US
    assert after.max() <= step + 40 * US
    assert holds(log, truth, 200, correction)
    assert correction.bound_figures[0] < MS


def test_where_the_reference_is_set_back_the_corrected_time_goes_on() -> None:
    truth = set_by(drifting(), 100, -250 * MS)
    log = follow(200, truth)
    correction = corrected(log, 200)
    first, second = correction.pieces
    assert (first.held, second.jump) == (0, 1)
    assert second.held == pytest.approx(250 * MS, abs=MS)
    assert (np.diff(correction.clock_map.corrected) > 0).all()
    goes_on = drifting()
    assert errors(log, goes_on, 200, correction).max() < 100 * US


def test_steps_can_be_kept_out() -> None:
    truth = set_by(drifting(), 100, 250 * MS)
    log = follow(200, truth)
    correction = corrected(log, 200, follow_steps=False)
    assert errors(log, drifting(), 200, correction).max() < 100 * US
    assert correction.pieces[1].held == pytest.approx(-250 * MS, abs=MS)


def test_another_reference_begins_another_piece() -> None:
    one, other = drifting(), drifting(offset=260 * MS, ppm=-10.0)

    def truth(moment: int) -> int:
        return one(moment) if moment < BEGIN + 100 * SECOND else other(moment)

    log = follow(200, truth, reference=lambda moment: int(moment >= BEGIN + 100 * SECOND))
    correction = corrected(log, 200)
    assert [(piece.reference, piece.is_step) for piece in correction.pieces] == [(0, False), (1, False)]
    after = errors(log, truth, 200, correction)
    assert np.delete(after, slice(94 * 3, 106 * 3)).max() < 40 * US


def test_the_corrected_line_says_the_same_as_the_map() -> None:
    log = follow(120, set_by(drifting(), 60, 250 * MS))
    correction = corrected(log, 120)
    line = SegmentLine(log.segments)
    moments = np.arange(BEGIN, BEGIN + 120 * SECOND, 77 * MS)
    by_map = correction.clock_map.correct([line.time_at(int(moment)) for moment in moments])
    by_line = np.array([correction.line.time_at(int(moment)) for moment in moments])
    assert np.abs(by_map - by_line).max() <= 3
    for first, second in pairwise(correction.line.segments):
        assert second.time >= first.time_at(second.monotonic) - 1


def test_what_cannot_be_corrected_is_said() -> None:
    log = follow(20, drifting())
    with pytest.raises(ValueError, match="answered"):
        correct_log(ClockLog(segments=log.segments), 0, 1)
    with pytest.raises(ValueError, match="which clock"):
        correct_log(ClockLog(probes=log.probes), 0, 1)


KNOTS = st.lists(
    st.tuples(st.integers(1, 20 * SECOND), st.integers(-(5 * MS), 300 * SECOND)), min_size=1, max_size=12
)


@settings(deadline=None)
@given(KNOTS, st.lists(st.integers(-SECOND, 300 * SECOND), min_size=1, max_size=30))
def test_a_map_goes_through_its_knots_and_never_changes_an_order(
    steps: list[tuple[int, int]], times: list[int]
) -> None:
    recorded = UTC + np.cumsum([step for step, _ in steps])
    corrected_times = 5 * SECOND + UTC + np.cumsum([max(1, step + change) for step, change in steps])
    clock_map = ClockMap(recorded, corrected_times)
    assert clock_map.correct(recorded).tolist() == corrected_times.tolist()
    given_times = np.sort(UTC + np.array(times))
    found = clock_map.correct(given_times)
    assert (np.diff(found) >= 0).all()
    assert [clock_map.correct_time(int(time)) for time in given_times] == found.tolist()
    assert np.abs(found - given_times).max() <= clock_map.largest_change


@pytest.mark.parametrize(("recorded", "times"), [([], []), ([1, 1], [1, 2]), ([1, 2], [2, 2]), ([1, 2], [1])])
def test_a_map_whose_times_do_not_increase_is_refused(recorded: list[int], times: list[int]) -> None:
    with pytest.raises(ValueError, match="a map"):
        ClockMap(np.array(recorded, np.int64), np.array(times, np.int64))


@settings(deadline=None, max_examples=6)
@given(
    st.integers(-100, 100),
    st.lists(st.tuples(st.integers(20, 80), st.integers(-300 * MS, 300 * MS)), max_size=2),
    st.integers(0, 99),
    st.booleans(),
)
def test_corrected_times_always_increase(
    ppm: int, steps: list[tuple[int, int]], seed: int, follow_steps: bool
) -> None:
    truth = drifting(ppm=ppm)
    for at_s, step in steps:
        truth = set_by(truth, at_s, step)
    log = follow(100, truth, seed=seed)
    correction = corrected(log, 100, follow_steps=follow_steps)
    assert (np.diff(correction.clock_map.corrected) > 0).all()
    assert all(second.begin_time == first.end_time for first, second in pairwise(correction.pieces))
