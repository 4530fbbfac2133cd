"""What waits between an emitter and a receiver, and what may be dropped there.

A DeliveryPolicy is a value; a DeliveryQueue is the queue of one receiver that obeys it. Who adds a message
holds the lock of the emitter, and only one takes them. Its own lock is for those that may be dropped: it is
held by who drops one, and by who takes one.
"""

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

from studio.engine.message import NO_ENVELOPE, Envelope
from studio.timing import TIME_MIN, Duration, Timestamp


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How many messages may wait before a receiver, and what happens beyond that (rule E122, decision 11)."""

    name: str
    maximum_queue_size: int | None = None
    """At it, the oldest waiting message is dropped for a new one. None: never."""
    maximum_latency: Duration | None = None
    """A message older than this (ns, pipeline clock) when its turn comes is dropped. None: never."""
    throttle_queue_size: int | None = None
    """At it, the component that posts is paused until the receiver has caught up. None: never."""
    maximum_bytes: int | None = None
    """A new message that would exceed it is refused and counted. None: never."""
    attempt_synchronous: bool = False
    """Whether the handler may run inside `post`, on the posting worker (rule E120)."""
    guarantee: Callable[[Any], bool] | None = None
    """Says of a payload that it must not be dropped. None: of none."""

    UNLIMITED: ClassVar["DeliveryPolicy"]
    LATEST_MESSAGE: ClassVar["DeliveryPolicy"]
    THROTTLE: ClassVar["DeliveryPolicy"]
    SYNCHRONOUS_OR_THROTTLE: ClassVar["DeliveryPolicy"]

    @property
    def is_plain(self) -> bool:
        """Whether every message just waits for its turn: nothing is dropped, paused or handled at once."""
        return self.keeps_what_it_takes and self.maximum_bytes is None

    @property
    def keeps_what_it_takes(self) -> bool:
        """Whether what waits is handed over in any case: a message may be refused, but not dropped later."""
        return self.only_queues and self.maximum_queue_size is None and self.maximum_latency is None

    @property
    def hands_over_together(self) -> bool:
        """Whether what waits may be handed over at once: it only queues, and no message is ever too late."""
        return self.only_queues and self.maximum_latency is None and self.guarantee is None

    @property
    def only_queues(self) -> bool:
        """Whether a message concerns the queue alone: no component is paused or run because of it."""
        return not self.attempt_synchronous and self.throttle_queue_size is None

    def __post_init__(self) -> None:
        for limit in (self.maximum_queue_size, self.throttle_queue_size, self.maximum_bytes):
            if limit is not None and limit < 1:
                raise ValueError(f"the limit of delivery policy {self.name} must be at least 1, not {limit}")
        if self.maximum_latency is not None and self.maximum_latency < 0:
            raise ValueError(f"the maximum latency must not be negative: {self.maximum_latency} ns")

    @classmethod
    def queue_size_constrained(
        cls, n: int, throttle_when_full: bool = False, attempt_synchronous: bool = False
    ) -> "DeliveryPolicy":
        """At most `n` messages wait; the oldest is dropped, or the poster paused (rule E122)."""
        return cls(
            name=f"QueueSizeConstrained(maximumQueueSize={n})",
            maximum_queue_size=n,
            throttle_queue_size=n if throttle_when_full else None,
            attempt_synchronous=attempt_synchronous,
        )

    @classmethod
    def queue_size_throttled(cls, n: int) -> "DeliveryPolicy":
        """Nothing is dropped; the poster is paused while `n` messages wait (rule E122)."""
        return cls(name=f"Throttle(throttleQueueSize={n})", throttle_queue_size=n)

    @classmethod
    def latency_constrained(cls, duration_ns: Duration) -> "DeliveryPolicy":
        """Messages older than `duration_ns` when their turn comes are dropped (rule E126)."""
        return cls(name=f"LatencyConstrained(maximumLatency={duration_ns})", maximum_latency=duration_ns)

    @classmethod
    def bytes_constrained(cls, n_bytes: int) -> "DeliveryPolicy":
        """At most `n_bytes` of payload wait; the newest is refused and counted (decision 11)."""
        return cls(name=f"BytesConstrained(maximumBytes={n_bytes})", maximum_bytes=n_bytes)

    def with_guarantees(self, guarantee: Callable[[Any], bool]) -> "DeliveryPolicy":
        """The same policy that never drops payloads of which `guarantee` holds; or-ed if repeated (E123)."""
        earlier = self.guarantee
        either = guarantee if earlier is None else lambda data: earlier(data) or guarantee(data)
        return replace(self, name=f"{self.name}.WithGuarantees", guarantee=either)


DeliveryPolicy.UNLIMITED = DeliveryPolicy(name="Unlimited")
DeliveryPolicy.LATEST_MESSAGE = DeliveryPolicy(name="LatestMessage", maximum_queue_size=1)
DeliveryPolicy.THROTTLE = DeliveryPolicy(name="Throttle", throttle_queue_size=1)
DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE = DeliveryPolicy(
    name="SynchronousOrThrottle", throttle_queue_size=1, attempt_synchronous=True
)


QueuedMessage: TypeAlias = tuple[Any, int, Timestamp, Timestamp, int, bool]
"""A message as it waits before a receiver: data, sequence id, originating time, creation time, bytes of
payload for limits and statistics, and whether it is guaranteed.

A bare tuple, because one is made for every message on every stream. The envelope is made from it only for who
wants one: a tuple with names takes three times as long.
"""

NO_MESSAGE: QueuedMessage = (None, NO_ENVELOPE.sequence_id, TIME_MIN, TIME_MIN, 0, False)
"""In place of the last message of a stream that has had none."""


def envelope_of(message: QueuedMessage, source_id: int) -> Envelope:
    """The envelope of a message of the emitter `source_id`."""
    return NO_ENVELOPE if message is NO_MESSAGE else Envelope(source_id, *message[1:4])


def without_payload(message: QueuedMessage) -> QueuedMessage:
    """What may be kept of a message without keeping its payload alive."""
    return (None, *message[1:4], 0, False)


TOGETHER_COUNT = 64
"""How many messages at most an action that takes several is given at once."""

TOGETHER_BYTES = 64 * 1024
"""With so much payload it gets no more: what is in hand counts neither as waiting here nor behind it."""


class DeliveryQueue:
    """Messages waiting for one receiver, oldest first, then perhaps the end of the stream."""

    def __init__(self, policy: DeliveryPolicy) -> None:
        self.policy = policy
        self.closing_time: Timestamp | None = None
        """When the stream ended; outside all limits, always behind every message (rules E125, E127)."""
        self.dropped = 0
        self.refused = 0
        self.taken = self.taken_bytes = 0
        """Messages handed to the action; written by the one who does that, with or without the lock."""
        self.in_hand = 0
        """Of these, what was taken together and is still being handled."""
        self._kept_bytes = 0
        """Of all that were ever taken in; written by their emitter."""
        self._dropped_bytes = 0
        self.lock = threading.Lock()
        """Held by who takes several messages, or drops one: what waits and what was taken fit together."""
        self.messages: deque[QueuedMessage] = deque()
        self._maximum_latency = policy.maximum_latency
        self.is_limited = policy.maximum_queue_size is not None or policy.maximum_bytes is not None
        """Whether a message may find no room."""

    def __len__(self) -> int:
        return len(self.messages)

    @property
    def head_time(self) -> Timestamp | None:
        """Originating time of what comes next, the closing time if that is the end; None if nothing is."""
        if self.messages:
            return self.messages[0][2]
        return self.closing_time

    @property
    def is_throttling(self) -> bool:
        """Whether so much waits that the poster is to pause (rule E129)."""
        limit = self.policy.throttle_queue_size
        return limit is not None and len(self.messages) >= limit

    def enqueue(self, message: QueuedMessage) -> bool:
        """Take a message in, dropping or refusing as the policy says; whether it is waiting now (E124)."""
        if self.closing_time is not None:
            return False
        if self.is_limited and not self.make_room(message):
            return False
        self.messages.append(message)
        self._kept_bytes += message[4]
        return True

    def keep_bytes(self, size: int) -> None:
        """Count the payload of a message that its emitter appended by itself."""
        self._kept_bytes += size

    @property
    def queued_bytes(self) -> int:
        """Payload bytes waiting."""
        return self._kept_bytes - self.taken_bytes - self._dropped_bytes

    def close(self, closing_time: Timestamp) -> None:
        """Mark the end; what is later than it will not be delivered (PORT of rule E125)."""
        self.drop_after(closing_time)
        self.closing_time = closing_time

    def drop_after(self, final_time: Timestamp) -> None:
        """Drop every message later than `final_time`."""
        with (
            self.lock,
            suppress(IndexError),
        ):  # the last may just be taken without the lock
            while self.messages[-1][2] > final_time:
                self._forget(self.messages.pop())

    def dequeue(self, now: Callable[[], Timestamp]) -> QueuedMessage | None:
        """Take the oldest message that is not too late (rule E126); None if none is left."""
        limit = self._maximum_latency
        with self.lock:
            while self.messages:
                message = self.messages.popleft()
                _, _, originating_time, _, size, is_guaranteed = message
                if limit is None or is_guaranteed or now() - originating_time <= limit:
                    self.taken += 1
                    self.taken_bytes += size
                    return message
                self._forget(message)
        return None

    def keep_all(self, messages: list[QueuedMessage], size: int, final_time: Timestamp) -> None:
        """Take in messages that follow one another, of `size` bytes in all, as the policy says of each."""
        if messages[-1][2] <= final_time and (not self.is_limited or self._has_room_for(messages, size)):
            self._kept_bytes += size
            self.messages.extend(messages)
            return
        for message in messages:
            if message[2] <= final_time and (not self.is_limited or self.make_room(message)):
                self._kept_bytes += message[4]
                self.messages.append(message)

    def _has_room_for(self, messages: list[QueuedMessage], size: int) -> bool:
        """Whether all find room without anything being dropped for them."""
        count, maximum_bytes = self.policy.maximum_queue_size, self.policy.maximum_bytes
        return (maximum_bytes is None or self.queued_bytes + size <= maximum_bytes) and (
            count is None or len(self.messages) + len(messages) <= count
        )

    def take_with(
        self, message: QueuedMessage, horizon: Timestamp, due: Timestamp, now: Callable[[], Timestamp]
    ) -> list[QueuedMessage]:
        """`message`, which was taken, and what waits behind it: up to `horizon`, and to `due` or to `now`."""
        together, size, messages = [message], message[4], self.messages
        with self.lock:  # somebody may drop some
            self.in_hand = 1
            while len(together) < TOGETHER_COUNT and size < TOGETHER_BYTES:
                try:
                    message = messages[0]
                    if message[2] > due:
                        due = min(horizon, now())
                        if message[2] > due:
                            break
                    messages.popleft()
                except IndexError:  # nothing waits any more; what did may have been dropped just now
                    break
                together.append(message)
                size += message[4]
                self.taken += 1
                self.taken_bytes += message[4]
                self.in_hand = len(together)
        return together

    def make_room(self, message: QueuedMessage) -> bool:
        """Drop what has to go for a message; False if it has to stay out itself."""
        *_, size, is_guaranteed = message
        limit = self.policy.maximum_bytes
        if limit is not None and self.queued_bytes + size > limit and not is_guaranteed:
            self.refused += 1
            return False
        maximum = self.policy.maximum_queue_size
        if maximum is None:
            return True
        with self.lock:
            if len(self.messages) < maximum:
                return True
            if self.policy.guarantee is None:
                self._forget(self.messages.popleft())
                return True
            return self._make_room_beside_guaranteed(message, maximum)

    def _make_room_beside_guaranteed(self, message: QueuedMessage, maximum: int) -> bool:
        is_guaranteed = message[5]
        if len(self.messages) == maximum:
            for index, waiting in enumerate(self.messages):
                if not waiting[5]:
                    del self.messages[index]
                    self._forget(waiting)
                    return True
        if not is_guaranteed:
            self.dropped += 1
        return is_guaranteed

    def _forget(self, message: QueuedMessage) -> None:
        self.dropped += 1
        self._dropped_bytes += message[4]
