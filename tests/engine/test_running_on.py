"""What the scheduler does to be fast changes neither order nor drops, nor does it leave anybody waiting."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Pipeline
from studio.engine.running_on import RUN_ON_COUNT
from studio.timing import TIME_MAX
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until


@pytest.mark.rules("E110")
def test_a_message_posted_early_in_a_long_handler_is_handled_meanwhile() -> None:
    """The handler even waits for what it has caused downstream; a second worker sees to it."""
    arrived = threading.Event()
    waited: list[bool] = []
    with Pipeline("p", thread_count=2) as p:
        source = StartSource(p, [(1, 1)], 1)

        def post_and_wait(data: int, envelope: object, out: object) -> None:
            wait_until(lambda: len(p.scheduler.resting) == 1, what="the other worker's rest")
            getattr(out, "post")(data, 1)  # noqa: B009
            waited.append(arrived.wait(5))

        Collector(p, source.out.process(post_and_wait), work=lambda _d: arrived.set())
        p.run(start=0, enforce_replay_clock=False)
    assert waited == [True]


@pytest.mark.rules("E113")
def test_one_worker_takes_what_is_due_first_across_receivers() -> None:
    handled: list[tuple[int, int]] = []
    with Pipeline("p", thread_count=1) as p:
        for index in range(4):
            source = StartSource(p, [(time, time) for time in (1, 2, 3)], 3)
            Collector(p, source.out, work=lambda data, index=index: handled.append((data, index)))
        p.run(start=0, enforce_replay_clock=False)
    assert handled == sorted(handled)


class WatchedQueue(deque[Any]):
    """Something happens in the very moment in which it is found empty."""

    def __init__(self, when_found_empty: Callable[[], None]) -> None:
        super().__init__()
        self._when_found_empty = when_found_empty

    def __bool__(self) -> bool:
        if len(self):
            return True
        self._when_found_empty()
        return False


@pytest.mark.rules("E110", "E111")
def test_a_message_that_comes_in_the_moment_in_which_a_receiver_goes_to_rest_wakes_it() -> None:
    with Pipeline("p", thread_count=1) as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        posts: list[threading.Thread] = []

        def post_another() -> None:
            if collector.values == [1] and not posts:
                posts.append(threading.Thread(target=source.out.post, args=(2, 2)))
                posts[0].start()
                wait_until(lambda: len(collector.receiver.messages) == 1, what="the second message")

        watched = WatchedQueue(post_another)
        setattr(collector.receiver, "messages", watched)  # noqa: B010
        setattr(collector.receiver._queue, "messages", watched)  # noqa: B010
        p.run_async(start=0, enforce_replay_clock=False)
        source.out.post(1, 1)
        wait_until(lambda: collector.values == [1, 2], what="both messages")
        posts[0].join()


@pytest.mark.rules("E113")
def test_who_may_run_ahead_does_not_wait_for_what_is_older_elsewhere() -> None:
    handled: list[tuple[int, int]] = []
    with Pipeline("p", thread_count=1) as p:
        for index in range(3):
            source = StartSource(p, [(time, time) for time in range(1, 11)], 10)
            collector = Collector(p, source.out, work=lambda data, index=index: handled.append((index, data)))
            collector.receiver.run_ahead()
        p.run(start=0, enforce_replay_clock=False)
    assert handled == sorted(handled)


@pytest.mark.rules("E117")
def test_who_may_run_ahead_still_waits_for_the_time_of_a_message() -> None:
    with Pipeline("p") as p:
        source = StartSource(p, [(time * MS, time * MS) for time in range(1, 6)], 5 * MS)
        collector = Collector(p, source.out)
        collector.receiver.run_ahead()
        p.run(start=0, end=10 * MS)
    assert all(at >= time for at, time in zip(collector.received_at, collector.times, strict=True))


@pytest.mark.rules("E111", "E122")
@pytest.mark.parametrize("policy", [DeliveryPolicy.LATEST_MESSAGE, DeliveryPolicy.THROTTLE])
def test_a_queue_that_may_lose_or_throttle_is_fed_one_message_at_a_time(policy: DeliveryPolicy) -> None:
    """With a single worker the follower always has its turn before the next message of the leader."""
    count = 3 * RUN_ON_COUNT
    with Pipeline("p", thread_count=1) as p:
        source = StartSource(p, [(value, value) for value in range(1, count + 1)], count)
        collector = Collector(p, source.out.select(lambda x: x), policy)
        p.run(start=0, enforce_replay_clock=False)
    assert collector.values == list(range(1, count + 1))


@pytest.mark.rules("E111")
def test_the_item_of_a_receiver_is_outstanding_as_long_as_anything_waits() -> None:
    """Handled one at a time, in a worker's turns: nobody who posts meanwhile may schedule it once more."""
    outstanding: list[bool] = []
    posted = threading.Event()
    with Pipeline("p", thread_count=1) as p:
        source = PushSource(p)
        collector = Collector(p, source.out, DeliveryPolicy.latency_constrained(TIME_MAX))
        p.run_async(start=0, enforce_replay_clock=False)

        def look(_data: int) -> None:
            assert posted.wait(30)
            outstanding.append(collector.receiver.is_scheduled)

        collector.work = look
        for time in range(1, 6):
            source.out.post(time, time)
        posted.set()
        wait_until(lambda: len(outstanding) == 5)
    assert outstanding == [True] * 5


@pytest.mark.rules("E44")
def test_nothing_later_than_the_end_slips_through_while_a_worker_runs_on() -> None:
    """The end is told in the middle of a burst that one worker handles in one go.

    It takes a while, so this is about messages before which the worker does not look at the clock.
    """
    p = Pipeline("p", thread_count=1)
    source = PushSource(p, completion_time=None)
    collector = Collector(p, source.out)
    collector.work = lambda data: source.notify(4) if data == 3 else None
    p.pipeline_run.connect(lambda _a: [source.out.post(time, time) for time in range(1, 10)])
    p.run(start=0, enforce_replay_clock=False)
    p.dispose()
    assert collector.values == [1, 2, 3, 4]


@pytest.mark.rules("E115", "E183")
def test_an_error_in_the_middle_of_a_burst_costs_no_other_message() -> None:
    def fail_at_three(data: int) -> None:
        if data == 3:
            raise ValueError("three")

    p = Pipeline("p", thread_count=1)
    source = StartSource(p, [(time, time) for time in range(1, 8)], TIME_MAX)
    collector = Collector(p, source.out, work=fail_at_three)
    with pytest.raises(ExceptionGroup, match="three"):
        p.run(start=0, enforce_replay_clock=False)
    p.dispose()
    assert collector.values == [1, 2, 4, 5, 6, 7]
    assert len(collector.ended_at) == 1


@pytest.mark.rules("E109")
def test_two_inputs_of_a_component_are_never_handled_at_once_however_fast_messages_come() -> None:
    class Two:
        def __init__(self, pipeline: Pipeline) -> None:
            self.active = 0
            self.most = 0
            self.counts = [0, 0]
            self.inputs = [
                pipeline.create_receiver(self, lambda _d, _e, i=i: self.receive(i), f"in{i}")
                for i in range(2)
            ]

        def receive(self, index: int) -> None:
            self.active += 1
            self.most = max(self.most, self.active)
            self.counts[index] += 1
            self.active -= 1

    with Pipeline("p", thread_count=4) as p:
        two = Two(p)
        for receiver in two.inputs:
            source = StartSource(p, [(time, time) for time in range(1, 3001)], 3000)
            source.out.select(lambda x: x).pipe_to(receiver)
        p.run(start=0, enforce_replay_clock=False)
    assert (two.most, two.counts) == (1, [3000, 3000])


def test_a_slow_stage_and_its_follower_work_at_the_same_time() -> None:
    """Handlers that wait (as those that compute outside the interpreter do) overlap on two workers."""
    p = Pipeline("p", thread_count=2)
    both = threading.Barrier(2, timeout=5)
    met: list[int] = []

    def meet(data: int) -> int:
        if data > 1:
            both.wait()
            met.append(data)
        return data

    source = StartSource(p, [(1, 1), (2, 2)], 2)
    leader = source.out.select(lambda x: meet(x) if x == 2 else x)
    Collector(p, leader, work=lambda data: both.wait() if data == 1 else None)
    p.run(start=0, enforce_replay_clock=False)
    p.dispose()
    assert met == [2]
