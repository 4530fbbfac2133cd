"""Numbers beside lanes that lie close together can be told apart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.axis_scale import EvenScale
from studio.ui.panels.value_axis import label_top
from studio.ui.panels.value_lanes import lanes_of

LINE = 14


@given(
    channels=st.integers(1, 64),
    height=st.integers(48, 1200),
    peak=st.sampled_from([0.01, 0.02, 0.05, 0.5, 1.0]),
)
def test_labels_of_neighbouring_lanes_never_overlap(channels: int, height: int, peak: float) -> None:
    shown = AutoRange(RangeShape.SYMMETRIC, low=-peak, high=peak, changed_ns=0)
    tops = sorted(
        label_top(lane, lane.y_of(tick.value, -peak, peak), LINE)
        for lane in lanes_of(channels, height)
        for tick in EvenScale().ticks(shown, lane, LINE)
    )
    assert all(below - above > LINE - 1e-6 for above, below in pairwise(tops))


def test_a_lane_with_room_has_its_ends() -> None:
    shown = AutoRange(RangeShape.SYMMETRIC, low=-1.0, high=1.0, changed_ns=0)
    (lane,) = lanes_of(1, 60)
    assert {tick.value for tick in EvenScale().ticks(shown, lane, LINE)} == {-1.0, 0.0, 1.0}
