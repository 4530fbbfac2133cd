"""The forecast follows our own bytes, not other programs'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.forecast import ForecastMeter, VolumeSpace
from studio.timing import NS_PER_S

GIGABYTE = 1 << 30
SPACE = VolumeSpace(free=10 * GIGABYTE, total=100 * GIGABYTE)


@given(rate=st.integers(1, 10**9), steps=st.integers(2, 50), step_s=st.floats(0.05, 5.0))
def test_a_steady_rate_is_found_and_divides_what_is_left(rate: int, steps: int, step_s: float) -> None:
    meter = ForecastMeter()
    for n in range(steps):
        now = round(n * step_s * NS_PER_S)
        forecast = meter.update(now, rate * now // NS_PER_S, SPACE)
    assert forecast.bytes_per_second == pytest.approx(rate, rel=0.02, abs=2.0 / step_s)
    if forecast.seconds_left is not None:
        assert forecast.seconds_left == pytest.approx(SPACE.usable / forecast.bytes_per_second)


def test_another_programs_writes_do_not_change_our_rate() -> None:
    meter = ForecastMeter()
    meter.update(0, 0, SPACE)
    before = meter.update(NS_PER_S, 1000, SPACE)
    after = meter.update(2 * NS_PER_S, 2000, VolumeSpace(free=5 * GIGABYTE, total=100 * GIGABYTE))
    assert after.bytes_per_second == pytest.approx(before.bytes_per_second)
    assert after.seconds_left == pytest.approx((5 * GIGABYTE - (256 << 20)) / 1000)


def test_the_first_look_knows_nothing_and_silence_has_no_end() -> None:
    meter = ForecastMeter()
    assert meter.update(0, 500, SPACE).seconds_left is None
    assert meter.update(NS_PER_S, 500, SPACE).seconds_left is None
    assert not meter.update(2 * NS_PER_S, 500, SPACE).is_short


def test_a_burst_moves_the_rate_only_a_little() -> None:
    meter = ForecastMeter()
    meter.update(0, 0, SPACE)
    meter.update(NS_PER_S, 1000, SPACE)
    burst = meter.update(NS_PER_S + NS_PER_S // 10, 2100, SPACE)
    assert 1000 < burst.bytes_per_second < 1200


def test_little_space_is_short_and_the_reserve_is_not_ours() -> None:
    meter = ForecastMeter()
    small = VolumeSpace(free=30 << 20, total=200 << 20)
    meter.update(0, 0, small)
    forecast = meter.update(NS_PER_S, 1 << 20, small)
    assert forecast.disk_free == 20 << 20  # 5 % of the volume stay free
    assert forecast.seconds_left == pytest.approx(20.0)
    assert forecast.is_short
    assert VolumeSpace(free=0, total=10).usable == 0
