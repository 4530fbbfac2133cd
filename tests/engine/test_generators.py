"""Sources driven by the workers (rules E78-E88)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import REPLAY_ALL, Pipeline, generators
from studio.engine.generators import Generator, aligned
from studio.timing import TIME_MAX, TimeInterval
from tests.engine.components import MS, Collector
from tests.waiting import wait_until

START = 1_577_934_245_000 * MS


@pytest.mark.rules("E80", "E87", "E88")
def test_a_range_counts_from_the_start_of_the_run() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 10, 4, interval=20 * MS))
        p.run()
    assert collector.values == [10, 11, 12, 13]
    assert collector.times == [p.start_time + index * 20 * MS for index in range(4)]
    assert all(at >= time for at, time in zip(collector.received_at, collector.times, strict=True))


@pytest.mark.rules("E78", "E170")
def test_an_infinite_generator_is_finite_in_a_bounded_replay_both_ends_included() -> None:
    told: list[int] = []
    with Pipeline("p") as p:
        p.component_completed.connect(lambda args: told.append(args.completed_time))
        collector = Collector(p, generators.repeat(p, 7, interval=30 * MS))
        p.run(start=START, end=START + 90 * MS)
    assert collector.times == [START, START + 30 * MS, START + 60 * MS, START + 90 * MS]
    assert told == [START + 90 * MS]


@pytest.mark.rules("E148")
def test_an_end_that_is_excluded_is_not_generated() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.repeat(p, 7, interval=30 * MS))
        p.run(interval=TimeInterval(START, START + 60 * MS, right_inclusive=False))
    assert collector.times == [START, START + 30 * MS]


@pytest.mark.rules("E88")
def test_return_ends_the_run_and_once_does_not() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.return_(p, "x"))
        p.run()
    assert (collector.values, collector.times) == (["x"], [p.start_time])
    with Pipeline("p") as p:
        collector = Collector(p, generators.once(p, "x"))
        p.run_async()
        wait_until(lambda: collector.values == ["x"])
        assert not p.wait_all(0.05)


@pytest.mark.rules("E81")
def test_an_empty_sequence_completes_at_its_first_trigger() -> None:
    told: list[int] = []
    with Pipeline("p") as p:
        p.component_completed.connect(lambda args: told.append(args.completed_time))
        collector = Collector(p, generators.sequence(p, (), interval=MS))
        p.run()
    assert collector.values == []
    assert told == [p.start_time]


@pytest.mark.rules("E84", "E86")
def test_values_may_have_times_of_their_own_and_propose_when_to_begin() -> None:
    pairs = [("a", START), ("b", START + 30 * MS), ("c", START + 31 * MS)]
    with Pipeline("p") as p:
        collector = Collector(p, generators.timed_sequence(p, pairs, start_time=START))
        p.run()
    assert p.start_time == START
    assert list(zip(collector.values, collector.times, strict=True)) == pairs
    assert collector.received_at[1] >= START + 30 * MS


@pytest.mark.rules("E118", "E85")
def test_times_of_the_past_are_delivered_at_once_in_a_live_run() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.timed_sequence(p, [(1, 5), (2, 9)]))
        p.run()
    assert collector.times == [5, 9]


@pytest.mark.rules("E84")
def test_times_out_of_order_are_an_error_after_what_came_before() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.timed_sequence(p, [(1, 5), (2, 9), (3, 9)]))
        with pytest.raises(ExceptionGroup, match="out of order"):
            p.run()
    assert collector.values == [1, 2]


@pytest.mark.rules("E83")
def test_a_generator_that_raises_does_not_delay_the_stop() -> None:
    def values() -> itertools.chain[int]:
        return itertools.chain([1, 2], (1 // 0 for _ in range(1)))

    with Pipeline("p") as p:
        collector = Collector(p, generators.sequence(p, values(), interval=MS))
        with pytest.raises(ExceptionGroup) as caught:
            p.run()
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert collector.values == [1, 2]


@pytest.mark.rules("E79", "E81")
def test_a_generator_may_have_several_outputs() -> None:
    p = Pipeline("p")

    def generate(time: int) -> int:
        left.post(1, time)
        right.post(2, time + 1)
        return TIME_MAX if time >= p.start_time + 2 * MS else time + MS

    generator = Generator(p, generate)
    left, right = generator.add_output("left"), generator.add_output("right")
    collectors = [Collector(p, left), Collector(p, right)]
    told: list[int] = []
    p.component_completed.connect(lambda args: told.append(args.completed_time))
    p.run(REPLAY_ALL)
    assert [c.values for c in collectors] == [[1] * 3, [2] * 3]
    assert told == [p.start_time + 2 * MS + 1]  # the largest time on any output
    p.dispose()


@pytest.mark.rules("E81")
def test_a_generator_that_does_not_move_on_is_moved_on() -> None:
    times: list[int] = []

    def generate(time: int) -> int:
        times.append(time)
        return time if len(times) < 3 else TIME_MAX

    with Pipeline("p") as p:
        Generator(p, generate)
        p.run()
    assert times == [p.start_time, p.start_time + 1, p.start_time + 2]


@pytest.mark.rules("E87")
@given(st.integers(-(10**6), 10**6), st.integers(1, 1000), st.integers(-(10**6), 10**6))
def test_alignment_gives_the_first_time_on_the_grid(start: int, interval: int, align_time: int) -> None:
    first = aligned(start, interval, align_time)
    assert start <= first < start + interval
    assert (first - align_time) % interval == 0
    assert aligned(align_time, interval, align_time) == align_time


@pytest.mark.rules("E88")
@pytest.mark.parametrize("interval", [0, -5])
def test_senseless_arguments_are_refused(interval: int) -> None:
    p = Pipeline("p")
    with pytest.raises(ValueError, match="greater than 0"):
        generators.range_(p, 0, 3, interval=interval)
    with pytest.raises(ValueError, match="-3 values"):
        generators.range_(p, 0, -3, interval=1)
    with pytest.raises(ValueError, match="-1 times"):
        generators.repeat(p, 0, -1, interval=1)
    p.dispose()
