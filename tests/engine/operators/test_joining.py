"""Join, fuse, pair, sample, interpolate (rules E200-E204, E212-E214)."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Emitter, Pipeline, PipelineState, ReplayDescriptor, generators
from studio.engine.interpolators import Choice, available, reproducible
from studio.engine.operators.fusing import Fuse
from studio.engine.operators.joining_many import fuse_all, join_all
from studio.engine.operators.values import Values
from studio.errors import PipelineStateError
from studio.timing import TIME_MAX, RelativeTimeInterval
from tests.engine.components import MS, Collector, PushSource
from tests.engine.operators.streams import collect, each_ms, every
from tests.waiting import wait_until

A_30 = every(10, range(30))
B_3 = every(100, range(3))


@pytest.mark.rules("E201", "E200")
def test_closing_the_secondary_resolves_the_tail() -> None:
    result = collect(
        lambda a, b: a.join(b, RelativeTimeInterval.INFINITE), every(100, range(10)), every(50, range(10))
    )
    seconds = [0, 2, 4, 6, 8, 9, 9, 9, 9, 9]
    assert result.values == list(zip(range(10), seconds, strict=True))
    assert result.times == [100 * n for n in range(10)]


@pytest.mark.rules("E203")
def test_scalar_join_with_a_tolerance() -> None:
    assert collect(lambda a, b: a.join(b, 5), A_30, B_3).values == [(0, 0), (10, 1), (20, 2)]
    assert collect(lambda a, b: b.join(a, 5), A_30, B_3).values == [(0, 0), (1, 10), (2, 20)]
    assert collect(lambda a: a.join(a, 5), A_30).values == [(n, n) for n in range(30)]
    assert collect(lambda b: b.join(b, 5), B_3).values == [(n, n) for n in range(3)]


@pytest.mark.rules("E204")
def test_vector_join() -> None:
    result = collect(lambda a, b: join_all([a, b, a, b], 5), A_30, B_3)
    assert result.values == [Values((0, 0, 0, 0)), Values((10, 1, 10, 1)), Values((20, 2, 20, 2))]
    assert result.times == [0, 100, 200]


@pytest.mark.rules("E204")
def test_vector_join_of_one_stream_and_of_none() -> None:
    assert collect(lambda a: join_all([a]), each_ms(range(10))).values == [Values((n,)) for n in range(10)]
    with pytest.raises(ValueError, match="at least one stream"):
        join_all([])


@pytest.mark.rules("E203")
def test_tuples_are_flattened_from_left_to_right() -> None:
    inputs = [each_ms(f"{name}{n}" for n in range(10)) for name in "ABCDEFG"]

    def build(first: Emitter[Any], *others: Emitter[Any]) -> Emitter[Any]:
        for other in others:
            first = first.join(other, reproducible.nearest())
        return first

    assert collect(build, *inputs).values == [tuple(f"{name}{n}" for name in "ABCDEFG") for n in range(10)]


@pytest.mark.rules("E203")
def test_tuples_are_flattened_from_right_to_left() -> None:
    inputs = [each_ms(f"{name}{n}" for n in range(10)) for name in "ABCDEFG"]

    def build(*streams: Emitter[Any]) -> Emitter[Any]:
        *others, last = streams
        for other in reversed(others):
            last = other.join(last)
        return last

    assert collect(build, *inputs).values == [tuple(f"{name}{n}" for name in "ABCDEFG") for n in range(10)]


@pytest.mark.rules("E203", "E212")
def test_join_refuses_what_depends_on_arrival_and_fuse_takes_it() -> None:
    with Pipeline("p") as p:
        a = generators.range_(p, 0, 3, interval=MS)
        with pytest.raises(ValueError, match="reproducible"):
            a.join(a, available.nearest())
        with pytest.raises(ValueError, match="reproducible"):
            join_all([a, a], available.exact())
        with pytest.raises(ValueError, match="negative"):
            a.join(a, -1)
        assert fuse_all([a, a], available.last()).pipeline is p


@pytest.mark.rules("E200", "E205")
def test_the_head_waits_for_what_cannot_be_told_yet_and_holds_those_behind_it() -> None:
    with Pipeline("p") as p:
        a, b = PushSource(p), PushSource(p)
        result = Collector(p, a.out.join(b.out, reproducible.exact()))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        b.out.post("b5", 5)
        for time in (5, 10, 20, 30):
            a.out.post(time, time)
        wait_until(lambda: result.values == [(5, "b5")])
        b.out.post("b20", 20)  # tells that there is nothing at 10, and what is at 20
        wait_until(lambda: result.values == [(5, "b5"), (20, "b20")])
        b.out.post("b30", 30)
        wait_until(lambda: len(result.values) == 3)
    assert result.times == [5, 20, 30]


@pytest.mark.rules("E200")
def test_a_value_missing_in_any_secondary_drops_the_primary() -> None:
    streams = [every(10, range(4)), [("x", 0), ("y", 20)], [("p", 10), ("q", 20)]]
    result = collect(lambda a, b, c: a.join_each([b, c]), *streams)
    assert result.values == [(2, Values(("y", "q")))]


@pytest.mark.rules("E200", "E206")
def test_what_is_obsolete_is_forgotten() -> None:
    with Pipeline("p") as p:
        a, b = PushSource(p), PushSource(p)
        fuse = Fuse(p, lambda data, values: (data, values[0]))
        a.out.pipe_to(fuse)
        fuse.connect(b.out, reproducible.last(RelativeTimeInterval.past()))
        result = Collector(p, fuse.out)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for time in range(1000):
            b.out.post(time, time)
            a.out.post(time, time)
        wait_until(lambda: len(result.values) == 1000)
        (secondary,) = fuse._secondaries.values()
        assert len(secondary.messages) == 1


@pytest.mark.rules("E201")
def test_without_secondary_values_everything_left_is_dropped_at_the_end() -> None:
    assert collect(lambda a, b: a.join(b), each_ms(range(5)), []).values == []
    nothing = reproducible.exact_or_default(None)
    assert collect(lambda a, b: a.join(b, nothing), each_ms([1]), []).values == [(1, None)]


@pytest.mark.rules("E202")
def test_a_selector_says_which_secondaries_matter_and_more_may_join_while_running() -> None:
    with Pipeline("p") as p:
        a, b, late = PushSource(p), PushSource(p), PushSource(p)
        fuse = Fuse(
            p, lambda data, values: (data, *values), relevant=lambda data: [0] if data < 2 else [0, 1]
        )
        a.out.pipe_to(fuse)
        fuse.connect(b.out, reproducible.exact())
        result = Collector(p, fuse.out)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        fuse.connect(late.out, reproducible.exact(), while_running=True)
        for time in (1, 2):
            for name, source in (("a", a), ("b", b), ("late", late)):
                source.out.post(time if name == "a" else name, time)
        wait_until(lambda: len(result.values) == 2)
    assert result.values == [(1, "b"), (2, "b", "late")]


@pytest.mark.rules("E202", "E201")
def test_a_selector_may_ask_for_what_has_ended_long_ago() -> None:
    with Pipeline("p") as p:
        a, b = PushSource(p), PushSource(p)
        fuse = Fuse(p, lambda data, values: (data, *values), relevant=lambda _data: [0])
        a.out.pipe_to(fuse)
        fuse.connect(b.out, reproducible.nearest())
        result = Collector(p, fuse.out)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        b.out.post("b", 1)
        b.out.close(1)
        for time in range(3, 6):
            a.out.post(time, time)
        wait_until(lambda: len(result.values) == 3)
    assert result.values == [(3, "b"), (4, "b"), (5, "b")]


@pytest.mark.rules("E183", "E200")
def test_a_fusion_that_fails_for_one_message_goes_on_with_the_next() -> None:
    has_come_all = threading.Event()

    def divide(data: float, values: Sequence[float]) -> float:
        has_come_all.wait(20)  # what follows the failure must be on its way before it: a failure ends the run
        return data / values[0]

    with pytest.raises(ExceptionGroup) as caught, Pipeline("p") as p:  # noqa: PT012 - the end of it raises
        a, b = PushSource(p), PushSource(p)
        fuse = Fuse(p, divide)
        a.out.pipe_to(fuse)
        fuse.connect(b.out, reproducible.exact())
        result = Collector(p, fuse.out)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for time, value in enumerate((1, 0, 3, 4), start=1):
            a.out.post(time, time)
            b.out.post(value, time)
        has_come_all.set()
        p.wait_all(20)
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]
    assert result.values == [1, 1, 1]


@pytest.mark.rules("E189")
def test_streams_of_different_pipelines_cannot_be_joined() -> None:
    with Pipeline("p") as p, Pipeline("q") as q:
        a, b = PushSource(p), PushSource(q)
        with pytest.raises(PipelineStateError, match="connector"):
            a.out.join(b.out)


# -- sample, interpolate ----------------------------------------------------------------------------------


@pytest.mark.rules("E213")
def test_sampling_happens_at_the_times_of_the_clock() -> None:
    clock = every(15, "abcd", start=5)
    result = collect(lambda s, c: s.sample(c), every(10, range(5)), clock)
    assert list(zip(result.values, result.times, strict=True)) == [(1, 5), (2, 20), (4, 35), (4, 50)]
    near = collect(lambda s, c: s.sample(c, 4), every(10, range(5)), clock)
    assert list(zip(near.values, near.times, strict=True)) == [(2, 20)]


@pytest.mark.rules("E213", "E211")
def test_a_clock_of_its_own_is_an_endless_source_on_a_grid() -> None:
    with Pipeline("p") as p:
        stream = generators.timed_sequence(p, [(0.0, 0), (10.0, 100)], start_time=0)
        result = Collector(p, stream.interpolate(20, reproducible.linear(), align_time=-10))
        p.run(start=0, end=100, enforce_replay_clock=False)
        assert p.state is PipelineState.COMPLETED
    assert result.values == pytest.approx([1.0, 3.0, 5.0, 7.0, 9.0])
    assert result.times == [10, 30, 50, 70, 90]


# -- pair -------------------------------------------------------------------------------------------------


def has_received(output: Emitter[Any], count: int) -> bool:
    """Whether the inputs of the component of a stream have had so many messages."""
    return count == sum(r.statistics().delivered for r in output.element.receivers.values())


@pytest.mark.rules("E214")
@pytest.mark.parametrize(
    ("secondary", "initial", "expected"),
    [
        ([250, 750], {"initial": -1}, [(0, -1), (500, 250), (1000, 750)]),
        ([250, 750], {}, [(500, 250), (1000, 750)]),
        ([750], {"initial": -1}, [(0, -1), (500, -1), (1000, 750)]),
        ([750], {}, [(1000, 750)]),
    ],
)
def test_a_pair_repeats_what_came_last(
    secondary: list[int], initial: dict[str, Any], expected: list[tuple[int, int]]
) -> None:
    with Pipeline("p", thread_count=1) as p:
        primary, other = PushSource(p), PushSource(p)
        pair = primary.out.pair(other.out, **initial)
        result = Collector(p, pair)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for count, time in enumerate(sorted([0, 500, 1000, *secondary]), start=1):
            (other if time % 500 else primary).out.post(time, time)
            wait_until(partial(has_received, pair, count))
    assert result.values == expected
    assert result.times == [time for time, _ in expected]


@pytest.mark.rules("E214", "E203")
def test_a_pair_takes_tuples_apart_as_a_join_does() -> None:
    result = collect(lambda a: a.join(a).pair(a, initial=0), each_ms([1]))
    assert [value[:2] for value in result.values] == [(1, 1)]
    assert all(len(value) == 3 for value in result.values)


# -- against a slow obvious oracle ------------------------------------------------------------------------

TIMES = st.lists(st.integers(0, 40), unique=True, max_size=12).map(sorted)
LEFT_BOUNDED = st.integers(-12, 12)
Pick = Callable[[list[int], int], int]
PICKS: dict[str, tuple[Callable[[RelativeTimeInterval], Choice], Pick]] = {
    "nearest": (reproducible.nearest, lambda inside, t: min(reversed(inside), key=lambda s: abs(s - t))),
    "first": (reproducible.first, lambda inside, _t: inside[0]),
    "last": (reproducible.last, lambda inside, _t: inside[-1]),
}


@st.composite
def windows(draw: st.DrawFn) -> RelativeTimeInterval:
    left, right = sorted((draw(LEFT_BOUNDED), draw(LEFT_BOUNDED)))
    end = right if draw(st.booleans()) else None
    return RelativeTimeInterval(left, end, draw(st.booleans()), draw(st.booleans()))


@pytest.mark.rules("E203", "E205", "E206", "E207", "E209", "E210")
@pytest.mark.parametrize("kind", PICKS)
@given(TIMES, TIMES, windows(), st.integers(1, 3))
def test_joins_match_as_the_whole_data_would(
    kind: str, primary: list[int], secondary: list[int], window: RelativeTimeInterval, thread_count: int
) -> None:
    make, pick = PICKS[kind]
    result = collect(
        lambda a, b: a.join(b, make(window)),
        [(t, t) for t in primary],
        [(t, t) for t in secondary],
        thread_count=thread_count,
    )
    expected = []
    for time in primary:
        inside = [s for s in secondary if window.contains(s - time)]
        if inside:
            expected.append((time, pick(inside, time)))
    assert result.values == expected
    assert result.times == [time for time, _ in expected]


@pytest.mark.rules("E211")
@given(TIMES, TIMES, st.integers(1, 20) | st.none())
def test_lines_go_through_the_messages_around(clock: list[int], times: list[int], span: int | None) -> None:
    result = collect(
        lambda s, c: s.interpolate(c, reproducible.linear(span)),
        [(float(t * t), t) for t in times],
        [(t, t) for t in clock],
    )
    expected = []
    for time in clock:
        before, after = [t for t in times if t < time], [t for t in times if t >= time]
        if after and not before and after[0] == time:
            expected.append((time, float(time * time)))
        elif after and before and (span is None or after[0] - before[-1] < span):
            x, y = before[-1], after[0]
            expected.append((time, x * x + (y * y - x * x) * (time - x) / (y - x)))
    assert result.times == [time for time, _ in expected]
    assert result.values == pytest.approx([value for _, value in expected])


@pytest.mark.rules("E112", "E203", "E206")
@given(st.permutations(range(10)), st.integers(0, 8))
def test_a_join_does_not_depend_on_the_order_of_arrival(order: list[int], tolerance: int) -> None:
    """The same posts in any interleaving of the two streams give the same messages."""
    with Pipeline("p", thread_count=1) as p:
        a, b = PushSource(p), PushSource(p, completion_time=TIME_MAX)
        result = Collector(p, a.out.join(b.out, tolerance))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        turns = {0: iter(range(0, 50, 10)), 1: iter(range(3, 53, 10))}
        for step in order:
            time = next(turns[step % 2])
            (a if step % 2 == 0 else b).out.post(time, time)
    near = {t: [s for s in range(3, 53, 10) if abs(s - t) <= tolerance] for t in range(0, 50, 10)}
    assert result.values == [(t, min(s, key=lambda x: (abs(x - t), -x))) for t, s in near.items() if s]
