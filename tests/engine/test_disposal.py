"""Dispose: from any thread, from inside, twice, at once (rules E55-E60)."""

import threading
from collections.abc import Callable

import pytest

from studio.engine import Pipeline, PipelineCompleted, PipelineState, generators
from studio.timing import TIME_MIN
from tests.engine.components import MS, Collector, PushSource, ThreadSource
from tests.waiting import wait_until


def disposed(p: Pipeline, *sources: PushSource) -> bool:
    return p.state is PipelineState.COMPLETED and all(source.is_disposed for source in sources)


@pytest.mark.rules("E57", "E40")
def test_a_pipeline_that_never_ran_disposes_its_components_and_says_completed() -> None:
    told: list[PipelineCompleted] = []
    p = Pipeline("p")
    source = PushSource(p)
    p.pipeline_completed.connect(told.append)
    p.dispose()
    assert told == [PipelineCompleted(TIME_MIN, ())]
    assert source.calls == []
    assert disposed(p, source)


@pytest.mark.rules("E55", "E33")
def test_ten_threads_may_dispose_at_once_and_each_waits_for_the_end() -> None:
    p = Pipeline("p")
    source = PushSource(p)
    ended: list[object] = []
    p.pipeline_completed.connect(ended.append)
    Collector(p, source.out).receiver.unsubscribed.connect(ended.append)
    p.run_async()
    seen: list[bool] = []

    def dispose() -> None:
        p.dispose()
        seen.append(disposed(p, source))

    threads = [threading.Thread(target=dispose) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [True] * 10
    assert len(ended) == 2


@pytest.mark.rules("E59")
@pytest.mark.parametrize("thread_count", [1, 2])
def test_a_receiver_may_dispose_its_pipeline(thread_count: int) -> None:
    p = Pipeline("p", thread_count=thread_count)
    source = PushSource(p)
    collector = Collector(p, source.out, work=lambda _data: p.dispose())
    p.run_async()
    source.out.post(1, p.start_time)
    wait_until(lambda: disposed(p, source))
    assert collector.values == [1]


@pytest.mark.rules("E59")
def test_a_source_may_dispose_in_its_start_and_in_its_stop() -> None:
    class Eager(PushSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            super().start(notify_completion_time)
            self.pipeline.dispose()

        def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
            self.pipeline.dispose()
            super().stop(final_originating_time, notify_completed)

    p = Pipeline("p")
    source = Eager(p)
    p.run()
    wait_until(lambda: disposed(p, source))
    assert source.calls == ["start", "stop"]


@pytest.mark.rules("E59")
def test_the_thread_of_a_source_may_dispose_though_the_source_joins_it_in_stop() -> None:
    class Quitter(ThreadSource):
        def run(self, cancelled: threading.Event) -> None:
            super().run(cancelled)
            self.pipeline.dispose()

    p = Pipeline("p")
    Quitter(p, 3)
    p.run()
    wait_until(lambda: disposed(p))


@pytest.mark.rules("E59")
def test_an_error_handler_may_dispose() -> None:
    def fail(_data: object) -> None:
        raise ValueError("no")

    p = Pipeline("p")
    source = PushSource(p)
    Collector(p, source.out, work=fail)
    p.pipeline_exception_not_handled.connect(lambda _args: p.dispose())
    p.run_async()
    source.out.post(1, p.start_time)
    wait_until(lambda: disposed(p, source))


@pytest.mark.rules("E59")
def test_a_run_handler_may_call_the_run_off() -> None:
    p = Pipeline("p")
    source = PushSource(p)
    p.pipeline_run.connect(lambda _args: p.dispose())
    p.run()
    assert source.calls == []
    assert disposed(p, source)


@pytest.mark.rules("E59")
@pytest.mark.parametrize("by_itself", [True, False])
def test_a_completed_handler_may_dispose(by_itself: bool) -> None:
    p = Pipeline("p")
    source = PushSource(p, completion_time=0 if by_itself else 2**63 - 1)
    p.pipeline_completed.connect(lambda _args: p.dispose())
    if by_itself:
        p.run()
    else:
        p.run_async()
        p.dispose()
    assert disposed(p, source)


@pytest.mark.rules("E59")
def test_a_closed_handler_may_dispose() -> None:
    p = Pipeline("p")
    stream = generators.range_(p, 0, 3, interval=MS)
    stream.closed.connect(lambda _time: p.dispose())
    p.run()
    wait_until(lambda: disposed(p))


@pytest.mark.rules("E55", "E58")
def test_a_component_may_dispose_its_pipeline_while_it_is_disposed_itself() -> None:
    class Clinging(PushSource):
        def dispose(self) -> None:
            self.pipeline.dispose()
            super().dispose()

    p = Pipeline("p")
    source = Clinging(p)
    p.run_async()
    p.dispose()
    assert source.is_disposed


@pytest.mark.rules("E56")
def test_dispose_during_an_automatic_stop_waits_for_it() -> None:
    gate = threading.Event()
    p = Pipeline("p")
    collector = Collector(p, generators.return_(p, 1), work=lambda _data: gate.wait(10))
    p.run_async()
    wait_until(lambda: p.state is PipelineState.STOPPING)
    disposer = threading.Thread(target=p.dispose)
    disposer.start()
    gate.set()
    disposer.join(10)
    assert collector.values == [1]
    assert disposed(p)


@pytest.mark.rules("E56")
def test_dispose_of_another_thread_during_the_start_waits_and_then_stops() -> None:
    class SlowStart(PushSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            disposer.start()
            super().start(notify_completion_time)

    p = Pipeline("p")
    disposer = threading.Thread(target=p.dispose)
    source = SlowStart(p)
    p.run_async()
    disposer.join(10)
    assert source.calls == ["start", "stop"]
    assert disposed(p, source)


@pytest.mark.rules("E56")
def test_the_start_and_stop_buttons_of_a_window_start_and_stop_again_and_again() -> None:
    for _ in range(20):
        p = Pipeline("p")
        Collector(p, generators.repeat(p, 1, interval=MS))
        p.run_async()
        p.dispose()
        assert disposed(p)
