"""The examples of the pipeline document that need no store and no camera, line by line (decision 14)."""

from typing import Any

import pytest

from studio.engine import REPLAY_ALL, Pipeline, ReplayDescriptor, generators, timers
from studio.timing import TimeInterval
from tests.engine.components import MS, Collector, PushSource
from tests.waiting import wait_until

NOON = 1_795_262_400_000 * MS
MINUTE = 60_000 * MS


@pytest.mark.rules("E27", "E56")
def test_an_infinite_source_is_stopped_by_falling_out_of_the_using_block() -> None:
    # using (var p = Pipeline.Create())
    with Pipeline() as p:
        # var webcam = new MediaCapture(p, 1920, 1080, 30);  -- any infinite source
        webcam = generators.repeat(p, "frame", interval=5 * MS)
        # imageStream.Write("Image", store);
        written = Collector(p, webcam)
        # p.RunAsync();
        p.run_async()
        # Console.ReadKey();
        wait_until(lambda: len(written.values) >= 3)
        assert not p.wait_all(0)
    assert len(written.ended_at) == 1
    assert written.times[-1] <= written.ended_at[0]


class Window:
    """The class with the two buttons."""

    def __init__(self) -> None:
        self.pipeline: Pipeline | None = None
        self.received: Collector | None = None

    def start_button_click(self) -> None:
        # this.pipeline = Pipeline.Create();
        self.pipeline = Pipeline()
        # Configure the pipeline here, wire components, etc...
        self.received = Collector(self.pipeline, timers.timer(self.pipeline, MS))
        # this.pipeline.RunAsync();
        self.pipeline.run_async()

    def stop_button_click(self) -> None:
        # if (this.pipeline != null)
        if self.pipeline is not None:
            # this.pipeline.Dispose();
            self.pipeline.dispose()
            # this.pipeline = null;
            self.pipeline = None


def test_start_and_stop_buttons() -> None:
    window = Window()
    window.stop_button_click()
    for _ in range(3):
        window.start_button_click()
        received = window.received
        assert received is not None
        wait_until(lambda received=received: bool(received.values))  # type: ignore[misc]
        window.stop_button_click()
        count = len(received.values)
        assert len(received.ended_at) == 1
        assert len(received.values) == count
    window.stop_button_click()


def test_a_finite_source_ends_the_run_by_itself() -> None:
    # using (var p = Pipeline.Create())
    with Pipeline() as p:
        # var jpegImageStream = store.OpenStream<...>("Image");  -- a finite source
        jpeg_images = generators.range_(p, 0, 5, interval=2 * MS)
        # var imageStream = jpegImageStream.Decode();
        images = jpeg_images.select(str)
        # var resizedImageStream = imageStream.Resize(640, 480);
        resized_images = Collector(p, images.select(lambda image: image * 2))
        # p.Run();
        p.run()
        assert resized_images.values == ["00", "11", "22", "33", "44"]


def test_run_async_of_a_finite_source_completes_in_the_background() -> None:
    with Pipeline() as p:
        received = Collector(p, generators.range_(p, 0, 5, interval=2 * MS))
        p.run_async()
        assert p.wait_all(10)
        assert received.values == [0, 1, 2, 3, 4]


@pytest.mark.rules("E27", "E44")
def test_finite_and_infinite_sources_end_when_the_finite_ones_have_and_later_messages_are_discarded() -> None:
    with Pipeline() as p:
        sensor = PushSource(p)
        from_sensor = Collector(p, sensor.out)
        generators.range_(p, 0, 3, interval=20 * MS)
        p.run_async()
        sensor.out.post("in time", p.start_time + 40 * MS)
        sensor.out.post("too late", p.start_time + 41 * MS)
        assert p.wait_all(10)
    assert from_sensor.values == ["in time"]
    assert sensor.final_time == p.start_time + 40 * MS


@pytest.mark.rules("E145", "E170", "E15")
@pytest.mark.parametrize("form", ["descriptor", "interval", "start and end"])
def test_only_messages_from_12_01_to_12_04_both_included(form: str) -> None:
    # var startTime = new DateTime(..., 12, 01, 00); var endTime = new DateTime(..., 12, 04, 00);
    start_time, end_time = NOON + MINUTE, NOON + 4 * MINUTE
    with Pipeline() as p:
        received = Collector(p, generators.repeat(p, "image", interval=MINUTE // 2))
        # var replay = new ReplayDescriptor(startTime, endTime);  -- as fast as possible here
        replay = ReplayDescriptor.between(start_time, end_time, enforce_replay_clock=False)
        # p.Run(replay);
        if form == "descriptor":
            p.run(replay)
        elif form == "interval":
            p.run(interval=TimeInterval(start_time, end_time), enforce_replay_clock=False)
        else:
            p.run(start=start_time, end=end_time, enforce_replay_clock=False)
    assert received.times == [start_time + half * (MINUTE // 2) for half in range(7)]
    assert p.start_time == start_time


@pytest.mark.rules("E117", "E119")
def test_enforcement_paces_messages_and_without_it_they_rush() -> None:
    with Pipeline() as p:
        paced = Collector(p, generators.range_(p, 0, 4, interval=25 * MS))
        # p.Run(new ReplayDescriptor(startTime, endTime, true));
        p.run(ReplayDescriptor.between(NOON, NOON + 75 * MS, enforce_replay_clock=True))
    assert all(at >= time for at, time in zip(paced.received_at, paced.times, strict=True))
    with Pipeline() as p:
        rushed = Collector(p, generators.range_(p, 0, 4, interval=MINUTE))
        p.run(REPLAY_ALL)
    assert len(rushed.values) == 4
    # creation times may lie before originating times: negative latencies
    assert rushed.envelopes[-1].creation_time < rushed.envelopes[-1].originating_time


@pytest.mark.rules("E21", "E22", "E40")
def test_the_events_tell_when_it_started_and_completed() -> None:
    lines: list[str] = []
    with Pipeline() as p:
        received = Collector(p, generators.range_(p, 0, 3, interval=MS))
        received.work = lambda data: lines.append(f"message {data}")
        # p.PipelineRun += (s, e) => Console.WriteLine($"Pipeline started at {e.StartTime}");
        p.pipeline_run.connect(lambda e: lines.append(f"Pipeline started at {e.start_time}"))
        # p.PipelineCompleted += (s, e) => Console.WriteLine(... {e.CompletedOriginatingTime});
        p.pipeline_completed.connect(lambda e: lines.append(f"completed at {e.completed_originating_time}"))
        p.run()
    assert lines == [
        f"Pipeline started at {p.start_time}",
        "message 0",
        "message 1",
        "message 2",
        f"completed at {p.start_time + 2 * MS}",
    ]


def fail(_data: Any) -> None:
    raise ArithmeticError("in a receiver")


@pytest.mark.rules("E173")
def test_run_throws_what_a_receiver_threw() -> None:
    handled: list[str] = []
    with Pipeline() as p:
        Collector(p, generators.range_(p, 0, 100, interval=MS), work=fail)
        # try { p.Run(); }
        try:
            p.run()
        # catch (AggregateException e) { // handle exception }
        except* ArithmeticError as group:
            handled += [str(error) for error in group.exceptions]
    assert handled[0] == "in a receiver"


@pytest.mark.rules("E174")
@pytest.mark.parametrize("synchronous", [False, True])
def test_a_handler_is_notified_of_exceptions_and_suppresses_them(synchronous: bool) -> None:
    written: list[BaseException] = []
    with Pipeline() as p:
        Collector(p, generators.return_(p, 0), work=fail)
        # p.PipelineExceptionNotHandled += (s, e) => Console.WriteLine(e.Exception);
        p.pipeline_exception_not_handled.connect(lambda e: written.append(e.exception))
        if synchronous:
            p.run()
        else:
            # p.RunAsync()
            p.run_async()
            assert p.wait_all(10)
    assert [str(error) for error in written] == ["in a receiver"]


@pytest.mark.rules("E140", "E146")
def test_the_clock_of_a_replay_starts_where_the_data_were_proposed_to_start() -> None:
    with Pipeline() as p:
        p.propose_replay_time(TimeInterval(NOON + MINUTE, NOON + 2 * MINUTE))
        p.propose_replay_time(TimeInterval(NOON, NOON + MINUTE))
        PushSource(p)
        p.run_async()
        assert p.start_time == NOON
        assert NOON <= p.get_current_time() < NOON + MINUTE
        assert p.replay_descriptor is not None
        assert p.replay_descriptor.interval == TimeInterval(NOON, NOON + 2 * MINUTE)


@pytest.mark.rules("E184")
def test_progress_is_reported_from_0_to_1() -> None:
    reports: list[float] = []
    with Pipeline() as p:
        p.progress_report_interval = 10 * MS
        generators.range_(p, 0, 10, interval=10 * MS)
        p.run(start=NOON, end=NOON + 100 * MS, progress=reports.append)
    assert reports[-1] == 1.0
    assert all(0.0 <= report <= 1.0 for report in reports)
