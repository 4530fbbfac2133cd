"""The value axis has round numbers, and numbers do not dance."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio.ui.panels.value_ticks import nice_step, number_text, value_ticks

numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(least=st.floats(1e-12, 1e12))
def test_a_nice_step_is_round_and_just_large_enough(least: float) -> None:
    step = nice_step(least)
    assert least * (1 - 1e-6) <= step <= least * 5.001
    lead = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(lead - n) for n in (1, 2, 5)) < 1e-6


@given(low=numbers, span=st.floats(1e-3, 1e9), pixels=st.integers(24, 2000))
def test_ticks_lie_inside_evenly_and_with_room(low: float, span: float, pixels: int) -> None:
    high = low + span
    assume(high > low and span > 1e-9 * abs(low))
    ticks = value_ticks(low, high, pixels)
    slack = span * 1e-4
    assert all(low - slack <= tick.value <= high + slack for tick in ticks)
    gaps = [b.value - a.value for a, b in pairwise(ticks)]
    assert all(gap / span * pixels >= min(24, max(14, pixels // 3)) * 0.99 for gap in gaps)
    assert len({tick.label for tick in ticks}) == len(ticks) or abs(low) > 1e5 or span < 1e-2


@pytest.mark.parametrize(("low", "high", "pixels"), [(1, 1, 100), (2, 1, 100), (0, 1, 5), (0, math.inf, 99)])
def test_without_room_or_range_there_are_none(low: float, high: float, pixels: int) -> None:
    assert value_ticks(low, high, pixels) == ()


def test_labels_have_the_decimals_of_their_step() -> None:
    assert [tick.label for tick in value_ticks(-1, 1, 120)] == ["\u22121.0", "\u22120.5", "0", "0.5", "1.0"]
    assert [tick.label for tick in value_ticks(22, 24.5, 100)] == ["22", "23", "24"]


def test_a_number_has_the_decimals_its_range_deserves() -> None:
    assert number_text(9.80665, 10) == "9.81"
    assert number_text(-0.123456, 1) == "\u22120.123"
    assert number_text(1234.5678, 2000) == "1235"
    assert number_text(-0.00001, 10) == "0.00"
    assert number_text(math.nan, 1) == "\u2013"


@given(values=st.lists(st.floats(1.0, 9.99), min_size=2, max_size=5))
def test_numbers_of_one_range_are_equally_long(values: list[float]) -> None:
    assert len({len(number_text(value, 10)) for value in values}) == 1
