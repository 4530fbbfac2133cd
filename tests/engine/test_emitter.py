"""Order, numbering and closing of streams (rules E92-E104)."""

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from studio.engine import DeliveryPolicy, Envelope, Pipeline, generators
from studio.errors import MessageOrderError
from studio.timing import TIME_MAX, TIME_MIN, SystemClock
from tests.engine.components import MS, Collector, PushSource
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.rules("E2", "E92")
def test_a_message_carries_its_emitter_its_number_and_both_times() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        first = p.start_time
        source.out.post("a", first)
        source.out.post("b", first + 1)
        wait_until(lambda: len(collector.values) == 2)
        one, two = collector.envelopes
        assert (one.source_id, one.sequence_id, one.originating_time) == (source.out.id, 1, first)
        assert (two.sequence_id, two.originating_time) == (2, first + 1)
        assert p.start_time <= one.creation_time <= two.creation_time <= p.get_current_time()
        assert source.out.last_envelope == two == collector.receiver.last_envelope


@pytest.mark.rules("E94")
def test_originating_times_must_strictly_increase() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        time = p.start_time
        source.out.post(1, time)
        with pytest.raises(MessageOrderError, match="strictly increase"):
            source.out.post(2, time)
        with pytest.raises(MessageOrderError):
            source.out.post(3, time - 1)
        source.out.post(4, time + 1)
        wait_until(lambda: len(collector.values) == 2)
    assert collector.values == [1, 4]
    assert [e.sequence_id for e in collector.envelopes] == [1, 4]  # a rejected message uses its number up


@pytest.mark.rules("E93", "E165")
def test_a_given_envelope_is_kept_but_for_the_source() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async()
        given = Envelope(source_id=77, sequence_id=40, originating_time=p.start_time, creation_time=5)
        source.out.deliver("x", given)
        wait_until(lambda: bool(collector.values))
        assert collector.envelopes == [Envelope(source.out.id, 40, p.start_time, 5)]
        with pytest.raises(MessageOrderError, match="sequence id 40 does not follow 40"):
            source.out.deliver("y", given)
        with pytest.raises(MessageOrderError, match="creation time 4"):
            source.out.deliver("y", Envelope(0, 41, p.start_time + 1, 4))


@pytest.mark.rules("E95")
def test_a_validator_sees_every_message_the_first_included() -> None:
    def refuse_negative(data: Any, _envelope: Envelope) -> None:
        if data < 0:
            raise ValueError("negative")

    with Pipeline("p") as p:
        owner = object()
        emitter = p.create_emitter(owner, "out", validator=refuse_negative)
        collector = Collector(p, emitter)
        with pytest.raises(ValueError, match="negative"):
            emitter.post(-1, 1)
        emitter.post(1, 2)
        p.run_async()
        wait_until(lambda: collector.values == [1])


@pytest.mark.rules("E97", "E20")
def test_messages_posted_before_the_run_wait_for_it() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        source.out.post("early", 1)
        assert source.out.last_envelope.creation_time == TIME_MIN
        p.run_async()
        wait_until(lambda: collector.values == ["early"])


@pytest.mark.rules("E105", "E106")
def test_each_receiver_of_a_mutable_value_has_its_own_and_the_poster_may_go_on_changing_it() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collectors = [Collector(p, source.out, work=lambda data: data.append("seen")) for _ in range(2)]
        value = ["posted"]
        source.out.post(value, 1)
        value.append("changed")
        p.run_async()
        wait_until(lambda: all(collector.values for collector in collectors))
    assert [collector.values for collector in collectors] == [[["posted", "seen"]]] * 2
    assert value == ["posted", "changed"]


@pytest.mark.rules("E108")
def test_what_cannot_be_copied_is_refused_inside_post() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        Collector(p, source.out)
        with pytest.raises(TypeError, match="cannot be copied"):
            source.out.post((i for i in range(3)), 1)


@pytest.mark.rules("E100", "E102", "E99")
def test_closing_a_stream_ends_it_downstream_after_its_last_message() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        events: list[object] = []
        collector = Collector(p, source.out, work=events.append)
        collector.receiver.unsubscribed.connect(lambda time: events.append(("ended", time)))
        source.out.closed.connect(lambda time: events.append(("closed", time)))
        p.run_async()
        time = p.start_time
        source.out.post(1, time)
        wait_until(lambda: events == [1])
        source.out.close(time + 5)
        source.out.close(time + 9)
        wait_until(lambda: len(events) == 3)
        source.out.post(2, time + 10)
        assert not source.out.has_subscribers
        assert source.out.is_closed
    assert set(events) == {1, ("closed", time + 5), ("ended", time + 5)}
    last = collector.receiver.last_envelope
    assert (last.originating_time, last.creation_time) == (TIME_MAX, TIME_MAX)
    assert collector.receiver.source is None


@pytest.mark.rules("E100", "E125")
def test_closing_earlier_than_what_waits_drops_it_all() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        for time in (1, 5, 9):
            source.out.post(time, time)
        source.out.close(4)
        p.run_async()
        wait_until(lambda: collector.ended_at == [4])
    assert collector.values == [1]
    assert collector.receiver.statistics().dropped == 2


@pytest.mark.rules("E127")
def test_the_last_message_survives_closing_under_latest_message() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out, DeliveryPolicy.LATEST_MESSAGE)
        source.out.post(1, 1)
        source.out.close(2)
        p.run_async()
        wait_until(lambda: collector.ended_at == [2])
    assert collector.values == [1]


@pytest.mark.rules("E103")
def test_a_stream_closed_in_the_future_ends_when_that_time_comes() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        ended: list[int] = []
        collector = Collector(p, source.out)
        collector.receiver.unsubscribed.connect(lambda _time: ended.append(p.get_current_time()))
        p.run_async()
        closing_time = p.get_current_time() + 40 * MS
        source.out.close(closing_time)
        wait_until(lambda: bool(ended))
    assert ended[0] >= closing_time


@pytest.mark.rules("E163")
def test_write_hands_the_stream_to_the_sink_and_returns_it() -> None:
    class Sink:
        def write(self, emitter: Any, name: str, policy: Any = None, **description: Any) -> None:
            self.written = (emitter, name, policy, description)

    sink = Sink()
    p = Pipeline("p")
    stream = generators.return_(p, 1)
    policy = DeliveryPolicy.bytes_constrained(10)
    assert stream.write("one", sink, policy, unit="V") is stream
    assert sink.written == (stream, "one", policy, {"unit": "V"})
    p.dispose()


@pytest.mark.rules("E92", "E2")
@pytest.mark.parametrize("data", [1, "text", b"bytes", (1, 2), [1]], ids=lambda data: type(data).__name__)
def test_messages_are_numbered_from_one_and_stamped_with_the_time_of_the_clock(data: object) -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=1000, enforce_replay_clock=False)
        before = p.get_current_time()
        for time in (10, 20, 30):
            source.out.post(data, time)
        after = p.get_current_time()
    assert [envelope.sequence_id for envelope in collector.envelopes] == [1, 2, 3]
    assert [envelope.source_id for envelope in collector.envelopes] == [source.out.id] * 3
    assert all(before <= envelope.creation_time <= after for envelope in collector.envelopes)
    assert collector.values == [data] * 3


@pytest.mark.rules("E94")
def test_numbers_and_creation_times_that_do_not_increase_are_refused_and_change_nothing() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(start=1000, enforce_replay_clock=False)
        source.out.deliver("first", Envelope(0, 5, 10, 100))
        with pytest.raises(MessageOrderError, match="sequence id 5 does not follow 5"):
            source.out.deliver("same number", Envelope(0, 5, 20, 100))
        with pytest.raises(MessageOrderError, match="creation time"):
            source.out.deliver("created earlier", Envelope(0, 6, 20, 99))
        assert source.out.last_envelope == Envelope(source.out.id, 5, 10, 100)
        source.out.deliver("created at the same time", Envelope(0, 6, 20, 100))
    assert collector.values == ["first", "created at the same time"]


@pytest.mark.rules("E13")
def test_without_a_policy_that_of_the_pipeline_of_the_stream_is_taken() -> None:
    with Pipeline("p", default_delivery_policy=DeliveryPolicy.LATEST_MESSAGE) as p:
        source = PushSource(p)
        assert Collector(p, source.out).receiver.policy is DeliveryPolicy.LATEST_MESSAGE
        assert Collector(p, source.out, DeliveryPolicy.THROTTLE).receiver.policy is DeliveryPolicy.THROTTLE
        inner = p.create_subpipeline()
        assert Collector(inner, PushSource(inner).out).receiver.policy is DeliveryPolicy.UNLIMITED


class BusyClock:
    """Does something the next time it is read, as another thread might in the middle of a post."""

    def __init__(self) -> None:
        self._world = SystemClock()
        self.meanwhile: Callable[[], None] | None = None

    def now(self) -> int:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self._world.now()

    def from_monotonic(self, monotonic: int) -> int:
        return self._world.from_monotonic(monotonic)


@pytest.mark.rules("E100")
def test_a_stream_that_is_closed_in_the_middle_of_a_post_takes_nothing_more() -> None:
    clock = BusyClock()
    with Pipeline("p", clock=clock) as p:
        source = PushSource(p)
        collector = Collector(p, source.out)
        p.run_async(enforce_replay_clock=False)
        source.out.post(1, 1)
        clock.meanwhile = lambda: source.out.close(5)
        source.out.post(2, 2)
        wait_until(lambda: collector.ended_at == [5])
    assert collector.values == [1]


@pytest.mark.rules("E72", "E122")
def test_who_subscribes_in_the_middle_of_a_post_is_served_by_his_own_policy() -> None:
    clock = BusyClock()
    with Pipeline("p", clock=clock) as p:
        source = PushSource(p)
        early = Collector(p, source.out)
        late = Collector(p)
        p.run_async(enforce_replay_clock=False)
        policy = DeliveryPolicy.bytes_constrained(2)
        clock.meanwhile = lambda: source.out.pipe_to(late, policy, while_running=True)
        source.out.post("long", 1)
        source.out.post("s", 2)
        wait_until(lambda: late.values == ["s"] and len(early.values) == 2)
    assert early.values == ["long", "s"]
    assert late.receiver.statistics().refused == 1


def test_neither_end_of_a_stream_keeps_the_last_array_alive() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        seen: list[int] = []
        source.out.select(lambda array: array + 1).do(lambda array: seen.append(int(array[0])))
        p.run_async(enforce_replay_clock=False)
        array = np.arange(1000)
        watched = weakref.ref(array)
        source.out.post(array, 1)
        source.out.post(array, 2)
        del array
        wait_until(lambda: len(seen) == 2)
        wait_until(lambda: watched() is None)
        assert source.out.last_envelope.sequence_id == 2
