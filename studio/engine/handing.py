"""Hands messages to the action of one receiver. Knows neither queues nor turns: who has the turn calls it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.delivery import NO_MESSAGE, QueuedMessage, envelope_of, without_payload
from studio.engine.message import LAST_SEQUENCE_ID, Envelope, new_tuple
from studio.timing import TIME_MAX

if TYPE_CHECKING:
    from studio.engine.metering import ReceiverMeter

Action = Callable[..., object]
"""Takes the data and the envelope, or of it the originating time only."""

END_MESSAGE: QueuedMessage = (None, LAST_SEQUENCE_ID, TIME_MAX, TIME_MAX, 0, False)
"""In place of the last message of a stream that has ended."""


class Handing:
    """The action, in which form it wants a message, and what it was given last.

    The receiver's loop for messages that come fast reads the attributes and writes `last` by itself.
    """

    def __init__(self, action: Action, *, is_timed: bool) -> None:
        self.action = action
        self.is_timed = is_timed
        """Whether of the envelope the action gets the originating time only."""
        self.action_for_all: Callable[[list[QueuedMessage]], object] | None = None
        """Takes messages that wait together; None: they come one by one."""
        self.last: QueuedMessage = NO_MESSAGE
        self.source_id = 0
        """Emitter of what comes."""

    @property
    def last_envelope(self) -> Envelope:
        """Of the last message handed over; of the end once that has come (rule E99)."""
        return envelope_of(self.last, self.source_id)

    def one(self, message: QueuedMessage) -> None:
        """Hand over a message."""
        data, number, time, created, size, _ = message
        self.last = without_payload(message) if size else message
        if self.is_timed:
            self.action(data, time)
        else:
            self.action(data, new_tuple(Envelope, (self.source_id, number, time, created)))

    def end(self, receiver_id: int) -> None:
        """The stream has ended: what stands for its last message is the receiver's own."""
        self.source_id, self.last = receiver_id, END_MESSAGE

    def measure(self, meter: "ReceiverMeter") -> None:
        """Measure each call from now on."""
        action = self.action
        if self.is_timed:
            self.action = lambda data, envelope: action(data, envelope.originating_time)
            self.is_timed = False
        self.action = meter.measuring(self.action)

    def surround(self, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Have `around(call)` done instead of each call; messages come one by one then."""
        self.action, self.action_for_all = around(self.action), None
