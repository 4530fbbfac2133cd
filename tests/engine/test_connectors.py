"""Streams that cross from one pipeline into another (rules E50, E71, E93, E134)."""

from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Pipeline, generators
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.engine.test_finalization import Relay
from tests.waiting import wait_until


@pytest.mark.rules("E71")
def test_data_pass_from_one_pipeline_to_another_that_knows_nothing_of_it() -> None:
    with Pipeline("p1") as p1, Pipeline("p2") as p2:
        connector = p2.create_input_connector_from(p1)
        generators.range_(p1, 0, 5, interval=MS).pipe_to(connector)
        collector = Collector(p2, connector.out)
        p2.run_async()
        p1.run()
        wait_until(lambda: collector.values == [0, 1, 2, 3, 4])


@pytest.mark.rules("E71")
def test_a_connector_of_a_pipeline_with_itself_is_refused_where_it_would_cross_nothing() -> None:
    p = Pipeline("p")
    with pytest.raises(ValueError, match="another pipeline"):
        p.create_input_connector_from(p)
    with pytest.raises(ValueError, match="another pipeline"):
        p.create_output_connector_to(p)
    p.dispose()


@pytest.mark.rules("E93", "E151", "E160")
@pytest.mark.parametrize("preserve", [True, False])
def test_an_envelope_is_preserved_if_wished(preserve: bool) -> None:
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        into = inner.create_input_connector_from(p, preserve_envelope=preserve)
        source = StartSource(p, [("a", 1), ("b", 2)], 2)
        odd = source.out.where(lambda data: data == "b")
        before, after = Collector(p, odd), Collector(inner, into.out)
        p.create_connector()
        source.out.where(lambda data: data == "b").process(
            lambda data, envelope, out: out.deliver(data, type(envelope)(0, 77, 2, 5))
        ).pipe_to(into)
        p.run(start=0, enforce_replay_clock=False)
    assert before.values == after.values == ["b"]
    envelope = after.envelopes[0]
    assert envelope.originating_time == 2
    assert envelope.source_id == into.out.id
    assert ((envelope.sequence_id, envelope.creation_time) == (77, 5)) is preserve


@pytest.mark.rules("E109", "E134")
def test_throttling_reaches_back_through_a_connector() -> None:
    with Pipeline("p", thread_count=2) as p:
        inner = p.create_subpipeline(default_delivery_policy=DeliveryPolicy.THROTTLE)
        into = inner.create_input_connector_from(p)
        seen: list[int] = []
        produced: list[int] = []
        ahead: list[int] = []

        def slow(data: Any) -> None:
            until = p.get_current_time() + 2 * MS
            wait_until(lambda: p.get_current_time() > until)
            seen.append(data)
            ahead.append(len(produced) - len(seen))

        stream = generators.range_(p, 0, 30, interval=1).do(produced.append)
        stream.pipe_to(into, DeliveryPolicy.THROTTLE)
        Collector(inner, into.out, work=slow)
        p.run(enforce_replay_clock=False)
    assert seen == list(range(30))
    assert max(ahead) <= 4, "the source ran away from its consumer"


@pytest.mark.rules("E50", "E53")
def test_components_in_a_subpipeline_end_in_their_turn() -> None:
    log: list[str] = []
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        d, a = Relay(p, "D", log), Relay(p, "A", log)
        c, b = Relay(inner, "C", log), Relay(inner, "B", log)
        into, out = inner.create_input_connector_from(p), inner.create_output_connector_to(p)
        a.out["gen"].pipe_to(into)
        into.out.pipe_to(b.into["x"])
        b.out["x"].pipe_to(c.into["x"])
        c.out["x"].pipe_to(out)
        out.out.pipe_to(d.into["x"])
        p.run()
    closed = "".join(dict.fromkeys(entry[0] for entry in log if entry.endswith("closed")))
    assert closed == "ABCD"
    assert d.received["x"] == 3


@pytest.mark.rules("E50", "E53", "E72")
@pytest.mark.parametrize("thread_count", [1, 2])
def test_nested_subpipelines_stopped_by_the_end_of_their_input_end_in_turn(thread_count: int) -> None:
    log: list[str] = []
    with Pipeline("p", thread_count=thread_count) as p:
        outer = p.create_subpipeline("outer")
        core = outer.create_subpipeline("core")
        e, a = Relay(p, "E", log), Relay(p, "A", log)
        d, b = Relay(outer, "D", log), Relay(outer, "B", log)
        c = Relay(core, "C", log)
        way: list[tuple[Pipeline, Pipeline]] = [(p, outer), (outer, core), (core, outer), (outer, p)]
        stream = a.out["gen"]
        for (source, target), relay in zip(way, (b, c, d, e), strict=True):
            connector: Any = target.create_input_connector_from(source)
            stream.pipe_to(connector)
            connector.out.pipe_to(relay.into["x"])
            stream = relay.out["x"]
            if target.parent is source:
                connector.receiver.unsubscribed.connect(target.stop)
        p.run()
    closed = "".join(dict.fromkeys(entry[0] for entry in log if entry.endswith("closed")))
    assert closed == "ABCDE"
    assert e.received["x"] == 3


@pytest.mark.rules("E50", "E72")
def test_two_inputs_may_stop_a_subpipeline_at_once() -> None:
    log: list[str] = []
    with Pipeline("p") as p:
        inner = p.create_subpipeline()
        b, a = Relay(p, "B", log), Relay(p, "A", log)
        e, d, c = (Relay(inner, name, log) for name in "EDC")
        for relay, port in ((a, "x"), (b, "y")):
            connector = inner.create_input_connector_from(p)
            connector.receiver.unsubscribed.connect(inner.stop)
            relay.out["gen"].pipe_to(connector)
            connector.out.pipe_to(c.into[port])
        c.out["x"].pipe_to(d.into["x"])
        d.out["x"].pipe_to(e.into["x"])
        p.run()
    closed = "".join(dict.fromkeys(entry[0] for entry in log if entry.endswith("closed")))
    assert closed[:2] in ("AB", "BA")
    assert closed[2:] == "CDE"


@pytest.mark.rules("E54")
def test_the_output_of_a_connector_into_a_running_pipeline_is_closed_at_the_end() -> None:
    p = Pipeline("p")
    sink = p.create_emitter(object(), "unused")
    outer = PushSource(p)
    p.run_async()
    inner = p.create_subpipeline()
    source = PushSource(inner)
    out = inner.create_output_connector_to(p)
    source.out.pipe_to(out)
    closed: list[int] = []
    out.out.closed.connect(closed.append)
    inner.run_async()
    p.dispose()
    assert len(closed) == 1
    assert outer.calls == source.calls == ["start", "stop"]
    assert sink.is_closed
