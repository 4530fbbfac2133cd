"""What a stream holds in an interval, as rows to be written elsewhere; blocks are cut at the sample.

Reads only, a bounded piece at a time. Both ends are as the interval declares them (decision 2). A message
without samples belongs to the interval that holds its originating time, whatever its duration.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from studio.engine.message import Message
from studio.formats.encoding import stored_dtype
from studio.formats.payload import PayloadKind
from studio.store import layout
from studio.store.batch import Rows
from studio.store.row_times import Int64s, row_steps, times_of_rows
from studio.store.stream_reader import StreamReader
from studio.timing import NS_PER_S, TimeInterval

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

PIECE_BYTES = 8 << 20
PIECE_MESSAGES = 1 << 16


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows of one message, as a message of its own."""

    message: int
    begin: int
    end: int
    """Rows of the stream's data."""
    time: int
    """Of the last of them (decision 3)."""
    number_shift: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a stream that lies in an interval."""

    stream: StreamReader
    first: int
    last: int
    """Messages that are taken whole, from `first` to before `last`."""
    head: tuple[_Block, ...] = ()
    tail: tuple[_Block, ...] = ()

    @property
    def message_count(self) -> int:
        """How many messages it will be."""
        return len(self.head) + max(0, self.last - self.first) + len(self.tail)

    @property
    def extent(self) -> int:
        """Rows of a sampled stream, else bytes."""
        whole = 0
        if self.last > self.first:
            begin = self.stream.rows(layout.INDEX, self.first, self.first + 1)[0]
            end = self.stream.rows(layout.INDEX, self.last - 1, self.last)[0]
            whole = int(end[0] + end[1] - begin[0])
        return whole + sum(block.end - block.begin for block in (*self.head, *self.tail))

    @property
    def byte_count(self) -> int:
        """About what it takes in a file: payload and the columns of each message."""
        return self.extent * row_bytes(self.stream) + 48 * self.message_count

    def pieces(self) -> Iterator[Rows]:
        """Its messages in order; `index` still says where their data lay in the original."""
        for block in self.head:
            yield _block_rows(self.stream, block)
        start = self.first
        while start < self.last:
            piece = _whole_rows(self.stream, start, min(self.last, start + PIECE_MESSAGES))
            yield piece
            start += len(piece.times)
        for block in self.tail:
            yield _block_rows(self.stream, block)

    def samples(self) -> Iterator[tuple[Int64s, Array]]:
        """Times `(n,)` and rows `(n, channels)` of a sampled stream, a bounded piece at a time."""
        for block in (*self.head, None, *self.tail):
            if block is not None:
                begin, times = block_times(self.stream, block.message)
                rows = self.stream.rows(layout.DATA, block.begin, block.end)
                yield times[block.begin - begin : block.end - begin], rows
                continue
            start = self.first
            while start < self.last:
                times, rows, stop = _timed_rows(self.stream, start, min(self.last, start + PIECE_MESSAGES))
                yield times, rows
                start = stop

    def messages(self) -> Iterator[Message[Any]]:
        """The messages that are taken whole, decoded."""
        return self.stream.messages(self.first, self.last)


def cut(stream: StreamReader, interval: TimeInterval) -> Cut:
    """What `stream` holds in `interval`."""
    first = stream.position(interval.left, after=not interval.left_inclusive)
    last = stream.position(interval.right, after=interval.right_inclusive)
    kind = stream.description.format.kind
    if kind not in (PayloadKind.AUDIO, PayloadKind.SAMPLES):
        return Cut(stream, first, max(first, last))
    if first == last:
        return Cut(stream, first, first, head=_blocks(stream, first, interval, is_first=True))
    head = _blocks(stream, first, interval, is_first=True)
    if _is_whole(stream, first, head):
        head = ()
    tail = _blocks(stream, last, interval, is_first=False)
    return Cut(stream, first + bool(head), last, head, tail)


def row_bytes(stream: StreamReader) -> int:
    """Bytes of one row of the data."""
    described = stream.description.format
    return stored_dtype(described).itemsize * described.channels if described.kind.is_sampled else 1


def block_times(stream: StreamReader, message: int) -> tuple[int, Int64s]:
    """Where the rows of a message begin in the data, and when each was sampled."""
    index = stream.rows(layout.INDEX, message, message + 1)
    known = stream.rows(layout.TIME, max(0, message - 1), message + 1)
    previous, times = (int(known[0]), known[1:]) if message else (None, known)
    offsets, lengths = index[:, 0], index[:, 1]
    steps = row_steps(times, lengths, previous, stream.description.format.rate)
    begin = int(offsets[0])
    rows = np.arange(begin, begin + int(lengths[0]), dtype=np.int64)
    return begin, times_of_rows(rows, offsets, lengths, times, steps)


def _is_whole(stream: StreamReader, message: int, blocks: tuple[_Block, ...]) -> bool:
    if len(blocks) != 1:
        return False
    offset, length = stream.rows(layout.INDEX, message, message + 1)[0, :2].tolist()
    return (blocks[0].begin, blocks[0].end) == (offset, offset + length)


def _blocks(
    stream: StreamReader, message: int, interval: TimeInterval, *, is_first: bool
) -> tuple[_Block, ...]:
    """The rows of one message that lie inside; none if there are none."""
    if message >= stream.counts.messages:
        return ()
    offset, times = block_times(stream, message)
    begin = int(np.searchsorted(times, interval.left, "left" if interval.left_inclusive else "right"))
    end = int(np.searchsorted(times, interval.right, "right" if interval.right_inclusive else "left"))
    if begin >= end:
        return ()
    block = _Block(message, offset + begin, offset + end, int(times[end - 1]))
    if is_first and message and _would_move(stream, times[begin:end]):
        # Alone, nothing would tell any more how far apart its rows are: its first row becomes a message.
        head = _Block(message, block.begin, block.begin + 1, int(times[begin]), number_shift=-1)
        return head, _Block(message, block.begin + 1, block.end, block.time)
    return (block,)


def _would_move(stream: StreamReader, times: Int64s) -> bool:
    """Whether the rows of the first block would be placed more than half a step elsewhere (see row_times)."""
    if len(times) < 2:
        return False
    rate = stream.description.format.rate
    step = (int(times[-1]) - int(times[0])) / (len(times) - 1)
    alone = NS_PER_S / rate if rate > 0 else 1.0
    return abs(step - alone) * (len(times) - 1) > step / 2


def _whole_rows(stream: StreamReader, start: int, stop: int) -> Rows:
    index = stream.rows(layout.INDEX, start, stop)
    ends = (index[:, 0] + index[:, 1] - index[0, 0]) * row_bytes(stream)
    count = max(1, int(np.searchsorted(ends, PIECE_BYTES, "right")))
    index, stop = index[:count], start + min(count, len(index))
    return Rows(
        times=stream.rows(layout.TIME, start, stop),
        creation_times=stream.rows(layout.CREATION_TIME, start, stop),
        sequence_ids=stream.rows(layout.SEQUENCE_ID, start, stop),
        index=index,
        data=stream.rows(layout.DATA, int(index[0, 0]), int(index[-1, 0] + index[-1, 1])),
    )


def _timed_rows(stream: StreamReader, start: int, stop: int) -> tuple[Int64s, Array, int]:
    """Samples of messages `start` to at most `stop`, and where they end."""
    rows = _whole_rows(stream, start, stop)
    count = len(rows.times)
    previous = int(stream.rows(layout.TIME, start - 1, start)[0]) if start else None
    offsets, lengths = rows.index[:, 0], rows.index[:, 1]
    steps = row_steps(rows.times, lengths, previous, stream.description.format.rate)
    numbers = np.arange(int(offsets[0]), int(offsets[-1] + lengths[-1]), dtype=np.int64)
    return times_of_rows(numbers, offsets, lengths, rows.times, steps), rows.data, start + count


def _block_rows(stream: StreamReader, block: _Block) -> Rows:
    number = block.message
    index = stream.rows(layout.INDEX, number, number + 1)
    index[0, 0], index[0, 1] = block.begin, block.end - block.begin
    return Rows(
        times=np.array([block.time], np.int64),
        creation_times=stream.rows(layout.CREATION_TIME, number, number + 1),
        sequence_ids=stream.rows(layout.SEQUENCE_ID, number, number + 1) + block.number_shift,
        index=index,
        data=stream.rows(layout.DATA, block.begin, block.end),
    )
