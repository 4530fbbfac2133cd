"""What grows is called so, what wobbles is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soak.growth import growth_of

HOURS = [minute / 60 for minute in range(30)]


def test_a_leak_of_a_hundred_megabytes_an_hour_is_seen_through_the_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 2, len(HOURS))
    growth = growth_of(HOURS, [200 + 100 * hour + wobble for hour, wobble in zip(HOURS, noise, strict=True)])
    assert growth.per_hour == pytest.approx(100, abs=10)
    assert growth.exceeds(30)


def test_noise_alone_is_no_growth() -> None:
    noise = np.random.default_rng(2).normal(0, 10, len(HOURS))
    assert not growth_of(HOURS, list(200 + noise)).exceeds(5)


def test_too_few_rows_say_nothing() -> None:
    with pytest.raises(ValueError, match="at least 4 rows; there are 3"):
        growth_of(HOURS[:3], [1.0, 2.0, 3.0])


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.integers(4, 50))
def test_a_straight_line_is_found_exactly(start: float, slope: float, count: int) -> None:
    hours = [minute / 60 for minute in range(count)]
    growth = growth_of(hours, [start + slope * hour for hour in hours])
    assert growth.per_hour == pytest.approx(slope, abs=1e-6)
    assert growth.doubt == pytest.approx(0, abs=1e-6)
