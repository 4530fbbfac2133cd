"""Pictures keep their shape and stay inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.picture_fit import fitted, full_size_of

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


@pytest.mark.parametrize(
    ("shown", "nominal", "full"),
    [
        ((960, 540), (1920, 1080), (1920, 1080)),
        ((426, 240), (1920, 1080), (1920, 1080)),
        ((640, 480), (0, 0), (640, 480)),
        ((480, 640), (640, 480), (480, 640)),
        ((640, 480), (320, 240), (640, 480)),
    ],
)
def test_a_shrunk_picture_has_the_size_of_its_stream(
    shown: tuple[int, int], nominal: tuple[int, int], full: tuple[int, int]
) -> None:
    assert full_size_of(shown, nominal) == full
