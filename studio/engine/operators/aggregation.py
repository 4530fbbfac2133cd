"""Operators with a memory: a state that every message changes (rule E192)."""

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from studio.engine.message import Envelope, Message
from studio.engine.operators.processing import Processor, where

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")
StateT = TypeVar("StateT")
ResultT = TypeVar("ResultT")
NumberT = TypeVar("NumberT", int, float)

AggregateAction: TypeAlias = "Callable[[StateT, T, Envelope, Emitter[Any]], StateT]"


@overload
def aggregate(
    source: "Emitter[T]",
    initial: StateT,
    f: Callable[[StateT, T], StateT],
    selector: None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[StateT]": ...
@overload
def aggregate(
    source: "Emitter[T]",
    initial: StateT,
    f: Callable[[StateT, T], StateT],
    selector: Callable[[StateT], ResultT],
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[ResultT]": ...
def aggregate(
    source: "Emitter[Any]",
    initial: Any,
    f: Callable[[Any, Any], Any],
    selector: Callable[[Any], Any] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """For each message the state after it, `f(state, data)`, or what `selector` makes of that (rule E192).

    `f` may change the state in place and return it: what is posted is never seen by `f` again.
    """

    def step(state: Any, data: Any, envelope: Envelope, out: "Emitter[Any]") -> Any:
        state = f(state, data)
        out.post(state if selector is None else selector(state), envelope.originating_time)
        return state

    return process_aggregate(source, initial, step, policy)


def process_aggregate(
    source: "Emitter[T]",
    initial: StateT,
    f: "AggregateAction[StateT, T]",
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[Any]":
    """Whatever `f(state, data, envelope, emitter)` posts; it returns the next state."""
    processor = Processor(source, "Aggregate")
    out = processor.out
    state = copy.deepcopy(initial)

    def step(data: T, envelope: Envelope) -> None:
        nonlocal state
        # A posted array is frozen: a copy, so that `f` may go on changing its own.
        state = copy.deepcopy(f(state, data, envelope, out))

    return processor.connect(source, step, policy)


def scan(
    source: "Emitter[T]", f: Callable[[T, T], T], policy: "DeliveryPolicy | None" = None
) -> "Emitter[T]":
    """As `aggregate`, but the first message is the first state and is posted, too (rule E192)."""
    nothing: list[T] = []

    def step(state: list[T], data: T, envelope: Envelope, out: "Emitter[T]") -> list[T]:
        state = [f(state[0], data) if state else data]
        out.post(state[0], envelope.originating_time)
        return state

    return process_aggregate(source, nothing, step, policy)


def delta(
    source: "Emitter[NumberT]",
    condition: Callable[[NumberT], bool] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> "Emitter[NumberT]":
    """The step from each message (that satisfies the condition) to the next, at the **earlier** time."""
    if condition is not None:
        return delta(where(source, condition, policy))
    processor = Processor(source, "Delta")
    post = processor.out.post
    before: list[Message[NumberT]] = []

    def post_difference(data: NumberT, envelope: Envelope) -> None:
        if before:
            post(data - before[0].data, before[0].envelope.originating_time)
        before[:] = [Message(data, envelope)]

    return processor.connect(source, post_difference, policy)
