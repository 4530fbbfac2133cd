"""The newest texts and events of a stream in shared memory."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.host.ring_age import age_s_of
from studio.host.ring_file import RingFile, array_bytes
from studio.timing import Timestamp, monotonic_ns

MAGIC = b"STTEXT01"
SLOTS = 512
TEXT_BYTES = 256
_WRITTEN, _MONOTONIC = 0, 1
FIELDS = 5
_BEGUN, _ENDED, _TIME, _DURATION, _LENGTH = range(FIELDS)
_PARTS = (("int64", (2,)), ("int64", (SLOTS, FIELDS)), (f"S{TEXT_BYTES}", (SLOTS,)))


@dataclass(frozen=True, slots=True)
class LiveText:
    """One text or event."""

    time: Timestamp
    text: str
    """Cut after 256 bytes."""
    duration_ns: int = 0


class _TextArrays:
    """Where things lie in the file."""

    def __init__(self, file: RingFile) -> None:
        arrays: list[npt.NDArray[Any]] = [file.array(dtype, shape) for dtype, shape in _PARTS]
        self.cells, self.slots, self.texts = arrays


class TextRingWriter:
    """The writing side; belongs to one thread at a time."""

    def __init__(self, file: RingFile) -> None:
        self._file = file
        self._arrays = _TextArrays(file)
        # Single numbers go through a memory view in a fraction of the time that an array takes for them.
        self._cells = self._arrays.cells.data
        self._numbers = self._arrays.slots.reshape(-1).data
        self._memory = self._arrays.texts.view(np.uint8).data
        file.publish()

    @classmethod
    def create(cls, path: Path) -> "TextRingWriter | None":
        """A new ring; None if there is no memory for it."""
        file = RingFile.create(path, MAGIC, sum(array_bytes(dtype, shape) for dtype, shape in _PARTS))
        return None if file is None else cls(file)

    @property
    def path(self) -> Path:
        """Where readers find it."""
        return self._file.path

    def write(self, text: str, time: Timestamp, duration_ns: int = 0) -> None:
        """Append a text; what is longer than the slot is cut between two characters."""
        self.write_all([(text, time, duration_ns)])

    def write_all(self, texts: Sequence[tuple[str, Timestamp, int]]) -> None:
        """Append texts with their times and durations, in their order: as `write` of each."""
        if not texts:
            return
        cells, numbers, memory, kept = self._cells, self._numbers, self._memory, texts[1 - SLOTS :]
        written = cells[_WRITTEN] + len(texts)
        first = written - len(kept) + 1
        data = [cut(text.encode("utf-8", "replace"), TEXT_BYTES) for text, _, _ in kept]
        for number in range(first, written + 1):
            numbers[number % SLOTS * FIELDS + _BEGUN] = number
        self._file.fence()
        for number, one, (_, time, duration_ns) in zip(itertools.count(first), data, kept, strict=False):
            slot, length = number % SLOTS, len(one)
            row, begin = slot * FIELDS, slot * TEXT_BYTES
            numbers[row + _TIME], numbers[row + _DURATION] = time, duration_ns
            numbers[row + _LENGTH] = length
            memory[begin : begin + length] = one
        self._file.fence()
        for number in range(first, written + 1):
            numbers[number % SLOTS * FIELDS + _ENDED] = number
        cells[_MONOTONIC] = monotonic_ns()
        cells[_WRITTEN] = written

    def close(self) -> None:
        """Unmap and remove the file. Idempotent."""
        if not self._file.is_closed:
            del self._arrays, self._cells, self._numbers, self._memory
            self._file.close()


class TextRingReader:
    """The reading side; used by one thread."""

    def __init__(self, path: str | Path) -> None:
        """Map the ring; raises LiveViewError if it is not there."""
        self._file = RingFile.open(Path(path), MAGIC)
        self._arrays = _TextArrays(self._file)

    @property
    def age_s(self) -> float:
        """Seconds since the last text by the monotonic clock; infinite before the first."""
        return age_s_of(int(self._arrays.cells[_MONOTONIC]))

    @property
    def total(self) -> int:
        """How many texts there have been since the ring began."""
        return int(self._arrays.cells[_WRITTEN])

    def newest(self, limit: int) -> tuple[LiveText, ...]:
        """At most `limit` texts, the newest last; those being overwritten are left out."""
        written = self.total
        first = max(0, written - min(limit, SLOTS - 1)) + 1
        return tuple(self._copied(np.arange(first, written + 1)))

    def close(self) -> None:
        """Unmap. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()

    def _copied(self, numbers: npt.NDArray[np.int64]) -> Iterator[LiveText]:
        """All of them at once: there may be hundreds between two looks."""
        arrays, slots = self._arrays, numbers % SLOTS
        ended = arrays.slots[slots, _ENDED] == numbers
        self._file.fence()
        rows, texts = arrays.slots[slots, _TIME:].tolist(), arrays.texts[slots].tolist()
        self._file.fence()
        is_sound = ended & (arrays.slots[slots, _BEGUN] == numbers)
        for (time, duration_ns, length), data, sound in zip(rows, texts, is_sound.tolist(), strict=True):
            if sound:
                whole = data[:length].ljust(length, b"\0")  # numpy takes zeros at the end away
                yield LiveText(time, whole.decode("utf-8", "replace"), duration_ns)


def cut(data: bytes, most: int) -> bytes:
    """At most so many bytes of a text in UTF-8, cut between two characters."""
    return data if len(data) <= most else data[:most].decode("utf-8", "ignore").encode("utf-8")
