"""The engine's component that plays streams of a recording back: a finite source (rules E151-E162).

Opened streams are merged by originating time and posted with their recorded envelopes, a bounded number of
messages ahead; under an enforced clock they wait at the receivers until their originating time, or are posted
only when their creation time has come, if that is to set the pace (decision 6).
Threads: configured on the caller's, reads on pipeline workers, one at a time.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from studio.engine import DeliveryPolicy, Emitter, Envelope, Message, Pipeline
from studio.engine.message import payload_size
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.store.reader import StoreReader
from studio.timing import TIME_MIN, TimeInterval, Timestamp

AHEAD_MESSAGES = 256
AHEAD_BYTES = 16 << 20
"""What is read ahead at once; at most twice that waits at the receivers under an enforced clock."""


class PaceBy(Enum):
    """What an enforced clock must have reached for a message to be delivered (decision 6)."""

    ORIGINATING_TIME = "originating time"
    """Sound, pictures and signals as they happened together."""
    CREATION_TIME = "creation time"
    """As late as when it was recorded: what was slow then is slow again."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A message on its way out."""

    emitter: Emitter[Any]
    message: Message[Any]

    @property
    def by_originating_time(self) -> tuple[Timestamp, Timestamp]:
        """For merging."""
        return self.message.envelope.originating_time, self.message.envelope.creation_time

    @property
    def by_creation_time(self) -> tuple[Timestamp, Timestamp]:
        """For merging."""
        return self.message.envelope.creation_time, self.message.envelope.originating_time


class Importer:
    """Made by `store.open`. Disposed by its pipeline."""

    def __init__(
        self,
        pipeline: Pipeline,
        reader: StoreReader,
        *,
        pace_by: PaceBy = PaceBy.ORIGINATING_TIME,
        keeps_open: bool = False,
    ) -> None:
        """`keeps_open`: the reader belongs to somebody who lends it to one run after the other."""
        self._pace_by = pace_by
        self._keeps_open = keeps_open
        self._next: _Recorded | None = None
        """Read, and waiting for its creation time."""
        self._pipeline = pipeline
        self._reader = reader
        self._info = reader.info()
        self._emitters: dict[str, Emitter[Any]] = {}
        self._trigger: Emitter[None] = pipeline.create_emitter(self, "loop-back")
        # Of its own: where everything throttles, it would wait for itself for ever (rule E133).
        self._trigger.pipe_to(
            pipeline.create_receiver(self, self._step, "loop-back"), DeliveryPolicy.UNLIMITED
        )
        self._merged: Iterator[_Recorded] = iter(())
        self._notify_completion_time: Callable[[Timestamp], None] | None = None
        self._last_time = TIME_MIN
        self._is_stopping = False

    @property
    def info(self) -> RecordingInfo:
        """The recording, as it was when it was opened."""
        return self._info

    @property
    def streams(self) -> Sequence[StreamInfo]:
        """What can be opened; readable before the run."""
        return self._info.streams

    def open_stream(self, name: str) -> Emitter[Any]:
        """The stream `name`; the same emitter when called again. StreamError, listing what there is (E152).

        Proposes the times from its first to its last message as those to be replayed.
        """
        if name not in self._emitters:
            stream = self._reader.stream(name).info()
            self._emitters[name] = self._pipeline.create_emitter(self, name)
            if stream.message_count:
                self._pipeline.propose_replay_time(TimeInterval(stream.first_time, stream.last_time))
        return self._emitters[name]

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Seek each stream to the beginning of the replay interval and begin (rule E153)."""
        descriptor = self._pipeline.replay_descriptor
        interval = descriptor.interval if descriptor is not None else TimeInterval.INFINITE
        self._notify_completion_time = notify_completion_time
        paced_late = self._pace_by is PaceBy.CREATION_TIME
        self._merged = heapq.merge(
            *(self._recorded(name, emitter, interval) for name, emitter in self._emitters.items()),
            key=lambda recorded: recorded.by_creation_time if paced_late else recorded.by_originating_time,
        )
        if paced_late:
            self._next = next(self._merged, None)
        self._trigger.post(None, self._pipeline.start_time)

    def _recorded(self, name: str, emitter: Emitter[Any], interval: TimeInterval) -> Iterator[_Recorded]:
        for message in self._reader.messages(name, interval):
            yield _Recorded(emitter, message)

    def _step(self, _: None, envelope: Envelope) -> None:
        """Post the next messages; come again when the first of them is due."""
        if self._is_stopping:
            return
        if self._pace_by is PaceBy.CREATION_TIME:
            first_time = self._post_due(envelope.originating_time)
        else:
            first_time = self._post_ahead()
        if first_time is not None:
            self._trigger.post(None, max(first_time, envelope.originating_time + 1))
        elif envelope.originating_time < self._last_time:
            self._trigger.post(None, self._last_time)  # the end has come when the last message is due
        elif self._notify_completion_time is not None:
            self._notify_completion_time(self._last_time)

    def _post_due(self, time: Timestamp) -> Timestamp | None:
        """Post what was created up to `time`; when the next one was, or None if there are no more."""
        while self._next is not None and self._next.message.envelope.creation_time <= time:
            self._deliver(self._next)
            self._next = next(self._merged, None)
        return None if self._next is None else self._next.message.envelope.creation_time

    def _deliver(self, recorded: _Recorded) -> None:
        recorded.emitter.deliver(recorded.message.data, recorded.message.envelope)
        self._last_time = max(self._last_time, recorded.message.envelope.originating_time)

    def _post_ahead(self) -> Timestamp | None:
        """Post a bounded number of messages; the time of the first, or None if there are no more."""
        first_time, ahead_bytes = None, 0
        for number, recorded in enumerate(self._merged, start=1):
            self._deliver(recorded)
            if first_time is None:
                first_time = recorded.message.envelope.originating_time
            ahead_bytes += payload_size(recorded.message.data)
            if number >= AHEAD_MESSAGES or ahead_bytes >= AHEAD_BYTES:
                break
        return first_time

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Read no further (rule E159)."""
        self._is_stopping = True
        notify_completed()

    def dispose(self) -> None:
        """Give the file back, unless it was lent, and what was read ahead. Idempotent."""
        self._merged, self._next = iter(()), None
        if not self._keeps_open:
            self._reader.close()
