"""When a pipeline ends by itself and what is still delivered (rules E24-E48, decision 8)."""

import threading
from collections.abc import Callable

import pytest

from studio.engine import REPLAY_ALL, Pipeline, PipelineCompleted, generators, timers
from studio.errors import StopTimeoutError
from studio.timing import TIME_MAX, TIME_MIN
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until


def completed(p: Pipeline) -> list[PipelineCompleted]:
    told: list[PipelineCompleted] = []
    p.pipeline_completed.connect(told.append)
    return told


def spend(p: Pipeline, milliseconds: int) -> None:
    until = p.get_current_time() + milliseconds * MS
    wait_until(lambda: p.get_current_time() > until)


@pytest.mark.rules("E26", "E27", "E34")
def test_finite_sources_only_end_by_themselves_at_the_latest_completion() -> None:
    with Pipeline("p") as p:
        short = Collector(p, generators.range_(p, 0, 2, interval=10 * MS))
        long = Collector(p, generators.repeat(p, "x", 4, interval=25 * MS))
        told = completed(p)
        p.run()
        assert told[0].completed_originating_time == p.start_time + 75 * MS
    assert (short.values, long.values) == ([0, 1], ["x"] * 4)
    # Completion of one source closes nothing: both streams end with the pipeline (rule E32).
    assert short.ended_at == long.ended_at == [p.start_time + 75 * MS]


@pytest.mark.rules("E26", "E27")
def test_infinite_sources_only_run_until_disposed() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        told = completed(p)
        p.run_async()
        assert not p.wait_all(0.05)
        before = p.get_current_time()
        p.dispose()
    assert source.calls == ["start", "stop"]
    assert source.final_time == told[0].completed_originating_time >= before


@pytest.mark.rules("E27")
@pytest.mark.parametrize("infinite_says_so_last", [False, True])
def test_mixed_sources_end_with_the_last_finite_one(infinite_says_so_last: bool) -> None:
    with Pipeline("p") as p:
        infinite = PushSource(p, completion_time=None if infinite_says_so_last else TIME_MAX)
        Collector(p, generators.range_(p, 0, 3, interval=MS))
        p.run_async()
        if infinite_says_so_last:
            assert not p.wait_all(0.05)
            infinite.notify(TIME_MAX)
        assert p.wait_all(10)
    assert infinite.final_time == p.start_time + 2 * MS


@pytest.mark.rules("E48", "E82")
def test_an_infinite_generator_delivers_exactly_up_to_the_end_of_the_finite_one() -> None:
    with Pipeline("p") as p:
        infinite = Collector(p, generators.repeat(p, 7, interval=10 * MS))
        finite = Collector(p, generators.range_(p, 0, 11, interval=10 * MS))
        told = completed(p)
        p.run()
    assert told[0].completed_originating_time == p.start_time + 100 * MS
    assert infinite.times == finite.times == [p.start_time + i * 10 * MS for i in range(11)]


@pytest.mark.rules("E44", "E48")
def test_messages_later_than_the_final_time_are_dropped() -> None:
    t = 1_000 * MS
    with Pipeline("p") as p:
        a = Collector(p, StartSource(p, [(1, t), (2, t + 1000 * MS)], t + 1000 * MS).out)
        b = Collector(p, StartSource(p, [(3, t + 5000 * MS), (4, t + 6000 * MS)], t + 5000 * MS).out)
        told = completed(p)
        p.run(REPLAY_ALL, progress=None)
    assert (a.values, b.values) == ([1, 2], [3])
    assert told[0].completed_originating_time == t + 5000 * MS
    assert b.receiver.statistics().dropped <= 1


@pytest.mark.rules("E44", "E39", "E77")
def test_posts_up_to_the_final_time_are_delivered_even_after_the_stop_began() -> None:
    class LatePoster(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            self.out.post("before", final_originating_time - 1)
            self.out.post("at", final_originating_time)
            self.out.post("after", final_originating_time + 1)
            super().stop(final_originating_time, notify_completed)

    with Pipeline("p") as p:
        collector = Collector(p, LatePoster(p).out)
        p.run_async()
    assert collector.values == ["before", "at"]


@pytest.mark.rules("E37", "E74")
def test_a_source_may_acknowledge_later_from_another_thread_and_is_waited_for() -> None:
    class SlowSource(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            def finish(_cancelled: threading.Event) -> None:
                wait_until(lambda: p.get_current_time() > final_originating_time + 30 * MS)
                self.out.post("last", final_originating_time)
                notify_completed()

            self.thread = self.pipeline.spawn("slow", finish)

    p = Pipeline("p")
    source = SlowSource(p)
    collector = Collector(p, source.out)
    p.run_async()
    p.dispose()
    source.thread.join()
    assert collector.values == ["last"]


@pytest.mark.rules("E45")
def test_queued_messages_are_all_processed_however_long_it_takes() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 5, interval=MS))
        collector.work = lambda _data: spend(p, 20)
        p.run()
    assert collector.values == [0, 1, 2, 3, 4]


@pytest.mark.rules("E46", "E47")
def test_dispose_does_not_wait_for_messages_that_are_not_due() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 2, interval=10_000_000 * MS))
        p.run_async()
        wait_until(lambda: collector.values == [0])
    assert collector.values == [0]


@pytest.mark.rules("E43")
def test_a_completion_announced_ahead_keeps_a_generator_going_until_then() -> None:
    with Pipeline("p") as p:
        announced = PushSource(p, completion_time=None)
        collector = Collector(p, generators.repeat(p, 1, interval=10 * MS))
        ticks = Collector(p, timers.timer(p, 10 * MS))
        p.run_async()
        final = p.start_time + 300 * MS  # far enough for a busy machine to announce it in time
        announced.notify(final)
        assert p.wait_all(10)
    assert collector.times[-1] == final
    assert len(ticks.values) >= 5  # a timer acknowledges only when the final time has come (PORT of rule E43)
    assert collector.ended_at == [final]


@pytest.mark.rules("E28")
def test_without_sources_a_pipeline_runs_until_disposed() -> None:
    with Pipeline("p") as p:
        Collector(p)
        p.run_async()
        assert not p.wait_all(0.05)
    with Pipeline("empty") as p:
        p.run_async()
        assert not p.wait_all(0.05)


@pytest.mark.rules("E29", "E31")
def test_a_source_that_never_notifies_keeps_the_pipeline_open_and_completes_silently() -> None:
    told: list[object] = []
    with Pipeline("p") as p:
        PushSource(p, completion_time=None)
        generators.return_(p, 1)
        p.component_completed.connect(told.append)
        p.run_async()
        assert not p.wait_all(0.05)
    assert len(told) == 1  # the generator; nothing for one that never gave a time (decision 8)


@pytest.mark.rules("E25")
def test_only_the_first_notification_of_a_source_counts() -> None:
    told: list[object] = []
    with Pipeline("p") as p:
        source = PushSource(p)
        p.component_completed.connect(told.append)
        p.run_async()
        source.notify(5)
        assert not p.wait_all(0.05)
    assert told == []


@pytest.mark.rules("E35")
def test_a_source_with_nothing_to_tell_completes_at_the_start_of_the_run() -> None:
    with Pipeline("p") as p:
        PushSource(p, completion_time=TIME_MIN)
        told = completed(p)
        p.run()
    assert told[0].completed_originating_time == p.start_time


@pytest.mark.rules("E35")
def test_a_dispose_without_enforcement_keeps_what_was_posted_ahead_of_the_clock() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        told = completed(p)
        p.run_async(REPLAY_ALL)
        ahead = p.get_current_time() + 400_000 * MS
        source.out.post("ahead", ahead)
    assert collector.values == ["ahead"]
    assert told[0].completed_originating_time == ahead


@pytest.mark.rules("E38", "E178")
def test_a_source_that_raises_in_stop_counts_as_stopped() -> None:
    class Raising(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            raise OSError("the cable is out")

    p = Pipeline("p")
    Raising(p)
    p.run_async()
    with pytest.raises(ExceptionGroup) as caught:
        p.dispose()
    assert caught.group_contains(OSError, match="cable")


@pytest.mark.rules("E38")
def test_a_source_that_does_not_acknowledge_is_named_and_given_up() -> None:
    class Silent(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            pass

    p = Pipeline("p", stop_timeout_s=0.2)
    silent = Silent(p)
    told = completed(p)
    p.run_async()
    with pytest.raises(ExceptionGroup) as caught:
        p.dispose()
    assert caught.group_contains(StopTimeoutError, match=r"0\.Silent did not acknowledge Stop within 0\.2 s")
    assert told[0].abandoned_pending_workitems
    assert silent.is_disposed


def test_a_stop_that_never_returns_neither_hangs_dispose_nor_holds_back_the_others() -> None:
    release = threading.Event()

    class Stuck(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            release.wait(20)

    p = Pipeline("p", thread_count=1, stop_timeout_s=0.2)
    stuck = Stuck(p)
    healthy = PushSource(p)
    collector = Collector(p, healthy.out)
    Collector(p, stuck.out)
    p.run_async()
    healthy.out.post(1, p.start_time)
    with pytest.raises(ExceptionGroup) as caught:
        p.dispose()
    release.set()
    assert caught.group_contains(StopTimeoutError, match="Stuck")
    assert collector.values == [1]
    assert healthy.calls == ["start", "stop"]
    assert len(collector.ended_at) == 1
    assert healthy.is_disposed
    assert not stuck.is_disposed


def test_a_slow_receiver_is_not_mistaken_for_a_source_that_does_not_answer() -> None:
    with Pipeline("p", stop_timeout_s=0.1) as p:
        collector = Collector(p, generators.range_(p, 0, 3, interval=1))
        collector.work = lambda _data: spend(p, 300)
        p.run()
    assert collector.values == [0, 1, 2]


@pytest.mark.rules("E34", "E25")
@pytest.mark.parametrize("times", [(7, 3), (3, 7)])
def test_the_latest_end_counts_whoever_tells_it_first(times: tuple[int, int]) -> None:
    ends: list[int] = []
    with Pipeline("p", thread_count=1) as p:
        for time in times:
            StartSource(p, [], time)
        p.pipeline_completed.connect(lambda args: ends.append(args.completed_originating_time))
        p.run(start=1, enforce_replay_clock=False)
    assert ends == [7]


@pytest.mark.rules("E38", "E178")
def test_a_source_that_raises_in_stop_is_not_waited_for() -> None:
    class Broken(PushSource):
        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            raise OSError("cannot stop")

    told: list[PipelineCompleted] = []
    p = Pipeline("p")
    Broken(p)
    p.pipeline_completed.connect(told.append)
    p.run_async()
    with pytest.raises(ExceptionGroup, match="cannot stop"):
        p.dispose()
    assert [type(error) for error in told[0].errors] == [OSError]
    assert told[0].abandoned_pending_workitems is False


@pytest.mark.rules("E34", "E56")
def test_the_end_of_a_disposed_run_is_the_moment_of_the_dispose() -> None:
    ends: list[int] = []
    p = Pipeline("p")
    source = PushSource(p)
    StartSource(p, [], 1)  # has told its end long ago
    source.completion_time = None
    collector = Collector(p, source.out)
    p.pipeline_completed.connect(lambda args: ends.append(args.completed_originating_time))
    p.run_async()
    source.out.post("before the dispose", p.get_current_time())
    before = p.get_current_time()
    p.dispose()
    assert before <= ends[0] <= p.clock.now()
    assert collector.values == ["before the dispose"]
