"""Times at the edge to \\psi: ticks of 100 ns, rounded down (decision 1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.psi_time import LAST_TICKS, TICKS_AT_1970, ticks_from_time, time_from_ticks
from studio.timing import TIME_MAX, TIME_MIN


def test_1970_and_the_ends_of_time_are_where_they_are() -> None:
    assert time_from_ticks(TICKS_AT_1970) == 0
    assert ticks_from_time(0) == TICKS_AT_1970
    assert (time_from_ticks(0), time_from_ticks(LAST_TICKS)) == (TIME_MIN, TIME_MAX)
    assert (ticks_from_time(TIME_MIN), ticks_from_time(TIME_MAX)) == (0, LAST_TICKS)


def test_nanoseconds_are_rounded_down_also_before_1970() -> None:
    assert ticks_from_time(199) == TICKS_AT_1970 + 1
    assert ticks_from_time(-1) == TICKS_AT_1970 - 1


@given(st.integers(min_value=TIME_MIN + 100, max_value=TIME_MAX - 1))
def test_a_time_there_and_back_is_less_than_a_tick_earlier(time: int) -> None:
    assert 0 <= time - time_from_ticks(ticks_from_time(time)) < 100


@pytest.mark.parametrize("ticks", [1, -1, LAST_TICKS - 1, LAST_TICKS + 1, 2**63])
def test_a_time_without_a_place_here_is_refused(ticks: int) -> None:
    with pytest.raises(ValueError, match="1677"):
        time_from_ticks(ticks)


@pytest.mark.parametrize("time", [2**63, -(2**63) - 1])
def test_what_is_no_time_of_ours_is_refused(time: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        ticks_from_time(time)
