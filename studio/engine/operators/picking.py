"""Operators that pick messages of a stream, or items of its payloads (rules E191, E193, E194)."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from studio.engine.message import Envelope, Message
from studio.engine.operators.processing import Processor, select

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")
FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")
ResultT = TypeVar("ResultT")


def first(source: "Emitter[T]", n: int = 1, policy: "DeliveryPolicy | None" = None) -> "Emitter[T]":
    """The first `n` messages, then nothing; the stream is not closed early (rule E193)."""
    _require_count(n)
    processor = Processor(source, "First")
    post = processor.out.post
    left = iter(range(n))

    def pass_first(data: T, envelope: Envelope) -> None:
        if next(left, None) is not None:
            post(data, envelope.originating_time)

    return processor.connect(source, pass_first, policy)


def last(source: "Emitter[T]", n: int = 1, policy: "DeliveryPolicy | None" = None) -> "Emitter[T]":
    """Once the stream has ended: its last `n` messages, at their own originating times (rule E194)."""
    _require_count(n)
    processor = Processor(source, "Last")
    post = processor.out.post
    kept: deque[Message[T]] = deque(maxlen=n)
    out = processor.connect(source, lambda data, envelope: kept.append(Message(data, envelope)), policy)

    def post_kept(_closing_time: int) -> None:
        for message in kept:
            post(message.data, message.envelope.originating_time)

    processor.receiver.unsubscribed.connect(post_kept)
    return out


def changes(
    source: "Emitter[T]",
    key: "Callable[[T], object] | None" = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[T]":
    """The first message and those whose data, or whose `key(data)`, differ from those of the one before."""
    processor = Processor(source, "Changes")
    post = processor.out.post
    before: list[object] = []

    def pass_if_new(data: T, envelope: Envelope) -> None:
        now = data if key is None else key(data)
        if not before or before[0] != now:
            before[:] = [now]
            post(data, envelope.originating_time)

    return processor.connect(source, pass_if_new, policy)


def item1(source: "Emitter[tuple[FirstT, Any]]", policy: "DeliveryPolicy | None" = None) -> "Emitter[FirstT]":
    """The first of each pair."""
    return select(source, lambda pair: pair[0], policy)


def item2(
    source: "Emitter[tuple[Any, SecondT]]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[SecondT]":
    """The second of each pair."""
    return select(source, lambda pair: pair[1], policy)


def flip(
    source: "Emitter[tuple[FirstT, SecondT]]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[tuple[SecondT, FirstT]]":
    """Each pair the other way round."""
    return select(source, lambda pair: (pair[1], pair[0]), policy)


def nullable_select(
    source: "Emitter[T | None]", f: Callable[[T], ResultT], policy: "DeliveryPolicy | None" = None
) -> "Emitter[ResultT | None]":
    """One output for each input: None for None, `f(data)` for anything else (rule E191)."""
    return select(source, lambda data: None if data is None else f(data), policy)


def _require_count(n: int) -> None:
    if n < 0:
        raise ValueError(f"a stream has no {n} messages to pick; give 0 or more")
