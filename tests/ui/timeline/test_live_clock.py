"""The recorder's time runs evenly between its statuses, whatever clock it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.status import RecorderState, RecorderStatus
from studio.timing import NS_PER_MS, NS_PER_S, Timestamp
from studio.timing.segments import PPM, Segment, SegmentLine
from studio.ui.timeline.live_clock import LiveClock

OFFSET = 1_700_000_000 * NS_PER_S


def told(time: Timestamp, *, started: Timestamp = OFFSET, line: tuple[Segment, ...] = ()) -> RecorderStatus:
    """What a recorder says."""
    return RecorderStatus(RecorderState.PREVIEW, time, started_time=started, clock_line=line)


def test_before_the_first_status_there_is_no_time() -> None:
    assert LiveClock().now(5) == 0


@settings(deadline=None)
@given(delays_ms=st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_statuses_that_arrive_late_do_not_turn_it_back(delays_ms: list[int]) -> None:
    clock, shown = LiveClock(), []
    for n, delay in enumerate(delays_ms):
        sent = n * 100 * NS_PER_MS
        clock.take_status(told(sent + OFFSET), sent + delay * NS_PER_MS)
        shown.append(clock.now(10**12))
    assert shown == sorted(shown)
    assert shown[-1] == 10**12 + OFFSET - min(delays_ms) * NS_PER_MS


def test_another_recorder_has_its_own_time() -> None:
    clock = LiveClock()
    clock.take_status(told(OFFSET), 0)
    clock.take_status(told(OFFSET - 60 * NS_PER_S), 0)
    assert clock.now(0) == OFFSET - 60 * NS_PER_S


@settings(deadline=None)
@given(
    offset_ms=st.integers(-5_000, 5_000),
    delays_ms=st.lists(st.integers(0, 2_000), min_size=1, max_size=10),
    ppm=st.integers(-1_000, 1_000),
)
def test_a_followed_clock_is_known_to_the_nanosecond_however_late_a_status_is(
    offset_ms: int, delays_ms: list[int], ppm: int
) -> None:
    theirs = (Segment(0, OFFSET + offset_ms * NS_PER_MS, ppm * PPM),)
    line, clock = SegmentLine(theirs), LiveClock()
    clock.take_status(told(OFFSET, started=OFFSET - NS_PER_S), 0)
    for n, delay in enumerate(delays_ms):
        sent = n * 100 * NS_PER_MS
        clock.take_status(told(line.time_at(sent), line=theirs), sent + delay * NS_PER_MS)
        assert clock.now(10**10) == line.time_at(10**10)


def test_a_recording_that_follows_a_clock_behind_ours_does_not_leave_the_view_ahead() -> None:
    clock = LiveClock()
    clock.take_status(told(OFFSET), 0)
    clock.take_status(told(OFFSET - 400 * NS_PER_MS, line=(Segment(0, OFFSET - 400 * NS_PER_MS, 0),)), 0)
    assert clock.now(0) == OFFSET - 400 * NS_PER_MS
    # The next run is on the own clock again, 400 ms ahead; the one after that begins a little late.
    clock.take_status(told(OFFSET + NS_PER_S, started=OFFSET + 1), NS_PER_S)
    assert clock.now(NS_PER_S) == OFFSET + NS_PER_S
    clock.take_status(told(OFFSET + NS_PER_S, started=OFFSET + 2), 3 * NS_PER_S // 2)
    assert clock.now(2 * NS_PER_S) == OFFSET + 3 * NS_PER_S // 2
