"""A moment lies at one pixel, and a pixel at one moment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.time_axis import TimeAxis

lefts = st.integers(-(2**60), 2**60)
spans = st.integers(10_000, 2**51)
widths = st.integers(1, 8000)


@given(left=lefts, span=spans, width=widths, share=st.floats(0, 1))
def test_a_pixel_and_its_time_find_back_to_each_other(left: int, span: int, width: int, share: float) -> None:
    axis = TimeAxis(left, left + span, width)
    x = share * width
    assert axis.x_of(axis.time_at(x)) == pytest.approx(x, abs=width / span + 1e-6)
    assert axis.contains(axis.time_at(x))


@given(left=lefts, span=spans, width=widths)
def test_the_edges_lie_at_the_edges(left: int, span: int, width: int) -> None:
    axis = TimeAxis(left, left + span, width)
    assert axis.x_of(axis.left) == 0
    assert axis.x_of(axis.right) == width
    assert (axis.time_at(0), axis.time_at(width)) == (axis.left, axis.right)


@given(left=lefts, span=spans, width=widths, shares=st.lists(st.floats(-1, 2), max_size=20))
def test_many_times_lie_where_each_of_them_lies(
    left: int, span: int, width: int, shares: list[float]
) -> None:
    axis = TimeAxis(left, left + span, width)
    times = [left + int(share * span) for share in shares]
    xs = axis.xs_of(np.array(times, np.int64))
    assert xs == pytest.approx([axis.x_of(time) for time in times], abs=1e-3)


@given(right=lefts, span=spans, width=widths, ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]), later=spans)
def test_the_columns_of_a_moving_axis_stay_on_one_grid(
    right: int, span: int, width: int, ratio: float, later: int
) -> None:
    columns = max(1, round(width * ratio))
    axis = TimeAxis.on_grid(right, span, width, columns)
    step = axis.span // columns
    assert axis.span == step * columns
    assert axis.left % step == 0
    assert 0 <= axis.right - right < step
    moved = TimeAxis.on_grid(right + later, span, width, columns)
    assert (moved.left - axis.left) % step == 0


def test_an_axis_without_time_or_room_is_refused() -> None:
    for left, right, width in ((5, 5, 100), (6, 5, 100), (5, 6, 0)):
        with pytest.raises(ValueError, match="needs time and room"):
            TimeAxis(left, right, width)
