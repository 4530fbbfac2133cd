"""The recorder's time runs evenly between its statuses."""

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.ui.timeline.live_clock import LiveClock

OFFSET = 1_700_000_000 * NS_PER_S


def test_before_the_first_status_there_is_no_time() -> None:
    assert LiveClock().now(5) == 0


@given(delays_ms=st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_statuses_that_arrive_late_do_not_turn_it_back(delays_ms: list[int]) -> None:
    clock, told = LiveClock(), []
    for n, delay in enumerate(delays_ms):
        sent = n * 100 * NS_PER_MS
        clock.take_status(sent + OFFSET, sent + delay * NS_PER_MS)
        told.append(clock.now(10**12))
    assert told == sorted(told)
    assert told[-1] == 10**12 + OFFSET - min(delays_ms) * NS_PER_MS


def test_another_recorder_has_its_own_time() -> None:
    clock = LiveClock()
    clock.take_status(OFFSET, 0)
    clock.take_status(OFFSET - 60 * NS_PER_S, 0)
    assert clock.now(0) == OFFSET - 60 * NS_PER_S
