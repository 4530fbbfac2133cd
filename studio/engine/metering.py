"""Measures what goes through one receiver; exists only where diagnostics are on (rules E230, E232, E234)."""

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.diagnostics import Counted, DiagnosticsConfiguration, Measured
from studio.engine.message import Envelope
from studio.timing import Duration, Timestamp, monotonic_ns

if TYPE_CHECKING:
    from studio.engine.receiver import Receiver


class Window:
    """Readings of one quantity within the last `span` ns of pipeline time; needs the lock of its meter."""

    def __init__(self, span: Duration) -> None:
        self._span = span
        self._readings: deque[tuple[Timestamp, float]] = deque()
        self._sum = 0.0
        self._last = 0.0
        self._total = 0

    def add(self, now: Timestamp, value: float = 0.0) -> None:
        """Take a reading."""
        self._readings.append((now, value))
        self._sum += value
        self._last = value
        self._total += 1
        self._purge(now)

    def measured(self, now: Timestamp) -> Measured:
        """Last reading and mean."""
        self._purge(now)
        count = len(self._readings)
        return Measured(self._last, self._sum / count if count else 0.0)

    def counted(self, now: Timestamp) -> Counted:
        """How many readings."""
        self._purge(now)
        return Counted(self._total, len(self._readings))

    def _purge(self, now: Timestamp) -> None:
        readings = self._readings
        while readings and readings[0][0] < now - self._span:
            self._sum -= readings.popleft()[1]
        if not readings:
            self._sum = 0.0  # what rounding has left behind


class ReceiverMeter:
    """Counts and measures for one receiver; every method may be called by any thread (PORT of E234)."""

    def __init__(self, configuration: DiagnosticsConfiguration, now: Callable[[], Timestamp]) -> None:
        self._now = now
        self._tracks_size = configuration.track_message_size
        self._lock = threading.Lock()
        span = configuration.averaging_window
        self.emitted, self.processed, self.dropped = Window(span), Window(span), Window(span)
        self.queue_size, self.message_size = Window(span), Window(span)
        self.created_latency, self.emitted_latency = Window(span), Window(span)
        self.received_latency, self.process_time = Window(span), Window(span)
        self.time_used: Duration = 0
        self._dropped_before = 0

    def reached(self, envelope: Envelope, size: int, now: Timestamp) -> None:
        """A message has come to the receiver."""
        with self._lock:
            self.emitted.add(now)
            self.emitted_latency.add(now, now - envelope.originating_time)
            self.created_latency.add(now, envelope.creation_time - envelope.originating_time)
            self.message_size.add(now, size if self._tracks_size else 0)

    def queue_changed(self, queue_size: int, dropped: int, now: Timestamp) -> None:
        """Something was queued, taken out or dropped; `dropped` counts from the beginning."""
        with self._lock:
            self.queue_size.add(now, queue_size)
            for _ in range(dropped - self._dropped_before):
                self.dropped.add(now)
            self._dropped_before = dropped

    def measuring(self, action: Callable[[Any, Envelope], object]) -> Callable[[Any, Envelope], object]:
        """The same action, measured."""

        def measured(data: Any, envelope: Envelope) -> None:
            with self._lock:
                now = self._now()
                self.received_latency.add(now, now - envelope.originating_time)
            began = monotonic_ns()
            try:
                action(data, envelope)
            finally:
                took = monotonic_ns() - began
                with self._lock:
                    now = self._now()
                    self.processed.add(now)
                    self.process_time.add(now, took)
                    self.time_used += took

        return measured

    def read(self, now: Timestamp) -> dict[str, Any]:
        """Counts and measures by the names of `ReceiverDiagnostics`."""
        with self._lock:
            counts = {name: getattr(self, name).counted(now) for name in COUNTS}
            measures = {name: getattr(self, name).measured(now) for name in MEASURES}
            return {**counts, **measures, "time_used": self.time_used}


def keep_told_state(receiver: "Receiver[Any]") -> None:
    """Have its component, if it says anything of itself, asked for that after each message (rule E231)."""
    element = receiver.element
    if type(element.owner).__str__ is object.__str__:
        return

    def telling(call: Callable[..., Any]) -> Callable[..., Any]:
        def handle(*arguments: Any) -> Any:
            answer = call(*arguments)
            element.told_state = str(element.owner)
            return answer

        return handle

    receiver.surround(telling)


COUNTS = ("emitted", "processed", "dropped")
MEASURES = (
    "queue_size",
    "created_latency",
    "emitted_latency",
    "received_latency",
    "process_time",
    "message_size",
)
LATENCIES = ("created_latency", "emitted_latency", "received_latency")
"""In pipeline time, which a replay may run faster or slower than the world."""
