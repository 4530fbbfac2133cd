"""How fast and how loud: known arrivals and known sounds give known numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices.meters import SILENCE_DB, LevelMeter, RateMeter, decibels, peak_of
from studio.timing import NS_PER_MS, NS_PER_S


@given(interval_ms=st.integers(1, 400), count=st.integers(1, 2000), blocks=st.integers(2, 60))
def test_regular_arrivals_have_their_rate(interval_ms: int, count: int, blocks: int) -> None:
    meter = RateMeter()
    last = 0
    for number in range(blocks):
        last = number * interval_ms * NS_PER_MS
        meter.observe(count, last)
    assert meter.rate(last) == pytest.approx(count * 1000 / interval_ms)


def test_a_rate_falls_to_zero_when_nothing_comes() -> None:
    meter = RateMeter()
    for number in range(10):
        meter.observe(1, number * 100 * NS_PER_MS)
    assert meter.rate(NS_PER_S) == pytest.approx(10.0)
    assert meter.rate(60 * NS_PER_S) == 0.0


def test_one_arrival_is_no_rate() -> None:
    meter = RateMeter()
    meter.observe(100, 5)
    assert meter.rate(6) == 0.0


def test_the_level_is_the_peak_of_the_last_tenth_of_a_second() -> None:
    meter = LevelMeter()
    meter.observe(np.array([[0.0], [-1.0]], np.float32), 0)
    meter.observe(np.array([[0.1], [0.05]], np.float32), 90 * NS_PER_MS)
    assert meter.level(95 * NS_PER_MS) == pytest.approx(0.0)
    assert meter.level(150 * NS_PER_MS) == pytest.approx(-20.0)
    assert meter.level(NS_PER_S) is None


def test_the_lowest_integer_is_full_scale() -> None:
    assert peak_of(np.array([[-32768]], np.int16)) == 1.0
    assert peak_of(np.zeros((0, 1), np.int16)) == 0.0


def test_silence_has_a_level_that_can_be_drawn() -> None:
    assert decibels(0.0) == SILENCE_DB
    assert decibels(1e-9) == SILENCE_DB
    assert decibels(0.5) == pytest.approx(-6.02, abs=0.01)
