"""Components that the engine's tests wire together."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline, Receiver
from studio.timing import TIME_MAX

MS = 1_000_000


class Collector:
    """Keeps what it receives; `work` is called for each message first."""

    def __init__(
        self,
        pipeline: Pipeline,
        source: Emitter[Any] | None = None,
        policy: DeliveryPolicy | None = None,
        work: Callable[[Any], object] = lambda _data: None,
    ) -> None:
        self.work = work
        self.values: list[Any] = []
        self.envelopes: list[Envelope] = []
        self.received_at: list[int] = []
        self.ended_at: list[int] = []
        self.pipeline = pipeline
        self.receiver: Receiver[Any] = pipeline.create_receiver(self, self.receive, "in")
        self.receiver.unsubscribed.connect(self.ended_at.append)
        if source is not None:
            source.pipe_to(self, policy)

    def receive(self, data: Any, envelope: Envelope) -> None:
        self.work(data)
        self.values.append(data)
        self.envelopes.append(envelope)
        self.received_at.append(self.pipeline.get_current_time())

    @property
    def times(self) -> list[int]:
        return [envelope.originating_time for envelope in self.envelopes]


class PushSource:
    """A source that the test itself posts for; infinite unless told otherwise."""

    def __init__(self, pipeline: Pipeline, completion_time: int | None = TIME_MAX) -> None:
        self.pipeline = pipeline
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.completion_time = completion_time
        self.calls: list[str] = []
        self.notify: Callable[[int], None] = lambda _time: None
        self.final_time: int | None = None
        self.is_disposed = False

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.calls.append("start")
        self.notify = notify_completion_time
        if self.completion_time is not None:
            notify_completion_time(self.completion_time)

    def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
        self.calls.append("stop")
        self.final_time = final_originating_time
        notify_completed()

    def dispose(self) -> None:
        self.is_disposed = True


class StartSource:
    """Posts given (value, time) pairs in Start and completes at a given time (rule E48)."""

    def __init__(self, pipeline: Pipeline, pairs: Sequence[tuple[Any, int]], completion_time: int) -> None:
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.pairs = pairs
        self.completion_time = completion_time

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        for value, time in self.pairs:
            self.out.post(value, time)
        notify_completion_time(self.completion_time)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        notify_completed()


class ThreadSource:
    """Posts 0, 1, ..., or the `payload` of each, from a thread of its own and then completes."""

    def __init__(
        self, pipeline: Pipeline, count: int, payload: Callable[[int], Any] = lambda number: number
    ) -> None:
        self.pipeline = pipeline
        self.count = count
        self.payload = payload
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.notify = notify_completion_time
        self.thread = self.pipeline.spawn("test-source", self.run)

    def run(self, _cancelled: threading.Event) -> None:
        start = self.pipeline.start_time
        for index in range(self.count):
            self.out.post(self.payload(index), start + index)
        self.notify(start + self.count - 1)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        self.thread.join()
        notify_completed()
