"""A range is found, fixed, dragged and zoomed, and numbers stay numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.value_gestures import panned, zoomed
from studio.ui.panels.value_range import ValueRange

VALUES = st.floats(-1e250, 1e250)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8))
def test_a_growing_range_holds_all_that_was_seen(pairs: list[tuple[float, float]]) -> None:
    shown = ValueRange(AutoRange())
    for low, high in pairs:
        shown = shown.grown(min(low, high), max(low, high), 0)
    assert shown.shown.low <= min(map(min, pairs))
    assert shown.shown.high >= max(map(max, pairs))


@pytest.mark.parametrize(("low", "high"), [(math.nan, math.nan), (-math.inf, 1.0), (2.0, 1.0)])
def test_what_is_no_range_changes_nothing(low: float, high: float) -> None:
    shown = ValueRange(AutoRange())
    assert shown.grown(low, high, 0) == shown
    assert shown.fitted(low, high, 0) == shown


@given(VALUES, VALUES, st.floats(-1e4, 1e4), st.floats(0.01, 100))
def test_whatever_is_dragged_the_range_stays_a_range(
    low: float, high: float, pixels: float, factor: float
) -> None:
    low, high = min(low, high), max(low, high)
    if not high - low > 1e-9 * max(abs(low), abs(high), 1e-300):
        return
    shown = AutoRange(RangeShape.PLAIN, 0.0, low, high, 0)
    for new in (panned(shown, pixels, 200), zoomed(shown, factor, low)):
        assert math.isfinite(new[1] - new[0])
        assert new[0] < new[1]


@given(st.floats(1.01, 100))
def test_zooming_keeps_the_value_under_the_pointer_in_its_place(factor: float) -> None:
    shown = AutoRange(RangeShape.PLAIN, 0.0, -2.0, 6.0, 0)
    low, high = zoomed(shown, factor, 4.0)
    assert (4.0 - low) / (high - low) == pytest.approx(0.75)


def test_a_waveform_stays_symmetric() -> None:
    shown = AutoRange(RangeShape.SYMMETRIC, 0.01, -0.5, 0.5, 0)
    for low, high in (panned(shown, 30, 100), zoomed(shown, 2, 0.4)):
        assert low == -high
