"""Pictures keep their shape and stay inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.picture_fit import fitted

sizes = st.integers(1, 8000)


@given(width=sizes, height=sizes, room_width=sizes, room_height=sizes)
def test_it_fits_touches_two_sides_and_keeps_its_shape(
    width: int, height: int, room_width: int, room_height: int
) -> None:
    x, y, w, h = fitted(width, height, room_width, room_height)
    assert w / h == pytest.approx(width / height)
    assert x >= -1e-6
    assert y >= -1e-6
    assert (2 * x + w, 2 * y + h) == pytest.approx((room_width, room_height))
    assert min(x, y) == pytest.approx(0, abs=1e-6)


def test_without_room_there_is_nothing() -> None:
    assert fitted(640, 480, 0, 100) == (0, 0, 0, 0)
    assert fitted(0, 480, 100, 100) == (0, 0, 0, 0)
