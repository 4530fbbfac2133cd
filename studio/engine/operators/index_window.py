"""Windows counted in messages (rules E222, E223)."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.message import Envelope, Message
from studio.engine.operators.processing import Processor
from studio.engine.operators.time_window import data_of
from studio.engine.operators.values import Values

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")
ResultT = TypeVar("ResultT")


@overload
def window_by_index(
    source: "Emitter[T]",
    start: int,
    end: int,
    selector: None = None,
    *,
    start_inclusive: bool = True,
    end_inclusive: bool = True,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Values[T]]": ...
@overload
def window_by_index(
    source: "Emitter[T]",
    start: int,
    end: int,
    selector: Callable[[Values[Message[T]]], ResultT],
    *,
    start_inclusive: bool = True,
    end_inclusive: bool = True,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[ResultT]": ...
def window_by_index(
    source: "Emitter[Any]",
    start: int,
    end: int,
    selector: Callable[[Values[Message[Any]]], Any] | None = None,
    *,
    start_inclusive: bool = True,
    end_inclusive: bool = True,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """For each message those from `start` to `end`, counted from it: 0 itself, -1 the one before (E222).

    Posted at the time of the message counted from, however far away the window lies (PORT of rule E223).
    Only whole windows; limits may come in either order. `selector` makes the payload of the messages.
    """
    if start > end:
        start, end, start_inclusive, end_inclusive = end, start, end_inclusive, start_inclusive
    first = start if start_inclusive else start + 1
    last = end if end_inclusive else end - 1
    make = selector or data_of
    processor = Processor(source, "IndexWindow")
    post = processor.out.post
    oldest, newest = min(first, 0), max(last, 0)
    kept: deque[Message[Any]] = deque(maxlen=newest - oldest + 1)

    def slide(data: Any, envelope: Envelope) -> None:
        kept.append(Message(data, envelope))
        if first <= last and len(kept) == kept.maxlen:
            window = Values.of(tuple(kept)[first - oldest : last - oldest + 1])
            post(make(window), kept[-oldest].envelope.originating_time)

    return processor.connect(source, slide, policy)


def history(source: "Emitter[T]", size: int, policy: "DeliveryPolicy | None" = None) -> "Emitter[Values[T]]":
    """Each message with the `size` - 1 before it, oldest first, at its own time."""
    return window_by_index(source, 1 - _checked(size), 0, policy=policy)


def buffer(source: "Emitter[T]", size: int, policy: "DeliveryPolicy | None" = None) -> "Emitter[Values[T]]":
    """Each message with the `size` - 1 after it, at its own time (that of the first)."""
    return window_by_index(source, 0, _checked(size) - 1, policy=policy)


def _checked(size: int) -> int:
    if size < 1:
        raise ValueError(f"a window holds at least 1 message, not {size}")
    return size
