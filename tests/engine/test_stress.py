"""Many components, many messages, ends at any moment: nothing lost, nothing twice, nobody left waiting.

`STUDIO_STRESS=20 python -m pytest tests/engine/test_stress.py` does twenty times as much: a million messages
through the diamond, tens of thousands of components.
"""

import faulthandler
import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline, generators, timers
from studio.engine.lifecycle import PipelineState
from studio.timing import NS_PER_S
from tests.engine.components import MS, Collector, StartSource, ThreadSource

SCALE = int(os.environ.get("STUDIO_STRESS", "1"))
WATCHDOG_S = 60 * SCALE


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """Whatever stands still shows where: all stacks are dumped, and the process ends."""
    faulthandler.dump_traceback_later(WATCHDOG_S, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


class Confluence:
    """Several inputs of one component; counts what comes and that it comes one at a time."""

    def __init__(self, pipeline: Pipeline, sources: list[Emitter[Any]], policy: DeliveryPolicy) -> None:
        self.seen: list[Counter[int]] = [Counter() for _ in sources]
        self.active = 0
        self.is_exclusive = True
        self.is_ordered = True
        for index, source in enumerate(sources):
            receiver = pipeline.create_receiver(self, self.receiver_of(index), f"in{index}")
            source.pipe_to(receiver, policy)

    def receiver_of(self, index: int) -> Any:
        last = -1

        def receive(data: int, _envelope: Envelope) -> None:
            nonlocal last
            self.active += 1
            self.is_exclusive = self.is_exclusive and self.active == 1
            self.is_ordered = self.is_ordered and data > last
            last = data
            self.seen[index][data] += 1
            self.active -= 1

        return receive


@pytest.mark.rules("E109", "E110", "E111", "E130")
@pytest.mark.timeout(60 * SCALE + 60)
@pytest.mark.parametrize(
    "policy",
    [DeliveryPolicy.UNLIMITED, DeliveryPolicy.THROTTLE, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE],
    ids=lambda policy: policy.name,
)
def test_a_diamond_with_eight_threads_loses_and_doubles_nothing(policy: DeliveryPolicy) -> None:
    count = 4_000 * SCALE
    with Pipeline("p", thread_count=8, default_delivery_policy=policy) as p:
        source = ThreadSource(p, count)
        arms = [source.out.select(lambda x: x).select(lambda x: x) for _ in range(4)]
        end = Confluence(p, arms, policy)
        p.run(enforce_replay_clock=False)
    assert end.is_exclusive
    assert end.is_ordered
    assert all(seen == Counter(range(count)) for seen in end.seen)


@pytest.mark.rules("E19", "E51")
@pytest.mark.timeout(60 * SCALE + 60)
def test_thousands_of_components_start_work_and_end() -> None:
    width, depth = 300 * SCALE, 5
    with Pipeline("p", thread_count=4) as p:
        source = StartSource(p, [(value, value) for value in (1, 2, 3)], 3)
        collectors = []
        for _ in range(width):
            stream = source.out
            for _ in range(depth):
                stream = stream.select(lambda x: x + 1)
            collectors.append(Collector(p, stream))
        assert len(p.elements) == 1 + width * (depth + 1)
        p.run(start=0, enforce_replay_clock=False)
    assert all(collector.values == [6, 7, 8] for collector in collectors)
    assert all(collector.ended_at == [3] for collector in collectors)


@pytest.mark.rules("E51", "E53")
@pytest.mark.timeout(60 * SCALE + 60)
def test_a_chain_of_hundreds_ends_from_its_beginning_to_its_end() -> None:
    length = 400
    ended: list[int] = []
    with Pipeline("p", thread_count=2) as p:
        stream: Emitter[Any] = generators.return_(p, 0)
        for index in range(length):
            stream = stream.select(lambda x: x + 1)
            stream.closed.connect(lambda _t, index=index: ended.append(index))
        collector = Collector(p, stream)
        p.run()
    assert collector.values == [length]
    assert ended == list(range(length))


@pytest.mark.rules("E55", "E56", "E59")
@pytest.mark.timeout(60 * SCALE + 60)
@pytest.mark.parametrize("seed", range(6 * SCALE))
def test_disposed_at_any_moment_from_anywhere_it_ends_whole(seed: int) -> None:
    """What is delivered is a beginning of what was posted, in order, without gaps; no thread stays."""
    chance = random.Random(seed)
    p = Pipeline("p", thread_count=chance.choice([1, 2, 8]))
    inner = p.create_subpipeline()
    into = inner.create_input_connector_from(p)
    source = ThreadSource(p, 3000)
    source.out.select(lambda x: x).pipe_to(into)
    timers.timer(inner, MS)
    moment = chance.randrange(3000)
    is_inside = chance.random() < 0.5
    reached = threading.Event()

    def work(data: int) -> None:
        if data == moment:
            reached.set()
            if is_inside:
                p.dispose()

    collectors = [Collector(inner, into.out, policy, work) for policy in (None, DeliveryPolicy.THROTTLE)]
    collectors.append(Collector(p, source.out, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE, work))
    p.run_async(enforce_replay_clock=False)
    if chance.random() < 0.7:
        reached.wait(10)
    disposers = [threading.Thread(target=p.dispose) for _ in range(3)]
    for disposer in disposers:
        disposer.start()
    for disposer in disposers:
        disposer.join()
    assert p.state is PipelineState.COMPLETED
    for collector in collectors:
        assert collector.values == list(range(len(collector.values)))
        assert len(collector.ended_at) == 1
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("studio.")] == []


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns hundreds of times more often than usual, so that they meet everywhere."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.rules("E94", "E110", "E111", "E122", "E124")
@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "policy",
    [
        DeliveryPolicy.UNLIMITED,
        DeliveryPolicy.LATEST_MESSAGE,
        DeliveryPolicy.queue_size_constrained(3),
        DeliveryPolicy.bytes_constrained(100),
        DeliveryPolicy.latency_constrained(NS_PER_S),
    ],
    ids=lambda policy: policy.name,
)
@pytest.mark.parametrize("runs_ahead", [False, True])
def test_of_what_many_threads_post_at_once_every_message_is_accounted_for(
    policy: DeliveryPolicy, runs_ahead: bool
) -> None:
    """Posting leaves the lock of the scheduler alone while a receiver has work: nobody is left behind."""
    count, threads = 2_000 * SCALE, 6
    with Pipeline("p", thread_count=3) as p:
        sources = [ThreadSource(p, count, payload=lambda number: b"%d" % number) for _ in range(threads)]
        collectors = [Collector(p, source.out, policy) for source in sources]
        for collector in collectors:
            if runs_ahead:
                collector.receiver.run_ahead()
        p.run(enforce_replay_clock=False)
    for collector in collectors:
        came, numbers = collector.receiver.statistics(), [int(value) for value in collector.values]
        assert (came.queued, came.queued_bytes) == (0, 0)
        assert came.delivered == len(numbers)
        assert came.delivered + came.dropped + came.refused == count
        assert numbers == sorted(set(numbers))
        if policy.maximum_queue_size is not None:
            assert numbers[-1] == count - 1, "the newest is never dropped"
        assert policy is not DeliveryPolicy.UNLIMITED or came.delivered == count
        assert len(collector.ended_at) == 1
