"""The newest texts and events of a stream in shared memory."""

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
_BEGUN, _ENDED, _TIME, _DURATION, _LENGTH = range(5)
_PARTS = (("int64", (2,)), ("int64", (SLOTS, 5)), ("uint8", (SLOTS, TEXT_BYTES)))


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
        file.publish()

    @classmethod
    def create(cls, path: Path) -> "TextRingWriter | None":
        """A new ring; None if there is no memory for it."""
        file = RingFile.create(path, MAGIC, sum(array_bytes(dtype, shape) for dtype, shape in _PARTS))
        return None if file is None else cls(file)

    def write(self, text: str, time: Timestamp, duration_ns: int = 0) -> None:
        """Append a text; what is longer than the slot is cut between two characters."""
        arrays = self._arrays
        number = int(arrays.cells[_WRITTEN]) + 1
        slot, data = number % SLOTS, cut(text.encode("utf-8", "replace"), TEXT_BYTES)
        arrays.slots[slot, _BEGUN] = number
        self._file.fence()
        arrays.slots[slot, _TIME:] = (time, duration_ns, len(data))
        arrays.texts[slot, : len(data)] = np.frombuffer(data, np.uint8)
        self._file.fence()
        arrays.slots[slot, _ENDED] = number
        arrays.cells[_MONOTONIC] = monotonic_ns()
        arrays.cells[_WRITTEN] = number

    def close(self) -> None:
        """Unmap and remove the file. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
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
        found = (self._copy(number) for number in range(first, written + 1))
        return tuple(text for text in found if text is not None)

    def close(self) -> None:
        """Unmap. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()

    def _copy(self, number: int) -> LiveText | None:
        arrays, slot = self._arrays, number % SLOTS
        if int(arrays.slots[slot, _ENDED]) != number:
            return None
        self._file.fence()
        time, duration_ns, length = (int(n) for n in arrays.slots[slot, _TIME:])
        data = arrays.texts[slot, : max(0, min(length, TEXT_BYTES))].tobytes()
        self._file.fence()
        if int(arrays.slots[slot, _BEGUN]) != number:
            return None
        return LiveText(time, data.decode("utf-8", "replace"), duration_ns)


def cut(data: bytes, most: int) -> bytes:
    """At most so many bytes of a text in UTF-8, cut between two characters."""
    return data if len(data) <= most else data[:most].decode("utf-8", "ignore").encode("utf-8")
