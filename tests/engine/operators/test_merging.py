"""Merge, zip, Merger, Splitter (rules E215-E217)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Emitter, Pipeline, ReplayDescriptor, generators
from studio.engine.operators.merging import Merger, Splitter, merge_all, zip_all
from studio.errors import PipelineStateError
from tests.engine.components import MS, Collector, PushSource
from tests.engine.operators.streams import collect, each_ms, every
from tests.waiting import wait_until

A = every(10 * MS, [f"A{n}" for n in range(7)])
B = every(15 * MS, [f"B{n}" for n in range(5)])
C = every(20 * MS, [f"C{n}" for n in range(4)])


@pytest.mark.rules("E215", "E216", "E196")
def test_zip_groups_by_time_and_merge_brings_everything_however_late_one_stream_is() -> None:
    with Pipeline("p") as p:
        a, b, c = (generators.timed_sequence(p, s, start_time=0, keep_open=True) for s in (A, B, C))
        late = c.delay(100 * MS)
        zipped, merged = Collector(p, a.zip(b, late)), Collector(p, a.merge(b, late))
        p.run_async()
        wait_until(lambda: len(merged.values) == 16 and len(zipped.values) == 9)
    assert [" ".join(group) for group in zipped.values] == [
        "A0 B0 C0", "A1", "B1", "A2 C1", "A3 B2", "A4 C2", "B3", "A5", "A6 B4 C3",
    ]  # fmt: skip
    assert zipped.times == [n * 5 * MS for n in (0, 2, 3, 4, 6, 8, 9, 10, 12)]
    times = dict([*A, *B, *C])
    assert {m.data: m.envelope.originating_time for m in merged.values} == times
    assert merged.values[-1].data == "C3"


@pytest.mark.rules("E215")
def test_e215_merged_messages_have_the_time_of_their_arrival_and_never_collide() -> None:
    with Pipeline("p", thread_count=4) as p:
        sources = [PushSource(p) for _ in range(4)]
        result = Collector(p, merge_all([source.out for source in sources]))
        p.run_async()
        now = p.get_current_time()
        for n in range(500):
            for source in sources:
                source.out.post(n, now - 10_000 + n)
        wait_until(lambda: len(result.values) == 2000)
        after = p.get_current_time()
    assert all(x < y for x, y in zip(result.times, result.times[1:], strict=False))
    assert now <= result.times[0]
    assert result.times[-1] <= after + 2000


class StandingClock:
    """Every call comes at the same time."""

    def now(self) -> int:
        return 1000

    def from_monotonic(self, _monotonic: int) -> int:
        return 1000


@pytest.mark.rules("E215")
def test_e215_what_arrives_at_the_same_time_gets_times_one_after_the_other() -> None:
    with Pipeline("p", clock=StandingClock()) as p:
        sources = [PushSource(p) for _ in range(2)]
        result = Collector(p, merge_all([source.out for source in sources]))
        p.run_async(enforce_replay_clock=False)
        for n in range(3):
            for source in sources:
                source.out.post(n, n)
        wait_until(lambda: len(result.values) == 6)
    assert result.times == [1000, 1001, 1002, 1003, 1004, 1005]


@pytest.mark.rules("E215", "E216")
@pytest.mark.parametrize("combine", [merge_all, zip_all])
def test_nothing_can_be_neither_merged_nor_zipped(combine: Any) -> None:
    with pytest.raises(ValueError, match="at least one stream"):
        combine([])


@pytest.mark.rules("E216")
def test_a_silent_input_blocks_a_zip_until_it_ends() -> None:
    with Pipeline("p") as p:
        a, silent = PushSource(p), PushSource(p)
        seen, result = Collector(p, a.out), Collector(p, a.out.zip(silent.out))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for time in range(5):
            a.out.post(time, time)
        wait_until(lambda: len(seen.values) == 5)
        assert result.values == []
        silent.out.close(0)
        wait_until(lambda: len(result.values) == 5)


TIMES = st.lists(st.integers(0, 15), unique=True, max_size=10).map(sorted)


@pytest.mark.rules("E216")
@given(st.lists(TIMES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_zip_does_not_depend_on_the_order_in_which_streams_are_named(
    times: list[list[int]], rng: Any
) -> None:
    """Inside a group values stand in the order in which the streams were made."""
    inputs = [[((n, t), t) for t in some] for n, some in enumerate(times)]

    def build(*streams: Emitter[Any]) -> Emitter[Any]:
        named = list(streams)
        rng.shuffle(named)
        return zip_all(named)

    result = collect(build, *inputs)
    every_time = sorted({t for some in times for t in some})
    assert result.times == every_time
    assert [list(v) for v in result.values] == [
        [(n, t) for n, some in enumerate(times) if t in some] for t in every_time
    ]


@pytest.mark.rules("E217")
def test_a_merger_tells_whose_message_it_is() -> None:
    told: list[tuple[str, int]] = []
    with Pipeline("p") as p:
        merger: Merger[str] = Merger(p, lambda key, data, _envelope: told.append((key, data)))
        for key, stream in (("x", each_ms([1, 2])), ("y", each_ms([3]))):
            generators.timed_sequence(p, stream, start_time=0).pipe_to(merger.add(key))
        with pytest.raises(PipelineStateError, match="'x'"):
            merger.add("x")
        p.run(ReplayDescriptor.REPLAY_ALL)
    assert sorted(told) == [("x", 1), ("x", 2), ("y", 3)]


@pytest.mark.rules("E217")
def test_a_splitter_forwards_by_key_and_ignores_the_rest() -> None:
    with Pipeline("p") as p:
        splitter: Splitter[int, int] = Splitter(p, lambda data, _envelope: data % 3)
        zero, one = Collector(p, splitter.add(0)), Collector(p, splitter.add(1))
        with pytest.raises(PipelineStateError, match="already"):
            splitter.add(0)
        generators.timed_sequence(p, each_ms(range(7)), start_time=0).pipe_to(splitter)
        p.run(ReplayDescriptor.REPLAY_ALL)
    assert (zero.values, one.values) == ([0, 3, 6], [1, 4])
    assert one.times == [MS, 4 * MS]
