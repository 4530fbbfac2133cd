"""Count, sum, min, max, average, std, aggregates (rules E192, E227)."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Emitter, Pipeline, generators
from studio.engine.operators import array_statistics
from studio.engine.operators.values import Values
from tests.engine.components import MS
from tests.engine.operators.streams import collect, each_ms, values

SEVEN = each_ms(range(7))
SOME_NONE = each_ms([None, None, None, 3, 4, 5, 6])
MIXED = each_ms([5, 6, 4, 2, 3, 1, 9])


def is_even(x: Any) -> bool:
    return bool(x % 2 == 0)


@pytest.mark.rules("E227")
def test_count() -> None:
    assert values(lambda s: s.count(), SEVEN) == [1, 2, 3, 4, 5, 6, 7]
    assert values(lambda s: s.count(is_even), SEVEN) == [1, 2, 3, 4]
    assert values(lambda s: s.count(time_span=4 * MS), SEVEN) == [1, 2, 3, 4, 5, 5, 5]


@pytest.mark.rules("E227")
@pytest.mark.parametrize("number", [int, float, Decimal])
def test_sum(number: type) -> None:
    data = each_ms(map(number, range(7)))
    assert values(lambda s: s.sum(), data) == [0, 1, 3, 6, 10, 15, 21]
    assert values(lambda s: s.sum(is_even), data) == [0, 2, 6, 12]
    assert values(lambda s: s.sum(size=4), data) == [6, 10, 14, 18]
    assert values(lambda s: s.sum(time_span=4 * MS), data) == [0, 1, 3, 6, 10, 15, 20]


@pytest.mark.rules("E227")
@pytest.mark.parametrize("number", [int, float, Decimal])
def test_average(number: type) -> None:
    data = each_ms(map(number, range(7)))
    assert values(lambda s: s.average(), data) == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert values(lambda s: s.average(is_even), data) == [0, 1, 2, 3]
    assert values(lambda s: s.average(size=4), data) == [1.5, 2.5, 3.5, 4.5]
    assert values(lambda s: s.average(time_span=4 * MS), data) == [0, 0.5, 1, 1.5, 2, 3, 4]


@pytest.mark.rules("E227")
def test_none_is_no_number() -> None:
    n = None
    assert values(lambda s: s.average(size=3), SOME_NONE) == [n, 3, 3.5, 4, 5]
    assert values(lambda s: s.average(time_span=3 * MS), SOME_NONE) == [n, n, n, 3, 3.5, 4, 4.5]
    assert values(lambda s: s.sum(size=3), SOME_NONE) == [0, 3, 7, 12, 15]
    assert values(lambda s: s.sum(time_span=3 * MS), SOME_NONE) == [0, 0, 0, 3, 7, 12, 18]
    assert values(lambda s: s.min(size=3), SOME_NONE) == [n, 3, 3, 3, 4]
    assert values(lambda s: s.min(time_span=3 * MS), SOME_NONE) == [n, n, n, 3, 3, 3, 3]
    assert values(lambda s: s.max(size=3), SOME_NONE) == [n, 3, 4, 5, 6]
    assert values(lambda s: s.max(time_span=3 * MS), SOME_NONE) == [n, n, n, 3, 4, 5, 6]
    assert values(lambda s: s.average(), SOME_NONE) == [n, n, n, 3, 3.5, 4, 4.5]
    assert values(lambda s: s.sum(), SOME_NONE) == [0, 0, 0, 3, 7, 12, 18]
    assert values(lambda s: s.max(), SOME_NONE) == [n, n, n, 3, 4, 5, 6]
    assert values(lambda s: s.std(size=2), each_ms([None, None, 1])) == [n, 0]


@pytest.mark.rules("E227")
def test_smallest_and_largest_over_messages_and_time() -> None:
    assert values(lambda s: s.min(size=4), SEVEN) == [0, 1, 2, 3]
    assert values(lambda s: s.min(time_span=4 * MS), SEVEN) == [0, 0, 0, 0, 0, 1, 2]
    assert values(lambda s: s.max(size=4), SEVEN) == [3, 4, 5, 6]
    assert values(lambda s: s.max(time_span=4 * MS), SEVEN) == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.rules("E227")
def test_smallest_and_largest_so_far() -> None:
    assert values(lambda s: s.min(), MIXED) == [5, 5, 4, 2, 2, 1, 1]
    assert values(lambda s: s.max(), MIXED) == [5, 6, 6, 6, 6, 6, 9]


@pytest.mark.rules("E227")
def test_a_key_that_reverses_the_order_swaps_the_two() -> None:
    assert values(lambda s: s.min(key=lambda x: -x), MIXED) == [5, 6, 6, 6, 6, 6, 9]
    assert values(lambda s: s.max(key=lambda x: -x), MIXED) == [5, 5, 4, 2, 2, 1, 1]


@pytest.mark.rules("E227")
def test_smallest_and_largest_under_a_condition() -> None:
    data = each_ms([5, 6, 4, 2, 3, 1, 8])
    assert values(lambda s: s.min(is_even), data) == [6, 4, 2, 2]
    assert values(lambda s: s.max(is_even), data) == [6, 6, 6, 8]
    assert values(lambda s: s.min(is_even, key=lambda x: -x), data) == [6, 6, 6, 8]
    assert values(lambda s: s.max(is_even, key=lambda x: -x), data) == [6, 4, 2, 2]


@pytest.mark.rules("E227")
def test_std_of_sequences() -> None:
    six = [71.1, 1032.52, 5.3, 23.0, 41.9, 67.8]
    assert array_statistics.std(six) == pytest.approx(float(np.std(six, ddof=1)))
    assert array_statistics.std([]) == 0
    assert array_statistics.std(Values((3,))) == 0
    assert values(lambda s: s.select(array_statistics.std), each_ms([tuple(six), ()])) == [
        pytest.approx(float(np.std(six, ddof=1))),
        0,
    ]


@pytest.mark.rules("E227")
def test_one_number_has_no_running_std() -> None:
    first, second = values(lambda s: s.std(), each_ms([Decimal(1), 3.0]))
    assert math.isnan(first)
    assert second == pytest.approx(math.sqrt(2))


@pytest.mark.rules("E227")
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=12), st.integers(-(10**9), 10**9))
def test_running_std_is_that_of_all_so_far_however_far_from_zero(numbers: list[int], offset: int) -> None:
    shifted = [number + offset for number in numbers]
    seen = values(lambda s: s.std(), each_ms(shifted))
    expected = [float(np.std(numbers[:n], ddof=1)) for n in range(2, len(numbers) + 1)]
    assert seen[1:] == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.rules("E227")
def test_nothing_has_no_extremes_and_no_average() -> None:
    for f in (array_statistics.minimum, array_statistics.maximum, array_statistics.average):
        with pytest.raises(ValueError, match="empty sequence has no"):
            f([])
    assert array_statistics.total([]) == array_statistics.count([]) == 0
    assert array_statistics.minimum_or_none([None]) is None


@pytest.mark.rules("E227")
def test_a_statistic_has_one_form_at_a_time() -> None:
    with Pipeline("p") as p, pytest.raises(ValueError, match="not both"):
        generators.range_(p, 0, 3, interval=MS).sum(size=2, time_span=MS)


# -- aggregates -------------------------------------------------------------------------------------------


def product(state: int, x: int) -> int:
    return state * x


@pytest.mark.rules("E192")
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(range(1, 8), [1, 2, 6, 24, 120, 720, 5040]), ([5], [5]), ([], [])],
)
def test_e192_reduce_without_a_seed(numbers: Any, expected: list[int]) -> None:
    result = collect(lambda s: s.scan(product), each_ms(numbers))
    assert result.values == expected
    assert result.times == [n * MS for n in range(len(expected))]


@pytest.mark.rules("E192", "E105")
def test_e192_a_state_may_be_changed_in_place() -> None:
    def append(state: list[int], x: int) -> list[int]:
        state.append(x)
        return state

    nothing: list[int] = []
    assert collect(lambda s: s.aggregate(nothing, append), each_ms([1, 2, 3])).values == [
        [1],
        [1, 2],
        [1, 2, 3],
    ]
    assert nothing == []


@pytest.mark.rules("E192", "E105")
def test_e192_a_state_that_is_an_array_may_be_changed_although_it_was_posted() -> None:
    def add(state: "np.ndarray[Any, Any]", x: int) -> "np.ndarray[Any, Any]":
        state += x
        return state

    result = collect(lambda s: s.aggregate(np.zeros(2), add), each_ms([1, 2, 3]))
    assert [v.tolist() for v in result.values] == [[1, 1], [3, 3], [6, 6]]


@pytest.mark.rules("E192", "E190")
def test_e192_a_state_may_be_posted_by_the_action_itself() -> None:
    def even_sums(state: int, x: int, envelope: Any, out: Emitter[int]) -> int:
        if (state + x) % 2 == 0:
            out.post(state + x, envelope.originating_time)
        return state + x

    result = collect(lambda s: s.process_aggregate(0, even_sums), each_ms(range(6)))
    assert (result.values, result.times) == ([0, 6, 10], [0, 3 * MS, 4 * MS])


def test_the_difference_to_the_next_has_the_time_of_the_earlier() -> None:
    result = collect(lambda s: s.delta(), each_ms([1, 4, 2]))
    assert (result.values, result.times) == ([3, -2], [0, MS])
