"""The part of an exporter for one stream: a component of its own, so that streams encode in parallel."""

from collections.abc import Callable
from typing import Any

from studio.engine import Envelope, Pipeline, Receiver
from studio.engine.delivery import QueuedMessage
from studio.engine.message import new_tuple
from studio.errors import StreamError
from studio.formats.encoding import Encoder, encoder_of, stored_dtype
from studio.formats.first_message import infer_format
from studio.formats.recording import LossEntry
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.merged_queue import Add, Closed, MergedQueue
from studio.timing import Timestamp


class StreamRecorder:
    """Encodes the messages of one stream, outside any lock of HDF5, and hands them to the merged queue."""

    def __init__(self, pipeline: Pipeline, queue: MergedQueue, stream: NewStream | None, name: str) -> None:
        self.name = name
        self.receiver: Receiver[Any] = pipeline.create_receiver(self, self._receive, name)
        self.receiver.unsubscribed.connect(self._end)
        self.receiver.run_ahead()
        self.receiver.take_together(self._receive_all)
        self.device = ""
        self.supplemental: dict[str, Any] = {}
        self._queue = queue
        self._format = stream.format if stream is not None else None
        self._encode: Encoder | None = None
        self._last_time: Timestamp = 0
        self._units = 1
        self._counted = 0
        if stream is not None:
            if stream.format.kind.is_sampled:
                stored_dtype(stream.format)  # say now, not at the first message, that it cannot be
            queue.put(Add(stream))

    def _receive(self, data: Any, envelope: Envelope) -> None:
        try:
            encode = self._encode if self._encode is not None else self._begin(data)
            payload = encode(data)
        except StreamError as error:
            raise StreamError(f"stream {self.name!r}: {error}") from error
        self._units = payload.units
        _, number, time, created = envelope
        self._last_time = time
        self._queue.offer(self.name, EncodedMessage(time, created, number, payload))

    def _receive_all(self, messages: list[QueuedMessage]) -> None:
        """What waits together is handed on together; one that cannot be encoded holds up none."""
        encoded: list[EncodedMessage] = []
        errors: list[StreamError] = []
        try:
            for data, number, time, created, _, _ in messages:
                try:
                    encode = self._encode if self._encode is not None else self._begin(data)
                    encoded.append(new_tuple(EncodedMessage, (time, created, number, encode(data))))
                except StreamError as error:
                    errors.append(StreamError(f"stream {self.name!r}: {error}"))
                    errors[-1].__cause__ = error
        finally:  # also if something else happens: what came before it is safe
            self._hand_on(encoded)
        for further in errors[1:]:
            self.receiver.element.report(further)
        if errors:
            raise errors[0]

    def _hand_on(self, encoded: list[EncodedMessage]) -> None:
        if encoded:
            self._units = encoded[-1].payload.units
            self._last_time = encoded[-1].time
            self._queue.offer_all(self.name, encoded)

    def _begin(self, data: Any) -> Encoder:
        """The first message says what the stream is, if nobody did before."""
        if self._format is None:
            self._format = described = infer_format(data)
            self._queue.put(Add(NewStream(self.name, described, self.device, supplemental=self.supplemental)))
        self._encode = encoder_of(self._format)
        return self._encode

    @property
    def is_known(self) -> bool:
        """Whether the stream is in the file, or on the way there."""
        return self._format is not None

    def _end(self, closing_time: Timestamp) -> None:
        if self.is_known:
            self._queue.put(Closed(self.name, closing_time))

    @property
    def noted(self) -> int:
        """How many of the messages that the receiver has refused are in the loss account."""
        return self._counted

    def refused_since(self, noted: int) -> tuple[int, int]:
        """Messages that the receiver has refused since so many were noted, and what they held (see below)."""
        fresh = max(0, self.receiver.refused - noted)
        return fresh, fresh * self._units

    def refused(self, now: Callable[[], Timestamp], reason: str) -> LossEntry | None:
        """What the receiver has refused since the last call, for that reason; None if nothing.

        Its rows are not known any more: it is counted as if each were as long as the last one taken, and put
        right at the end by what the device says it has produced.
        """
        refused = self.receiver.refused
        fresh, self._counted = refused - self._counted, refused
        if not fresh or not self.is_known:
            return None
        return LossEntry(self.name, reason, fresh * self._units, self._last_time, now())
