"""Operators about the times of messages themselves (rules E195, E196)."""

from typing import TYPE_CHECKING, Any, TypeVar

from studio.engine.delivery import DeliveryPolicy
from studio.engine.message import Envelope, Message
from studio.engine.operators.processing import Processor
from studio.timing import NS_PER_S, Duration, RelativeTimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter

T = TypeVar("T")


def time_of(source: "Emitter[Any]", policy: DeliveryPolicy | None = None) -> "Emitter[Timestamp]":
    """The originating time of each message (rule E195)."""
    processor = Processor(source, "TimeOf")
    post = processor.out.post

    def post_time(_data: object, envelope: Envelope) -> None:
        post(envelope.originating_time, envelope.originating_time)

    return processor.connect(source, post_time, policy)


def latency(source: "Emitter[Any]", policy: DeliveryPolicy | None = None) -> "Emitter[Duration]":
    """How long (ns) after its originating time each message was created (rule E195)."""
    processor = Processor(source, "Latency")
    post = processor.out.post

    def post_latency(_data: object, envelope: Envelope) -> None:
        post(envelope.creation_time - envelope.originating_time, envelope.originating_time)

    return processor.connect(source, post_latency, policy)


def intervals(source: "Emitter[Any]", policy: DeliveryPolicy | None = None) -> "Emitter[Duration]":
    """How long (ns) after the message before it each message took place; nothing for the first."""
    processor = Processor(source, "Intervals")
    post = processor.out.post
    before: list[Timestamp] = []

    def post_interval(_data: object, envelope: Envelope) -> None:
        time = envelope.originating_time
        if before:
            post(time - before[0], time)
        before[:] = [time]

    return processor.connect(source, post_interval, policy)


def rate(
    source: "Emitter[Any]", time_span: Duration, policy: DeliveryPolicy | None = None
) -> "Emitter[float]":
    """Messages per second, at each message, over the `time_span` ns before it (the left end excluded).

    Its statistics are those of any stream: `stream.rate(NS_PER_S).average()`. ValueError unless positive.
    """
    if time_span <= 0:
        raise ValueError(f"a rate needs a time span of more than 0 ns, not {time_span}")
    past = RelativeTimeInterval.past(time_span, inclusive=False)
    return source.window(past, len, policy=policy).select(lambda count: count * NS_PER_S / time_span)


def delay(source: "Emitter[T]", duration: Duration, policy: DeliveryPolicy | None = None) -> "Emitter[T]":
    """The same messages, at least `duration` ns after their creation, at their own originating times.

    A first stage posts them for later, a second one gives the times back (rule E196). So nothing is delayed
    in a run that does not wait for its clock, and what would come out after the end of the run is lost.
    """
    hold = Processor(source, "Delay")
    give_back = Processor(hold.out, "Delay")
    post_later = hold.out.post
    post = give_back.out.post

    def hold_back(data: T, envelope: Envelope) -> None:
        # Messages may share a creation time (a replay); what waits must have times of its own.
        last = hold.out.last_envelope.originating_time
        post_later(Message(data, envelope), max(envelope.creation_time + duration, last + 1))

    hold.connect(source, hold_back, policy)
    return give_back.connect(
        hold.out,
        lambda message, _envelope: post(message.data, message.envelope.originating_time),
        DeliveryPolicy.UNLIMITED,
    )
