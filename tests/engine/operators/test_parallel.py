"""Items of payloads through branches of their own (rules E218-E221)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Emitter, Pipeline, PipelineState, ReplayDescriptor, generators
from studio.engine.operators.fusing import Fuse
from studio.engine.operators.termination import after_key_not_present, never
from tests.engine.components import MS, Collector, PushSource
from tests.engine.operators.streams import collect, each_ms, values
from tests.waiting import wait_until


def drop_3_and_above_4(_key: int, stream: Emitter[int]) -> Emitter[int]:
    return stream.where(lambda x: x != 3 and x <= 4)


def running_sum(_key: Any, stream: Emitter[int]) -> Emitter[int]:
    return stream.sum()


@pytest.mark.rules("E218")
def test_each_item_goes_through_a_subpipeline_of_its_own() -> None:
    pairs = each_ms([(1, 10), (2, 20), (3, 30)])
    with Pipeline("p") as p:
        stream = generators.timed_sequence(p, pairs, start_time=0)
        result = Collector(p, stream.parallel(2, lambda i, s: s.sum().select(lambda x: (i, x))))
        branches = [e.nested.pipeline for e in p.elements if e.nested is not None]
        assert len(branches) == 2
        p.run(ReplayDescriptor.REPLAY_ALL)
    assert [list(v) for v in result.values] == [[(0, 1), (1, 10)], [(0, 3), (1, 30)], [(0, 6), (1, 60)]]
    assert result.times == [0, MS, 2 * MS]
    assert {branch.state for branch in branches} == {PipelineState.COMPLETED}


@pytest.mark.rules("E218")
def test_a_dropped_item_drops_its_message_or_is_filled_in() -> None:
    pairs = each_ms([(1, 2), (3, 1), (2, 3)])
    assert values(lambda s: s.parallel(2, drop_3_and_above_4), pairs) == [[1, 2]]
    assert values(lambda s: s.parallel(2, drop_3_and_above_4, default=0), pairs) == [[1, 2], [0, 1], [2, 0]]


@pytest.mark.rules("E218")
def test_a_message_of_another_length_fails_the_run() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        collect(lambda s: s.parallel(2, running_sum), each_ms([(1, 2), (1, 2, 3)]))
    assert "2 items a message, this one has 3" in str(raised.value.exceptions[0])
    with Pipeline("p") as p, pytest.raises(ValueError, match="at least 1"):
        generators.return_(p, (1, 2)).parallel(0, running_sum)


@pytest.mark.rules("E219")
def test_branches_are_made_when_messages_grow() -> None:
    rows = each_ms([(1,), (1, 1), (), (1, 1, 1), (1,)])
    result = collect(lambda s: s.parallel_variable(running_sum), rows)
    assert [list(v) for v in result.values] == [[1], [2, 1], [], [3, 2, 1], [4]]
    assert result.times == [n * MS for n in range(5)]


@pytest.mark.rules("E219")
def test_dropped_items_of_messages_of_any_length() -> None:
    rows = each_ms([(1,), (3, 1), (1, 2, 3)])
    assert values(lambda s: s.parallel_variable(drop_3_and_above_4), rows) == [[1]]
    assert values(lambda s: s.parallel_variable(drop_3_and_above_4, default=0), rows) == [
        [1],
        [0, 1],
        [1, 2, 0],
    ]


@pytest.mark.rules("E220", "E201")
def test_a_keyed_join_resolves_what_its_branches_dropped() -> None:
    rows = each_ms([{}, {1: 1}, {1: 2}, {1: 3}, {1: 4}, {1: 5}, {1: 6}, {}, {}, {}])

    def results(**given: Any) -> list[int]:
        found = collect(lambda s: s.parallel_sparse(drop_3_and_above_4, **given), rows).values
        return [row[1] for row in found if row]

    assert results() == [1, 2, 4]
    assert results(default=0) == [1, 2, 0, 4, 0, 0]


@pytest.mark.rules("E220")
def test_a_key_that_comes_back_gets_a_new_branch() -> None:
    rows = each_ms([{"a": 1}, {"a": 1, "b": 5}, {"b": 5}, {"a": 1, "b": 5}])
    result = collect(lambda s: s.parallel_sparse(running_sum), rows)
    assert result.values == [{"a": 1}, {"a": 2, "b": 5}, {"b": 10}, {"a": 1, "b": 15}]
    assert result.times == [n * MS for n in range(4)]


@pytest.mark.rules("E221")
def test_e221_absences_count_in_a_row() -> None:
    rows = each_ms([{"a": 1}, {}, {"a": 1}, {}, {"a": 1}, {}, {}, {"a": 1}])
    kept = values(
        lambda s: s.parallel_sparse(running_sum, default=0, termination=after_key_not_present(1)), rows
    )
    assert kept == [{"a": 1}, {"a": 0}, {"a": 2}, {"a": 0}, {"a": 3}, {"a": 0}, {}, {"a": 1}]
    with pytest.raises(ValueError, match="0 or more"):
        after_key_not_present(-1)


@pytest.mark.rules("E221")
def test_branches_may_live_to_the_end() -> None:
    rows = each_ms([{"a": 1}, {}, {}, {"a": 1}])
    assert values(lambda s: s.parallel_sparse(running_sum, default=0, termination=never), rows) == [
        {"a": 1}, {"a": 0}, {"a": 0}, {"a": 2},
    ]  # fmt: skip


ROWS = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3), max_size=10)


@pytest.mark.rules("E220", "E221")
@given(ROWS, st.integers(0, 2), st.integers(1, 3))
def test_keyed_branches_do_as_a_loop_would(rows: list[dict[str, int]], n: int, thread_count: int) -> None:
    termination = after_key_not_present(n)
    result = collect(
        lambda s: s.parallel_sparse(running_sum, default=-1, termination=termination),
        each_ms(rows),
        thread_count=thread_count,
    )
    sums: dict[str, int] = {}
    absent: dict[str, int] = {}
    expected = []
    for row in rows:
        for key in [key for key in sums if key not in row]:
            absent[key] += 1
            if absent[key] > n:
                del sums[key]
        for key, value in row.items():
            sums[key] = sums.get(key, 0) + value
            absent[key] = 0
        expected.append({key: total if key in row else -1 for key, total in sums.items()})
    assert result.values == expected


@pytest.mark.rules("E220")
def test_branches_that_have_ended_are_forgotten() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        output = source.out.parallel_sparse(running_sum)
        result, fuse = Collector(p, output), output.owner
        assert isinstance(fuse, Fuse)
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for n in range(5):
            source.out.post({n: n}, n)
        wait_until(lambda: sum(s.closing_time is None for s in tuple(fuse._secondaries.values())) == 1)
        source.out.post({5: 5}, 5)
        wait_until(lambda: len(result.values) == 6)
        assert len(fuse._secondaries) <= 2
    assert result.values == [{n: n} for n in range(6)]


@pytest.mark.rules("E220", "E201")
def test_what_an_ended_branch_dropped_holds_nothing_up() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        result = Collector(p, source.out.parallel_sparse(drop_3_and_above_4, default=0))
        p.run_async(ReplayDescriptor.between(0, enforce_replay_clock=False))
        for time, row in enumerate([{"a": 9}, {"b": 1}]):
            source.out.post(row, time)
        wait_until(lambda: result.values == [{"a": 0}, {"b": 1}])
