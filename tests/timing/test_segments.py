"""A clock of straight segments: it comes to be right, and never goes back or jumps on its way."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.segments import (
    LEAD,
    RATE_BITS,
    RATE_LIMIT,
    SLEW_LIMIT,
    Segment,
    SegmentLine,
    ppm_of_rate,
    rate_of_ppm,
)

START = 1_795_000_000_000_000_000
"""A time in 2026."""

corrections = st.tuples(
    st.integers(0, 30 * NS_PER_S),  # after the one before
    st.integers(-20 * NS_PER_S, 20 * NS_PER_S),  # off by
    st.integers(-2 * RATE_LIMIT, 2 * RATE_LIMIT),
)


def _steered(steps: list[tuple[int, int, int]]) -> tuple[SegmentLine, int]:
    """A line after these corrections, and when the last came."""
    line, now = SegmentLine.beginning(0, START), 0
    for after, off_by, rate in steps:
        now += after
        line = line.steered(now, offset=line.time_at(now) - now + off_by, rate=rate)
    return line, now


@given(st.lists(corrections, max_size=8), st.lists(st.integers(0, 400 * NS_PER_S), min_size=2, max_size=20))
def test_whatever_is_corrected_time_never_goes_back_and_never_runs_faster_than_its_limit(
    steps: list[tuple[int, int, int]], moments: list[int]
) -> None:
    line, _ = _steered(steps)
    moments.sort()
    for before, after in pairwise(moments):
        passed, elapsed = line.time_at(after) - line.time_at(before), after - before
        limit = (elapsed * (SLEW_LIMIT + RATE_LIMIT) >> RATE_BITS) + 2 + len(line.segments)
        assert passed >= 0
        assert abs(passed - elapsed) <= limit


@given(st.lists(corrections, min_size=1, max_size=8))
def test_what_has_begun_is_never_changed_by_a_later_correction(steps: list[tuple[int, int, int]]) -> None:
    earlier, _ = _steered(steps[:-1])
    later, now = _steered(steps)
    for moment in range(0, now + LEAD, max(1, (now + LEAD) // 50)):
        assert later.time_at(moment) == earlier.time_at(moment)


@given(off_by=st.integers(-10 * NS_PER_MS, 10 * NS_PER_MS), rate=st.integers(-RATE_LIMIT, RATE_LIMIT))
def test_an_error_is_used_up_and_then_the_clock_is_right_and_stays_right(off_by: int, rate: int) -> None:
    line = SegmentLine.beginning(0, START).steered(0, offset=START + off_by, rate=rate)
    for moment in (31 * NS_PER_S, 100 * NS_PER_S):
        truth = START + off_by + moment + (moment * rate >> RATE_BITS)
        assert abs(line.time_at(moment) - truth) <= 3


def test_eight_milliseconds_take_sixteen_seconds_at_the_limit() -> None:
    line = SegmentLine.beginning(0, START).steered(0, offset=START + 8 * NS_PER_MS, rate=0)
    end = line.segments[-1].monotonic - LEAD
    assert abs(end - 16 * NS_PER_S) < NS_PER_MS
    assert line.rate_at(NS_PER_S) == SLEW_LIMIT
    assert line.rate_at(17 * NS_PER_S) == 0


def test_a_step_is_at_once_and_may_go_back() -> None:
    line = SegmentLine.beginning(0, START).stepped(NS_PER_S, offset=START - NS_PER_S, rate=0)
    assert line.time_at(NS_PER_S - 1) == START + NS_PER_S - 1
    assert line.time_at(NS_PER_S) == START
    assert line.error_at(NS_PER_S, START) == NS_PER_S


@given(st.lists(corrections, max_size=6), st.integers(0, 300 * NS_PER_S))
def test_the_map_can_be_gone_back(steps: list[tuple[int, int, int]], moment: int) -> None:
    line, _ = _steered(steps)
    back = line.monotonic_at(line.time_at(moment))
    assert line.time_at(back) == line.time_at(moment)
    assert abs(back - moment) <= 2


@given(st.integers(0, 10**15), st.integers(-RATE_LIMIT, RATE_LIMIT))
def test_a_segment_can_be_gone_back(elapsed: int, rate: int) -> None:
    segment = Segment(10**12, START, rate)
    time = segment.time_at(10**12 + elapsed)
    moment = segment.monotonic_at(time)
    assert segment.time_at(moment) >= time > segment.time_at(moment - 1)


def test_parts_per_million_and_rates_are_the_same_thing() -> None:
    assert abs(ppm_of_rate(rate_of_ppm(19.98)) - 19.98) < 1e-6
