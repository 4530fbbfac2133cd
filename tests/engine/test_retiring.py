"""Subpipelines that are added to a running pipeline and end leave nothing behind in it (rules E72, E104)."""

import gc
import os
import threading
from typing import Any

import pytest

from studio.engine import DiagnosticsConfiguration, Emitter, Pipeline, PipelineState
from studio.engine.operators.fusing import Fuse
from tests.engine.components import Collector, PushSource
from tests.waiting import wait_until

SCALE = int(os.environ.get("STUDIO_STRESS", "1"))


class Added:
    """A subpipeline between two connectors, added to a running pipeline; doubles what it gets."""

    def __init__(self, parent: Pipeline, feed: Emitter[Any], name: str | None = None) -> None:
        self.pipeline = parent.create_subpipeline(name)
        self.entrance = self.pipeline.create_input_connector_from(parent)
        self.exit = self.pipeline.create_output_connector_to(parent)
        self.entrance.out.select(lambda x: 2 * x).pipe_to(self.exit)
        self.source = PushSource(self.pipeline)
        feed.pipe_to(self.entrance, while_running=True)

    def run(self) -> "Added":
        self.pipeline.run_async(start=0, enforce_replay_clock=False)
        return self


def running(p: Pipeline) -> PushSource:
    source = PushSource(p)
    p.run_async(start=0, enforce_replay_clock=False)
    return source


@pytest.mark.rules("E72")
def test_a_pipeline_that_adds_and_ends_hundreds_of_subpipelines_does_not_grow() -> None:
    def objects() -> int:
        gc.collect()
        return len(gc.get_objects())

    with Pipeline("p", thread_count=2) as p:
        source = running(p)

        def add_and_end(time: int) -> None:
            added = Added(p, source.out).run()
            source.out.post(time, time)
            added.pipeline.stop(time)

        for time in range(1, 101):
            add_and_end(time)
        before, threads = objects(), threading.active_count()
        for time in range(101, 101 + 500 * SCALE):
            add_and_end(time)
        assert objects() - before < 100, "something is kept of each"
        assert threading.active_count() == threads
        assert len(p.elements) == 1
        assert p.body.children == []
        assert not source.out.has_subscribers


@pytest.mark.rules("E58", "E72")
def test_its_components_are_disposed_at_its_end_and_only_then() -> None:
    disposed: list[str] = []
    with Pipeline("p") as p:
        source = running(p)
        added = Added(p, source.out, "added")
        below = PushSource(added.pipeline.create_subpipeline("below"))
        for name, component in (("added", added.source), ("below", below)):
            component.dispose = lambda name=name: disposed.append(name)  # type: ignore[method-assign]
        added.run()
        assert disposed == []
        added.pipeline.stop(1)
        assert sorted(disposed) == ["added", "below"]
        assert added.pipeline.state is PipelineState.COMPLETED
        added.pipeline.dispose()
    assert len(disposed) == 2


@pytest.mark.rules("E72", "E103", "E104")
def test_what_it_has_posted_arrives_and_then_its_connectors_end() -> None:
    released: list[int] = []
    gate = threading.Event()
    with Pipeline("p", thread_count=4) as p:
        source = running(p)
        added = Added(p, source.out)
        gathered: list[Any] = []
        gather = p.body.graph.add_receiver(
            gathered, lambda data, _e: gathered.append(gate.wait(10) and data), "in"
        )
        gather.unsubscribed.connect(lambda _t: gathered.append("end"))
        added.exit.out.pipe_to(gather, while_running=True)
        added.entrance.receiver.unsubscribed.connect(released.append)
        added.run()
        for time in (1, 2, 3):
            source.out.post(time, time)
        wait_until(lambda: added.exit.out.last_envelope.sequence_id == 3)
        added.pipeline.stop(3)
        assert gathered == []
        gate.set()
        wait_until(lambda: gathered[-1:] == ["end"] and bool(released))
        assert added.exit.out.is_closed
        assert not source.out.has_subscribers
        source.out.post(4, 4)
        assert p.state is PipelineState.RUNNING
    assert gathered == [2, 4, 6, "end"]
    assert len(released) == 1


@pytest.mark.rules("E72")
def test_what_waits_in_front_of_it_is_dropped_unless_the_end_of_its_input_stops_it() -> None:
    """Throttled by nothing, held up by a slow stage in the parent."""
    gate = threading.Event()
    with Pipeline("p", thread_count=4) as p:
        source = PushSource(p)
        slow = source.out.do(lambda data: data == 1 and gate.wait(10))
        p.run_async(start=0, enforce_replay_clock=False)
        hasty, patient = Added(p, slow), Added(p, slow)
        heard = {
            name: Collector(added.pipeline, added.entrance.out)
            for name, added in (("hasty", hasty), ("patient", patient))
        }
        patient.entrance.receiver.unsubscribed.connect(patient.pipeline.stop)
        for added in (hasty, patient):
            added.run()
        for time in (1, 2, 3):
            source.out.post(time, time)
        hasty.pipeline.stop(3)
        gate.set()
        source.out.close(3)
        slow.element.receivers["in"].unsubscribed.connect(slow.close)
        wait_until(lambda: heard["patient"].values == [1, 2, 3])
    assert heard["hasty"].values == []


@pytest.mark.rules("E3", "E72")
def test_names_of_components_are_not_given_again() -> None:
    with Pipeline("p") as p:
        source = running(p)
        names = set()
        for time in range(1, 6):
            added = Added(p, source.out).run()
            names.update(element.name for element in p.elements)
            added.pipeline.stop(time)
        assert len(names) == 1 + 5 * 3


@pytest.mark.rules("E229", "E72")
@pytest.mark.parametrize("shown", [True, False])
def test_who_asks_for_what_has_stopped_keeps_it(shown: bool) -> None:
    with Pipeline("p", diagnostics=DiagnosticsConfiguration(include_stopped_pipelines=shown)) as p:
        source = running(p)
        Added(p, source.out, "added").run().pipeline.stop(1)
        names = [pipeline.name for pipeline in p.diagnostics_snapshot().subpipelines]
    assert names == (["added"] if shown else [])


@pytest.mark.rules("E72", "E57")
def test_one_that_was_added_and_never_run_may_be_disposed_by_itself() -> None:
    with Pipeline("p") as p:
        source = running(p)
        added = Added(p, source.out)
        added.pipeline.dispose()
        assert added.source.is_disposed
        assert p.body.children == []
        assert not source.out.has_subscribers


@pytest.mark.rules("E63")
def test_one_that_was_there_before_the_run_is_kept_and_disposed_with_its_parent() -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        source = PushSource(inner)
        PushSource(p)
        p.run_async()
        inner.stop(p.get_current_time())
        assert not source.is_disposed
        assert len(p.elements) == 2
    assert source.is_disposed


@pytest.mark.rules("E220")
def test_branches_by_key_come_and_go_without_leaving_anything() -> None:
    with Pipeline("p", thread_count=2) as p:
        source = PushSource(p)
        output = source.out.parallel_sparse(lambda _key, stream: stream.select(lambda x: -x))
        result, fuse = Collector(p, output), output.owner
        assert isinstance(fuse, Fuse)
        p.run_async(start=0, enforce_replay_clock=False)
        for time in range(200 * SCALE):
            source.out.post({time: time}, time)
            wait_until(lambda time=time: len(result.values) == time + 1)
            wait_until(lambda: len(p.body.children) <= 20)
        wait_until(lambda: len(p.body.children) == 1)
        source.out.post({}, 10**6)
        wait_until(lambda: len(output.element.receivers) <= 2 and not p.body.children)
        assert len(p.elements) == 4
        assert all(len(element.emitters) <= 2 for element in p.elements)
    assert result.values[:3] == [{0: 0}, {1: -1}, {2: -2}]
    assert len(result.values) == 200 * SCALE + 1
