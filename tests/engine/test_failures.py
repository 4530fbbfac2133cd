"""Errors are collected, told and raised, wherever they happen (rules E172-E183, decision 9)."""

import logging
import threading
from collections.abc import Callable

import pytest

from studio.engine import Pipeline, PipelineCompleted, generators
from studio.errors import PipelineStateError
from tests.engine.components import MS, Collector, PushSource, ThreadSource
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def errors_are_expected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "studio.engine.failures")


def boom_at(value: int) -> Callable[[object], None]:
    def work(data: object) -> None:
        if data == value:
            raise RuntimeError(f"boom {data}")

    return work


@pytest.mark.rules("E172", "E173")
def test_run_raises_what_a_receiver_raised_after_the_pipeline_has_ended() -> None:
    told: list[PipelineCompleted] = []
    with Pipeline("p") as p:
        Collector(p, generators.range_(p, 0, 1000, interval=20 * MS), work=boom_at(2))
        p.pipeline_completed.connect(told.append)
        with pytest.raises(ExceptionGroup, match=r"pipeline 'p' was terminated .*\(boom 2\)") as caught:
            p.run()
        assert [str(error) for error in caught.value.exceptions] == ["boom 2"]
        assert [str(error) for error in told[0].errors] == ["boom 2"]
    assert told[0].completed_originating_time >= p.start_time + 40 * MS


@pytest.mark.rules("E173", "E177")
def test_all_errors_come_in_one_group_in_the_order_they_were_recorded() -> None:
    class Failing(PushSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            raise OSError("no device")

    with Pipeline("p", thread_count=1) as p:
        sources = [Failing(p) for _ in range(3)]
        with pytest.raises(ExceptionGroup) as caught:
            p.run()
    assert [type(error) for error in caught.value.exceptions] == [OSError] * 3
    assert all(source.calls == ["stop"] for source in sources)  # a failed start counts as activated


@pytest.mark.rules("E174")
def test_a_handler_takes_the_errors_and_run_returns() -> None:
    taken: list[BaseException] = []
    told: list[PipelineCompleted] = []
    with Pipeline("p") as p:
        Collector(p, generators.range_(p, 0, 1000, interval=MS), work=boom_at(2))
        p.pipeline_exception_not_handled.connect(lambda args: taken.append(args.exception))
        p.pipeline_completed.connect(told.append)
        p.run()
    assert [str(error) for error in taken] == ["boom 2"]
    assert list(told[0].errors) == taken


@pytest.mark.rules("E176")
def test_a_handler_that_fails_is_an_error_too() -> None:
    def fail(_args: object) -> None:
        raise KeyError("handler")

    with Pipeline("p") as p:
        Collector(p, generators.return_(p, 0), work=boom_at(0))
        p.pipeline_exception_not_handled.connect(fail)
        with pytest.raises(ExceptionGroup) as caught:
            p.run()
    assert [type(error) for error in caught.value.exceptions] == [KeyError]
    assert [type(error) for error in p.errors] == [RuntimeError, KeyError]


@pytest.mark.rules("E175")
@pytest.mark.parametrize("way", ["wait_all", "dispose", "with"])
def test_after_run_async_the_first_to_wait_raises_once(way: str) -> None:
    p = Pipeline("p")
    Collector(p, generators.return_(p, 0), work=boom_at(0))
    p.run_async()
    wait_until(lambda: bool(p.errors))
    ways: dict[str, Callable[[], object]] = {
        "wait_all": lambda: p.wait_all(10),
        "dispose": p.dispose,
        "with": lambda: p.__exit__(None, None, None),
    }
    with pytest.raises(ExceptionGroup, match="boom 0"):
        ways[way]()
    if way == "wait_all":
        assert p.wait_all(10)
    p.dispose()


def test_what_the_with_block_raised_is_not_hidden() -> None:
    p = Pipeline("p")
    Collector(p, generators.return_(p, 0), work=boom_at(0))
    p.run_async()
    wait_until(lambda: bool(p.errors))
    with pytest.raises(ZeroDivisionError) as caught, p:
        raise ZeroDivisionError
    assert "boom 0" in caught.value.__notes__[0]


@pytest.mark.rules("E115", "E183")
def test_other_messages_of_a_failing_receiver_are_still_handled_and_its_end_comes() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out, work=boom_at(0))
        for value in range(3):
            source.out.post(value, value + 1)
        with pytest.raises(ExceptionGroup):
            p.run()
    assert collector.values == [1, 2]
    assert len(collector.ended_at) == 1


@pytest.mark.rules("E180")
def test_a_thread_of_a_source_that_dies_stops_the_pipeline() -> None:
    class Dying(ThreadSource):
        def run(self, _cancelled: threading.Event) -> None:
            raise OSError("unplugged")

    with Pipeline("p") as p:
        Dying(p, 1)
        with pytest.raises(ExceptionGroup) as caught:
            p.run()
    assert caught.group_contains(OSError, match="unplugged")


@pytest.mark.rules("E172", "E180")
def test_an_error_reported_from_any_thread_stops_the_pipeline() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        p.run_async()
        p.report_error(OSError("driver"))
        with pytest.raises(ExceptionGroup, match="driver"):
            p.wait_all(10)
    assert source.calls == ["start", "stop"]


@pytest.mark.rules("E41", "E182")
def test_an_error_in_a_completed_handler_is_raised_and_the_rest_goes_on() -> None:
    p = Pipeline("p")
    source = PushSource(p)
    heard: list[object] = []
    p.pipeline_completed.connect(lambda _args: 1 / 0)
    p.pipeline_completed.connect(heard.append)
    p.run_async()
    with pytest.raises(ExceptionGroup) as caught:
        p.dispose()
    assert caught.group_contains(ZeroDivisionError)
    assert len(heard) == 1
    assert source.is_disposed


@pytest.mark.rules("E181")
def test_an_order_error_of_an_operator_is_the_operators() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 3, interval=MS)
        Collector(p, stream.process(lambda data, _envelope, out: out.post(data, p.start_time)))
        with pytest.raises(ExceptionGroup, match="strictly increase"):
            p.run()


@pytest.mark.rules("E58")
def test_an_error_in_dispose_of_one_component_does_not_spare_the_others() -> None:
    class Broken(PushSource):
        def dispose(self) -> None:
            raise PipelineStateError("broken")

    p = Pipeline("p")
    Broken(p)
    other = PushSource(p)
    with pytest.raises(ExceptionGroup, match="broken"):
        p.dispose()
    assert other.is_disposed
