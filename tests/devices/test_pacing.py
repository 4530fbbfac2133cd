"""Keeping time: the grid is exact for any rate, and no block is early, lost or doubled."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices.pacing import SampleGrid, run_paced
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock
from tests.waiting import wait_until

START = 1_780_000_000 * NS_PER_S
RATES = st.one_of(st.sampled_from([29.97, 44_100.0, 30_000.0, 48_000.0, 1e9]), st.floats(0.01, 200_000.0))


@given(rate=RATES, index=st.integers(0, 10**9))
def test_counting_is_the_inverse_of_placing(rate: float, index: int) -> None:
    grid = SampleGrid.of(START, rate)
    time = grid.time_of(index)
    assert grid.time_of(index + 1) > time
    assert grid.count_until(time) == index + 1
    assert grid.count_until(time - 1) == index


@given(rate=RATES, elapsed=st.integers(0, 10**13))
def test_what_has_been_taken_is_not_in_the_future(rate: float, elapsed: int) -> None:
    grid = SampleGrid.of(START, rate)
    count = grid.count_until(START + elapsed)
    assert grid.time_of(count - 1) <= START + elapsed < grid.time_of(count)


def test_before_its_start_nothing_has_been_taken() -> None:
    assert SampleGrid.of(START, 100.0).count_until(START - 1) == 0


def test_a_day_of_samples_does_not_drift() -> None:
    assert SampleGrid.of(START, 44_100.0).time_of(44_100 * 86_400) == START + 86_400 * NS_PER_S


@pytest.mark.parametrize("rate", [0.0, -1.0, 2e9, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_kept_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        SampleGrid.of(START, rate)


def test_blocks_come_when_due_and_the_rest_at_the_end() -> None:
    clock = SystemClock()
    grid = SampleGrid.of(clock.now(), 1000.0)
    cancelled = threading.Event()
    posted: list[tuple[int, int]] = []

    def post(first: int, count: int) -> None:
        assert clock.now() >= grid.time_of(first + count - 1)
        posted.append((first, count))
        if len(posted) == 5:
            wait_until(lambda: clock.now() > final_time)
            cancelled.set()

    final_time = grid.time_of(57)
    run_paced(cancelled, clock, grid, 10, final_time=lambda: final_time, post=post)
    assert posted[:5] == [(0, 10), (10, 10), (20, 10), (30, 10), (40, 10)]
    assert posted[5:] == [(50, 8)]


def test_a_late_start_is_made_up_for() -> None:
    clock = SystemClock()
    grid = SampleGrid.of(clock.now() - 300 * NS_PER_MS, 100.0)
    cancelled = threading.Event()
    cancelled.set()
    posted: list[tuple[int, int]] = []
    run_paced(cancelled, clock, grid, 7, final_time=clock.now, post=lambda f, c: posted.append((f, c)))
    assert sum(count for _, count in posted) == grid.count_until(grid.start + 300 * NS_PER_MS)
    assert [first for first, _ in posted] == list(range(0, len(posted) * 7, 7))
