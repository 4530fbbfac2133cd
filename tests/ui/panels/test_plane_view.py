"""What part of a plane is seen: all of it at first, then what the wheel and a drag make of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.plane_view import PlaneView, Room, fitted

ROOM = Room(50, 10, 400, 200)
VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
POINTS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30)
ACROSS, DOWN = st.floats(50, 450), st.floats(10, 210)


@given(POINTS, st.booleans())
def test_all_points_lie_in_the_room_at_first(points: list[tuple[float, float]], even: bool) -> None:
    xs, ys = np.array(points).T
    view = fitted(xs, ys)
    view = view.evened(ROOM) if even else view
    across, down = view.pixels_of(xs, ys, ROOM)
    assert ((across >= 50) & (across <= 450) & (down >= 10) & (down <= 210)).all()
    if even:
        assert view.reach_x / ROOM.width == pytest.approx(view.reach_y / ROOM.height)


@given(POINTS, ACROSS, DOWN, st.floats(0.1, 10))
def test_what_is_under_the_pointer_stays_there_while_the_wheel_turns(
    points: list[tuple[float, float]], across: float, down: float, factor: float
) -> None:
    view = fitted(*np.array(points).T)
    zoomed = view.zoomed(factor, across, down, ROOM)
    before, after = view.values_at(across, down, ROOM), zoomed.values_at(across, down, ROOM)
    assert after[0] == pytest.approx(before[0], abs=1e-6 * view.reach_x)
    assert after[1] == pytest.approx(before[1], abs=1e-6 * view.reach_y)


@given(POINTS, ACROSS, DOWN, st.floats(-300, 300), st.floats(-300, 300))
def test_what_was_taken_hold_of_moves_along(
    points: list[tuple[float, float]], across: float, down: float, by_x: float, by_y: float
) -> None:
    view = fitted(*np.array(points).T)
    moved = view.panned(by_x, by_y, ROOM)
    before, after = (
        view.values_at(across, down, ROOM),
        moved.values_at(across + by_x, down + by_y, ROOM),
    )
    assert after[0] == pytest.approx(before[0], abs=1e-6 * view.reach_x)
    assert after[1] == pytest.approx(before[1], abs=1e-6 * view.reach_y)


@given(ACROSS, DOWN)
def test_pixels_and_values_are_each_other_s_inverse(across: float, down: float) -> None:
    view = PlaneView(3.0, -2.0, 5.0, 0.5)
    x, y = view.values_at(across, down, ROOM)
    xs, ys = view.pixels_of(np.array([x]), np.array([y]), ROOM)
    assert (xs[0], ys[0]) == (pytest.approx(across), pytest.approx(down))


def test_no_zoom_goes_where_numbers_end() -> None:
    view = fitted(np.array([1e6, 1e6 + 1]), np.array([0.0, 1.0]))
    for factor in (0.5, 2.0):
        for _ in range(3000):
            view = view.zoomed(factor, 100, 100, ROOM)
        assert view.is_sound
    view = view.panned(1e300, 0, ROOM).panned(1e300, 0, ROOM)
    assert view.is_sound


def test_what_is_no_number_has_no_place_and_one_value_alone_has_room_around_it() -> None:
    xs, ys = np.array([1.0, np.nan, np.inf, 2.0]), np.array([1.0, 1.0, 1.0, np.nan])
    view = fitted(xs, ys)
    assert (view.x, view.y) == (1.0, 1.0)
    assert view.reach_x > 0.05
    across, down = view.pixels_of(xs, ys, ROOM)
    assert np.isnan(across).tolist() == np.isnan(down).tolist() == [False, True, True, True]
    assert fitted(np.empty(0), np.empty(0)) == PlaneView()
    assert fitted(np.array([-1e308, 1e308]), np.array([0.0, 1.0])).is_sound
