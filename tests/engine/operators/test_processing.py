"""Operators on one message at a time (rules E189-E191)."""

import pytest

from studio.engine import DeliveryPolicy, DiagnosticsConfiguration, Emitter, Envelope, Pipeline, generators
from studio.errors import PipelineStateError
from tests.engine.components import MS, Collector


@pytest.mark.rules("E189", "E190", "E191")
def test_operators_chain_and_keep_the_originating_time() -> None:
    with Pipeline("p") as p:
        seen: list[int] = []
        stream = generators.range_(p, 0, 10, interval=MS)
        result = Collector(p, stream.select(lambda v: v * v).where(lambda v: v % 2 == 0).do(seen.append))
        p.run(enforce_replay_clock=False)
    assert result.values == seen == [0, 4, 16, 36, 64]
    assert result.times == [p.start_time + index * MS for index in (0, 2, 4, 6, 8)]
    assert [envelope.sequence_id for envelope in result.envelopes] == [1, 2, 3, 4, 5]


@pytest.mark.rules("E191")
def test_process_may_post_any_number_at_times_of_its_choice() -> None:
    with Pipeline("p") as p:
        stream = generators.range_(p, 0, 5, interval=MS)

        def twice_if_odd(data: int, envelope: Envelope, out: Emitter[int]) -> None:
            if data % 2:
                out.post(data, envelope.originating_time)
                out.post(-data, envelope.originating_time + 1)

        result = Collector(p, stream.process(twice_if_odd))
        p.run(enforce_replay_clock=False)
    assert result.values == [1, -1, 3, -3]
    assert result.times == [p.start_time + offset for offset in (MS, MS + 1, 3 * MS, 3 * MS + 1)]


@pytest.mark.rules("E189", "E13")
def test_an_operator_lives_in_the_pipeline_of_its_input_and_takes_its_policy() -> None:
    p = Pipeline("p", default_delivery_policy=DeliveryPolicy.LATEST_MESSAGE)
    stream = generators.range_(p, 0, 4, interval=MS)
    default, own = stream.select(str), stream.select(str, DeliveryPolicy.THROTTLE)
    policies = [next(iter(e.element.receivers.values())).policy for e in (default, own)]
    assert policies == [DeliveryPolicy.LATEST_MESSAGE, DeliveryPolicy.THROTTLE]
    assert default.pipeline is p
    p.dispose()


@pytest.mark.parametrize("diagnostics", [None, DiagnosticsConfiguration()], ids=["plain", "measured"])
def test_an_action_that_needs_the_time_only_gets_it_in_place_of_the_envelope(
    diagnostics: DiagnosticsConfiguration | None,
) -> None:
    came: list[tuple[int, int]] = []
    with Pipeline("p", diagnostics=diagnostics) as p:
        stream = generators.range_(p, 0, 300, interval=MS)
        receiver = p.create_timed_receiver(came, lambda data, time: came.append((data, time)))
        stream.pipe_to(receiver)
        p.run(enforce_replay_clock=False)
        assert came == [(value, p.start_time + value * MS) for value in range(300)]
        with pytest.raises(PipelineStateError, match="creating a receiver"):
            p.create_timed_receiver(came, lambda _data, _time: None)
    assert receiver.last_envelope.source_id == receiver.id, "it has ended"
