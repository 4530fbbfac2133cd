"""Who runs when: exclusivity, order, the clock, synchronous delivery, throttling, rest (rules E109-E134)."""

import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engine import REPLAY_ALL, DeliveryPolicy, Envelope, Pipeline, ReplayDescriptor, generators
from tests.engine.components import MS, Collector, PushSource, ThreadSource
from tests.waiting import wait_until


@pytest.mark.rules("E109")
def test_a_component_does_one_thing_at_a_time_whatever_the_number_of_workers() -> None:
    class TwoInputs:
        def __init__(self, pipeline: Pipeline) -> None:
            self.now = 0
            self.most = 0
            self.count = 0
            self.a = pipeline.create_receiver(self, self.receive, "a")
            self.b = pipeline.create_receiver(self, self.receive, "b")

        def receive(self, _data: int, _envelope: Envelope) -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            for _ in range(200):
                pass
            self.count += 1
            self.now -= 1

    with Pipeline("p", thread_count=4) as p:
        component = TwoInputs(p)
        ThreadSource(p, 500).out.pipe_to(component.a)
        ThreadSource(p, 500).out.pipe_to(component.b)
        p.run(REPLAY_ALL)
    assert component.count == 1000
    assert component.most == 1


@pytest.mark.rules("E110")
def test_different_components_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)
    with Pipeline("p", thread_count=2) as p:
        source = generators.return_(p, 1)
        collectors = [Collector(p, source, work=lambda _data: meeting.wait()) for _ in range(2)]
        p.run()
    assert [c.values for c in collectors] == [[1], [1]]


@pytest.mark.rules("E111")
@settings(max_examples=15, deadline=None)
@given(st.integers(1, 4), st.integers(1, 80), st.integers(1, 4))
def test_nothing_is_lost_or_reordered_on_the_way_through_any_chain(
    threads: int, count: int, stages: int
) -> None:
    with Pipeline("p", thread_count=threads) as p:
        stream = ThreadSource(p, count).out
        for _ in range(stages):
            stream = stream.select(lambda value: value + 1)
        collector = Collector(p, stream)
        p.run(REPLAY_ALL)
    assert collector.values == [stages + index for index in range(count)]
    assert collector.times == [p.start_time + index for index in range(count)]


@pytest.mark.rules("E117", "E98")
def test_an_enforced_clock_holds_a_message_at_every_receiver_until_its_time() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        relay = source.out.process(
            lambda data, envelope, out: out.post(data, envelope.originating_time + 30 * MS)
        )
        first, second = Collector(p, source.out), Collector(p, relay)
        p.run_async()
        due = p.get_current_time() + 30 * MS
        source.out.post(1, due)
        wait_until(lambda: bool(second.values))
    assert due <= first.received_at[0]
    assert due + 30 * MS <= second.received_at[0] < due + 130 * MS


@pytest.mark.rules("E117", "E93")
def test_a_recorded_message_waits_too_however_long_ago_it_was_created() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        due = p.get_current_time() + 50 * MS
        # Its creation time is later than its time, as always in a recording; that does not make it due.
        source.out.deliver("recorded", Envelope(0, 7, due, due + 1))
        wait_until(lambda: bool(collector.values))
    assert collector.received_at[0] >= due


@pytest.mark.rules("E119")
def test_without_enforcement_nothing_waits() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 5, interval=3600 * 1000 * MS))
        p.run(REPLAY_ALL)
    assert collector.values == [0, 1, 2, 3, 4]


@pytest.mark.rules("E117", "E124")
def test_the_newest_of_future_messages_waits_for_its_own_time_under_latest_message() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out, DeliveryPolicy.LATEST_MESSAGE)
        p.run_async()
        now = p.get_current_time()
        source.out.post("replaced", now + 20 * MS)
        source.out.post("newest", now + 60 * MS)
        wait_until(lambda: bool(collector.values))
    assert collector.values == ["newest"]
    assert collector.received_at[0] >= now + 60 * MS


@pytest.mark.rules("E128")
def test_latest_message_skips_what_a_slow_receiver_cannot_take() -> None:
    gate = threading.Event()
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(
            p, source.out, DeliveryPolicy.LATEST_MESSAGE, work=lambda data: data == 10 and gate.wait(10)
        )
        p.run_async()
        source.out.post(10, p.start_time)
        wait_until(lambda: collector.receiver.statistics().delivered == 1)
        source.out.post(11, p.start_time + 1)
        source.out.post(12, p.start_time + 2)
        gate.set()
    assert collector.values == [10, 12]
    statistics = collector.receiver.statistics()
    assert (statistics.delivered, statistics.dropped, statistics.queued) == (2, 1, 0)


@pytest.mark.rules("E128")
def test_a_queue_of_three_keeps_the_last_three() -> None:
    gate = threading.Event()
    with Pipeline("p") as p:
        source = PushSource(p)
        policy = DeliveryPolicy.queue_size_constrained(3)
        collector = Collector(p, source.out, policy, work=lambda _data: gate.wait(10))
        p.run_async()
        source.out.post(0, p.start_time)
        wait_until(lambda: collector.receiver.statistics().delivered == 1)
        for value in range(1, 10):
            source.out.post(value, p.start_time + value)
        assert collector.receiver.statistics().queued == 3
        gate.set()
    assert collector.values == [0, 7, 8, 9]


def test_a_byte_limit_refuses_the_newest_and_says_so() -> None:
    gate = threading.Event()
    with Pipeline("p") as p:
        source = PushSource(p)
        policy = DeliveryPolicy.bytes_constrained(8)
        collector = Collector(p, source.out, policy, work=lambda _data: gate.wait(10))
        p.run_async()
        source.out.post(b"head", p.start_time)
        wait_until(lambda: collector.receiver.statistics().delivered == 1)
        for index, data in enumerate((b"aaaa", b"bbbb", b"c"), start=1):
            source.out.post(data, p.start_time + index)
        statistics = collector.receiver.statistics()
        assert (statistics.queued, statistics.queued_bytes, statistics.refused) == (2, 8, 1)
        gate.set()
    assert collector.values == [b"head", b"aaaa", b"bbbb"]


@pytest.mark.rules("E126")
def test_messages_grown_too_old_are_dropped_when_their_turn_comes() -> None:
    gate = threading.Event()
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(
            p, source.out, DeliveryPolicy.latency_constrained(50 * MS), work=lambda _data: gate.wait(10)
        )
        p.run_async()
        now = p.get_current_time()
        for value in range(5):
            source.out.post(value, now + value)
        wait_until(lambda: p.get_current_time() > now + 60 * MS)
        gate.set()
        wait_until(lambda: collector.receiver.statistics().dropped == 4)
    assert collector.values == [0]
    assert len(collector.ended_at) == 1


@pytest.mark.rules("E129", "E131")
def test_a_throttling_chain_loses_nothing_and_pauses_the_generator() -> None:
    with Pipeline("p", thread_count=2) as p:
        produced: list[int] = []
        stream = generators.range_(p, 0, 20, interval=1)
        middle = stream.do(produced.append, DeliveryPolicy.THROTTLE)
        ahead: list[int] = []
        slow = Collector(p, middle, DeliveryPolicy.THROTTLE)
        slow.work = lambda _data: ahead.append(len(produced) - len(slow.values))
        p.run(REPLAY_ALL)
    assert slow.values == list(range(20))
    assert max(ahead) <= 3


@pytest.mark.rules("E130")
def test_throttling_cannot_pause_a_source_with_its_own_thread() -> None:
    gate = threading.Event()
    with Pipeline("p") as p:
        source = ThreadSource(p, 100)
        collector = Collector(p, source.out, DeliveryPolicy.THROTTLE, work=lambda _data: gate.wait(10))
        p.run_async(REPLAY_ALL)
        wait_until(lambda: source.out.last_envelope.sequence_id == 100)
        gate.set()
        assert p.wait_all(10)
    assert collector.values == list(range(100))


@pytest.mark.rules("E130")
def test_a_source_that_posted_before_the_run_still_starts_though_throttled() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out, DeliveryPolicy.THROTTLE)
        source.out.post(1, 1)
        source.out.post(2, 2)
        p.run_async()
        wait_until(lambda: collector.values == [1, 2])
    assert source.calls == ["start", "stop"]


@pytest.mark.rules("E120")
def test_synchronous_delivery_runs_on_the_posting_worker() -> None:
    with Pipeline("p", thread_count=3) as p:
        posters: list[str] = []
        handlers: list[str] = []
        stream = generators.range_(p, 0, 10, interval=1).do(
            lambda _data: posters.append(threading.current_thread().name)
        )
        collector = Collector(
            p,
            stream,
            DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE,
            work=lambda _data: handlers.append(threading.current_thread().name),
        )
        p.run(REPLAY_ALL)
    assert collector.values == list(range(10))
    assert posters == handlers
    assert all(name.startswith("studio.worker-") for name in handlers)


@pytest.mark.rules("E120")
def test_a_post_from_outside_is_never_synchronous() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        names: list[str] = []
        Collector(
            p,
            source.out,
            DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE,
            work=lambda _data: names.append(threading.current_thread().name),
        )
        p.run_async()
        source.out.post(1, p.start_time)
        wait_until(lambda: bool(names))
    assert names[0].startswith("studio.worker-")


@pytest.mark.rules("E109", "E120")
def test_a_loop_of_synchronous_posts_queues_instead_of_entering_twice() -> None:
    class Echo:
        def __init__(self, pipeline: Pipeline) -> None:
            self.depth = 0
            self.deepest = 0
            self.values: list[int] = []
            self.out = pipeline.create_emitter(self, "out")
            self.receiver = pipeline.create_receiver(self, self.receive, "in")
            self.start_in = pipeline.create_receiver(self, self.receive, "start")

        def receive(self, data: int, envelope: Envelope) -> None:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
            self.values.append(data)
            if data < 5:
                self.out.post(data + 1, envelope.originating_time + 1)
            self.depth -= 1

    with Pipeline("p") as p:
        echo = Echo(p)
        echo.out.pipe_to(echo, DeliveryPolicy.queue_size_constrained(9, attempt_synchronous=True))
        source = PushSource(p)
        source.out.pipe_to(echo.start_in)
        p.run_async()
        source.out.post(0, p.start_time)
        wait_until(lambda: len(echo.values) == 6)
    assert echo.values == [0, 1, 2, 3, 4, 5]
    assert echo.deepest == 1


@pytest.mark.rules("E132", "E133")
def test_a_throttled_loop_that_stands_still_can_be_disposed() -> None:
    values: list[int] = []

    class Loop:
        def __init__(self, pipeline: Pipeline) -> None:
            self.out = pipeline.create_emitter(self, "out")
            self.receiver = pipeline.create_receiver(self, self.receive, "in")

        def receive(self, data: int, envelope: Envelope) -> None:
            values.append(data)
            self.out.post(data + 1, envelope.originating_time + 3600 * 1000 * MS)

    p = Pipeline("p")
    loop = Loop(p)
    loop.out.pipe_to(loop, DeliveryPolicy.THROTTLE)
    p.run_async()
    loop.out.post(0, p.start_time)
    p.dispose()
    assert values == [0]


@pytest.mark.rules("E113")
def test_due_work_goes_in_order_of_its_time_on_one_worker() -> None:
    with Pipeline("p", thread_count=1) as p:
        order: list[tuple[int, int]] = []
        source = PushSource(p)
        for index in range(3):
            Collector(p, source.out, work=lambda data, index=index: order.append((data, index)))
        source.out.post(1, 1)
        source.out.post(2, 2)
        p.run_async()
        wait_until(lambda: len(order) == 6)
    assert order == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]


def test_a_worker_at_rest_sees_to_due_work_while_the_others_are_busy() -> None:
    release = threading.Event()
    with Pipeline("p", thread_count=2) as p:
        source, other = PushSource(p), PushSource(p)
        timely = Collector(p, source.out)
        busy = Collector(p, other.out, work=lambda _data: release.wait(10))
        p.run_async()
        for round_number in range(1, 20):
            due = p.get_current_time() + 10 * MS
            release.clear()
            source.out.post(round_number, due)
            other.out.post(round_number, p.get_current_time())
            wait_until(lambda: len(timely.values) == len(busy.values) + 1)
            release.set()
            wait_until(lambda count=round_number: len(busy.values) == count)  # type: ignore[misc]
    late = [at - time for at, time in zip(timely.received_at, timely.times, strict=True)]
    assert min(late) >= 0
    assert sorted(late)[len(late) // 2] < 20 * MS


def test_a_resting_pipeline_takes_no_processor_time() -> None:
    with Pipeline("p", thread_count=4) as p:
        source = PushSource(p)
        Collector(p, source.out)
        p.run_async()
        source.out.post("far ahead", p.get_current_time() + 3600 * 1000 * MS)
        before = time.process_time()
        assert not p.wait_all(timeout_s=1.0)
        used = time.process_time() - before
    assert used < 0.05


@pytest.mark.rules("E19")
def test_a_thousand_sources_start_with_two_workers() -> None:
    with Pipeline("p", thread_count=2) as p:
        for _ in range(1000):
            generators.sequence(p, (), interval=MS)
        p.run()


@pytest.mark.parametrize("speed", [8.0, 16.0])
def test_a_replay_may_run_faster_than_the_world(speed: float) -> None:
    start = 1_000_000 * MS
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 5, interval=1000 * MS))
        began = time.monotonic()
        interval = ReplayDescriptor.between(start, start + 4000 * MS).interval
        p.run(ReplayDescriptor(interval, speed=speed))
        took = time.monotonic() - began
    assert collector.times == [start + index * 1000 * MS for index in range(5)]
    assert 4.0 / speed <= took < 3.5, "the world would have taken four seconds"


@pytest.mark.rules("E120")
@pytest.mark.parametrize("thread_count", [1, 2])
def test_a_synchronous_handler_has_run_when_post_returns(thread_count: int) -> None:
    log: list[str] = []

    def post(data: int, envelope: Any, out: Any) -> None:
        log.append(f"post {data}")
        out.post(data, envelope.originating_time)
        log.append(f"posted {data}")

    with Pipeline("p", thread_count=thread_count) as p:
        stream = generators.range_(p, 0, 3, interval=MS).process(post)
        Collector(
            p, stream, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE, work=lambda data: log.append(f"in {data}")
        )
        p.run(enforce_replay_clock=False)
    assert log == [text for i in range(3) for text in (f"post {i}", f"in {i}", f"posted {i}")]
