"""Pipelines inside pipelines: how they start, complete, end and fail with their parent (rules E64-E73)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from studio.engine import Pipeline, PipelineState, generators, timers
from studio.errors import PipelineDisposedError, PipelineStateError
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until

pytestmark = pytest.mark.rules("E5", "E64")


def test_a_finite_source_inside_ends_the_parent() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        collector = Collector(inner, generators.sequence(inner, [1, 2, 3], interval=MS))
        p.run()
    assert inner.name == "Sub[p]"
    assert collector.values == [1, 2, 3]
    assert (inner.state, p.state) == (PipelineState.COMPLETED, PipelineState.COMPLETED)


@pytest.mark.rules("E66", "E71")
def test_what_a_finite_source_inside_sends_out_has_come_when_the_parent_ends() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        out = inner.create_output_connector_to(p)
        generators.range_(inner, 0, 10, interval=MS).pipe_to(out)
        collector = Collector(p, out.out)
        p.run()
    assert collector.values == list(range(10))


@pytest.mark.rules("E66")
def test_a_reactive_subpipeline_does_not_hold_its_parent_open() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline("double")
        into = inner.create_input_connector_from(p)
        out = inner.create_output_connector_to(p)
        into.out.select(lambda x: 2 * x).pipe_to(out)
        generators.sequence(p, [1, 2, 3], interval=MS).pipe_to(into)
        assert out.out.pipeline is p
        collector = Collector(p, out.out)
        p.run()
    assert collector.values == [2, 4, 6]


@pytest.mark.rules("E66")
def test_an_infinite_source_inside_keeps_the_parent_running_until_it_is_disposed() -> None:
    p = Pipeline("p")
    completed: list[object] = []
    inner = p.create_subpipeline()
    out = inner.create_output_connector_to(p)
    timers.timer(inner, 5 * MS).count().pipe_to(out)
    collector = Collector(p, out.out)
    p.pipeline_completed.connect(completed.append)
    p.run_async()
    assert not p.wait_all(0.05)
    wait_until(lambda: len(collector.values) > 2)
    assert completed == []
    p.dispose()
    assert len(completed) == 1
    assert collector.values[:3] == [1, 2, 3]


def nested_relay(p: Pipeline, add_source: Callable[[Pipeline], object]) -> list[Any]:
    """0-9 through four connectors: into a subpipeline, one inside it, and back out twice."""
    middle = p.create_subpipeline("middle")
    core = middle.create_subpipeline("core")
    connectors = [
        middle.create_input_connector_from(p),
        core.create_input_connector_from(middle),
        core.create_output_connector_to(middle),
        middle.create_output_connector_to(p),
    ]
    stream = generators.range_(p, 0, 10, interval=MS)
    for connector in connectors:
        stream.pipe_to(connector)
        stream = connector.out
    add_source(middle)
    add_source(core)
    collector = Collector(p, stream)
    p.run()
    assert collector.times == [p.start_time + index * MS for index in range(10)]
    return collector.values


@pytest.mark.rules("E66", "E71")
@pytest.mark.parametrize(
    "add_source",
    [lambda _inner: None, lambda inner: generators.return_(inner, 1), lambda inner: PushSource(inner)],
    ids=["without sources", "with finite sources", "with infinite sources"],
)
@pytest.mark.parametrize("thread_count", [1, 2])
def test_messages_pass_through_nested_subpipelines(
    add_source: Callable[[Pipeline], object], thread_count: int
) -> None:
    with Pipeline("p", thread_count=thread_count) as p:
        assert nested_relay(p, add_source) == list(range(10))


@pytest.mark.rules("E64", "E69", "E142")
def test_a_subpipeline_shares_clock_workers_and_time_with_its_root() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline().create_subpipeline()
        source = PushSource(inner)
        assert inner.get_current_time() == TIME_MIN
        p.run_async()
        assert inner.clock is p.clock
        assert inner.scheduler is p.scheduler
        before = p.get_current_time()
        assert before <= inner.get_current_time() <= p.get_current_time()
        assert inner.start_time == p.start_time
        assert inner.convert_to_real_time(before) == p.convert_to_real_time(before)
        assert inner.convert_from_real_time(before) == p.convert_from_real_time(before)
        assert source.calls == ["start"]


@pytest.mark.rules("E13")
def test_a_subpipeline_does_not_inherit_the_default_policy() -> None:
    from studio.engine import DeliveryPolicy

    p = Pipeline("p", default_delivery_policy=DeliveryPolicy.LATEST_MESSAGE)
    assert p.create_subpipeline().default_delivery_policy is DeliveryPolicy.UNLIMITED
    throttled = p.create_subpipeline(default_delivery_policy=DeliveryPolicy.THROTTLE)
    assert throttled.default_delivery_policy is DeliveryPolicy.THROTTLE
    p.dispose()


@pytest.mark.rules("E21")
def test_everybody_hears_of_the_run_parents_first_with_the_time_of_the_root() -> None:
    heard: list[tuple[str, int]] = []
    p = Pipeline("p")
    c = p.create_subpipeline("c")
    g = c.create_subpipeline("g")
    for pipeline in (g, c, p):
        pipeline.pipeline_run.connect(lambda args, name=pipeline.name: heard.append((name, args.start_time)))
    p.propose_replay_time(TimeInterval(1000, 2000))
    c.propose_replay_time(TimeInterval(1500, 1800))
    StartSource(g, [], 1600)
    p.run(enforce_replay_clock=False)
    p.dispose()
    assert heard == [("p", 1000), ("c", 1000), ("g", 1000)]


@pytest.mark.rules("E21", "E61")
def test_all_wiring_may_happen_while_the_run_is_announced() -> None:
    """Subpipelines and one below them, with all streams, are made in handlers of `pipeline_run`."""
    values: list[int] = []
    with Pipeline("p") as p:
        square = p.create_subpipeline("square")
        plus = p.create_subpipeline("plus")
        into, between = square.create_input_connector_from(p), square.create_output_connector_to(p)
        onwards, out = plus.create_input_connector_from(p), plus.create_output_connector_to(p)
        generators.range_(p, 0, 10, interval=MS).pipe_to(into)
        between.out.pipe_to(onwards)
        Collector(p, out.out, work=values.append)
        square.pipeline_run.connect(lambda _a: into.out.select(lambda x: x * x).pipe_to(between))

        def wire_below(_args: object) -> None:
            below = plus.create_subpipeline("below")
            below_in = below.create_input_connector_from(plus)
            below_out = below.create_output_connector_to(plus)
            onwards.out.pipe_to(below_in)
            below_out.out.pipe_to(out)
            below.pipeline_run.connect(lambda _a: below_in.out.select(lambda x: x + 1).pipe_to(below_out))

        plus.pipeline_run.connect(wire_below)
        p.run()
    assert values == [x * x + 1 for x in range(10)]


@pytest.mark.rules("E65", "E69", "E146", "E162")
def test_a_proposal_of_a_subpipeline_counts_for_the_root_and_narrows_itself_only() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        inner.propose_replay_time(TimeInterval(150, 180))
        p.propose_replay_time(TimeInterval(100, 120))
        StartSource(inner, [], 180)
        p.run(enforce_replay_clock=False)
        assert p.replay_descriptor is not None
        assert p.replay_descriptor.interval == TimeInterval(100, 180)
        assert inner.replay_descriptor is not None
        assert inner.replay_descriptor.interval == TimeInterval(150, 180)
        assert (p.start_time, inner.start_time) == (100, 150)


@pytest.mark.rules("E66", "E30", "E26")
def test_a_subpipeline_completes_in_its_parent_at_its_latest_end() -> None:
    told: list[tuple[str, int]] = []
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        StartSource(inner, [], 170)
        StartSource(inner, [], 190)
        StartSource(p, [], 110)
        p.component_completed.connect(lambda args: told.append((args.component_name, args.completed_time)))
        p.run(start=100, enforce_replay_clock=False)
    assert sorted(told) == [("0.Subpipeline", 190), ("1.StartSource", 110)]


@pytest.mark.rules("E67", "E63")
def test_children_are_completed_just_before_their_parent_and_disposed_with_it() -> None:
    log: list[str] = []
    p = Pipeline("p")
    c = p.create_subpipeline("c")
    g = c.create_subpipeline("g")

    class Source(PushSource):
        def dispose(self) -> None:
            log.append(f"dispose {self.pipeline.name}")

    for pipeline in (g, c, p):
        source = Source(pipeline)
        source.out.closed.connect(lambda _t, name=pipeline.name: log.append(f"closed {name}"))
        pipeline.pipeline_completed.connect(lambda _a, name=pipeline.name: log.append(f"completed {name}"))
    p.run_async()
    p.dispose()
    assert log == [
        *("closed g", "closed c", "closed p"),
        *("completed g", "completed c", "completed p"),
        *("dispose g", "dispose c", "dispose p"),
    ]


@pytest.mark.rules("E44", "E68")
def test_the_final_time_cuts_all_generations() -> None:
    p = Pipeline("p")
    grandchild = p.create_subpipeline().create_subpipeline()
    source = PushSource(grandchild)
    collector = Collector(grandchild, source.out)
    StartSource(p, [], 1050)
    p.pipeline_run.connect(lambda _a: [source.out.post(time, time) for time in (1000, 1050, 1051)])
    p.run(start=1000, enforce_replay_clock=False)
    p.dispose()
    assert collector.values == [1000, 1050]
    assert source.final_time == 1050


@pytest.mark.rules("E70", "E174")
def test_an_error_inside_is_told_inside_then_by_the_root_and_raised_once() -> None:
    def fail(_data: object) -> None:
        raise RuntimeError("inside")

    def build() -> tuple[Pipeline, Pipeline]:
        p = Pipeline("p")
        inner = p.create_subpipeline()
        Collector(inner, generators.return_(inner, 1), work=fail)
        return p, inner

    p, inner = build()
    with pytest.raises(ExceptionGroup, match="inside") as caught:
        p.run()
    p.dispose()
    assert len(caught.value.exceptions) == 1
    assert [str(error) for error in inner.errors] == ["inside"]

    p, inner = build()
    told: list[str] = []
    inner.pipeline_exception_not_handled.connect(lambda _a: told.append("inner"))
    p.pipeline_exception_not_handled.connect(lambda _a: told.append("root"))
    p.run()
    p.dispose()
    assert told == ["inner", "root"]


@pytest.mark.rules("E16", "E19")
def test_many_nested_subpipelines_start_with_a_single_worker() -> None:
    with Pipeline("p", thread_count=1) as p:
        pipelines = [p]
        for _ in range(30):
            pipelines.append(pipelines[-1].create_subpipeline())
        sources = [PushSource(pipeline, completion_time=TIME_MIN) for pipeline in pipelines]
        p.run()
    assert all(source.calls == ["start", "stop"] for source in sources)
    assert all(pipeline.state is PipelineState.COMPLETED for pipeline in pipelines)


@pytest.mark.rules("E177")
def test_a_start_that_fails_inside_ends_the_run_in_order() -> None:
    class Broken(PushSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            raise OSError("no such device")

    p = Pipeline("p")
    inner = p.create_subpipeline()
    sources = [Broken(inner), PushSource(inner), PushSource(p)]
    with pytest.raises(ExceptionGroup, match="no such device"):
        p.run()
    p.dispose()
    assert [source.calls for source in sources] == [["stop"], ["start", "stop"], ["start", "stop"]]


@pytest.mark.rules("E57")
def test_a_tree_that_never_ran_is_disposed_as_a_whole() -> None:
    p = Pipeline("p")
    inner = p.create_subpipeline()
    source = PushSource(inner)
    told: list[int] = []
    inner.pipeline_completed.connect(lambda args: told.append(args.completed_originating_time))
    p.dispose()
    assert told == [TIME_MIN]
    assert source.is_disposed
    with pytest.raises(PipelineDisposedError):
        inner.wait_all(0)


# -- subpipelines added to a running pipeline ---------------------------------------------------------


class Spawner:
    """For each value that it receives it adds a subpipeline that squares the stream, and ends it at 5."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.feed = pipeline.create_emitter(self, "feed")
        self.receiver = pipeline.create_receiver(self, self.receive, "in")
        self.branches: list[Pipeline] = []
        self.collectors: list[Collector] = []

    def receive(self, data: int, envelope: Any) -> None:
        if data in (0, 3):
            self.add_branch(envelope.originating_time)
        self.feed.post(data, envelope.originating_time)
        if data == 5:
            self.branches[0].stop(envelope.originating_time)

    def add_branch(self, time: int) -> None:
        branch = self.pipeline.create_subpipeline(f"branch {len(self.branches)}")
        into = branch.create_input_connector_from(self.pipeline)
        self.collectors.append(Collector(branch, into.out.select(lambda x: x * x)))
        self.feed.pipe_to(into, while_running=True)
        self.branches.append(branch)
        branch.run_async(start=time, enforce_replay_clock=False)


@pytest.mark.rules("E72", "E24", "E14")
@pytest.mark.parametrize("thread_count", [1, 2])
def test_subpipelines_are_added_and_ended_while_the_parent_runs(thread_count: int) -> None:
    with Pipeline("p", thread_count=thread_count) as p:
        spawner = Spawner(p)
        generators.range_(p, 0, 10, interval=5 * MS).pipe_to(spawner)
        p.run()
    first, second = spawner.collectors
    assert first.values == [x * x for x in range(len(first.values))]
    assert first.values
    assert second.values == [x * x for x in range(3, 10)]
    assert [branch.state for branch in spawner.branches] == [PipelineState.COMPLETED] * 2
    assert all(len(collector.ended_at) == 1 for collector in spawner.collectors)
    assert spawner.branches[0].start_time == p.start_time


@pytest.mark.rules("E72", "E45")
def test_a_subpipeline_added_while_the_parent_drains_loses_nothing() -> None:
    """The source has told its end before anything is delivered: all branches come up during the stop."""
    with Pipeline("p", thread_count=1) as p:
        spawner = Spawner(p)
        source = StartSource(p, [(value, 1000 + value) for value in range(5)], 1004)
        source.out.pipe_to(spawner)
        p.run(start=1000, enforce_replay_clock=False)
    assert [collector.values for collector in spawner.collectors] == [[0, 1, 4, 9, 16], [9, 16]]


@pytest.mark.rules("E72")
def test_a_stop_by_its_own_lets_everything_up_to_the_time_through() -> None:
    p = Pipeline("p")
    inner = p.create_subpipeline()
    source = PushSource(inner)
    collector = Collector(inner, source.out)
    completed: list[int] = []
    inner.pipeline_completed.connect(lambda args: completed.append(args.completed_originating_time))
    outer = PushSource(p)
    p.run_async(start=0, enforce_replay_clock=False)
    for time in (1, 2, 3):
        source.out.post(time, time)
    inner.stop(2)
    assert collector.values[:2] == [1, 2]
    assert collector.ended_at == [2]
    assert completed == [2]
    assert (inner.state, p.state) == (PipelineState.COMPLETED, PipelineState.RUNNING)
    assert outer.calls == ["start"]
    inner.stop(5)  # again: no effect
    p.dispose()
    assert completed == [2]


@pytest.mark.rules("E72")
def test_many_threads_may_stop_a_tree_at_once() -> None:
    p = Pipeline("p", thread_count=2)
    inner = p.create_subpipeline()
    core = inner.create_subpipeline()
    sources = [PushSource(pipeline) for pipeline in (p, inner, core)]
    told: list[str] = []
    for pipeline in (p, inner, core):
        pipeline.pipeline_completed.connect(lambda _a, name=pipeline.name: told.append(name))
    p.run_async()
    calls: list[Callable[[], None]] = [lambda: core.stop(TIME_MAX), lambda: inner.stop(p.start_time)]
    threads = [threading.Thread(target=call) for call in [*calls * 3, p.dispose]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(told) == sorted(pipeline.name for pipeline in (p, inner, core))
    assert told[-1] == "p"
    assert all(source.calls == ["start", "stop"] for source in sources)


@pytest.mark.rules("E72", "E59")
@pytest.mark.parametrize("thread_count", [1, 2])
def test_the_end_of_its_input_may_stop_a_subpipeline(thread_count: int) -> None:
    with Pipeline("p", thread_count=thread_count) as p:
        inner = p.create_subpipeline()
        into = inner.create_input_connector_from(p)
        into.receiver.unsubscribed.connect(inner.stop)
        collector = Collector(inner, into.out)
        generators.range_(p, 0, 10, interval=MS).pipe_to(into)
        p.run()
    assert collector.values == list(range(10))


@pytest.mark.rules("E61", "E72")
def test_what_cannot_be_done_with_a_subpipeline_is_said() -> None:
    p = Pipeline("p")
    inner = p.create_subpipeline()
    with pytest.raises(PipelineStateError, match="started by pipeline 'p'"):
        inner.run_async()
    with pytest.raises(PipelineStateError, match="no subpipeline"):
        p.stop(0)
    PushSource(inner)
    p.run_async()
    with pytest.raises(PipelineStateError, match="running"):
        inner.run_async()
    late = p.create_subpipeline("late")
    p.dispose()
    with pytest.raises(PipelineStateError):
        late.run_async()
    with pytest.raises(PipelineDisposedError):
        p.create_subpipeline()


@pytest.mark.rules("E10")
def test_ports_given_to_a_subpipeline_belong_to_it_as_a_component_of_its_parent() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        out = p.create_emitter(inner, "out")
        assert out.element.nested is inner.body
        closed: list[int] = []
        out.closed.connect(closed.append)
        collector = Collector(p, out)
        with pytest.raises(ValueError, match="cannot own"):
            inner.create_emitter(inner)
        generators.return_(inner, 1).do(lambda data: out.post(data, p.start_time))
        p.run()
    assert collector.values == [1]
    assert closed == [p.start_time]


@pytest.mark.rules("E55", "E59")
def test_a_handler_inside_may_dispose_the_root() -> None:
    p = Pipeline("p")
    inner = p.create_subpipeline()
    source = PushSource(inner)
    inner.pipeline_completed.connect(lambda _a: p.dispose())
    source.out.closed.connect(lambda _t: inner.dispose())
    p.run_async()
    inner.stop(p.get_current_time())
    wait_until(lambda: p.state is PipelineState.COMPLETED and source.is_disposed)
    p.dispose()


@pytest.mark.rules("E68", "E47", "E36")
def test_what_is_not_due_in_a_grandchild_does_not_hold_up_dispose() -> None:
    p = Pipeline("p")
    grandchild = p.create_subpipeline().create_subpipeline()
    source = PushSource(grandchild)
    collector = Collector(grandchild, source.out)
    p.run_async()
    source.out.post("due", p.start_time)
    source.out.post("not due for a quarter of an hour", p.start_time + 900_000 * MS)
    wait_until(lambda: collector.values == ["due"])
    disposer = threading.Thread(target=p.dispose, daemon=True)
    disposer.start()
    disposer.join(5)
    assert not disposer.is_alive()
    assert collector.values == ["due"]


@pytest.mark.rules("E49")
def test_streams_of_a_subpipeline_that_was_added_but_never_ran_stay_open() -> None:
    p = Pipeline("p")
    PushSource(p)
    p.run_async()
    late = p.create_subpipeline("late")
    source = PushSource(late)
    closed: list[int] = []
    source.out.closed.connect(closed.append)
    p.dispose()
    assert closed == []
    assert source.calls == []
    assert source.is_disposed


@pytest.mark.rules("E50", "E10")
def test_the_ports_of_a_subpipeline_close_after_everything_inside() -> None:
    log: list[str] = []
    p = Pipeline("p")
    inner = p.create_subpipeline()
    p.create_emitter(inner, "port").closed.connect(lambda _t: log.append("port"))
    source = PushSource(inner)
    Collector(inner, source.out).receiver.unsubscribed.connect(lambda _t: log.append("inside"))
    source.out.closed.connect(lambda _t: log.append("source"))
    last = source.out.select(lambda x: x).select(lambda x: x)
    last.closed.connect(lambda _t: log.append("last inside"))
    p.run_async()
    p.dispose()
    assert log[-1] == "port"
    assert set(log) == {"port", "inside", "source", "last inside"}
