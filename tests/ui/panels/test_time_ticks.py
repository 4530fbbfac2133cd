"""The ruler has round ticks with room for their labels, from nanoseconds to years."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_ticks import LABEL_PIXELS, step_for, ticks_of

ORIGIN = 1_700_000_000 * NS_PER_S + 123_456_789


@given(
    begin=st.integers(-(10**15), 10**17),
    span=st.integers(1000, 10**18),
    width=st.integers(200, 4000),
)
def test_ticks_lie_in_view_in_order_and_labels_have_room(begin: int, span: int, width: int) -> None:
    axis = TimeAxis(ORIGIN + begin, ORIGIN + begin + span, width)
    ticks = ticks_of(axis, ORIGIN)
    assert all(axis.contains(tick.time) for tick in ticks)
    assert all(a.time < b.time for a, b in pairwise(ticks))
    labelled = [tick.x for tick in ticks if tick.label]
    assert all(b - a >= LABEL_PIXELS - 1e-6 for a, b in pairwise(labelled))
    assert all(not tick.label for tick in ticks if tick.time < ORIGIN)
    assert len(ticks) <= width / LABEL_PIXELS * 6 + 7


@given(span=st.integers(1000, 10**18), width=st.integers(200, 4000))
def test_there_is_at_least_a_label_for_every_five_rooms(span: int, width: int) -> None:
    axis = TimeAxis(ORIGIN, ORIGIN + span, width)
    step = step_for(axis)
    assert axis.span * LABEL_PIXELS <= step.duration * width <= axis.span * LABEL_PIXELS * 5


def labels(seconds: float, width: int = 960) -> list[str]:
    axis = TimeAxis(ORIGIN, ORIGIN + round(seconds * NS_PER_S), width)
    return [tick.label for tick in ticks_of(axis, ORIGIN) if tick.label]


def test_ten_seconds_are_labelled_by_the_second() -> None:
    assert labels(10) == [f"00:{n:02}" for n in range(11)]


def test_two_hours_are_labelled_by_a_quarter() -> None:
    assert labels(7200)[:6] == ["00:00", "15:00", "30:00", "45:00", "1:00:00", "1:15:00"]


def test_parts_of_a_second_have_as_many_decimals_as_they_need() -> None:
    assert labels(1)[:3] == ["00:00.000", "00:00.100", "00:00.200"]
    assert labels(1e-4)[:3] == ["00:00.000000", "00:00.000010", "00:00.000020"]
    assert labels(1e-6)[1] == "00:00.000000100"
