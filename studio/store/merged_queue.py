"""What waits for the exporter's thread: messages and notes of all streams, in the order of their arrival.

Bounded by bytes per stream; a message beyond that is refused, and the refusal is tallied for the loss account
(decision 11). However long a disk hangs, what waits does not grow beyond that, and everybody can see how much
waits, since when, and what was refused. Holds no lock while anybody else's code runs.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Condition
from typing import NamedTuple

from studio.formats.recording import LossEntry
from studio.store import layout
from studio.store.batch import BATCH_BYTES, BATCH_MESSAGES, EncodedMessage
from studio.store.layout import NewStream
from studio.timing import NS_PER_S, Duration, Timestamp, monotonic_ns
from studio.timing.sync_status import ClockLog

MESSAGE_BYTES = 400
"""What a message takes in memory besides its payload (320 to 420 measured): for numbers nearly all."""

MOST_AT_ONCE = 4 * BATCH_MESSAGES


@dataclass(frozen=True, slots=True)
class Add:
    """A stream to be created."""

    stream: NewStream


class Store(NamedTuple):
    """A message to be stored. A tuple: it is made for every message, in a third of the time."""

    stream: str
    message: EncodedMessage


class StoreAll(NamedTuple):
    """Messages of one stream that came together."""

    stream: str
    messages: list[EncodedMessage]
    byte_count: int
    """Of their payload."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What the device of a stream has produced in all."""

    stream: str
    total: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A stream has ended."""

    stream: str
    time: Timestamp


@dataclass(frozen=True, slots=True)
class Logged:
    """A line for the log."""

    time: Timestamp
    text: str
    device: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A part of what was measured of the clock."""

    log: ClockLog


Note = Add | Produced | Closed | Logged | Measured | LossEntry
Item = Store | StoreAll | Note


@dataclass(slots=True)
class _Waiting:
    """Of one stream. Each counter only grows and has one thread that writes it: none needs a lock."""

    offered: int = 0
    offered_bytes: int = 0
    refused: int = 0
    refused_units: int = 0
    stored: int = 0
    """The exporter's thread writes this and the next."""
    stored_bytes: int = 0

    @property
    def messages(self) -> int:
        """How many wait."""
        return self.offered - self.stored

    @property
    def byte_count(self) -> int:
        """What they take."""
        return self.offered_bytes - self.stored_bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one stream, as a snapshot."""

    messages: int = 0
    byte_count: int = 0
    """Memory that they take."""
    refused: int = 0
    """Messages refused since the beginning."""
    refused_units: int = 0
    """What they held: rows of a sampled stream, messages of others."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What was waiting."""

    items: list[Item] = field(default_factory=list)
    losses: list[LossEntry] = field(default_factory=list)
    is_closing: bool = False


class MergedQueue:
    """Many threads put, the exporter's thread drains.

    A message is added without the lock: the threads of all streams would pass it around, thousands of times
    a second. One thread at a time offers the messages of a stream.
    """

    def __init__(self, byte_limit: int, *, waits: bool = False) -> None:
        """`waits`: who offers more than fits waits until there is room, and nothing is refused."""
        self._waits = waits
        self._byte_limit = byte_limit
        self._changed = Condition()
        self._items: deque[tuple[int, Item]] = deque()
        """Each with the moment it came, monotonic ns."""
        self._waiting: dict[str, _Waiting] = {}
        self._losses: dict[str, LossEntry] = {}
        self.full_reason = layout.QUEUE_FULL
        """What the loss account calls it when a message finds no room; any thread may change it."""
        self._produced: dict[str, int] = {}
        self._taken: int | None = None
        """When the first of those drained last came, until the next are drained; None: there was none."""
        self._is_closing = False
        self._is_shut = False
        self._is_called = False
        """Whether the exporter's thread has been told that there is a batch."""
        self._bytes = self._messages = 0
        """About what has come since the last drain: two who add at once may count as one."""

    def put(self, item: Note) -> None:
        """Add a note; never refused before the end."""
        with self._changed:
            if self._is_shut:
                return
            if isinstance(item, Produced):  # the newest says it all, and they come as long as a disk hangs
                self._produced[item.stream] = item.total
                return
            self._items.append((monotonic_ns(), item))
            if isinstance(item, Add):
                self._changed.notify()

    def offer(self, stream: str, message: EncodedMessage) -> bool:
        """Add a message unless its stream has too many bytes waiting; that refusal is tallied."""
        data = message.payload.data
        size = len(data) if isinstance(data, bytes) else data.nbytes
        waiting = self._waiting.get(stream)
        if waiting is None:
            waiting = self._waiting[stream] = _Waiting()
        offered = waiting.offered_bytes + size + MESSAGE_BYTES
        if offered - waiting.stored_bytes > self._byte_limit and not self._finds_room(
            stream, waiting, message
        ):
            return False
        if self._is_shut:
            return False  # not refused for want of room: the recording has ended, and that was told
        waiting.offered_bytes = offered
        waiting.offered += 1
        self._items.append((monotonic_ns(), Store(stream, message)))
        self._bytes += size
        self._messages += 1
        if not self._is_called and self._is_batch():
            self._call()
        return True

    def offer_all(self, stream: str, messages: list[EncodedMessage]) -> None:
        """Add messages that follow one another: as `offer` of each."""
        size = sum(message.payload.byte_count for message in messages)
        waiting = self._waiting.get(stream)
        if waiting is None:
            waiting = self._waiting[stream] = _Waiting()
        offered = waiting.offered_bytes + size + len(messages) * MESSAGE_BYTES
        if offered - waiting.stored_bytes > self._byte_limit:
            for message in messages:
                self.offer(stream, message)
            return
        if self._is_shut:
            return
        waiting.offered_bytes = offered
        waiting.offered += len(messages)
        self._items.append((monotonic_ns(), StoreAll(stream, messages, size)))
        self._bytes += size
        self._messages += len(messages)
        if not self._is_called and self._is_batch():
            self._call()

    def _call(self) -> None:
        with self._changed:
            self._is_called = True
            self._changed.notify()

    def _is_batch(self) -> bool:
        return self._bytes >= BATCH_BYTES or self._messages >= BATCH_MESSAGES

    def _finds_room(self, stream: str, waiting: _Waiting, message: EncodedMessage) -> bool:
        """Wait for it, or tally the refusal."""
        size = message.payload.byte_count + MESSAGE_BYTES
        with self._changed:
            while self._waits and waiting.messages and waiting.byte_count + size > self._byte_limit:
                if self._is_shut:
                    return False
                self._changed.notify_all()
                self._changed.wait()
            if not self._waits and not self._is_shut:
                self._refuse(stream, waiting, message)
            return self._waits

    def _refuse(self, stream: str, waiting: _Waiting, message: EncodedMessage) -> None:
        units, time = message.payload.units, message.time
        waiting.refused += 1
        waiting.refused_units += units
        known = self._losses.get(stream)
        if known is not None:
            units, first = units + known.count, known.from_time
        else:
            first = time
        self._losses[stream] = LossEntry(stream, self.full_reason, units, first, time)

    def drain(self, timeout: Duration) -> Drained:
        """What waits, as soon as it is a batch, a stream is new, it closes or `timeout` is up.

        At most some batches of it: to let go of hundreds of thousands at once would hold all threads up.
        """
        with self._changed:
            self._taken = None
            self._is_called = False
            if not (self._is_closing or self._is_batch()):
                self._changed.wait(max(0, timeout) / NS_PER_S)
            self._bytes = self._messages = 0
            came = self._oldest()
            is_closing = self._is_closing and not self._items
            counts = [Produced(stream, total) for stream, total in self._produced.items()]
            # A queue is full before anybody knows why: what is known now holds for all of them.
            losses = [replace(loss, reason=self.full_reason) for loss in self._losses.values()]
            drained = Drained([*(item for _, item in came), *counts], losses, is_closing)
            self._losses, self._produced = {}, {}
            self._taken = came[0][0] if came else None
            return drained

    def _oldest(self) -> list[tuple[int, Item]]:
        came: list[tuple[int, Item]] = []
        count = 0
        for _ in range(len(self._items)):
            if count >= MOST_AT_ONCE:
                self._messages = BATCH_MESSAGES  # more waits: no need to wait for it
                break
            came.append(self._items.popleft())
            item = came[-1][1]
            count += len(item.messages) if isinstance(item, StoreAll) else 1
        return came

    def lag(self) -> Duration:
        """For how long the oldest has been waiting that is not handed over yet; 0: nothing is."""
        since = self._taken
        if since is None:
            with suppress(IndexError):  # drained just now
                since = self._items[0][0]
        return 0 if since is None else monotonic_ns() - since

    def stored(self, items: Sequence[Store | StoreAll]) -> None:
        """Drained messages are no longer waiting."""
        for item in items:
            waiting = self._waiting[item.stream]
            if isinstance(item, StoreAll):
                waiting.stored_bytes += item.byte_count + len(item.messages) * MESSAGE_BYTES
                waiting.stored += len(item.messages)
                continue
            waiting.stored_bytes += item.message.payload.byte_count + MESSAGE_BYTES
            waiting.stored += 1
        if self._waits:
            with self._changed:
                self._changed.notify_all()

    def waiting(self) -> dict[str, Waiting]:
        """What waits, of each stream."""
        return {
            name: Waiting(waiting.messages, waiting.byte_count, waiting.refused, waiting.refused_units)
            for name, waiting in list(self._waiting.items())
        }

    def close(self) -> None:
        """No more is to come; what waits is still drained."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()

    def shut(self) -> None:
        """Take nothing any more: the recording has ended."""
        with self._changed:
            self._is_shut = True
            self._items.clear()
            self._taken = None
            self._changed.notify_all()
