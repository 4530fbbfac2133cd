"""Intervals against the plain question: is this time inside? (decision 2, rules E145-E147)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import TIME_MAX, TIME_MIN, TimeInterval

POINTS = st.integers(-20, 20)
INTERVALS = st.tuples(POINTS, POINTS, st.booleans(), st.booleans()).map(
    lambda t: TimeInterval(min(t[:2]), max(t[:2]), t[2], t[3])
)


@pytest.mark.rules("E145")
def test_built_from_two_times_both_are_inside() -> None:
    interval = TimeInterval(3, 5)
    assert [time for time in range(10) if interval.contains(time)] == [3, 4, 5]
    assert interval.span == 2


def test_unbounded_ends_are_known_and_have_no_length() -> None:
    assert not TimeInterval.INFINITE.is_left_bounded
    assert not TimeInterval.INFINITE.is_right_bounded
    assert TimeInterval.INFINITE.contains(0)
    assert (TimeInterval.INFINITE.left, TimeInterval.INFINITE.right) == (TIME_MIN, TIME_MAX)
    with pytest.raises(ValueError, match="no length"):
        _ = TimeInterval(5).span


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match="5 > 4"):
        TimeInterval(5, 4)


@given(INTERVALS)
def test_an_empty_interval_contains_nothing(interval: TimeInterval) -> None:
    assert interval.is_empty is (interval.left == interval.right and not interval.contains(interval.left))


@pytest.mark.rules("E147")
@given(INTERVALS, INTERVALS, POINTS)
def test_an_intersection_contains_what_both_contain(a: TimeInterval, b: TimeInterval, time: int) -> None:
    both = a.intersection(b)
    if a.contains(time) and b.contains(time):
        assert both.contains(time)
    elif both.left != both.right:
        assert not both.contains(time)
    assert both == b.intersection(a)


@pytest.mark.rules("E146")
@given(st.lists(INTERVALS, max_size=6), POINTS)
def test_the_coverage_reaches_from_the_first_to_the_last(intervals: list[TimeInterval], time: int) -> None:
    coverage = TimeInterval.coverage(intervals)
    kept = [interval for interval in intervals if not interval.is_empty]
    if not kept:
        assert coverage is None
        return
    assert coverage is not None
    if any(interval.contains(time) for interval in kept):
        assert coverage.contains(time)
    assert coverage.left == min(interval.left for interval in kept)
    assert coverage.right == max(interval.right for interval in kept)


def test_equal_ends_prefer_to_include() -> None:
    open_left = TimeInterval(1, 5, left_inclusive=False)
    open_right = TimeInterval(1, 5, right_inclusive=False)
    assert TimeInterval.coverage([open_left, open_right]) == TimeInterval(1, 5)
    assert open_left.intersection(open_right) == TimeInterval(1, 5, False, False)
