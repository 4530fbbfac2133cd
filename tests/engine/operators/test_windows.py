"""Windows by index, by time and on demand (rules E222-E226)."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Emitter, Message, Pipeline, ReplayDescriptor, generators
from studio.engine.operators.values import Values
from studio.timing import RelativeTimeInterval, TimeInterval
from tests.engine.components import MS, Collector, PushSource
from tests.engine.operators.streams import collect, each_ms, every, values
from tests.waiting import wait_until

FIVE = each_ms(range(5))


def data_of(messages: Sequence[Message[int]]) -> list[int]:
    return [message.data for message in messages]


def total(messages: Sequence[Message[int]]) -> int:
    return sum(data_of(messages))


@pytest.mark.rules("E222")
def test_buffer_by_size_is_stamped_with_its_first_message() -> None:
    result = collect(lambda s: s.window_by_index(0, 2, data_of), FIVE)
    assert result.values == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert result.times == [0, MS, 2 * MS]
    assert values(lambda s: s.buffer(3), FIVE) == result.values


@pytest.mark.rules("E222")
def test_buffer_by_size_without_its_right_end() -> None:
    result = collect(lambda s: s.window_by_index(0, 2, data_of, end_inclusive=False), FIVE)
    assert result.values == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert result.times == [0, MS, 2 * MS, 3 * MS]


@pytest.mark.rules("E222")
def test_history_by_size_is_stamped_with_its_last_message() -> None:
    result = collect(lambda s: s.window_by_index(-2, 0, data_of), FIVE)
    assert result.values == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert result.times == [2 * MS, 3 * MS, 4 * MS]
    assert values(lambda s: s.history(3), FIVE) == result.values


@pytest.mark.rules("E222")
@pytest.mark.parametrize(("start", "end"), [(0, 2), (-2, 0), (0, -2)])
def test_windows_by_size_with_selector(start: int, end: int) -> None:
    assert collect(lambda s: s.window_by_index(start, end, total), FIVE).values == [3, 6, 9]


@pytest.mark.rules("E222")
def test_a_window_backward_and_forward_may_be_given_either_way_round() -> None:
    ten = each_ms(range(10))
    assert collect(lambda s: s.window_by_index(2, -2, total), ten).values == [10, 15, 20, 25, 30, 35]
    result = collect(lambda s: s.window_by_index(2, -2, data_of, start_inclusive=False), each_ms(range(6)))
    assert result.values == [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]


@pytest.mark.rules("E222")
def test_a_window_by_index_wholly_in_the_past() -> None:
    result = collect(lambda s: s.window_by_index(-3, -1, total), each_ms(range(10)))
    assert result.values == [3, 6, 9, 12, 15, 18, 21]
    assert result.times == [n * MS for n in range(3, 10)]


@pytest.mark.rules("E223", "E222")
def test_e223_a_window_by_index_wholly_in_the_future_has_the_time_of_its_anchor() -> None:
    result = collect(lambda s: s.window_by_index(1, 3, total), each_ms(range(10)))
    assert result.values == [6, 9, 12, 15, 18, 21, 24]
    assert result.times == [n * MS for n in range(7)]


@pytest.mark.rules("E223")
def test_e223_nothing_comes_of_a_window_whose_ends_leave_nothing() -> None:
    assert (
        collect(lambda s: s.window_by_index(1, 2, start_inclusive=False, end_inclusive=False), FIVE).values
        == []
    )


def test_a_window_of_no_messages_is_refused() -> None:
    with Pipeline("p") as p, pytest.raises(ValueError, match="at least 1"):
        generators.range_(p, 0, 3, interval=MS).history(0)


@pytest.mark.rules("E224")
def test_history_by_time_is_there_before_the_stream_ends() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        result = Collector(p, source.out.window(RelativeTimeInterval.past(2 * MS), data_of))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for value, time in FIVE:
            source.out.post(value, time)
        wait_until(lambda: len(result.values) == 5)
        assert result.values == [[0], [0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4]]
        assert result.times == [n * MS for n in range(5)]


@pytest.mark.rules("E224")
def test_history_by_time_without_its_left_end() -> None:
    past = RelativeTimeInterval.past(2 * MS, inclusive=False)
    assert values(lambda s: s.window(past), FIVE) == [[0], [0, 1], [1, 2], [2, 3], [3, 4]]


@pytest.mark.rules("E224")
@pytest.mark.parametrize(
    ("window", "sums"),
    [
        (RelativeTimeInterval(-3 * MS, -MS), [0, 0, 1, 3, 6]),
        (RelativeTimeInterval(MS, 3 * MS), [6, 9, 7, 4, 0]),
        (RelativeTimeInterval.past(2 * MS), [0, 1, 3, 6, 9]),
    ],
)
def test_sums_of_windows_by_time(window: RelativeTimeInterval, sums: list[int]) -> None:
    result = collect(lambda s: s.window(window, total), FIVE)
    assert result.values == sums
    assert result.times == [n * MS for n in range(5)]


@pytest.mark.rules("E224", "E225")
@pytest.mark.parametrize(
    ("left", "right", "averages"),
    [(0, 35, [1.5, 2.5, 3.5, 4.5, 5, 5.5, 6]), (-15, 25, [1, 1.5, 2.5, 3.5, 4.5, 5, 5.5])],
)
def test_averages_of_windows_that_reach_beyond_the_end(left: int, right: int, averages: list[float]) -> None:
    window = RelativeTimeInterval(left * MS, right * MS)
    result = collect(lambda s: s.window(window, lambda ms: total(ms) / len(ms)), every(10 * MS, range(7)))
    assert result.values == averages


@pytest.mark.rules("E225")
def test_e225_the_end_of_the_stream_forgets_no_message() -> None:
    pairs = [(0, 0), (100, 100), (101, 101), (102, 102), (103, 103)]
    result = collect(lambda s: s.window(RelativeTimeInterval(-200, 50), data_of), pairs)
    assert result.values == [[0], [0, 100, 101, 102, 103], *[[0, 100, 101, 102, 103]] * 3]


@pytest.mark.rules("E225")
def test_e225_all_anchors_that_one_arrival_makes_ready_are_answered_at_once() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        result = Collector(p, source.out.window(RelativeTimeInterval.future(10), data_of))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for time in (0, 1, 2, 50):
            source.out.post(time, time)
        wait_until(lambda: len(result.values) == 3)
        assert result.values == [[0, 1, 2], [1, 2], [2]]


# -- dynamic --------------------------------------------------------------------------------------------


def bounds_from(left: int, right: int, obsolete: int) -> Any:
    """Windows from `left` to `right` around each window message, nothing before `obsolete` needed later."""

    def bounds(message: Message[Any]) -> tuple[TimeInterval, int]:
        time = message.envelope.originating_time
        return TimeInterval(time + left, time + right), time + obsolete

    return bounds


def dynamic(bounds: Any) -> Any:
    def build(data: Emitter[int], windows: Emitter[str]) -> Emitter[list[int]]:
        return data.window_dynamic(windows, bounds, lambda _window, messages: data_of(messages))

    return build


@pytest.mark.rules("E226")
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (-10, 10, [[1, 2, 3], [4, 5, 6]]),
        (0, 0, [[2], [5]]),
        (-100, -60, [[], []]),
        (30, 500, [[5, 6, 7, 8, 9], [8, 9]]),
    ],
)
def test_windows_on_demand(left: int, right: int, expected: list[list[int]]) -> None:
    data, windows = every(10, range(10)), [("a", 20), ("b", 50)]
    result = collect(dynamic(bounds_from(left, right, left)), data, windows)
    assert (result.values, result.times) == (expected, [20, 50])


@pytest.mark.rules("E226")
@pytest.mark.parametrize(
    ("inclusive", "expected"),
    [((True, True), [1, 2, 3]), ((False, True), [2, 3]), ((True, False), [1, 2]), ((False, False), [2])],
)
def test_windows_on_demand_keep_to_their_ends(inclusive: tuple[bool, bool], expected: list[int]) -> None:
    build = dynamic(lambda _window: (TimeInterval(10, 30, *inclusive), 0))
    assert collect(build, every(10, range(10)), [("w", 20)]).values == [expected]


@pytest.mark.rules("E226")
def test_a_window_on_demand_is_there_as_soon_as_the_data_reach_its_right_end() -> None:
    with Pipeline("p") as p:
        data, windows = PushSource(p), PushSource(p)
        result = Collector(p, dynamic(bounds_from(-10, 20, -10))(data.out, windows.out))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        windows.out.post("w", 10)
        for time in (0, 10, 20, 30):
            data.out.post(time, time)
        wait_until(lambda: result.values == [[0, 10, 20, 30]])


@pytest.mark.rules("E226")
def test_windows_on_demand_that_grow_to_the_right() -> None:
    ends = {0: 20, 1: 40, 2: 200}
    build = dynamic(lambda w: (TimeInterval(0, ends[w.data]), 0))
    assert collect(build, every(10, range(10)), each_ms([0, 1, 2])).values == [
        [0, 1, 2],
        [0, 1, 2, 3, 4],
        list(range(10)),
    ]


MOVING: dict[str, tuple[list[tuple[int, int]], list[list[int]]]] = {
    # ends of the windows at 30, 50 and 70; what they hold of a message every 10
    "growing to the left": ([(30, 40), (20, 40), (0, 40)], [[3, 4], [2, 3, 4], [0, 1, 2, 3, 4]]),
    "sliding": ([(0, 20), (20, 40), (40, 60)], [[0, 1, 2], [2, 3, 4], [4, 5, 6]]),
    "leftmost": ([(-50, 0), (-50, 10), (-50, 20)], [[0], [0, 1], [0, 1, 2]]),
    "rightmost": ([(70, 90), (80, 90), (90, 90)], [[7, 8, 9], [8, 9], [9]]),
    "beyond the end": ([(80, 150), (90, 500), (200, 500)], [[8, 9], [9], []]),
}


@pytest.mark.rules("E226")
@pytest.mark.parametrize("ends", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("kind", MOVING)
def test_windows_on_demand_may_move_as_they_like(kind: str, ends: tuple[bool, bool]) -> None:
    bounds, inclusive = MOVING[kind]
    windows = [(TimeInterval(*pair, *ends), min(left for left, _ in bounds)) for pair in bounds]
    result = collect(dynamic(lambda w: windows[w.data]), every(10, range(10)), every(20, range(3), start=30))
    expected = [
        [n for n in held if windows[index][0].contains(10 * n)] for index, held in enumerate(inclusive)
    ]
    assert (result.values, result.times) == (expected, [30, 50, 70])


@pytest.mark.rules("E226")
@pytest.mark.parametrize(
    ("intervals", "problem"),
    [
        ([(TimeInterval(0, 10), 20), (TimeInterval(30, 40), 10)], "must not go back"),
        ([(TimeInterval(0, 10), 20), (TimeInterval(10, 40), 20)], "declared obsolete"),
        ([(TimeInterval(0, 5000), 20), (TimeInterval(10, 40), 20)], "declared obsolete"),
        ([(TimeInterval(0), 0)], "two ends"),
    ],
)
def test_windows_on_demand_that_contradict_themselves_fail_the_run(
    intervals: list[tuple[TimeInterval, int]], problem: str
) -> None:
    build = dynamic(lambda w: intervals[w.data])
    with pytest.raises(ExceptionGroup) as raised:
        collect(build, every(10, range(10)), each_ms(range(len(intervals))))
    assert any(problem in str(error) for error in raised.value.exceptions)


# -- against a slow obvious oracle ----------------------------------------------------------------------

TIMES = st.lists(st.integers(0, 60), unique=True, max_size=14).map(sorted)
OFFSETS = st.integers(-20, 20) | st.none()


@st.composite
def relative_intervals(draw: st.DrawFn) -> RelativeTimeInterval:
    left, right = draw(OFFSETS), draw(OFFSETS)
    if left is not None and right is not None and left > right:
        left, right = right, left
    return RelativeTimeInterval(left, right, draw(st.booleans()), draw(st.booleans()))


@pytest.mark.rules("E224", "E225")
@given(TIMES, relative_intervals())
def test_windows_by_time_hold_what_lies_inside(times: list[int], window: RelativeTimeInterval) -> None:
    result = collect(lambda s: s.window(window, data_of), [(t, t) for t in times], thread_count=1)
    assert result.times == times
    assert result.values == [[t for t in times if window.contains(t - anchor)] for anchor in times]


@pytest.mark.rules("E222", "E223")
@given(st.integers(0, 12), st.integers(-5, 5), st.integers(-5, 5), st.booleans(), st.booleans())
def test_windows_by_index_hold_what_lies_inside(n: int, a: int, b: int, with_a: bool, with_b: bool) -> None:
    result = collect(
        lambda s: s.window_by_index(a, b, data_of, start_inclusive=with_a, end_inclusive=with_b),
        every(1, range(n)),
        thread_count=1,
    )
    ends = sorted([(a, with_a), (b, with_b)], key=lambda end: end[0])
    offsets = [o for o in range(ends[0][0], ends[1][0] + 1) if (o, False) not in ends]
    expected = [
        (anchor, [anchor + offset for offset in offsets])
        for anchor in range(n)
        if offsets and anchor + offsets[0] >= 0 and anchor + offsets[-1] < n
    ]
    assert list(zip(result.times, result.values, strict=True)) == expected


def test_values_are_a_sequence_that_joins_do_not_take_apart() -> None:
    some = Values.of(range(4))
    assert (len(some), some[1], list(some[1:3]), 3 in some) == (4, 1, [1, 2], True)
    joined = collect(lambda s: s.history(2).join(s), FIVE)
    assert joined.values[0] == (Values((0, 1)), 1)
