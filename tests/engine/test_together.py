"""What has come together goes its way together, and is nothing else than one message after another."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import DeliveryPolicy, Pipeline, ReceiverStatistics
from studio.engine.delivery import TOGETHER_COUNT, DeliveryQueue, QueuedMessage
from studio.errors import MessageOrderError
from studio.timing import TIME_MAX
from tests.engine.components import Collector, PushSource
from tests.waiting import wait_until


@pytest.mark.rules("E92", "E94")
def test_messages_posted_together_are_numbered_timed_and_ordered_as_if_one_by_one() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        begun = p.start_time
        source.out.post("a", begun)
        source.out.post_all([("b", begun + 1), ("c", begun + 2)])
        source.out.post_all([])
        source.out.post("d", begun + 3)
        wait_until(lambda: len(collector.values) == 4)
        assert collector.values == ["a", "b", "c", "d"]
        envelopes = collector.envelopes
        assert [e.sequence_id for e in envelopes] == [1, 2, 3, 4]
        assert [e.originating_time for e in envelopes] == [begun, begun + 1, begun + 2, begun + 3]
        created = [e.creation_time for e in envelopes]
        assert created == sorted(created)
        assert source.out.last_envelope == envelopes[-1]


@pytest.mark.rules("E94")
def test_those_before_the_one_that_is_out_of_order_are_posted() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        begun = p.start_time
        with pytest.raises(MessageOrderError, match="strictly increase"):
            source.out.post_all([("a", begun + 1), ("b", begun + 2), ("c", begun + 2), ("d", begun + 9)])
        wait_until(lambda: len(collector.values) == 2)
    assert collector.values == ["a", "b"]


@pytest.mark.rules("E105")
def test_what_may_change_is_still_copied_for_each_receiver() -> None:
    shared = {"number": 1}
    with Pipeline("p") as p:
        source = PushSource(p)
        collectors = [Collector(p, source.out), Collector(p, source.out)]
        p.run_async()
        source.out.post_all([(1, p.start_time), (shared, p.start_time + 1)])
        wait_until(lambda: all(len(each.values) == 2 for each in collectors))
    first, second = (each.values[1] for each in collectors)
    assert first == second == shared
    assert first is not second
    assert first is not shared


def waiting_message(number: int, size: int) -> QueuedMessage:
    return (number, number, number, number, size, False)


@given(
    maximum=st.none() | st.integers(1, 5),
    maximum_bytes=st.none() | st.integers(1, 30),
    groups=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), max_size=8),
    final_time=st.integers(0, 40),
)
def test_a_queue_takes_in_a_group_as_it_would_take_its_messages(
    maximum: int | None, maximum_bytes: int | None, groups: list[list[int]], final_time: int
) -> None:
    policy = DeliveryPolicy("p", maximum_queue_size=maximum, maximum_bytes=maximum_bytes)
    together, one_by_one = DeliveryQueue(policy), DeliveryQueue(policy)
    number = 0
    for group in groups:
        messages = [waiting_message(number + place, size) for place, size in enumerate(group)]
        number += len(group)
        together.keep_all(messages, sum(group), final_time)
        for message in messages:
            if message[2] <= final_time:
                one_by_one.enqueue(message)
        assert list(together.messages) == list(one_by_one.messages)
        assert together.queued_bytes == one_by_one.queued_bytes
        assert (together.dropped, together.refused) == (one_by_one.dropped, one_by_one.refused)


@given(
    sizes=st.lists(st.sampled_from([0, 10, 40_000]), min_size=1, max_size=3 * TOGETHER_COUNT),
    horizon=st.integers(0, 3 * TOGETHER_COUNT),
)
def test_what_is_taken_together_is_due_bounded_and_the_oldest(sizes: list[int], horizon: int) -> None:
    queue = DeliveryQueue(DeliveryPolicy.UNLIMITED)
    messages = [waiting_message(number, size) for number, size in enumerate(sizes)]
    queue.keep_all(messages, sum(sizes), TIME_MAX)
    first = queue.dequeue(lambda: 0)
    assert first is not None
    taken = queue.take_with(first, horizon, horizon, lambda: 0)
    assert taken == messages[: len(taken)]
    assert all(time <= horizon for _, _, time, _, _, _ in taken[1:])
    assert len(taken) <= TOGETHER_COUNT
    assert sum(size for *_, size, _ in taken[:-1]) < 65_536
    assert queue.queued_bytes == sum(sizes[len(taken) :])


def test_an_action_for_several_gets_all_that_waits_in_order() -> None:
    class Several:
        def __init__(self, pipeline: Pipeline) -> None:
            self.receiver = pipeline.create_receiver(self, self.take, "in")
            self.receiver.take_together(self.take_all)
            self.values: list[object] = []
            self.groups = 0

        def take(self, data: object, _envelope: object) -> None:
            self.values.append(data)

        def take_all(self, messages: list[QueuedMessage]) -> None:
            self.groups += 1
            self.values += [message[0] for message in messages]

    with Pipeline("p", thread_count=1) as p:
        source = PushSource(p)
        kept, newest = Several(p), Several(p)
        source.out.pipe_to(kept.receiver, DeliveryPolicy.bytes_constrained(1 << 20))
        source.out.pipe_to(newest.receiver, DeliveryPolicy.queue_size_constrained(1000))
        p.run_async()
        begun = p.start_time
        for number in range(0, 500, 50):
            source.out.post_all(
                [(np.full(3, n), begun + n) for n in range(number, number + 50)],
            )
        wait_until(lambda: len(kept.values) == len(newest.values) == 500)
        for several in (kept, newest):
            assert [int(value[0]) for value in several.values] == list(range(500))  # type: ignore[index]
            assert several.groups > 0
            statistics = several.receiver.statistics()
            assert (statistics.delivered, statistics.queued, statistics.queued_bytes) == (500, 0, 0)
            assert several.receiver.last_envelope == source.out.last_envelope


def test_what_is_in_hand_is_counted_and_every_message_is_somewhere() -> None:
    """The sum holds while the action has a group in hand, and more waits behind it."""
    begun, done = threading.Event(), threading.Event()

    class Busy:
        def __init__(self, pipeline: Pipeline) -> None:
            self.receiver = pipeline.create_receiver(self, lambda _data, _envelope: None, "in")
            self.receiver.take_together(self.take_all)

        def take_all(self, messages: list[QueuedMessage]) -> None:
            begun.set()
            assert done.wait(30)
            if messages[-1][1] == 100:
                raise ValueError("the last one")

    count = TOGETHER_COUNT + 36
    p = Pipeline("p", thread_count=1)
    source = PushSource(p)
    busy = Busy(p)
    source.out.pipe_to(busy.receiver)
    p.run_async(start=0, enforce_replay_clock=False)
    source.out.post_all([(number, number) for number in range(1, count + 1)])
    assert begun.wait(30)
    statistics = busy.receiver.statistics()
    assert statistics.in_hand == statistics.delivered > 1
    assert statistics.delivered + statistics.queued == count
    done.set()
    wait_until(lambda: busy.receiver.statistics().queued == 0)
    with pytest.raises(ExceptionGroup, match="the last one"):
        p.dispose()
    assert busy.receiver.statistics() == ReceiverStatistics(delivered=count)
