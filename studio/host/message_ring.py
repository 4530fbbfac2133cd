"""The newest messages of a JSON stream in shared memory, whole, as the text that they are written with.

Who only lists them reads their first bytes; who draws what is inside parses those it has not seen yet. The
memory is one arena that is written round and round: a message lies in one piece, and where it does not fit
before the end, the rest of the arena is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.host.ring_age import age_s_of
from studio.host.ring_file import RingFile, array_bytes
from studio.host.text_ring import TEXT_BYTES, LiveText, cut
from studio.timing import Timestamp, monotonic_ns

MAGIC = b"STMESS01"
SLOTS = 4096
ARENA_BYTES = 1 << 20
LARGEST = ARENA_BYTES // 4
"""Bytes of a message; of a larger one only the first bytes are kept, and nothing inside it can be drawn."""
_WRITTEN, _MONOTONIC, _ARENA = 0, 1, 2
_BEGUN, _ENDED, _TIME, _PLACE, _LENGTH, _IS_WHOLE = range(6)
_PARTS = (("int64", (3,)), ("int64", (SLOTS, 6)), ("uint8", (ARENA_BYTES,)))


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """One message."""

    number: int
    """In its stream, from 1."""
    time: Timestamp
    data: bytes
    """JSON in UTF-8."""
    is_whole: bool
    """Whether it was small enough to be kept."""


class _MessageArrays:
    """Where things lie in the file."""

    def __init__(self, file: RingFile) -> None:
        arrays: list[npt.NDArray[Any]] = [file.array(dtype, shape) for dtype, shape in _PARTS]
        self.cells, self.slots, self.arena = arrays


class MessageRingWriter:
    """The writing side; belongs to one thread at a time."""

    def __init__(self, file: RingFile) -> None:
        self._file = file
        self._arrays = _MessageArrays(file)
        file.publish()

    @classmethod
    def create(cls, path: Path) -> "MessageRingWriter | None":
        """A new ring; None if there is no memory for it."""
        file = RingFile.create(path, MAGIC, sum(array_bytes(dtype, shape) for dtype, shape in _PARTS))
        return None if file is None else cls(file)

    def write(self, text: str, time: Timestamp) -> None:
        """Append a message; of one that is too large its beginning, which says that it is not whole."""
        data = text.encode("utf-8", "replace")
        is_whole = len(data) <= LARGEST
        if not is_whole:
            data = cut(data, TEXT_BYTES)
        arrays = self._arrays
        number = int(arrays.cells[_WRITTEN]) + 1
        slot, place = number % SLOTS, _place_for(int(arrays.cells[_ARENA]), len(data))
        arrays.slots[slot, _BEGUN] = number
        arrays.cells[_ARENA] = place + len(data)
        self._file.fence()
        arrays.slots[slot, _TIME:] = (time, place, len(data), is_whole)
        begin = place % ARENA_BYTES
        arrays.arena[begin : begin + len(data)] = np.frombuffer(data, np.uint8)
        self._file.fence()
        arrays.slots[slot, _ENDED] = number
        arrays.cells[_MONOTONIC] = monotonic_ns()
        arrays.cells[_WRITTEN] = number

    def close(self) -> None:
        """Unmap and remove the file. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()


class MessageRingReader:
    """The reading side; used by one thread."""

    def __init__(self, path: str | Path) -> None:
        """Map the ring; raises LiveViewError if it is not there."""
        self._file = RingFile.open(Path(path), MAGIC)
        self._arrays = _MessageArrays(self._file)

    @property
    def age_s(self) -> float:
        """Seconds since the last message by the monotonic clock; infinite before the first."""
        return age_s_of(int(self._arrays.cells[_MONOTONIC]))

    @property
    def total(self) -> int:
        """How many messages there have been since the ring began."""
        return int(self._arrays.cells[_WRITTEN])

    def newest(self, limit: int) -> tuple[LiveText, ...]:
        """The beginnings of at most `limit` messages, the newest last."""
        found = self.since(self.total - limit, most_bytes=TEXT_BYTES)
        return tuple(
            LiveText(each.time, cut(each.data, TEXT_BYTES).decode("utf-8", "replace")) for each in found
        )

    def since(self, number: int, *, most_bytes: int = LARGEST) -> Iterator[LiveMessage]:
        """What came behind the message of this number, as far as it is still there, in order.

        `most_bytes`: no more is copied of any. What is being overwritten is left out.
        """
        written = self.total
        for one in range(max(number, written - (SLOTS - 1), 0) + 1, written + 1):
            message = self._copy(one, most_bytes)
            if message is not None:
                yield message

    def at(self, time: Timestamp, *, most: int) -> LiveMessage | None:
        """The newest message at or before `time` among the `most` newest; only that one is copied."""
        written = self.total
        for number in range(written, max(0, written - min(most, SLOTS - 1)), -1):
            slot = self._arrays.slots[number % SLOTS]
            if int(slot[_ENDED]) == number and int(slot[_TIME]) <= time:
                return self._copy(number, LARGEST)
        return None

    def close(self) -> None:
        """Unmap. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()

    def _copy(self, number: int, most_bytes: int) -> LiveMessage | None:
        arrays, slot = self._arrays, number % SLOTS
        if int(arrays.slots[slot, _ENDED]) != number:
            return None
        self._file.fence()
        time, place, length, is_whole = (int(n) for n in arrays.slots[slot, _TIME:])
        begin, wanted = place % ARENA_BYTES, max(0, min(length, most_bytes))
        data = arrays.arena[begin : begin + wanted].tobytes()
        self._file.fence()
        overtaken = int(arrays.cells[_ARENA]) - ARENA_BYTES > place
        if int(arrays.slots[slot, _BEGUN]) != number or overtaken:
            return None
        return LiveMessage(number, time, data, bool(is_whole) and wanted == length)


def _place_for(end: int, length: int) -> int:
    """Where a message begins in an arena without an end: at `end`, or where the next round begins."""
    room = ARENA_BYTES - end % ARENA_BYTES
    return end if length <= room else end + room
