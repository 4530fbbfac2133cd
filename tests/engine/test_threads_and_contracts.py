"""On which thread what runs, and the small contracts between engine and components (E1-E4, E32, E62, E76)."""

import threading
from typing import Any

import pytest

import studio.engine
from studio import errors
from studio.engine import DeliveryPolicy, Envelope, Event, Pipeline, generators
from studio.engine.message import LAST_SEQUENCE_ID
from studio.errors import PipelineDisposedError, PipelineStateError
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until


@pytest.mark.rules("E1")
def test_times_are_whole_nanoseconds_and_neighbours_are_told_apart() -> None:
    start = 1_577_934_245_000_000_001
    with Pipeline("p") as p:
        source = StartSource(p, [(0, start), (1, start + 1), (2, start + 2)], start + 1)
        collector = Collector(p, source.out)
        p.run(start=start, enforce_replay_clock=False)
    assert collector.times == [start, start + 1]
    assert all(type(time) is int for time in collector.times)
    assert (TIME_MIN, TIME_MAX) == (-(2**63), 2**63 - 1)


@pytest.mark.rules("E4")
def test_errors_are_also_those_that_python_programs_expect() -> None:
    assert issubclass(PipelineStateError, RuntimeError)
    assert issubclass(PipelineDisposedError, PipelineStateError)
    assert issubclass(errors.MessageOrderError, ValueError)
    assert issubclass(errors.StopTimeoutError, TimeoutError)
    with pytest.raises(ValueError, match="before it begins"):
        TimeInterval(2, 1)


@pytest.mark.rules("E32")
def test_the_completion_of_a_source_closes_nothing() -> None:
    """What it fed hears of the end with everybody else, when the pipeline ends."""
    log: list[str] = []
    with Pipeline("p") as p:
        short = Collector(p, generators.return_(p, 1))
        short.receiver.unsubscribed.connect(lambda _t: log.append("short ends"))
        Collector(
            p, generators.range_(p, 0, 5, interval=20 * MS), work=lambda data: log.append(f"long {data}")
        )
        p.run()
    assert log == [*(f"long {index}" for index in range(5)), "short ends"]


@pytest.mark.rules("E36", "E37", "E40", "E52", "E63")
def test_the_steps_of_the_end_come_in_their_order() -> None:
    log: list[str] = []
    p = Pipeline("p")
    source = PushSource(p)
    p.progress_report_interval = 3600_000 * MS
    collector = Collector(p, source.out, work=lambda data: log.append(f"receive {data}"))
    stop = source.stop

    def noting_stop(final: int, notify: Any) -> None:
        log.append("stop")
        source.out.post("last", final)
        stop(final, notify)

    source.stop = noting_stop  # type: ignore[method-assign]
    source.out.closed.connect(lambda _t: log.append("closed"))
    collector.receiver.unsubscribed.connect(lambda _t: log.append("unsubscribed"))
    p.pipeline_completed.connect(lambda _a: log.append("completed"))
    p.run_async(progress=lambda part: log.append(f"progress {part}"))
    p.dispose()
    assert log == ["stop", "receive last", "closed", "unsubscribed", "progress 1.0", "completed"]
    assert source.is_disposed


@pytest.mark.rules("E62", "E76", "E120")
def test_each_handler_runs_on_its_kind_of_thread() -> None:
    threads: dict[str, str] = {}

    def noting(name: str) -> Any:
        return lambda *_args: threads.setdefault(name, threading.current_thread().name)

    p = Pipeline("p", thread_count=1)
    source = PushSource(p, completion_time=None)
    start, stop = source.start, source.stop
    source.start = lambda notify: (noting("start")(), start(notify))[1]  # type: ignore[method-assign]
    source.stop = lambda final, notify: (noting("stop")(), stop(final, notify))[1]  # type: ignore[method-assign]
    collector = Collector(p, source.out, work=noting("receive"))
    synchronous = Collector(p, source.out.select(lambda x: x), DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE)
    synchronous.work = noting("synchronous")
    collector.receiver.unsubscribed.connect(noting("unsubscribed"))
    source.out.closed.connect(noting("closed"))
    p.pipeline_run.connect(noting("pipeline_run"))
    p.component_completed.connect(noting("component_completed"))
    p.pipeline_completed.connect(noting("pipeline_completed"))
    p.run_async(start=1, enforce_replay_clock=False)
    source.out.post(1, 1)
    wait_until(lambda: bool(synchronous.values and collector.values))
    source.notify(2)
    assert p.wait_all(10)
    p.dispose()
    here = threading.current_thread().name
    worker = "studio.worker-1"
    assert threads == {
        "pipeline_run": here,
        "start": worker,
        "receive": worker,
        "synchronous": worker,
        "component_completed": here,
        "stop": worker,
        "closed": "studio.stop",
        "unsubscribed": worker,
        "pipeline_completed": "studio.stop",
    }


@pytest.mark.rules("E76", "E109")
def test_start_and_stop_never_run_beside_a_receiver_of_the_same_component() -> None:
    class Both(PushSource):
        def __init__(self, pipeline: Pipeline) -> None:
            super().__init__(pipeline)
            self.receiver = pipeline.create_receiver(self, self.receive, "in")
            self.active = 0
            self.overlaps = 0

        def busy(self) -> None:
            self.active += 1
            self.overlaps += self.active > 1
            threading.Event().wait(0.002)
            self.active -= 1

        def receive(self, _data: int, _envelope: Envelope) -> None:
            self.busy()

        def start(self, notify_completion_time: Any) -> None:
            self.busy()
            super().start(notify_completion_time)

        def stop(self, final_originating_time: int, notify_completed: Any) -> None:
            self.busy()
            super().stop(final_originating_time, notify_completed)

    for _ in range(5):
        with Pipeline("p", thread_count=4) as p:
            both = Both(p)
            generators.range_(p, 0, 10, interval=1).pipe_to(both)
            p.run(enforce_replay_clock=False)
        assert both.overlaps == 0


@pytest.mark.rules("E101")
def test_the_end_of_a_stream_is_not_known_by_a_number() -> None:
    """A message may even carry the number that the end shows."""
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=0, enforce_replay_clock=False)
        source.out.deliver("odd", Envelope(0, LAST_SEQUENCE_ID, 1, p.get_current_time()))
        wait_until(lambda: collector.values == ["odd"])
        assert collector.ended_at == []
    assert len(collector.ended_at) == 1
    assert collector.receiver.last_envelope.sequence_id == LAST_SEQUENCE_ID


@pytest.mark.rules("E121", "E172")
def test_an_error_in_a_handler_inside_post_does_not_come_out_of_post() -> None:
    def fail(_data: object) -> None:
        raise ValueError("downstream")

    went_on: list[int] = []
    p = Pipeline("p")
    stream = generators.range_(p, 0, 1, interval=MS)

    def post_and_go_on(data: int, envelope: Envelope, out: Any) -> None:
        out.post(data, envelope.originating_time)
        went_on.append(data)

    Collector(p, stream.process(post_and_go_on), DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE, work=fail)
    with pytest.raises(ExceptionGroup, match="downstream"):
        p.run(enforce_replay_clock=False)
    p.dispose()
    assert went_on == [0]


@pytest.mark.rules("E96")
def test_two_threads_posting_on_one_stream_never_break_its_order() -> None:
    """Posts that lose the race are refused; what arrives strictly increases."""
    refused: list[Exception] = []
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=0, enforce_replay_clock=False)

        def post(first: int) -> None:
            for time in range(first, 2000, 2):
                try:
                    source.out.post(time, time)
                except errors.MessageOrderError as error:
                    refused.append(error)

        threads = [threading.Thread(target=post, args=(first,)) for first in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert collector.times == sorted(set(collector.times))
    assert len(collector.values) + len(refused) == 1999


@pytest.mark.rules("E171")
def test_the_engine_itself_leaves_out_only_what_is_later_than_the_end() -> None:
    with Pipeline("p") as p:
        source = StartSource(p, [(time, time) for time in (50, 100, 150, 201)], 200)
        collector = Collector(p, source.out)
        p.run(start=100, end=120, enforce_replay_clock=False)
    assert collector.values == [50, 100, 150], "a source must look at the interval itself"


def test_an_event_without_listeners_is_quiet() -> None:
    event: Event[int] = Event()
    assert event.emit(1) == ()
    assert not event.has_handlers


def test_the_example_of_the_chapter_runs() -> None:
    chapter = studio.engine.__doc__ or ""
    lines = [line[4:] for line in chapter.splitlines() if line.startswith("    ")]
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    assert names["received"] == [1, 9, 25]
