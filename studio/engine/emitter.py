"""The output of a component: numbers its messages, checks their order, hands them to its receivers."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.delivery import NO_MESSAGE, DeliveryPolicy, QueuedMessage, envelope_of, without_payload
from studio.engine.events import Event
from studio.engine.message import SMALL_TYPES, Envelope, isolate, own_copies, payload_size
from studio.engine.operators import (
    aggregation,
    bridging,
    dynamic_window,
    extremes,
    index_window,
    iterating,
    joining,
    joining_many,
    merging,
    pairing,
    picking,
    processing,
    sampling,
    statistics,
    time_shifting,
    time_window,
)
from studio.engine.operators import parallel as branches
from studio.engine.receiver import Receiver
from studio.errors import MessageOrderError
from studio.timing import Timestamp, monotonic_ns

if TYPE_CHECKING:
    from studio.engine.element import Element
    from studio.engine.pipeline import Pipeline
    from studio.engine.source import Consumer, StreamSink

T = TypeVar("T")

NO_TYPES: frozenset[type] = frozenset()

Validator = Callable[[Any, Envelope], None]
"""Raises if a message may not be posted; is called with every message, the first included (PORT of E95)."""


def _shareable(data: Any) -> tuple[Any, int] | None:
    """A payload that all receivers may share, and its bytes; None if each of them needs a copy."""
    data, is_private = isolate(data)
    return None if is_private else (data, payload_size(data))


class Emitter(Generic[T]):
    """Posts messages in strictly increasing originating time to any number of receivers (rules E92-E104)."""

    def __init__(
        self, element: "Element", emitter_id: int, name: str, validator: Validator | None = None
    ) -> None:
        self.element = element
        self.id = emitter_id
        self.name = name
        self.closed: Event[Timestamp] = Event()
        """No more messages will come; called with the closing time on the closing thread (rule E100)."""
        self._scheduler = element.scheduler
        self._agenda = element.scheduler.agenda
        self._lock = threading.Lock()
        """Of its order and receivers; taken before that of the scheduler, which most posts do not need."""
        self._validator = validator
        self._is_special = validator is not None
        self._small_types = NO_TYPES if self._is_special else SMALL_TYPES
        self._last: QueuedMessage = NO_MESSAGE
        self._receivers: tuple[Receiver[T], ...] = ()
        self._has_guarantees = False
        self._sequence_id = 0
        self._is_closed = False

    @property
    def owner(self) -> object:
        """The component."""
        return self.element.owner

    @property
    def pipeline(self) -> "Pipeline":
        """The pipeline of the component."""
        return self.element.pipeline

    @property
    def last_envelope(self) -> Envelope:
        """Of the last message posted (rule E99)."""
        return envelope_of(self._last, self.id)

    @property
    def has_subscribers(self) -> bool:
        """Whether anybody receives; False once closed."""
        return bool(self._receivers)

    @property
    def is_closed(self) -> bool:
        """Whether no more messages will come."""
        return self._is_closed

    @property
    def target_ids(self) -> tuple[int, ...]:
        """Ids of the receivers it posts to."""
        return tuple(receiver.id for receiver in self._receivers)

    # -- posting ------------------------------------------------------------------------------------------

    def post(self, data: T, originating_time: Timestamp) -> None:
        """Give a message to every receiver, stamped with the pipeline time; never waits (rule E92).

        The poster must not change an array afterwards: it is frozen (decision 4). Raises MessageOrderError if
        `originating_time` is not later than that of the last message. Does nothing once closed.
        """
        size = 0
        if type(data) not in self._small_types:
            if self._is_special or (shared := _shareable(data)) is None:
                self._send(data, originating_time, None)
                return
            data, size = shared
        # The hottest path, hence not divided, and without `with`, which takes twice as long: receivers just
        # queue what they get. While they have work nobody needs the lock of the scheduler, which all share.
        agenda = self._agenda
        offset = agenda.clock_offset
        created = agenda.now() if offset is None else monotonic_ns() + offset
        self._sequence_id = number = self._sequence_id + 1
        message = (data, number, originating_time, created, size, False)
        lock = self._lock
        lock.acquire()
        try:
            last = self._last
            if number <= last[1] or originating_time <= last[2] or created < last[3]:
                raise self._order_error(message)
            if not self._is_special:  # nor has it become so in this moment
                self._last = without_payload(message) if size else message
                for receiver in self._receivers:
                    if originating_time <= receiver.context.final_time:
                        if receiver.is_limited and not receiver.has_room(message):
                            continue
                        if size:
                            receiver.keep_bytes(size)
                        receiver.messages.append(message)
                        if not receiver.is_scheduled:
                            receiver.has_first(created)
                return
        finally:
            lock.release()
        self._give(message, created, is_private=False)

    def post_all(self, messages: "Sequence[tuple[T, Timestamp]]") -> None:
        """Post what has come together: as `post` of each payload with its originating time, at one moment.

        Raises as `post`; those before the one that is out of order have been posted then.
        """
        if not self._posted_at_once(messages):
            for data, time in messages:
                self.post(data, time)

    def _posted_at_once(self, messages: "Sequence[tuple[T, Timestamp]]") -> bool:
        """Post all, if each is in order, may be shared, and concerns queues only; else none."""
        payloads: list[tuple[Any, int]] = []
        for data, _ in messages:
            shared = (data, 0) if type(data) in SMALL_TYPES else _shareable(data)
            if shared is None:
                return False
            payloads.append(shared)
        created = self._agenda.now()
        with self._lock:
            number, (_, last_number, last_time, last_created, _, _) = self._sequence_id, self._last
            if self._is_special or not payloads or number < last_number or created < last_created:
                return False
            made: list[QueuedMessage] = []
            for (data, size), (_, time) in zip(payloads, messages, strict=True):
                if time <= last_time:
                    return False
                last_time, number = time, number + 1
                made.append((data, number, time, created, size, False))
            self._sequence_id, self._last = number, without_payload(made[-1])
            total = sum(size for _, size in payloads)
            for receiver in self._receivers:
                receiver.keep_all(made, total, created)
        return True

    def deliver(self, data: T, envelope: Envelope) -> None:
        """Post with the creation time and sequence id of `envelope`; the source id becomes ours (E93)."""
        self._send(data, envelope.originating_time, envelope)

    def close(self, time: Timestamp) -> None:
        """End the stream at `time`; messages later than it are not delivered. Again: no effect (E100)."""
        for error in self.end(time):
            self.element.report(error)

    def end(self, time: Timestamp) -> tuple[Exception, ...]:
        """As `close`, but returns what the handlers of `closed` raised."""
        with self._lock, self._scheduler.lock:
            if self._is_closed:
                return ()
            self._is_closed = True
            self._take_the_longer_way()
            receivers, self._receivers = self._receivers, ()
            for receiver in receivers:
                receiver.accept_end(time)
        return self.closed.emit(time)

    def release(self, receiver: "Receiver[T]", time: Timestamp) -> None:
        """Post to one receiver no more; for it the stream ends at `time`, as if it had closed (rule E104)."""
        with self._lock, self._scheduler.lock:
            if receiver in self._receivers:
                self._receivers = tuple(other for other in self._receivers if other is not receiver)
                receiver.accept_end(time)

    def _take_the_longer_way(self) -> None:
        self._is_special = True
        self._small_types = NO_TYPES

    def _send(self, data: Any, originating_time: Timestamp, given: Envelope | None) -> None:
        """The longer way: copies for each receiver, given envelopes, validators, all policies."""
        if self._is_closed:
            return
        data, is_private = isolate(data)
        now = self._agenda.now()
        if given is None:
            self._sequence_id = number = self._sequence_id + 1
            created = now
        else:
            self._sequence_id = number = given.sequence_id
            created = given.creation_time
        if self._validator is not None:
            self._validator(data, Envelope(self.id, number, originating_time, created))
        message = (data, number, originating_time, created, payload_size(data), False)
        self._give(message, now, is_private=is_private)

    def _give(self, message: QueuedMessage, now: Timestamp, *, is_private: bool) -> None:
        """Give every receiver the message, or its own, and run those that want to be run here (rule E120).

        `now`: the pipeline time. Not the creation time: of a recorded message that lies anywhere, and the
        message would be taken for due (rule E117).
        """
        own = self._own_messages(message, is_private) if is_private or self._has_guarantees else None
        for receiver in self._hand_over(message, own, now):
            self._scheduler.run_claimed(receiver)

    def _own_messages(self, message: QueuedMessage, is_private: bool) -> dict["Receiver[T]", QueuedMessage]:
        receivers = self._receivers
        data, number, time, created, size, _ = message
        values = own_copies(data, len(receivers)) if is_private else (data,) * len(receivers)
        return {
            receiver: (value, number, time, created, size, receiver.is_guaranteed(value))
            for receiver, value in zip(receivers, values, strict=True)
        }

    def _hand_over(
        self, message: QueuedMessage, own: dict["Receiver[T]", QueuedMessage] | None, now: Timestamp
    ) -> "Sequence[Receiver[T]]":
        """Have every receiver queue its message; returns those that the caller must run now."""
        _, number, time, created, _, _ = message
        with self._lock, self._scheduler.lock:
            if self._is_closed:
                return ()
            _, last_number, last_time, last_created, _, _ = self._last
            if time <= last_time or number <= last_number or created < last_created:
                raise self._order_error(message)
            self._last = without_payload(message)
            claimed: Sequence[Receiver[T]] = ()
            for receiver in self._receivers:
                its = message if own is None else own.get(receiver)  # None: it has come in this moment
                if its is not None and receiver.accept(its, time, now):
                    claimed = (*claimed, receiver)
            return claimed

    def _order_error(self, message: QueuedMessage) -> MessageOrderError:
        envelope, last = envelope_of(message, self.id), self.last_envelope
        stream = f"stream {self.name} of {self.element.name} in pipeline {self.pipeline.name!r}"
        if envelope.sequence_id <= last.sequence_id:
            return MessageOrderError(
                f"{stream}: sequence id {envelope.sequence_id} does not follow {last.sequence_id}"
            )
        if envelope.originating_time <= last.originating_time:
            return MessageOrderError(
                f"{stream}: originating time {envelope.originating_time} is not later than that of the "
                f"message before it, {last.originating_time}; times of a stream must strictly increase: post "
                f"each message with a later one, or on a stream of its own"
            )
        return MessageOrderError(
            f"{stream}: creation time {envelope.creation_time} lies before that of the message before it, "
            f"{last.creation_time}"
        )

    # -- wiring -------------------------------------------------------------------------------------------

    def pipe_to(
        self,
        target: "Receiver[T] | Consumer",
        policy: DeliveryPolicy | None = None,
        *,
        while_running: bool = False,
    ) -> None:
        """Subscribe a receiver, or the `receiver` of a component; without policy that of the pipeline.

        `while_running`: also if the pipeline runs, as for a connector into a new subpipeline (rule E72).
        Raises PipelineStateError if it already has a source, belongs to another pipeline, or the pipeline
        runs already (rules E12, E13).
        """
        receiver = target if isinstance(target, Receiver) else target.receiver
        self.pipeline.check_connection(self, receiver, while_running=while_running)
        with self._lock, self._scheduler.lock:
            policy = policy or self.pipeline.default_delivery_policy
            receiver.subscribe(self, policy)
            self._has_guarantees = self._has_guarantees or policy.guarantee is not None
            if self._has_guarantees or not receiver.only_queues:
                self._take_the_longer_way()
            self._receivers = (*self._receivers, receiver)

    def write(
        self, name: str, sink: "StreamSink", policy: DeliveryPolicy | None = None, **description: Any
    ) -> "Emitter[T]":
        """Have a sink (an exporter) keep the messages under `name`; returns this stream."""
        sink.write(self, name, policy, **description)
        return self

    # -- operators: functions of a stream, called as its methods -------------------------------------------

    select = processing.select
    where = processing.where
    do = processing.do
    process = processing.process
    nullable_select = picking.nullable_select
    item1 = picking.item1
    item2 = picking.item2
    flip = picking.flip
    first = picking.first
    last = picking.last
    changes = picking.changes
    aggregate = aggregation.aggregate
    process_aggregate = aggregation.process_aggregate
    scan = aggregation.scan
    delta = aggregation.delta
    count = statistics.count
    sum = statistics.total
    average = statistics.average
    std = statistics.std
    abs = statistics.absolute
    log = statistics.logarithm
    min = extremes.minimum
    max = extremes.maximum
    time_of = time_shifting.time_of
    latency = time_shifting.latency
    intervals = time_shifting.intervals
    rate = time_shifting.rate
    delay = time_shifting.delay
    join = joining.join
    join_with = joining_many.join_with
    join_each = joining_many.join_each
    fuse = joining.fuse
    pair = pairing.pair
    sample = sampling.sample
    interpolate = sampling.interpolate
    merge = merging.merge
    zip = merging.zip_
    parallel = branches.parallel
    parallel_variable = branches.parallel_variable
    parallel_sparse = branches.parallel_sparse
    window = time_window.window
    window_by_index = index_window.window_by_index
    window_dynamic = dynamic_window.window_dynamic
    history = index_window.history
    buffer = index_window.buffer
    to_iterable = iterating.to_iterable
    to_observable = iterating.to_observable
    named = iterating.named
    bridge_to = bridging.bridge_to
