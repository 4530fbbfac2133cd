"""Starting and stopping a device's loop, whatever the loop does."""

import threading
from collections.abc import Callable

import pytest

from studio.devices.source_thread import SourceThread
from studio.engine import Pipeline
from studio.timing import TIME_MAX, wait_on
from tests.waiting import wait_until


class Source:
    """A device without a device."""

    def __init__(self, pipeline: Pipeline, error: Exception | None = None) -> None:
        self.emitter = pipeline.create_emitter(self, "out")
        self.thread = SourceThread(pipeline, "test source", self._run)
        self.error = error
        self.final_times: list[int] = []
        self.names: list[str] = []

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.thread.start(notify_completion_time)

    def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
        self.thread.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        self.names.append(threading.current_thread().name)
        if self.error is not None:
            raise self.error
        while not wait_on(cancelled, 10**9):
            pass
        self.final_times.append(self.thread.final_time)


def test_the_loop_runs_until_stop_and_is_told_the_final_time() -> None:
    pipeline = Pipeline("source")
    source = Source(pipeline)
    pipeline.run_async()
    wait_until(lambda: source.names == ["studio.test source"])
    before = pipeline.clock.now()
    pipeline.dispose()
    assert before - 10**9 < source.final_times[0] <= pipeline.clock.now()


def test_completion_is_told_once_the_loop_has_ended() -> None:
    pipeline = Pipeline("source")
    source = Source(pipeline)
    completions: list[int] = []
    ended: list[bool] = []
    source.thread.start(completions.append)
    source.thread.stop(TIME_MAX, lambda: ended.append(bool(source.final_times)))
    wait_until(lambda: bool(ended))
    assert completions == [TIME_MAX]
    assert ended == [True]
    assert source.final_times[0] <= pipeline.clock.now()
    pipeline.dispose()


def test_a_source_that_never_started_stops_at_once() -> None:
    pipeline = Pipeline("source")
    ended: list[bool] = []
    Source(pipeline).thread.stop(0, lambda: ended.append(True))
    assert ended == [True]
    pipeline.dispose()


def test_a_loop_that_fails_fails_the_pipeline_and_does_not_hold_it_up() -> None:
    pipeline = Pipeline("source")
    Source(pipeline, RuntimeError("a bug"))
    with pytest.raises(ExceptionGroup) as raised:
        pipeline.run()
    assert raised.group_contains(RuntimeError, match="a bug")
