"""Operators that look at one message at a time: select, where, do, process (rule E191)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from studio.engine.message import Envelope
from studio.timing import Timestamp

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.receiver import Receiver

T = TypeVar("T")
ResultT = TypeVar("ResultT")

ProcessAction: TypeAlias = "Callable[[T, Envelope, Emitter[Any]], object]"


class Processor:
    """A component with one input and one output."""

    def __init__(self, source: "Emitter[Any]", name: str) -> None:
        self.name = name
        self.out: Emitter[Any] = source.pipeline.create_emitter(self, "out")

    def connect(
        self,
        source: "Emitter[Any]",
        action: Callable[[Any, Envelope], object],
        policy: "DeliveryPolicy | None",
    ) -> "Emitter[Any]":
        """Handle the messages of `source` with `action`; returns the output."""
        return self._take_from(source, source.pipeline.create_receiver(self, action, "in"), policy)

    def connect_timed(
        self,
        source: "Emitter[Any]",
        action: Callable[[Any, Timestamp], object],
        policy: "DeliveryPolicy | None",
    ) -> "Emitter[Any]":
        """As `connect`, for an action that needs nothing of the envelope but the originating time."""
        return self._take_from(source, source.pipeline.create_timed_receiver(self, action, "in"), policy)

    def _take_from(
        self, source: "Emitter[Any]", receiver: "Receiver[Any]", policy: "DeliveryPolicy | None"
    ) -> "Emitter[Any]":
        self.receiver = receiver
        source.pipe_to(receiver, policy)
        return self.out


def select(
    source: "Emitter[T]", f: Callable[[T], ResultT], policy: "DeliveryPolicy | None" = None
) -> "Emitter[ResultT]":
    """One output `f(data)` for each input."""
    processor = Processor(source, "Select")
    post = processor.out.post
    return processor.connect_timed(source, lambda data, time: post(f(data), time), policy)


def where(
    source: "Emitter[T]", predicate: Callable[[T], bool], policy: "DeliveryPolicy | None" = None
) -> "Emitter[T]":
    """The inputs whose data satisfy the predicate."""
    processor = Processor(source, "Where")
    post = processor.out.post

    def pass_if(data: T, time: Timestamp) -> None:
        if predicate(data):
            post(data, time)

    return processor.connect_timed(source, pass_if, policy)


def do(
    source: "Emitter[T]", action: Callable[[T], object], policy: "DeliveryPolicy | None" = None
) -> "Emitter[T]":
    """The inputs, each after `action(data)`."""
    processor = Processor(source, "Do")
    post = processor.out.post

    def act_and_pass(data: T, time: Timestamp) -> None:
        action(data)
        post(data, time)

    return processor.connect_timed(source, act_and_pass, policy)


def process(
    source: "Emitter[T]", f: "ProcessAction[T]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[Any]":
    """Whatever `f(data, envelope, emitter)` posts, at strictly increasing times of its choice."""
    processor = Processor(source, "Process")
    out = processor.out
    return processor.connect(source, lambda data, envelope: f(data, envelope, out), policy)
