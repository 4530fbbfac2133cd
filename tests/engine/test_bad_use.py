"""Wrong use gets an error of ours that says what happened to which thing and what to do, and does no harm."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.engine import Pipeline, PipelineState, ReplayDescriptor, generators
from studio.errors import (
    MessageOrderError,
    PipelineDisposedError,
    PipelineStateError,
    PortError,
    ReplayIntervalError,
    StudioError,
)
from studio.timing import TIME_MIN, TimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until


def complaint(kind: type[StudioError], call: Callable[[], object]) -> str:
    """What the error of just that kind says."""
    with pytest.raises(StudioError) as caught:
        call()
    assert type(caught.value) is kind
    return str(caught.value)


@pytest.mark.rules("E12")
def test_an_input_cannot_be_connected_twice() -> None:
    with Pipeline("p") as p:
        first, second = PushSource(p), PushSource(p)
        collector = Collector(p, first.out)
        for source in (first, second):
            text = complaint(PipelineStateError, lambda source=source: source.out.pipe_to(collector))
            assert "input in of 2.Collector already receives stream out of 0.PushSource" in text
            assert "merge the streams" in text
        p.run_async(start=1, enforce_replay_clock=False)
        first.out.post("first", 2)
        second.out.post("second", 2)
        wait_until(lambda: collector.values == ["first"])
    assert collector.values == ["first"]


@pytest.mark.rules("E12", "E71")
def test_a_stream_cannot_be_received_in_another_pipeline() -> None:
    with Pipeline("here") as here, Pipeline("there") as there:
        source, collector = PushSource(here), Collector(there)
        text = complaint(PipelineStateError, lambda: source.out.pipe_to(collector))
        assert "stream out of 0.PushSource belongs to pipeline 'here'" in text
        assert "input in of 0.Collector to pipeline 'there'" in text
        assert "connector" in text
        assert collector.receiver.source is None
        source.out.bridge_to(there).pipe_to(collector)


@pytest.mark.rules("E94")
@pytest.mark.parametrize("time", [10, 9, TIME_MIN])
def test_messages_cannot_be_posted_out_of_order(time: int) -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=1, enforce_replay_clock=False)
        source.out.post("a", 10)
        text = complaint(MessageOrderError, lambda: source.out.post("wrong", time))
        assert "stream out of 0.PushSource in pipeline 'p'" in text
        assert f"originating time {time} is not later than that of the message before it, 10" in text
        assert "post each message with a later one" in text
        source.out.post("b", 11)
        wait_until(lambda: collector.values == ["a", "b"])
    assert p.errors == ()


@pytest.mark.rules("E14", "E61")
def test_a_source_cannot_be_added_to_a_running_pipeline() -> None:
    with Pipeline("p") as p:
        PushSource(p)
        p.run_async()
        text = complaint(PipelineStateError, lambda: generators.range_(p, 0, 3, interval=MS))
        assert "pipeline 'p' is running; creating an emitter of Generator is not possible" in text
        assert "subpipeline" in text
        assert len(p.elements) == 1
        late = p.create_subpipeline("late")  # what the error advises
        result = Collector(late, generators.range_(late, 0, 3, interval=MS))
        late.run_async()
        wait_until(lambda: result.values == [0, 1, 2])


@pytest.mark.rules("E14", "E61", "E12")
def test_streams_cannot_be_connected_any_more_while_the_pipeline_runs() -> None:
    with Pipeline("p") as p:
        source, idle = PushSource(p), Collector(p)
        p.run_async()
        text = complaint(PipelineStateError, lambda: source.out.pipe_to(idle))
        assert "pipeline 'p' is running; connecting stream out of 0.PushSource is not possible" in text
        assert "creating a receiver of Collector" in complaint(PipelineStateError, lambda: Collector(p))


@pytest.mark.rules("E18", "E61")
def test_a_pipeline_does_not_run_twice() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        p.run_async()
        for call in (p.run, p.run_async):
            text = complaint(PipelineStateError, call)
            assert "pipeline 'p' is running and cannot be started again" in text
            assert "make a new pipeline" in text
        assert (p.state, source.calls) == (PipelineState.RUNNING, ["start"])
    assert "'p' has been disposed" in complaint(PipelineDisposedError, p.run)
    with Pipeline("q") as q:
        generators.return_(q, 1)
        q.run()
        assert "pipeline 'q' is completed and cannot be started again" in complaint(PipelineStateError, q.run)


WITHOUT_START: dict[str, dict[str, Any]] = {
    "an end alone": {"end": 50},
    "an interval": {"interval": TimeInterval(TIME_MIN, 50)},
    "a descriptor": {"replay": ReplayDescriptor(TimeInterval(TIME_MIN, 50))},
}


@pytest.mark.rules("E138", "E15")
@pytest.mark.parametrize("way", WITHOUT_START)
def test_a_replay_needs_a_start(way: str) -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        text = complaint(ReplayIntervalError, lambda: p.run(**WITHOUT_START[way]))
        assert "50" in text
        assert "start" in text
        assert (p.state, source.calls) == (PipelineState.INITIAL, [])
        source.completion_time = 7
        p.run(start=5, end=50)  # the pipeline has come to no harm


@pytest.mark.rules("E147", "E138")
def test_what_the_components_have_data_for_gives_a_replay_its_start() -> None:
    with Pipeline("p") as p:
        p.propose_replay_time(TimeInterval(20, 90))
        StartSource(p, [], 50)
        p.run(interval=TimeInterval(TIME_MIN, 50), enforce_replay_clock=False)
        assert p.start_time == 20
        assert p.replay_descriptor is not None
        assert p.replay_descriptor.interval == TimeInterval(20, 50)


@pytest.mark.rules("E15", "E146")
def test_what_to_replay_is_said_once_and_has_a_beginning() -> None:
    with Pipeline("p") as p:
        text = complaint(ReplayIntervalError, lambda: p.run(interval=TimeInterval(1, 2), start=1))
        assert "say it once" in text
        text = complaint(ReplayIntervalError, lambda: p.propose_replay_time(TimeInterval(TIME_MIN, 5)))
        assert "pipeline 'p' must have a beginning" in text


@pytest.mark.rules("E10")
def test_a_pipeline_has_no_inputs_and_outputs_of_its_own() -> None:
    with Pipeline("p") as p:
        for call in (lambda: p.create_emitter(p), lambda: p.create_receiver(p, lambda _d, _e: None)):
            text = complaint(PortError, call)
            assert "pipeline 'p' cannot own inputs or outputs; give them to a component" in text
        assert p.elements == ()


@pytest.mark.rules("E11")
def test_two_outputs_of_a_component_cannot_have_one_name() -> None:
    with Pipeline("p") as p:
        source, collector = PushSource(p), Collector(p)
        text = complaint(PortError, lambda: p.create_emitter(source, "out"))
        assert "component 0.PushSource of pipeline 'p' already has an output named 'out'" in text
        assert "another name" in text
        text = complaint(PortError, lambda: p.create_receiver(collector, lambda _d, _e: None, "in"))
        assert "already has an input named 'in'" in text
