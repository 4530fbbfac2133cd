"""Who posts is looked at where a pipeline is asked to (rule E75)."""

from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Envelope, Pipeline, generators, timers
from studio.engine.interpolators import reproducible
from studio.errors import WrongPosterError
from studio.timing import RelativeTimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.engine.test_finalization import Relay
from tests.waiting import wait_until

pytestmark = pytest.mark.rules("E75")


class Reactive:
    """Handles messages as told; no source."""

    def __init__(self, pipeline: Pipeline, act: Any = lambda _data, _envelope: None) -> None:
        self.out = pipeline.create_emitter(self, "out")
        self.receiver = pipeline.create_receiver(self, act, "in")


def failures(p: Pipeline) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        p.run(start=0, enforce_replay_clock=False)
    assert {type(error) for error in caught.value.exceptions} == {WrongPosterError}
    return [str(error) for error in caught.value.exceptions]


def test_a_component_that_is_no_source_cannot_post_by_itself() -> None:
    with Pipeline("p", check_posting=True) as p:
        reactive = Reactive(p)
        PushSource(p)
        p.run_async(start=0, enforce_replay_clock=False)
        with pytest.raises(WrongPosterError, match=r"output out of 0\.Reactive .*only a source may"):
            reactive.out.post(1, 1)
        assert reactive.out.last_envelope.sequence_id == -1
        told: list[BaseException] = []
        p.pipeline_exception_not_handled.connect(lambda args: told.append(args.exception))
        p.spawn("stranger", lambda _cancelled: reactive.out.post(2, 2)).join()
        wait_until(lambda: [type(error) for error in told] == [WrongPosterError])


@pytest.mark.parametrize("inside", [False, True], ids=["in a pipeline", "in a subpipeline"])
def test_a_component_cannot_post_on_the_output_of_another(inside: bool) -> None:
    with Pipeline("p", check_posting=True) as p:
        place = p.create_subpipeline("inner") if inside else p
        source = StartSource(place, [("x", 1)], 1)
        victim = PushSource(place)  # though it may post by itself
        source.out.do(lambda data: victim.out.post(data, 1))
        victim.completion_time = 1
        (text,) = failures(p)
    assert "Processor posted on output out of" in text
    assert "PushSource" in text


def test_also_while_the_end_of_an_input_is_handled() -> None:
    with Pipeline("p", check_posting=True) as p:
        source = StartSource(p, [("x", 1)], 1)
        reactive, other = Reactive(p), Reactive(p)
        source.out.pipe_to(reactive)
        reactive.receiver.unsubscribed.connect(lambda time: reactive.out.post("mine", time))
        reactive.receiver.unsubscribed.connect(lambda time: other.out.post("not mine", time))
        result = Collector(p, reactive.out)
        reactive.out.pipe_to(other)  # so that it ends after that
        (text,) = failures(p)
    assert result.values == ["mine"]
    assert "1.Reactive posted on output out of 2.Reactive" in text


def test_other_validators_are_still_asked() -> None:
    seen: list[int] = []

    def validate(_data: Any, envelope: Envelope) -> None:
        seen.append(envelope.originating_time)

    with Pipeline("p", check_posting=True) as p:
        source = PushSource(p)
        out = p.create_emitter(source, "validated", validator=validate)
        p.run_async(start=0, enforce_replay_clock=False)
        out.post("x", 5)
    assert seen == [5]


def test_without_being_asked_nothing_is_checked() -> None:
    with Pipeline("p") as p:
        reactive = Reactive(p)
        result = Collector(p, reactive.out)
        PushSource(p)
        p.run_async(start=0, enforce_replay_clock=False)
        reactive.out.post(1, 1)
        wait_until(lambda: result.values == [1])


@pytest.mark.parametrize("policy", [DeliveryPolicy.UNLIMITED, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE])
def test_all_operators_and_sources_of_the_engine_pass(policy: DeliveryPolicy) -> None:
    """Connectors too, whose two halves are one component, and posts inside posts of others."""
    log: list[str] = []
    with Pipeline("p", check_posting=True, default_delivery_policy=policy) as p:
        inner = p.create_subpipeline(default_delivery_policy=policy)
        numbers = generators.range_(p, 0, 20, interval=MS)
        doubled = numbers.bridge_to(inner).select(lambda x: 2 * x).bridge_to(p)
        results = [
            numbers.join(doubled, reproducible.exact()),
            numbers.zip(doubled),
            numbers.merge(doubled),
            numbers.pair(doubled, initial=0),
            numbers.window(RelativeTimeInterval.past(2 * MS)),
            numbers.window_by_index(-1, 1),
            numbers.select(lambda x: {x % 3: x}).parallel_sparse(lambda _k, s: s.sum()),
            numbers.last(2),
            numbers.sample(timers.timer(p, 5 * MS)),
            numbers.interpolate(3 * MS, reproducible.last(RelativeTimeInterval.past())),
        ]
        collectors = [Collector(p, result) for result in results]
        a, b = Relay(p, "A", log), Relay(p, "B", log)
        a.out["gen"].pipe_to(b.into["x"])
        b.out["x"].pipe_to(a.into["x"])
        p.run()
    assert p.errors == ()
    assert [bool(collector.values) for collector in collectors[:8]] == [True] * 8


def test_a_thread_handles_one_input_at_a_time_and_remembers_which() -> None:
    """After a synchronous delivery inside a post, the poster may go on to post."""
    with Pipeline("p", check_posting=True) as p:
        source = StartSource(p, [(0, 1)], 1)

        def post_twice(data: int, envelope: Envelope, out: Any) -> None:
            out.post(data, envelope.originating_time)
            out.post(data + 1, envelope.originating_time + 1)

        middle = source.out.process(post_twice)
        last = middle.select(lambda x: x, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE)
        result = Collector(p, last, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE)
        other = PushSource(p)
        other.completion_time = 5
        p.run(start=0, enforce_replay_clock=False)
    assert result.values == [0, 1]
