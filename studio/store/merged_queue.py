"""What waits for the exporter's thread: messages and notes of all streams, in the order of their arrival.

Bounded by bytes per stream; a message beyond that is refused, and the refusal is tallied for the loss account
(decision 11). However long a disk hangs, what waits does not grow beyond that, and everybody can see how much
waits, since when, and what was refused. Holds no lock while anybody else's code runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Condition

from studio.formats.recording import LossEntry
from studio.store import layout
from studio.store.batch import BATCH_BYTES, BATCH_MESSAGES, EncodedMessage
from studio.store.layout import NewStream
from studio.timing import NS_PER_S, Duration, Timestamp, monotonic_ns
from studio.timing.sync_status import ClockLog

MESSAGE_BYTES = 400
"""What a message takes in memory besides its payload (320 to 420 measured): for numbers nearly all."""


@dataclass(frozen=True, slots=True)
class Add:
    """A stream to be created."""

    stream: NewStream


@dataclass(frozen=True, slots=True)
class Store:
    """A message to be stored."""

    stream: str
    message: EncodedMessage


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
Item = Store | Note


@dataclass(slots=True)
class _Waiting:
    """Of one stream."""

    messages: int = 0
    byte_count: int = 0
    refused: int = 0
    refused_units: int = 0


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
    """Many threads put, the exporter's thread drains."""

    def __init__(self, byte_limit: int, *, waits: bool = False) -> None:
        """`waits`: who offers more than fits waits until there is room, and nothing is refused."""
        self._waits = waits
        self._byte_limit = byte_limit
        self._changed = Condition()
        self._items: list[Item] = []
        self._waiting: dict[str, _Waiting] = {}
        self._losses: dict[str, LossEntry] = {}
        self._produced: dict[str, int] = {}
        self._oldest: int | None = None
        """Monotonic ns at which the first of the messages that wait came; None: none waits."""
        self._taken: int | None = None
        """The same of those drained last, until the next are drained."""
        self._is_closing = False
        self._is_shut = False
        self._bytes = 0

    def put(self, item: Item) -> None:
        """Add a note; never refused before the end."""
        with self._changed:
            if self._is_shut:
                return
            if isinstance(item, Produced):  # the newest says it all, and they come as long as a disk hangs
                self._produced[item.stream] = item.total
                return
            self._items.append(item)
            if isinstance(item, Add):
                self._changed.notify()

    def offer(self, stream: str, message: EncodedMessage) -> bool:
        """Add a message unless its stream has too many bytes waiting; that refusal is tallied."""
        size = message.payload.byte_count + MESSAGE_BYTES
        with self._changed:
            if self._is_shut:
                return False  # not refused for want of room: the recording has ended, and that was told
            waiting = self._waiting.get(stream)
            if waiting is None:
                waiting = self._waiting[stream] = _Waiting()
            while self._waits and waiting.messages and waiting.byte_count + size > self._byte_limit:
                self._changed.notify_all()
                self._changed.wait()
                if self._is_shut:
                    return False
            if waiting.byte_count + size > self._byte_limit and not self._waits:
                self._refuse(stream, waiting, message)
                return False
            self._items.append(Store(stream, message))
            if self._oldest is None:
                self._oldest = monotonic_ns()
            waiting.messages += 1
            waiting.byte_count += size
            self._bytes += message.payload.byte_count
            if len(self._items) % BATCH_MESSAGES == 0 or self._bytes >= BATCH_BYTES:
                self._changed.notify()
            return True

    def _refuse(self, stream: str, waiting: _Waiting, message: EncodedMessage) -> None:
        units, time = message.payload.units, message.time
        waiting.refused += 1
        waiting.refused_units += units
        known = self._losses.get(stream)
        if known is not None:
            units, first = units + known.count, known.from_time
        else:
            first = time
        self._losses[stream] = LossEntry(stream, layout.QUEUE_FULL, units, first, time)

    def drain(self, timeout: Duration) -> Drained:
        """Everything that waits, as soon as it is a batch, a stream is new, it closes or `timeout` is up."""
        with self._changed:
            self._taken = None
            if not (self._is_closing or self._bytes >= BATCH_BYTES or len(self._items) >= BATCH_MESSAGES):
                self._changed.wait(max(0, timeout) / NS_PER_S)
            counts = [Produced(stream, total) for stream, total in self._produced.items()]
            drained = Drained([*self._items, *counts], list(self._losses.values()), self._is_closing)
            self._items, self._losses, self._produced, self._bytes = [], {}, {}, 0
            self._taken, self._oldest = self._oldest, None
            return drained

    def lag(self) -> Duration:
        """For how long the oldest message has been waiting that is not handed over yet; 0: none is."""
        with self._changed:
            since = self._taken if self._taken is not None else self._oldest
        return 0 if since is None else monotonic_ns() - since

    def stored(self, items: Sequence[Store]) -> None:
        """Drained messages are no longer waiting."""
        with self._changed:
            for item in items:
                waiting = self._waiting[item.stream]
                waiting.messages -= 1
                waiting.byte_count -= item.message.payload.byte_count + MESSAGE_BYTES
            if self._waits:
                self._changed.notify_all()

    def waiting(self) -> dict[str, Waiting]:
        """What waits, of each stream."""
        with self._changed:
            return {
                name: Waiting(waiting.messages, waiting.byte_count, waiting.refused, waiting.refused_units)
                for name, waiting in self._waiting.items()
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
            self._items = []
            self._oldest = self._taken = None
            self._changed.notify_all()
