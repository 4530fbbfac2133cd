"""The queue of a receiver against a plain model of its rules (rules E122-E127, decision 11)."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import DeliveryPolicy
from studio.engine.delivery import DeliveryQueue, QueuedMessage


def message(time: int, size: int = 0, *, guaranteed: bool = False) -> QueuedMessage:
    return (time, time, time, time, size, guaranteed)


def filled(policy: DeliveryPolicy, *times: int) -> DeliveryQueue:
    queue = DeliveryQueue(policy)
    for time in times:
        queue.enqueue(message(time))
    return queue


def emptied(queue: DeliveryQueue, now: int = 0) -> list[int]:
    values = []
    while (taken := queue.dequeue(lambda: now)) is not None:
        values.append(taken[0])
    return values


@dataclass
class Model:
    """The rules in the plainest words: a list, looked through each time."""

    maximum: int | None
    maximum_bytes: int | None
    waiting: list[tuple[int, int, bool]] = field(default_factory=list)
    dropped: int = 0
    refused: int = 0

    def enqueue(self, time: int, size: int, guaranteed: bool, with_guarantee: bool) -> None:
        waiting_bytes = sum(size for _, size, _ in self.waiting)
        if self.maximum_bytes is not None and not guaranteed and waiting_bytes + size > self.maximum_bytes:
            self.refused += 1
            return
        if self.maximum is not None and len(self.waiting) >= self.maximum:
            if not with_guarantee:
                self.waiting.pop(0)
                self.dropped += 1
            else:
                droppable = [entry for entry in self.waiting if not entry[2]]
                if len(self.waiting) == self.maximum and droppable:
                    self.waiting.remove(droppable[0])
                    self.dropped += 1
                elif not guaranteed:
                    self.dropped += 1
                    return
        self.waiting.append((time, size, guaranteed))


POLICIES = st.sampled_from(
    [
        (DeliveryPolicy.UNLIMITED, None, None),
        (DeliveryPolicy.LATEST_MESSAGE, 1, None),
        (DeliveryPolicy.queue_size_constrained(3), 3, None),
        (DeliveryPolicy.bytes_constrained(20), None, 20),
        (DeliveryPolicy.THROTTLE, None, None),
    ]
)
STEPS = st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 12), st.booleans())), max_size=60)


@pytest.mark.rules("E122", "E124", "E126")
@given(POLICIES, st.booleans(), STEPS)
def test_the_queue_does_what_the_model_does(
    chosen: tuple[DeliveryPolicy, int | None, int | None],
    with_guarantee: bool,
    steps: list[tuple[int, bool] | None],
) -> None:
    policy, maximum, maximum_bytes = chosen
    if with_guarantee:
        policy = policy.with_guarantees(lambda _data: False)
    queue, model = DeliveryQueue(policy), Model(maximum, maximum_bytes)
    for time, step in enumerate(steps):
        if step is None:
            taken = queue.dequeue(lambda: 0)
            expected = model.waiting.pop(0) if model.waiting else None
            assert (None if taken is None else taken[0]) == (None if expected is None else expected[0])
        else:
            guaranteed = step[1] and with_guarantee
            queue.enqueue(message(time, step[0], guaranteed=guaranteed))
            model.enqueue(time, step[0], guaranteed, with_guarantee)
        assert len(queue) == len(model.waiting)
        assert queue.queued_bytes == sum(size for _, size, _ in model.waiting)
        assert (queue.dropped, queue.refused) == (model.dropped, model.refused)


@pytest.mark.rules("E124", "E125")
@given(st.lists(st.integers(0, 100), unique=True), st.integers(0, 100))
def test_closing_removes_exactly_what_is_later_and_comes_last(times: list[int], closing: int) -> None:
    queue = filled(DeliveryPolicy.LATEST_MESSAGE.with_guarantees(lambda _d: True))
    queue = DeliveryQueue(DeliveryPolicy.UNLIMITED)
    for time in sorted(times):
        queue.enqueue(message(time))
    queue.close(closing)
    kept = [time for time in sorted(times) if time <= closing]
    assert queue.dropped == len(times) - len(kept)
    assert emptied(queue) == kept
    assert queue.head_time == closing


@pytest.mark.rules("E122", "E124")
def test_the_latest_message_replaces_the_one_waiting() -> None:
    queue = filled(DeliveryPolicy.LATEST_MESSAGE, 1, 2, 3)
    assert emptied(queue) == [3]
    assert queue.dropped == 2


@pytest.mark.rules("E127")
def test_the_end_neither_evicts_nor_is_evicted() -> None:
    queue = filled(DeliveryPolicy.LATEST_MESSAGE, 1, 2)
    queue.close(5)
    assert emptied(queue) == [2]
    assert queue.head_time == 5
    assert not queue.enqueue(message(6))


@pytest.mark.rules("E127", "E123", "E124")
def test_a_queue_of_one_with_a_guarantee_gives_the_guaranteed_message_and_then_the_end() -> None:
    policy = DeliveryPolicy.queue_size_constrained(1).with_guarantees(lambda value: value == 2)
    queue = DeliveryQueue(policy)
    for time in (1, 2):
        queue.enqueue(message(time, guaranteed=time == 2))
    queue.close(2)
    assert emptied(queue) == [2]
    assert queue.head_time == 2
    only_the_end = DeliveryQueue(policy)
    only_the_end.close(0)
    only_the_end.enqueue(message(1))
    assert emptied(only_the_end) == []
    assert only_the_end.head_time == 0


@pytest.mark.rules("E126")
def test_messages_that_are_too_old_when_their_turn_comes_are_dropped() -> None:
    queue = filled(DeliveryPolicy.latency_constrained(10), 0, 5, 10)
    queue.close(20)
    assert emptied(queue, now=15) == [5, 10]  # exactly as old as allowed is not too old (rule E126)
    assert queue.dropped == 1
    assert queue.head_time == 20


@pytest.mark.rules("E123", "E124", "E126")
def test_guaranteed_messages_survive_limits_of_number_and_age() -> None:
    queue = DeliveryQueue(DeliveryPolicy.LATEST_MESSAGE.with_guarantees(lambda data: data % 2 == 0))
    for time in (1, 2, 3, 4, 6):
        queue.enqueue(message(time, guaranteed=time % 2 == 0))
    assert emptied(queue) == [2, 4, 6]
    old = DeliveryQueue(DeliveryPolicy.latency_constrained(1))
    old.enqueue(message(0, guaranteed=True))
    assert emptied(old, now=1000) == [0]


@pytest.mark.rules("E123")
def test_guarantees_are_ored() -> None:
    policy = DeliveryPolicy.LATEST_MESSAGE.with_guarantees(lambda d: d == 1).with_guarantees(lambda d: d == 2)
    assert policy.guarantee is not None
    assert [policy.guarantee(value) for value in (1, 2, 3)] == [True, True, False]
    assert policy.name == "LatestMessage.WithGuarantees.WithGuarantees"


def test_a_full_byte_limit_refuses_the_newest_and_counts_it() -> None:
    queue = DeliveryQueue(DeliveryPolicy.bytes_constrained(10))
    accepted = [queue.enqueue(message(time, size)) for time, size in ((1, 6), (2, 4), (3, 1))]
    assert accepted == [True, True, False]
    assert queue.refused == 1
    queue.dequeue(lambda: 0)
    assert queue.enqueue(message(4, 6))


@pytest.mark.rules("E122")
def test_policies_know_their_numbers() -> None:
    throttled = DeliveryPolicy.queue_size_constrained(3, throttle_when_full=True, attempt_synchronous=True)
    assert (throttled.maximum_queue_size, throttled.throttle_queue_size) == (3, 3)
    assert throttled.attempt_synchronous
    assert DeliveryPolicy.queue_size_throttled(4).throttle_queue_size == 4
    assert DeliveryPolicy.THROTTLE.throttle_queue_size == 1
    assert DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE.attempt_synchronous


@pytest.mark.parametrize("wrong", [0, -1])
def test_limits_below_one_are_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        DeliveryPolicy.queue_size_constrained(wrong)
    with pytest.raises(ValueError, match="at least 1"):
        DeliveryPolicy.bytes_constrained(wrong)
    with pytest.raises(ValueError, match="negative"):
        DeliveryPolicy.latency_constrained(-1)


@pytest.mark.rules("E124", "E122")
def test_a_full_queue_gives_up_the_oldest_for_the_newest() -> None:
    queue = DeliveryQueue(DeliveryPolicy.queue_size_constrained(3))
    assert [queue.enqueue(message(time)) for time in range(1, 7)] == [True] * 6
    assert emptied(queue) == [4, 5, 6]
    assert queue.dropped == 3
