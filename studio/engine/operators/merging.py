"""Many streams into one, and one into many: merge, zip, Merger, Splitter (rules E215-E217)."""

from collections.abc import Callable, Hashable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.message import Envelope, Message
from studio.engine.operators.values import Values
from studio.errors import PipelineStateError
from studio.timing import TIME_MAX, TIME_MIN, Timestamp

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline
    from studio.engine.receiver import Receiver

T = TypeVar("T")
KeyT = TypeVar("KeyT", bound=Hashable)


class Zip:
    """Groups messages of equal originating time; a silent input holds the output until it ends (E216)."""

    def __init__(self, pipeline: "Pipeline") -> None:
        self.name = "Zip"
        self.pipeline = pipeline
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self._seen: list[Timestamp] = []
        self._waiting: list[tuple[Timestamp, int, int, Any]] = []

    def connect(self, source: "Emitter[Any]", policy: "DeliveryPolicy | None" = None) -> None:
        """Add an input."""
        index = len(self._seen)
        self._seen.append(TIME_MIN)

        def on_message(data: Any, envelope: Envelope) -> None:
            # Inside a group the order is that in which the streams were made.
            heappush(self._waiting, (envelope.originating_time, source.id, index, data))
            self._has_seen(index, envelope.originating_time)

        receiver = self.pipeline.create_receiver(self, on_message, f"in-{index}")
        receiver.unsubscribed.connect(lambda _closing_time: self._has_seen(index, TIME_MAX))
        source.pipe_to(receiver, policy)

    def _has_seen(self, index: int, time: Timestamp) -> None:
        self._seen[index] = time
        complete = min(self._seen)
        while self._waiting and self._waiting[0][0] <= complete:
            time = self._waiting[0][0]
            group = []
            while self._waiting and self._waiting[0][0] == time:
                group.append(heappop(self._waiting)[3])
            self.out.post(Values.of(group), time)


class Merger(Generic[KeyT]):
    """Calls one action for the messages of many inputs, `action(key, data, envelope)` (rule E217)."""

    def __init__(
        self, pipeline: "Pipeline", action: Callable[[KeyT, Any, Envelope], object], *, name: str = "Merger"
    ) -> None:
        self.name = name
        self.pipeline = pipeline
        self._action = action
        self._keys: set[KeyT] = set()

    def add(self, key: KeyT) -> "Receiver[Any]":
        """A new input; PipelineStateError if there is one for the key."""
        _require_new(key, self._keys)
        self._keys.add(key)
        return self.pipeline.create_receiver(
            self, lambda data, envelope: self._action(key, data, envelope), f"in-{key}"
        )


class Splitter(Generic[T, KeyT]):
    """Passes each message on to the output for the key that a selector gives it; others nowhere (E217)."""

    def __init__(
        self,
        pipeline: "Pipeline",
        selector: Callable[[T, Envelope], KeyT],
        *,
        name: str = "Splitter",
    ) -> None:
        self.name = name
        self.pipeline = pipeline
        self.receiver: Receiver[T] = pipeline.create_receiver(self, self._on_message, "in")
        self._selector = selector
        self._outputs: dict[KeyT, Emitter[T]] = {}

    def add(self, key: KeyT) -> "Emitter[T]":
        """A new output; PipelineStateError if there is one for the key."""
        _require_new(key, self._outputs)
        output: Emitter[T] = self.pipeline.create_emitter(self, f"out-{key}")
        self._outputs[key] = output
        return output

    def _on_message(self, data: T, envelope: Envelope) -> None:
        output = self._outputs.get(self._selector(data, envelope))
        if output is not None:
            output.post(data, envelope.originating_time)


def merge_all(
    streams: "Sequence[Emitter[T]]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[Message[T]]":
    """All messages, with their envelopes, in order of arrival, at the pipeline time of it (rule E215).

    What arrives after the final time of a run that ends by itself is later than it and so lost (rule E44).
    ValueError if there is no stream.
    """
    pipeline = _pipeline_of(streams, "merge")

    def pass_on(_index: int, data: Any, envelope: Envelope) -> None:
        now = pipeline.get_current_time()
        time = max(now, out.last_envelope.originating_time + 1)  # two may arrive at once (PORT)
        out.post(Message(data, envelope), time)

    merger = Merger(pipeline, pass_on, name="Merge")
    out: Emitter[Message[T]] = pipeline.create_emitter(merger, "out")
    for index, stream in enumerate(streams):
        stream.pipe_to(merger.add(index), policy)
    return out


def zip_all(streams: "Sequence[Emitter[T]]", policy: "DeliveryPolicy | None" = None) -> "Emitter[Values[T]]":
    """Groups of the messages that have the same originating time, in order of time (rule E216).

    ValueError if there is no stream.
    """
    component = Zip(_pipeline_of(streams, "zip"))
    for stream in streams:
        component.connect(stream, policy)
    return component.out


def merge(
    source: "Emitter[T]", *others: "Emitter[T]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[Message[T]]":
    """All messages of this stream and others; see `merge_all`."""
    return merge_all((source, *others), policy)


def zip_(
    source: "Emitter[T]", *others: "Emitter[T]", policy: "DeliveryPolicy | None" = None
) -> "Emitter[Values[T]]":
    """Groups of the messages of this stream and others at the same times; see `zip_all`."""
    return zip_all((source, *others), policy)


def _pipeline_of(streams: "Sequence[Emitter[Any]]", what: str) -> "Pipeline":
    if not streams:
        raise ValueError(f"there is nothing to {what}: give at least one stream")
    return streams[0].pipeline


def _require_new(key: object, keys: "set[Any] | dict[Any, Any]") -> None:
    if key in keys:
        raise PipelineStateError(f"there is a stream for {key!r} already; each key may be added once")
