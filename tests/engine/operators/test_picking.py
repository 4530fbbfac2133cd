"""Operators on one stream: what they pass on, and with which times (rules E189-E199)."""

from typing import Any

import numpy as np
import pytest

from studio.engine import Emitter, Message, Pipeline, PipelineState, ReplayDescriptor, generators
from studio.engine.operators.iterating import Observable
from studio.timing import NS_PER_S
from tests.engine.components import MS, Collector, PushSource
from tests.engine.operators.streams import collect, each_ms, every, values
from tests.waiting import wait_until

TEN = each_ms(range(10))


@pytest.mark.rules("E193")
def test_first_operator() -> None:
    assert values(lambda s: s.first(), TEN) == [0]
    assert values(lambda s: s.first(5), TEN) == [0, 1, 2, 3, 4]
    assert values(lambda s: s.first(2**31), TEN) == list(range(10))
    assert values(lambda s: s.first(0), TEN) == []


@pytest.mark.rules("E193")
def test_e193_the_stream_of_the_first_messages_is_not_closed_early() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        first = source.out.first()
        result = Collector(p, first)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        source.out.post("a", 0)
        source.out.post("b", 1)
        wait_until(lambda: result.values == ["a"])
        assert not first.is_closed
        assert p.state is PipelineState.RUNNING


@pytest.mark.rules("E194")
@pytest.mark.parametrize(("n", "expected"), [(1, [9]), (5, [5, 6, 7, 8, 9]), (2**31 - 1, list(range(10)))])
def test_last_operator(n: int, expected: list[int]) -> None:
    result = collect(lambda s: s.last(n), TEN)
    assert result.values == expected
    assert result.times == [value * MS for value in expected]


@pytest.mark.rules("E194")
def test_e194_the_last_of_nothing_is_nothing_and_no_count_is_negative() -> None:
    assert collect(lambda s: s.last(3), []).values == []
    with Pipeline("p") as p, pytest.raises(ValueError, match="0 or more"):
        generators.return_(p, 1).last(-1)


@pytest.mark.rules("E190", "E191")
def test_e190_outputs_carry_the_time_of_the_input_and_a_creation_time_of_their_own() -> None:
    result = collect(lambda s: s.select(str).where(lambda x: x != "3").do(len), TEN)
    assert result.values == ["0", "1", "2", "4", "5", "6", "7", "8", "9"]
    assert result.times == [int(value) * MS for value in result.values]
    assert [e.sequence_id for e in result.envelopes] == list(range(1, 10))


@pytest.mark.rules("E191")
def test_e191_pairs_are_flipped_and_taken_apart_and_none_stays_none() -> None:
    pairs = each_ms([("a", 1), ("b", 2)])
    assert values(lambda s: s.flip(), pairs) == [(1, "a"), (2, "b")]
    assert values(lambda s: s.item1(), pairs) == ["a", "b"]
    assert values(lambda s: s.item2(), pairs) == [1, 2]
    assert values(lambda s: s.nullable_select(lambda x: x * 2), each_ms([1, None, 3])) == [2, None, 6]


def test_changes_are_the_messages_that_differ_from_the_one_before() -> None:
    result = collect(lambda s: s.changes(), each_ms([None, 1, 1, 2, 2, 1]))
    assert (result.values, result.times) == ([None, 1, 2, 1], [0, MS, 3 * MS, 5 * MS])
    assert values(lambda s: s.changes(len), each_ms(["a", "b", "bb", "c"])) == ["a", "bb", "c"]


# -- time -------------------------------------------------------------------------------------------------


@pytest.mark.rules("E195")
def test_e195_times_and_latencies_are_streams() -> None:
    with Pipeline("p") as p:
        stream = generators.timed_sequence(p, TEN, start_time=0)
        times, latencies = Collector(p, stream.time_of()), Collector(p, stream.latency())
        source = Collector(p, stream)
        p.run(ReplayDescriptor.REPLAY_ALL)
    assert times.values == times.times == [time for _, time in TEN]
    assert latencies.values == [e.creation_time - e.originating_time for e in source.envelopes]


def test_intervals_and_rates_have_statistics_of_their_own() -> None:
    pairs = every(NS_PER_S // 4, range(9))
    assert values(lambda s: s.intervals(), pairs) == [NS_PER_S // 4] * 8
    assert values(lambda s: s.rate(NS_PER_S), pairs) == [1, 2, 3, 4, 4, 4, 4, 4, 4]
    assert values(lambda s: s.rate(NS_PER_S).max(), pairs)[-1] == 4
    assert values(lambda s: s.intervals().std(), pairs)[-1] == 0
    with Pipeline("p") as p, pytest.raises(ValueError, match="more than 0"):
        generators.return_(p, 1).rate(0)


@pytest.mark.rules("E196")
def test_delay_operator() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 11, interval=1000, keep_open=True)
        result = Collector(p, stream.delay(50 * MS))
        p.run_async()
        wait_until(lambda: len(result.values) == 11)
    assert result.values == list(range(11))
    assert result.times == [p.start_time + n * 1000 for n in range(11)]
    assert all(e.creation_time - e.originating_time >= 50 * MS for e in result.envelopes)


@pytest.mark.rules("E196")
def test_e196_the_delay_counts_from_the_creation_of_a_message() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        result = Collector(p, source.out.delay(30 * MS))
        p.run_async()
        source.out.post("old", p.get_current_time() - 1000 * MS)
        created = source.out.last_envelope.creation_time
        wait_until(lambda: result.values == ["old"])
    assert result.received_at[0] - created >= 30 * MS


@pytest.mark.rules("E196", "E94")
def test_a_delay_takes_messages_that_were_created_at_the_same_time() -> None:
    with Pipeline("p", thread_count=1) as p:
        source = PushSource(p)
        result = Collector(p, source.out.delay(10))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        source.out.post(0, 0)
        first = source.out.last_envelope
        source.out.deliver(1, first._replace(originating_time=1, sequence_id=2))
        wait_until(lambda: result.values == [0, 1])
    assert result.times == [0, 1]


# -- out of the pipeline ----------------------------------------------------------------------------------


@pytest.mark.rules("E197")
def test_e197_a_stream_is_iterated_until_it_ends_and_a_condition_filters() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 6, interval=MS)
        everything, even = stream.to_iterable(), stream.to_iterable(lambda x: x % 2 == 0)
        p.run_async(enforce_replay_clock=False)
        assert list(everything) == [0, 1, 2, 3, 4, 5]
        assert list(even) == [0, 2, 4]
        assert list(even) == []


@pytest.mark.rules("E197")
def test_an_iterator_of_a_pipeline_that_never_runs_ends_when_that_is_disposed() -> None:
    p = Pipeline("p")
    iterator = generators.range_(p, 0, 6, interval=MS).to_iterable()
    p.dispose()
    assert list(iterator) == []


def observed(act: Any) -> Pipeline:
    with Pipeline("p", thread_count=1) as p:
        source = PushSource(p)
        observable: Observable[Any] = source.out.to_observable()
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        act(observable, source)
    return p


@pytest.mark.rules("E197")
def test_observers_come_and_go_while_the_stream_runs() -> None:
    first: list[Any] = []
    second: list[Any] = []

    def act(observable: Observable[Any], source: PushSource) -> None:
        one = observable.subscribe(first.append, on_completed=lambda: first.append("end"))
        other = observable.subscribe(second.append)
        source.out.post(0, 0)
        wait_until(lambda: first == second == [0])
        observable.unsubscribe(other)
        source.out.post(1, 1)
        wait_until(lambda: first == [0, 1])
        observable.subscribe(second.append)
        source.out.post(2, 2)
        wait_until(lambda: len(second) == 2)
        assert observable.has_observers
        assert one is not other

    observed(act)
    assert first == [0, 1, 2, "end"]
    assert second == [0, 2]


@pytest.mark.rules("E197")
def test_every_observer_hears_everything_and_one_that_comes_back_goes_on() -> None:
    heard: dict[str, list[int]] = {"one": [], "two": [], "leaving": []}

    def act(observable: Observable[Any], source: PushSource) -> None:
        observable.subscribe(heard["one"].append)
        observable.subscribe(heard["two"].append)
        for time in range(7):
            leaving = observable.subscribe(heard["leaving"].append)
            source.out.post(time, time)
            wait_until(lambda time=time: all(len(values) == time + 1 for values in heard.values()))
            observable.unsubscribe(leaving)

    observed(act)
    assert list(heard.values()) == [list(range(7))] * 3


@pytest.mark.rules("E197")
def test_an_observer_that_starts_again_after_its_error_misses_only_that_message() -> None:
    divided: list[int] = []

    def act(observable: Observable[Any], source: PushSource) -> None:
        def begin(_error: object = None) -> None:
            observable.subscribe(lambda x: divided.append(int(10 / x)), begin)

        begin()
        for time, x in enumerate(range(-5, 6)):
            source.out.post(x, time)
        wait_until(lambda: len(divided) == 10)

    observed(act)
    assert divided == [-2, -2, -3, -5, -10, 10, 5, 3, 2, 2]


@pytest.mark.rules("E197")
def test_an_error_of_an_observer_reaches_itself_and_nobody_else() -> None:
    seen: list[Any] = []
    divided: list[Any] = []

    def act(observable: Observable[Any], source: PushSource) -> None:
        observable.subscribe(lambda x: divided.append(10 / x), divided.append)
        observable.subscribe(seen.append)
        for time, x in enumerate(range(-5, 3)):
            source.out.post(x, time)
        wait_until(lambda: len(seen) == 8)

    p = observed(act)
    assert divided[:5] == [-2, -2.5, pytest.approx(-10 / 3), -5, -10]
    assert isinstance(divided[5], ZeroDivisionError)
    assert len(divided) == 6
    assert p.errors == ()


@pytest.mark.rules("E197", "E172")
def test_an_error_that_no_observer_takes_fails_the_pipeline() -> None:
    def fail(_x: object) -> None:
        raise RuntimeError("nobody listens")

    def act(observable: Observable[Any], source: PushSource) -> None:
        observable.subscribe(fail)
        source.out.post(0, 0)
        wait_until(lambda: bool(source.pipeline.errors))

    with pytest.raises(ExceptionGroup) as raised:
        observed(act)
    assert str(raised.value.exceptions[0]) == "nobody listens"


@pytest.mark.rules("E198")
def test_e198_a_bridge_to_the_own_pipeline_is_the_stream_itself() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 3, interval=MS)
        assert stream.bridge_to(p) is stream
        inner = p.create_subpipeline()
        there = Collector(inner, stream.bridge_to(inner))
        back = Collector(p, stream.bridge_to(inner).select(str).bridge_to(p))
        p.run(enforce_replay_clock=False)
    assert (there.values, back.values) == ([0, 1, 2], ["0", "1", "2"])
    assert there.times == back.times == [p.start_time + n * MS for n in range(3)]


@pytest.mark.rules("E199")
def test_e199_a_name_is_only_a_name() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 3, interval=MS)
        assert stream.named("numbers") is stream
        assert stream.name == "numbers"


@pytest.mark.rules("E189", "E105")
def test_arrays_pass_through_operators_without_being_copied() -> None:
    arrays = [np.arange(3.0) + n for n in range(4)]
    result = collect(lambda s: s.where(bool_any).first(2).history(1).select(lambda v: v[0]), each_ms(arrays))
    assert [v is a for v, a in zip(result.values, arrays, strict=False)] == [True, True]


def bool_any(array: "np.ndarray[Any, Any]") -> bool:
    return bool(array.any())


@pytest.mark.rules("E189", "E108")
def test_what_changes_is_copied_for_every_receiver() -> None:
    def spoil(data: dict[str, int]) -> None:
        data["x"] = -1

    with Pipeline("p") as p:
        stream: Emitter[dict[str, int]] = generators.timed_sequence(
            p, each_ms([{"x": 1}, {"x": 2}]), start_time=0
        )
        stream.do(spoil)
        kept = Collector(p, stream.join(stream.do(spoil)))
        messages = Collector(p, stream.merge(stream))
        p.run(ReplayDescriptor.REPLAY_ALL)
    assert kept.values == [({"x": 1}, {"x": -1}), ({"x": 2}, {"x": -1})]
    assert all(isinstance(m, Message) for m in messages.values)
