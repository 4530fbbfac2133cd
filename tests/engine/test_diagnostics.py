"""What a pipeline tells about itself, exactly counted, and nothing at all when not asked (E228-E234)."""

import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import (
    DeliveryPolicy,
    DiagnosticsConfiguration,
    Pipeline,
    PipelineDiagnostics,
    ReplayDescriptor,
    generators,
)
from studio.engine.diagnostics import Counted, ElementKind, ReceiverDiagnostics
from studio.engine.metering import Window
from studio.errors import PipelineStateError
from studio.timing import TIME_MAX, TimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until

EVERYTHING = DiagnosticsConfiguration(
    sampling_interval=10 * MS,
    averaging_window=3600_000 * MS,
    track_message_size=True,
    include_stopped_elements=True,
    include_stopped_pipelines=True,
)


def of(diagnostics: PipelineDiagnostics, receiver_id: int) -> ReceiverDiagnostics:
    (found,) = [r for r in diagnostics.all_receivers() if r.id == receiver_id]
    return found


@pytest.mark.rules("E228", "E230", "E231", "E233")
def test_the_whole_tree_is_described_while_it_runs() -> None:
    received: list[PipelineDiagnostics] = []
    with Pipeline("default", diagnostics=EVERYTHING) as p:
        inner = p.create_subpipeline("inner")
        into, out = inner.create_input_connector_from(p), inner.create_output_connector_to(p)
        generators.range_(p, 0, 30, interval=10 * MS).pipe_to(into)
        into.out.select(lambda x: x + 1).pipe_to(out)
        Collector(p, out.out)
        watcher = Collector(p, p.diagnostics, work=received.append)
        p.run()
    during = next(d for d in received if d.processed.total > 10)
    assert during.is_running
    assert during.name == "default"
    assert [d.name for d in during.all_pipelines()] == ["default", "inner"]
    kinds = [element.kind.value for element in during.elements]
    assert kinds == ["source", "subpipeline", "connector", "connector", "source", "reactive", "reactive"]
    assert [e.kind.value for e in during.subpipelines[0].elements] == ["connector", "connector", "reactive"]
    (generator,) = [e for e in during.elements if e.type_name == "Generator"]
    assert [emitter.name for emitter in generator.emitters] == ["loop-back", "out"]
    assert generator.emitters[1].target_ids == (into.receiver.id,)
    assert of(during, into.receiver.id).source_id == generator.emitters[1].id
    assert during.elements[1].subpipeline_name == "inner"
    ids = [emitter.id for emitter in during.all_emitters()]
    assert len(set(ids)) == len(ids)
    connected = [receiver for receiver in during.all_receivers() if receiver.source_id is not None]
    assert len(connected) == sum(len(emitter.target_ids) for emitter in during.all_emitters()) == 6
    assert during.average_queue_size > 0
    assert during.dropped == Counted(0, 0)
    assert during.throttling_count == 0
    assert during.dropped_percentage == 0.0
    assert not received[-1].elements or received[-1].processed.total >= 30
    assert watcher.times == sorted(set(watcher.times))


@pytest.mark.rules("E232", "E234")
def test_messages_are_counted_exactly_whatever_becomes_of_them() -> None:
    p = Pipeline("p", thread_count=1, diagnostics=EVERYTHING)
    source = StartSource(p, [(bytes(10), time) for time in range(1, 101)], 100)
    kept = Collector(p, source.out, DeliveryPolicy.queue_size_constrained(7))
    everything = Collector(p, source.out)
    p.run(start=0, enforce_replay_clock=False)
    told = p.diagnostics_snapshot()
    p.dispose()
    few, many = of(told, kept.receiver.id), of(told, everything.receiver.id)
    assert (few.emitted.total, few.processed.total, few.dropped.total) == (100, 7, 93)
    assert (few.processed_percentage, few.dropped_percentage) == (7.0, 93.0)
    assert (many.emitted, many.processed, many.dropped.total) == (Counted(100, 100), Counted(100, 100), 0)
    assert many.message_size.last == many.message_size.average == 10
    assert few.policy_name == "QueueSizeConstrained(maximumQueueSize=7)"
    assert many.queue_size.last == 0
    assert many.queue_size.average > 1
    assert told.processed.total >= 107


@pytest.mark.rules("E232")
def test_latency_and_time_used_mean_what_they_say() -> None:
    with Pipeline("p", diagnostics=EVERYTHING) as p:
        source = PushSource(p)
        slow = Collector(p, source.out, work=lambda _d: threading.Event().wait(0.02))
        p.run_async(enforce_replay_clock=False)
        now = p.get_current_time()
        source.out.post(1, now - 50 * MS)
        wait_until(lambda: slow.values == [1])
        wait_until(lambda: of(p.diagnostics_snapshot(), slow.receiver.id).processed.total == 1)
        told = of(p.diagnostics_snapshot(), slow.receiver.id)
        (element,) = [e for e in p.diagnostics_snapshot().elements if e.receivers and e.time_used]
    assert 50 * MS <= told.created_latency.last <= told.emitted_latency.last <= told.received_latency.last
    assert told.created_latency.last == slow.envelopes[0].creation_time - slow.envelopes[0].originating_time
    assert 20 * MS <= told.process_time.last < 2000 * MS
    assert element.time_used == told.time_used == told.process_time.last
    assert told.throughput == pytest.approx(1 / 3600)


@pytest.mark.rules("E161", "E232")
def test_latency_is_in_time_of_the_world_at_any_speed() -> None:
    with Pipeline("p", diagnostics=EVERYTHING) as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(ReplayDescriptor(TimeInterval(10_000 * MS), enforce_replay_clock=False, speed=10.0))
        source.out.post(1, p.get_current_time() - 100 * MS)
        wait_until(lambda: collector.values == [1])
        wait_until(lambda: of(p.diagnostics_snapshot(), collector.receiver.id).processed.total == 1)
        envelope = collector.envelopes[0]
        told = of(p.diagnostics_snapshot(), collector.receiver.id)
        assert told.created_latency.last == (envelope.creation_time - envelope.originating_time) / 10


@pytest.mark.rules("E232", "E129")
def test_a_throttling_receiver_is_shown_as_such() -> None:
    go_on = threading.Event()
    with Pipeline("p", diagnostics=EVERYTHING) as p:
        source = PushSource(p)
        collector = Collector(p, source.out, DeliveryPolicy.THROTTLE, work=lambda _d: go_on.wait(5))
        p.run_async(start=0, enforce_replay_clock=False)
        for time in (1, 2):
            source.out.post(time, time)
        wait_until(lambda: of(p.diagnostics_snapshot(), collector.receiver.id).queue_size.last == 1)
        assert p.diagnostics_snapshot().throttling_count == 1
        go_on.set()
        wait_until(lambda: p.diagnostics_snapshot().throttling_count == 0)


@pytest.mark.rules("E228")
def test_without_being_asked_nothing_is_measured() -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 3, interval=MS))
        p.run()
        assert collector.receiver.meter is None
        told = p.diagnostics_snapshot()
        assert told.elements == ()
        with pytest.raises(PipelineStateError, match="no diagnostics"):
            _ = p.diagnostics


@pytest.mark.rules("E73")
def test_a_subpipeline_has_no_stream_of_its_own() -> None:
    with Pipeline("p", diagnostics=EVERYTHING) as p:
        inner = p.create_subpipeline()
        with pytest.raises(PipelineStateError, match="no diagnostics"):
            _ = inner.diagnostics
        assert inner.diagnostics_snapshot().name == inner.name


@pytest.mark.rules("E229")
def test_what_has_stopped_is_left_out_unless_wished() -> None:
    assert DiagnosticsConfiguration().sampling_interval == 100 * MS
    assert DiagnosticsConfiguration().averaging_window == 1000 * MS
    for shown in (False, True):
        configuration = DiagnosticsConfiguration(
            include_stopped_elements=shown, include_stopped_pipelines=shown
        )
        p = Pipeline("p", diagnostics=configuration)
        inner = p.create_subpipeline()
        PushSource(inner)
        PushSource(p)
        p.run_async()
        inner.stop(TIME_MAX)
        assert len(p.diagnostics_snapshot().subpipelines) == int(shown)
        p.dispose()
        assert len(p.diagnostics_snapshot().elements) == 3 * int(shown)
        assert p.diagnostics_snapshot().is_running is False
    with pytest.raises(ValueError, match="greater than 0"):
        DiagnosticsConfiguration(sampling_interval=0)


@pytest.mark.rules("E230")
def test_a_last_snapshot_is_posted_at_the_end() -> None:
    received: list[PipelineDiagnostics] = []
    p = Pipeline("p", diagnostics=DiagnosticsConfiguration(sampling_interval=3600_000 * MS))
    Collector(p, p.diagnostics, work=received.append)
    p.run_async()
    p.dispose()
    assert len(received) == 1
    assert any(element.kind is ElementKind.REACTIVE for element in received[0].elements)


@pytest.mark.rules("E230", "E232")
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-100, 100)), max_size=40), st.integers(1, 100))
def test_a_window_averages_what_is_not_older_than_it(readings: list[tuple[int, int]], span: int) -> None:
    window = Window(span)
    now, kept = 0, []
    for gap, value in readings:
        now += gap
        window.add(now, value)
        kept.append((now, value))
    inside = [value for time, value in kept if time >= now - span]
    measured = window.measured(now)
    assert window.counted(now) == Counted(len(kept), len(inside))
    assert math.isclose(measured.average, sum(inside) / len(inside) if inside else 0.0, abs_tol=1e-9)
    assert measured.last == (kept[-1][1] if kept else 0.0)


@pytest.mark.rules("E231")
def test_a_component_tells_its_state_in_its_own_words_after_each_message() -> None:
    class Talker(Collector):
        def __str__(self) -> str:
            return f"{len(self.values)} so far"

    for configuration in (EVERYTHING, None):
        with Pipeline("p", diagnostics=configuration) as p:
            source = PushSource(p)
            talker, quiet = Talker(p, source.out), Collector(p, source.out)
            p.run_async(start=0, enforce_replay_clock=False)

            def states(p: Pipeline = p) -> dict[str, str]:
                return {e.type_name.rpartition(".")[2]: e.state for e in p.diagnostics_snapshot().elements}

            assert states()["Talker"] == ""
            for time in (1, 2):
                source.out.post(time, time)
            wait_until(lambda quiet=quiet, talker=talker: len(quiet.values) == len(talker.values) == 2)
            expected = "2 so far" if configuration else ""
            wait_until(lambda expected=expected: states()["Talker"] == expected)
            assert states()["Collector"] == ""
