"""A replay is paused, slowed down, sped up and stepped (decision 7); its times mean what they say."""

import threading
import time as wall

import pytest

from studio.engine import Pipeline, ReplayDescriptor, generators, timers
from studio.errors import PipelineStateError
from studio.timing import TimeInterval
from tests.engine.components import MS, Collector, PushSource
from tests.waiting import wait_until

START = 1_000_000 * MS


@pytest.mark.rules("E142")
def test_a_paused_replay_delivers_nothing_more_and_goes_on_where_it_stood() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 20, interval=10 * MS))
        ticks = Collector(p, timers.timer(p, 10 * MS))
        p.run_async(start=START)
        wait_until(lambda: len(collector.values) >= 3)
        p.transport.pause()
        p.transport.pause()
        stood = p.get_current_time()
        assert p.scheduler.wait_until_resting(5)
        count, tick_count = len(collector.values), len(ticks.values)
        assert not p.wait_all(0.08)
        assert p.get_current_time() == stood
        assert (len(collector.values), len(ticks.values)) == (count, tick_count)
        assert p.transport.is_paused
        p.transport.resume()
        assert p.wait_all(10)
    assert collector.values == list(range(20))
    assert collector.times == [START + index * 10 * MS for index in range(20)]


def test_steps_go_to_each_due_time_in_turn_timers_included() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 5, interval=20 * MS))
        ticks = Collector(p, timers.timer(p, 30 * MS))
        p.transport.pause()
        p.run_async(start=START)
        steps = []
        while (due := p.transport.step()) is not None:
            steps.append((due - START) // MS)
            p.scheduler.wait_until_resting(5)
        assert p.wait_all(10)
    assert steps == [20, 30, 40, 60, 80]
    assert collector.values == [0, 1, 2, 3, 4]
    assert [value // MS for value in ticks.values] == [30, 60]


def test_the_speed_may_change_while_it_runs() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 21, interval=20 * MS))
        p.run_async(ReplayDescriptor(TimeInterval(START), speed=0.1))
        began = wall.monotonic()
        wait_until(lambda: len(collector.values) >= 1)
        p.transport.set_speed(16.0)
        assert p.transport.speed == 16.0
        assert p.wait_all(10)
        took = wall.monotonic() - began
    assert collector.values == list(range(21))
    assert took < 3.0, "400 ms at a tenth of the speed would be four seconds"
    # Created after they were due, by less than a moment: no message came before its time.
    assert all(at >= due for at, due in zip(collector.received_at, collector.times, strict=True))


def test_a_thread_that_posts_while_the_clock_is_changed_is_never_refused() -> None:
    """Creation times must not decrease (rule E94), whatever is done to the clock."""
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=START, enforce_replay_clock=False)
        done = threading.Event()

        def change() -> None:
            for index in range(500):
                p.transport.set_speed(16.0 if index % 2 else 0.1)
                (p.transport.pause if index % 2 else p.transport.resume)()
            done.set()

        changer = threading.Thread(target=change)
        changer.start()
        posted = 0
        while not done.is_set():
            posted += 1
            source.out.post(posted, START + posted)
        changer.join()
    assert collector.values == list(range(1, posted + 1))


@pytest.mark.rules("E56")
def test_a_paused_replay_is_disposed_at_once() -> None:
    p = Pipeline("p")
    collector = Collector(p, generators.range_(p, 0, 100, interval=1000 * MS))
    timers.timer(p, 10_000 * MS)
    p.run_async(start=START)
    wait_until(lambda: collector.values == [0])
    p.transport.pause()
    began = wall.monotonic()
    p.dispose()
    assert wall.monotonic() - began < 2
    assert collector.values == [0]


def test_only_a_replay_can_be_paused_and_only_a_paused_one_stepped() -> None:
    with Pipeline("live") as p:
        PushSource(p)
        p.run_async()
        for call in (p.transport.pause, p.transport.resume, p.transport.step):
            with pytest.raises(PipelineStateError, match="live"):
                call()
    with pytest.raises(PipelineStateError, match="completed"):
        p.transport.pause()
    with Pipeline("replay") as p:
        PushSource(p)
        p.run_async(start=START)
        with pytest.raises(PipelineStateError, match="not a paused replay"):
            p.transport.step()
        with pytest.raises(ValueError, match="speed"):
            p.transport.set_speed(100)


@pytest.mark.rules("E143")
def test_pipeline_time_is_converted_to_the_time_of_the_world_and_back() -> None:
    with Pipeline("p") as p:
        with pytest.raises(PipelineStateError):
            p.convert_to_real_time(START)
        PushSource(p)
        p.virtual_time_offset = 5000 * MS
        p.run_async()
        assert p.convert_to_real_time(START) == START - 5000 * MS
        assert p.convert_from_real_time(START - 5000 * MS) == START
    with Pipeline("p") as p:
        PushSource(p)
        before = p.clock.now()
        p.run_async(ReplayDescriptor(TimeInterval(START), speed=2.0))
        began = p.convert_to_real_time(START)
        assert before <= began <= p.clock.now()
        assert p.convert_to_real_time(START + 2000 * MS) == began + 1000 * MS
        assert abs(p.convert_from_real_time(began + 1000 * MS) - (START + 2000 * MS)) <= 2


def test_a_subpipeline_is_paused_with_its_root() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        PushSource(inner)
        assert inner.transport is p.transport
        inner.transport.pause()
        p.run_async(start=START)
        assert p.get_current_time() == inner.get_current_time() == START
