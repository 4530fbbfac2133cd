"""The input of a component: a queue, an action, and at most one outstanding work item (rule E111)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.delivery import (
    DeliveryPolicy,
    DeliveryQueue,
    QueuedMessage,
    envelope_of,
)
from studio.engine.diagnostics import DiagnosticsConfiguration
from studio.engine.events import Event
from studio.engine.handing import Handing
from studio.engine.message import Envelope
from studio.engine.metering import ReceiverMeter
from studio.engine.running_on import all_together, one_after_another
from studio.timing import TIME_MIN, Timestamp

if TYPE_CHECKING:
    from studio.engine.element import Element
    from studio.engine.emitter import Emitter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReceiverStatistics:
    """What has become of the messages for a receiver, at one moment.

    All that came = delivered + dropped + refused + queued. While messages are handled in one go, that which
    is just passed from the queue to the action may be missing from the sum.
    """

    delivered: int = 0
    """Taken for the action."""
    dropped: int = 0
    """Given up by the policy, or too late at the end."""
    refused: int = 0
    """Not taken in because the byte limit was reached: lost data, an alarm (decision 11)."""
    queued: int = 0
    """Waiting now."""
    queued_bytes: int = 0
    """Payload bytes waiting now."""
    in_hand: int = 0
    """Of those delivered, how many the action was given together and has not come back from."""


class Receiver(Generic[T]):
    """Hands messages to the action of its component, one at a time, in order (rules E109-E112)."""

    is_life_cycle = False
    ignores_holds = False

    def __init__(
        self,
        element: "Element",
        receiver_id: int,
        action: Callable[[T, Any], object],
        name: str,
        *,
        is_timed: bool = False,
    ) -> None:
        """`is_timed`: of the envelope the action gets the originating time only."""
        self.element = element
        self.id = receiver_id
        self.name = name
        self.source: Emitter[T] | None = None
        """Emitter it is subscribed to; None before, and after the handlers of the end have run (E102)."""
        self.unsubscribed: Event[Timestamp] = Event()
        """The stream has ended, after its last message; called with the closing time (rule E102)."""
        self.lock = element.lock
        self.context = element.context
        self._scheduler = element.scheduler
        self._agenda = element.scheduler.agenda
        self._handing = Handing(action, is_timed=is_timed)
        self._tell_end: Callable[[Timestamp], tuple[BaseException, ...]] = self.unsubscribed.emit
        self.is_scheduled = False
        """Whether its item is outstanding."""
        self._current: QueuedMessage | None = None
        self.meter: ReceiverMeter | None = None
        """Measures, if diagnostics are on."""
        self._runs_ahead = False
        self._is_throttling = False
        self._take_policy(DeliveryPolicy.UNLIMITED)

    def _take_policy(self, policy: DeliveryPolicy) -> None:
        self._queue = DeliveryQueue(policy)
        self.messages = self._queue.messages
        """What waits; its emitter puts messages in by itself, if it `only_queues`."""
        self.only_queues = policy.only_queues
        """Whether a message concerns the queue alone, and nothing is measured."""
        self.is_limited = self._queue.is_limited
        """Whether a message may find no room."""
        self._keeps = policy.keeps_what_it_takes
        """Whether it only queues, and what waits is handed over in any case."""
        self._may_take_together = policy.hands_over_together
        self._is_synchronous = policy.attempt_synchronous
        self._is_throttled = policy.throttle_queue_size is not None

    @property
    def owner(self) -> object:
        """The component."""
        return self.element.owner

    @property
    def last_envelope(self) -> Envelope:
        """Of the last message handed over; of the end once that has come (rule E99)."""
        return self._handing.last_envelope

    @property
    def policy(self) -> DeliveryPolicy:
        """The policy of its subscription."""
        return self._queue.policy

    @property
    def is_throttling(self) -> bool:
        """Whether it pauses the component that posts to it (rule E129)."""
        return self._is_throttling

    def statistics(self) -> ReceiverStatistics:
        """What has become of its messages so far."""
        with self._scheduler.lock, self._queue.lock:
            queue = self._queue
            return ReceiverStatistics(
                queue.taken, queue.dropped, queue.refused, len(queue), queue.queued_bytes, queue.in_hand
            )

    @property
    def refused(self) -> int:
        """How many messages were not taken in so far, as in `statistics`, but without any lock."""
        return self._queue.refused

    def is_guaranteed(self, data: T) -> bool:
        """Whether the policy forbids to drop this payload (rule E123)."""
        guarantee = self._queue.policy.guarantee
        return guarantee is not None and guarantee(data)

    def run_ahead(self) -> None:
        """Handle several waiting messages in a row although elsewhere older ones wait (exception to E113).

        For components that post nothing and call nobody, where no one sees in which order they have their
        turns: of many streams that all have messages waiting, each would else get one at a time.
        """
        self._runs_ahead = True

    def take_together(self, action: Callable[[list[QueuedMessage]], object]) -> None:
        """Have `action` handle messages that wait together in one call, in their order; others as ever.

        For components that see to each message by themselves, also if one of them cannot be handled.
        """
        self._handing.action_for_all = action

    # -- called by the emitter, under its own lock and that of the scheduler ------------------------------

    def subscribe(self, source: "Emitter[T]", policy: DeliveryPolicy) -> None:
        """Take messages from `source` from now on."""
        self.source = source
        self._handing.source_id = source.id
        self._take_policy(policy)
        configuration = self.element.pipeline.body.diagnostics
        if configuration is not None:
            self._measure(configuration)
        if not policy.is_plain:
            source.element.lock.may_run_on = False

    def surround(self, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Have `around(call)` done instead of each call of the action, and of the handlers of the end."""
        self._handing.surround(around)
        self._tell_end = around(self._tell_end)

    def _measure(self, configuration: DiagnosticsConfiguration) -> None:
        self.meter = ReceiverMeter(configuration, lambda: self._scheduler.now())
        self._handing.measure(self.meter)
        # The short ways do not measure: without diagnostics they cost nothing.
        self.only_queues = self._keeps = self._may_take_together = False

    def _queue_changed(self, now: Timestamp) -> None:
        if self.meter is not None:
            self.meter.queue_changed(len(self._queue), self._queue.dropped + self._queue.refused, now)

    def accept(self, message: QueuedMessage, time: Timestamp, now: Timestamp) -> bool:
        """Queue a message; True if the caller must run it now instead (`Scheduler.run_claimed`)."""
        if time > self.context.final_time or self.context.is_closed:
            return False
        if self.meter is not None:
            self.meter.reached(envelope_of(message, self._handing.source_id), message[4], now)
        if self._is_synchronous and not self.is_scheduled and self._scheduler.may_run_now(self, time, now):
            self.is_scheduled = True
            self._current = message
            self._queue.taken += 1
            self._scheduler.turns.claim(self)
            return True
        if self._queue.enqueue(message):
            if self._is_throttled:
                self._update_throttling()
            if not self.is_scheduled:
                self._schedule(now)
        self._queue_changed(now)
        return False

    # -- called by the emitter, under its own lock only ---------------------------------------------------

    def keep_bytes(self, size: int) -> None:
        """Count the payload of a message that the emitter is about to put into `messages` by itself."""
        self._queue.keep_bytes(size)

    def has_room(self, message: QueuedMessage) -> bool:
        """Make room for a message as the policy says; False if it is refused."""
        return self._queue.make_room(message)

    def keep_all(self, messages: list[QueuedMessage], size: int, now: Timestamp) -> None:
        """Queue messages that follow one another, of `size` bytes in all, as far as there is room."""
        self._queue.keep_all(messages, size, self.context.final_time)
        if self.messages and not self.is_scheduled:
            self.has_first(now)

    def has_first(self, now: Timestamp) -> None:
        """A message has been put into the queue of a receiver that was idle, at least a moment ago."""
        with self._scheduler.lock:
            if self.context.is_closed:
                self._queue.drop_after(TIME_MIN)
            elif not self.is_scheduled:
                self._schedule(now)

    # -- called by the emitter, under both ----------------------------------------------------------------

    def accept_end(self, closing_time: Timestamp) -> None:
        """Queue the end of the stream, behind all messages up to it (rules E100, E103)."""
        self._queue.close(closing_time)
        self._update_throttling()
        if not self.is_scheduled:
            self._schedule(self._scheduler.now())

    def _schedule(self, now: Timestamp) -> None:
        due = self._queue.head_time
        if due is not None:
            self.is_scheduled = True
            self._scheduler.schedule(self, due, now)

    def _update_throttling(self) -> None:
        is_throttling = self._queue.is_throttling
        if is_throttling is self._is_throttling or self.source is None:
            return
        self._is_throttling = is_throttling
        if is_throttling:
            self._scheduler.turns.hold(self.source.element.lock)
        else:
            self._scheduler.turns.release_hold(self.source.element.lock)

    # -- called by the scheduler --------------------------------------------------------------------------

    def begin(self) -> bool:
        """Take the next message or the end out of the queue; False if nothing is due."""
        queue = self._queue
        if self._keeps and queue.messages:
            # Nothing ahead of it can have been dropped: it is what was scheduled, and due.
            message = queue.messages[0]
            if message[2] <= self.context.final_time:
                self._current = message
                queue.messages.popleft()
                queue.taken += 1
                queue.taken_bytes += message[4]
                return True
        head = queue.head_time
        if head is None or not self._is_due(head):
            return False
        is_end = not len(queue)
        self._current = queue.dequeue(self._scheduler.now)
        if self.meter is not None:
            self._queue_changed(self._scheduler.now())
        if self._is_throttled:
            self._update_throttling()
        return is_end or self._current is not None

    def _is_due(self, head: Timestamp) -> bool:
        if head > self.context.final_time:
            self._queue.drop_after(self.context.final_time)
            self._update_throttling()
            return not len(self._queue) and self._queue.closing_time is not None
        return not self._scheduler.is_enforced or head <= self._scheduler.now()

    def run(self) -> None:
        """Call the action with the message taken, or the handlers of the end.

        While messages come faster than they are handled it goes on with the next ones for a moment. Only if
        nothing that was ready before has to wait for it, and no queue behind it can lose anything by getting
        several messages at once.
        """
        message = self._current
        if message is None:
            self._end()
            return
        self._current = None
        handing, agenda, context = self._handing, self._agenda, self.context
        together = self._may_take_together and handing.action_for_all is not None
        if not self.messages or not self.lock.may_run_on or not (together or self._keeps):
            handing.one(message)
            return
        final_time = context.final_time
        horizon = final_time if self._runs_ahead else agenda.earlier_than_all_ready(final_time)
        if together:
            more = all_together(message, handing, self._queue, horizon, agenda)
        else:
            more = one_after_another(
                message, handing, self._queue, horizon, agenda, self.lock, context, final_time
            )
        self._scheduler.turns.finished_count += more  # a hint only: it may be off by a few

    def next_due(self) -> Timestamp | None:
        """When the next message, or the end, is due; None if nothing waits."""
        # First this, then the look: whoever adds a message does it the other way round, without the lock.
        self.is_scheduled = False
        messages = self._queue.messages
        due = messages[0][2] if messages else self._queue.closing_time
        if due is not None:
            self.is_scheduled = True
        return due

    def _end(self) -> None:
        closing_time = self._queue.closing_time
        if closing_time is None:
            return
        self._handing.end(self.id)
        errors: tuple[BaseException, ...] = ()
        try:
            errors = self._tell_end(closing_time)
        finally:
            with self._scheduler.lock:
                # Cleared only now: while the handlers post, the component is not yet at its end (E52).
                self.source = None
                self._queue.closing_time = None
                if self.context.is_ending:
                    self.context.ended_inputs.append(self.element)
                self._scheduler.something_settled()
        for error in errors:
            self.element.report(error)
