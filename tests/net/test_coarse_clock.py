"""Clocks that count in steps of milliseconds are told from fine ones by their first stamps."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.net.coarse_clock import LEAST_STAMPS, tick_of

UTC = 1_790_000_000_000_000_000


def asked(seed: int, count: int = LEAST_STAMPS) -> list[int]:
    """Moments at which a prober asks."""
    draw = random.Random(seed)
    moments = [0]
    while len(moments) < count:
        moments.append(moments[-1] + round(draw.uniform(40e6, 60e6)))
    return moments


def told(moments: list[int], tick: float) -> list[int]:
    """What a clock says then that counts in steps of `tick` ns, in whole hundreds."""
    return [round((UTC + moment) // tick * tick) // 100 * 100 for moment in moments]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tick", [15_625_000, 15_600_100, 10_000_000, 1_000_000, 16_666_667])
def test_the_step_of_a_coarse_clock_is_found(tick: int, seed: int) -> None:
    moments = asked(seed)
    found = tick_of(told(moments, tick), moments)
    assert found > 0
    assert found % tick < 30_000 or tick - found % tick < 30_000


@pytest.mark.parametrize("seed", range(20))
def test_a_fine_clock_has_none(seed: int) -> None:
    moments = asked(seed)
    assert tick_of(told(moments, 100), moments) == 0


def test_a_step_that_does_not_matter_is_none() -> None:
    assert tick_of(told(asked(1), 50_000), asked(1)) == 0


def test_too_few_stamps_say_nothing() -> None:
    moments = asked(2, LEAST_STAMPS - 1)
    assert tick_of(told(moments, 15_625_000), moments) == 0


def test_who_asks_in_step_learns_nothing() -> None:
    moments = [number * 15_625_000 for number in range(LEAST_STAMPS)]
    assert tick_of([UTC + moment for moment in moments], moments) == 0


@given(st.lists(st.integers(-(2**62), 2**62), min_size=LEAST_STAMPS, max_size=20))
def test_whatever_is_told_ends_in_a_step_or_none(stamps: list[int]) -> None:
    found = tick_of(stamps, list(range(len(stamps))))
    assert found == 0 or found >= 1_000_000
