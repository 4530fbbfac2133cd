"""Sources at the pace of the clock or of the world (rules E89-E91)."""

import threading

import pytest

from studio.engine import DeliveryPolicy, Event, Pipeline, generators, timers
from tests.engine.components import MS, Collector
from tests.waiting import wait_until

START = 1_577_934_245_000 * MS


@pytest.mark.rules("E89")
def test_a_timer_tells_the_time_since_the_start() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, timers.timer(p, 10 * MS))
        p.run_async()
        wait_until(lambda: len(collector.values) >= 5)
    assert collector.values == [time - p.start_time for time in collector.times]
    assert collector.values[0] >= 10 * MS
    assert all(value // (10 * MS) >= index for index, value in enumerate(collector.values, start=1))


@pytest.mark.rules("E29", "E89")
def test_a_timer_is_infinite_and_does_not_keep_a_finite_run_open() -> None:
    with Pipeline("p") as p:
        ticks = Collector(p, timers.timer(p, 10 * MS))
        Collector(p, generators.range_(p, 0, 6, interval=20 * MS))
        p.run()
    assert 3 <= len(ticks.values) <= 10
    assert ticks.times[-1] <= p.start_time + 110 * MS


@pytest.mark.rules("E89", "E170")
@pytest.mark.parametrize("enforce", [True, False])
def test_a_timer_ends_with_the_replay_and_completes_at_its_last_tick(enforce: bool) -> None:
    told: list[int] = []
    with Pipeline("p") as p:
        p.component_completed.connect(lambda args: told.append(args.completed_time))
        ticks = Collector(p, timers.timer(p, 40 * MS))
        p.run(start=START, end=START + 150 * MS, enforce_replay_clock=enforce)
    assert 2 <= len(ticks.values) <= 3
    assert told == [ticks.times[-1]]
    assert all(START < time < START + 150 * MS for time in ticks.times)


@pytest.mark.rules("E90")
def test_no_tick_after_dispose() -> None:
    p = Pipeline("p")
    ticks = Collector(p, timers.timer(p, MS))
    p.run_async()
    wait_until(lambda: len(ticks.values) > 3)
    p.dispose()
    assert not [thread for thread in threading.enumerate() if thread.name == "studio.timer"]


@pytest.mark.rules("E130")
def test_throttling_cannot_slow_a_timer_down_and_a_limited_queue_drops_its_surplus() -> None:
    with Pipeline("p") as p:
        policy = DeliveryPolicy.queue_size_constrained(1, throttle_when_full=True)
        ticks = timers.timer(p, MS)
        slow = Collector(p, ticks, policy, work=lambda _d: threading.Event().wait(0.01))
        p.run_async()
        wait_until(lambda: len(slow.values) >= 5)
    posted = ticks.last_envelope.sequence_id
    assert posted > slow.receiver.statistics().delivered
    assert slow.receiver.statistics().dropped > 0


@pytest.mark.rules("E130", "E131")
def test_behind_a_timer_that_cannot_be_slowed_down_a_throttled_stage_loses_nothing_more() -> None:
    policy = DeliveryPolicy.queue_size_constrained(1, throttle_when_full=True)
    middle_seen: list[int] = []
    with Pipeline("p") as p:
        ticks = timers.timer(p, MS)
        middle = ticks.do(middle_seen.append, policy)
        slow = Collector(p, middle, policy, work=lambda _d: threading.Event().wait(0.005))
        p.run_async()
        wait_until(lambda: len(slow.values) >= 8)
    assert ticks.last_envelope.sequence_id > len(middle_seen)
    assert slow.values == middle_seen


def test_a_slow_start_of_the_interval_is_refused() -> None:
    p = Pipeline("p")
    with pytest.raises(ValueError, match="greater than 0"):
        timers.timer(p, 0)
    p.dispose()


@pytest.mark.rules("E91")
def test_events_of_the_world_become_messages_while_the_pipeline_runs() -> None:
    world: Event[str] = Event()
    with Pipeline("p") as p:
        stream = timers.event_source(p, world.connect, world.disconnect)
        collector = Collector(p, stream)
        world.emit("too early")
        p.run_async()
        for word in ("a", "b", "c"):
            world.emit(word)
        wait_until(lambda: len(collector.values) == 3)
    world.emit("too late")
    assert collector.values == ["a", "b", "c"]
    assert all(p.start_time <= time for time in collector.times)
    assert not world.has_handlers


def test_events_from_many_threads_keep_their_times_apart() -> None:
    world: Event[int] = Event()
    with Pipeline("p") as p:
        collector = Collector(p, timers.event_source(p, world.connect, world.disconnect))
        p.run_async()
        threads = [threading.Thread(target=lambda: [world.emit(i) for i in range(50)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: len(collector.values) == 200)
    assert len(set(collector.times)) == 200


@pytest.mark.rules("E180")
def test_a_failure_to_post_is_the_pipelines_not_the_worlds() -> None:
    world: Event[object] = Event()
    with Pipeline("p") as p:
        Collector(p, timers.event_source(p, world.connect, world.disconnect))
        p.run_async()
        assert world.emit(threading.Lock()) == ()
        with pytest.raises(ExceptionGroup, match="cannot be copied"):
            p.wait_all(10)
