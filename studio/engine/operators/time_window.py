"""Windows measured in time around each message (rules E224, E225)."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.message import Envelope, Message
from studio.engine.operators.values import Values
from studio.timing import RelativeTimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

T = TypeVar("T")
ResultT = TypeVar("ResultT")


class TimeWindow:
    """One output for each message, the anchor, once all that its window can hold has come."""

    def __init__(
        self,
        pipeline: "Pipeline",
        interval: RelativeTimeInterval,
        make: Callable[[Values[Message[Any]]], Any],
    ) -> None:
        self.name = "TimeWindow"
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.receiver = pipeline.create_receiver(self, self._on_message, "in")
        self.receiver.unsubscribed.connect(self._on_end)
        self._interval = interval
        self._make = make
        self._kept: deque[Message[Any]] = deque()
        self._anchors: deque[Timestamp] = deque()

    def _on_message(self, data: Any, envelope: Envelope) -> None:
        time = envelope.originating_time
        self._kept.append(Message(data, envelope))
        self._anchors.append(time)
        right = self._interval.right
        while self._anchors and right is not None and self._anchors[0] + right <= time:
            self._post(self._anchors.popleft())
        self._forget(self._anchors[0] if self._anchors else time)

    def _on_end(self, _closing_time: Timestamp) -> None:
        # Every anchor that still waits, with exactly the messages in its window (PORT of rule E225).
        while self._anchors:
            self._post(self._anchors.popleft())

    def _post(self, anchor: Timestamp) -> None:
        interval = self._interval
        inside = []
        for message in self._kept:
            offset = message.envelope.originating_time - anchor
            if interval.is_after(offset):
                break
            if not interval.is_before(offset):
                inside.append(message)
        self.out.post(self._make(Values.of(inside)), anchor)

    def _forget(self, next_anchor: Timestamp) -> None:
        kept = self._kept
        while kept and self._interval.is_before(kept[0].envelope.originating_time - next_anchor):
            kept.popleft()


@overload
def window(
    source: "Emitter[T]",
    interval: RelativeTimeInterval,
    selector: None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Values[T]]": ...
@overload
def window(
    source: "Emitter[T]",
    interval: RelativeTimeInterval,
    selector: Callable[[Values[Message[T]]], ResultT],
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[ResultT]": ...
def window(
    source: "Emitter[Any]",
    interval: RelativeTimeInterval,
    selector: Callable[[Values[Message[Any]]], Any] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """For each message those in `interval` around its time, posted at its time (rule E224).

    Windows may be partial or empty, at either end of the stream. One that reaches into the future is posted
    when a message at or beyond its right end has come, or the stream has ended. `selector` makes the payload
    of the messages; without it the data alone.
    """
    component = TimeWindow(source.pipeline, interval, selector or data_of)
    source.pipe_to(component, policy)
    return component.out


def data_of(messages: Values[Message[T]]) -> Values[T]:
    """The payloads alone."""
    return Values.of(message.data for message in messages)
