"""Pictures keep their shape and stay inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.picture_fit import Place, fitted, full_size_of

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


views = st.builds(Place, st.floats(-500, 500), st.floats(-500, 500), st.floats(20, 4000), st.floats(20, 4000))


@given(view=views, full=st.tuples(sizes, sizes), flip=st.tuples(st.booleans(), st.booleans()), data=st.data())
def test_a_place_is_seen_where_its_pixel_is(
    view: Place, full: tuple[int, int], flip: tuple[bool, bool], data: st.DataObject
) -> None:
    column, row = (data.draw(st.integers(0, side - 1)) for side in full)
    x, y = view.point_of(column + 0.5, row + 0.5, full, flip)
    found = view.pixel_at(x, y, *full)
    assert found is not None
    turned = [
        side - 1 - place if turn else place for place, side, turn in zip(found, full, flip, strict=True)
    ]
    assert turned == [column, row]


@given(view=views, full=st.tuples(sizes, sizes), flip=st.tuples(st.booleans(), st.booleans()))
def test_the_corners_of_a_picture_are_those_of_its_place(
    view: Place, full: tuple[int, int], flip: tuple[bool, bool]
) -> None:
    corners = {view.point_of(x, y, full, flip) for x in (0, full[0]) for y in (0, full[1])}
    right, foot = view.x + view.width, view.y + view.height
    assert corners == {(x, y) for x in (view.x, right) for y in (view.y, foot)}
