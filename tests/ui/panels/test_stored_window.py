"""A stretch asked for serves a little panning, and is asked for anew when the zoom changes."""

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.stored_window import StoredStretch
from studio.ui.panels.time_axis import TimeAxis

lefts = st.integers(0, 2**60)
spans = st.integers(10_000, 2**50)


@given(left=lefts, span=spans, width=st.integers(50, 4000), ratio=st.sampled_from([1.0, 1.5, 2.0]))
def test_a_stretch_serves_its_own_view_and_half_a_view_of_panning(
    left: int, span: int, width: int, ratio: float
) -> None:
    stretch = StoredStretch.around(TimeAxis(left, left + span, width), ratio)
    half = span // 2
    for moved in (-half, 0, half):
        assert stretch.serves(TimeAxis(left + moved, left + moved + span, width), ratio)
    assert not stretch.serves(TimeAxis(left + half + 2, left + half + 2 + span, width), ratio)


@given(left=lefts, span=spans, width=st.integers(50, 4000))
def test_another_zoom_needs_another_answer(left: int, span: int, width: int) -> None:
    stretch = StoredStretch.around(TimeAxis(left, left + span, width), 1.0)
    middle = left + span // 2
    assert not stretch.serves(TimeAxis(middle - span // 4, middle + span // 4, width), 1.0)
    assert not stretch.serves(TimeAxis(left, left + span, 2 * width), 1.0)


@given(left=lefts, span=spans, width=st.integers(50, 4000))
def test_there_is_a_column_for_each_pixel_of_the_view(left: int, span: int, width: int) -> None:
    stretch = StoredStretch.around(TimeAxis(left, left + span, width), 1.0)
    assert abs(stretch.columns * span / (stretch.right - stretch.left) - width) <= width * 0.01 + 1
