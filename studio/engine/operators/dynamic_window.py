"""Windows that a second stream asks for (rule E226)."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from studio.engine.message import Envelope, Message
from studio.engine.operators.values import Values
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

T = TypeVar("T")
WindowT = TypeVar("WindowT")
ResultT = TypeVar("ResultT")

Bounds = Callable[[Message[Any]], tuple[TimeInterval, Timestamp]]


class DynamicWindow:
    """Answers window messages in their order, each once the data reach its right end or have ended."""

    def __init__(
        self,
        pipeline: "Pipeline",
        bounds: Bounds,
        make: Callable[[Message[Any], Values[Message[Any]]], Any],
    ) -> None:
        self.name = "DynamicWindow"
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.receiver = pipeline.create_receiver(self, self._on_data, "in")
        self.windows = pipeline.create_receiver(self, self._on_window, "windows")
        self.receiver.unsubscribed.connect(self._on_end)
        self._bounds = bounds
        self._make = make
        self._kept: deque[Message[Any]] = deque()
        self._asked: deque[tuple[Message[Any], TimeInterval, Timestamp]] = deque()
        self._latest: Timestamp = TIME_MIN
        self._obsolete: Timestamp = TIME_MIN
        """What later windows may no longer ask for; those that wait still may."""
        self._given_up: Timestamp = TIME_MIN

    def _on_data(self, data: Any, envelope: Envelope) -> None:
        self._latest = envelope.originating_time
        if self._latest >= self._given_up:
            self._kept.append(Message(data, envelope))
        self._publish()

    def _on_window(self, data: Any, envelope: Envelope) -> None:
        message = Message(data, envelope)
        interval, obsolete = self._bounds(message)
        self._check(interval, obsolete)
        self._obsolete = obsolete
        self._asked.append((message, interval, obsolete))
        self._publish()

    def _on_end(self, _closing_time: Timestamp) -> None:
        self._latest = TIME_MAX
        self._publish()

    def _check(self, interval: TimeInterval, obsolete: Timestamp) -> None:
        if not (interval.is_left_bounded and interval.is_right_bounded):
            raise ValueError(f"a window must have two ends, this one lacks one: {interval}")
        if interval.left < self._obsolete:
            raise ValueError(
                f"a window from {interval.left} on asks for what was given up: everything before "
                f"{self._obsolete} was declared obsolete"
            )
        if obsolete < self._obsolete:
            raise ValueError(f"an obsolete time must not go back: {obsolete} after {self._obsolete}")

    def _publish(self) -> None:
        while self._asked and self._asked[0][1].right <= self._latest:
            message, interval, obsolete = self._asked.popleft()
            inside = (m for m in self._kept if interval.contains(m.envelope.originating_time))
            self.out.post(self._make(message, Values.of(inside)), message.envelope.originating_time)
            self._given_up = obsolete
            while self._kept and self._kept[0].envelope.originating_time < obsolete:
                self._kept.popleft()


def window_dynamic(
    source: "Emitter[T]",
    windows: "Emitter[WindowT]",
    bounds: Callable[[Message[WindowT]], tuple[TimeInterval, Timestamp]],
    create: Callable[[Message[WindowT], Values[Message[T]]], ResultT],
    *,
    policy: "DeliveryPolicy | None" = None,
    windows_policy: "DeliveryPolicy | None" = None,
) -> "Emitter[ResultT]":
    """For each message of `windows` what `create(message, messages in its window)` makes (rule E226).

    `bounds(message)` gives the window and the time before which no later window will ask. Posted at the time
    of the window message. A window without two ends, one that asks for what is obsolete, or an obsolete time
    that goes back, is a ValueError that fails the pipeline.
    """
    component = DynamicWindow(source.pipeline, bounds, create)
    source.pipe_to(component, policy)
    windows.pipe_to(component.windows, windows_policy)
    return component.out
