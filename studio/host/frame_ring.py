"""The newest pictures of a stream in shared memory: at least four slots with a number before and after.

The writer marks a slot before it touches it and confirms it afterwards; a reader that copied a picture
looks whether both still agree, so it never shows a torn one (decision 20).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.host.ring_age import age_s_of
from studio.host.ring_file import RingFile, array_bytes
from studio.timing import Timestamp, monotonic_ns

MAGIC = b"STFRAM02"
SLOTS = 4
PIXELS = ("uint8", "uint16", "float32")
"""What pixels can be: three colours, or one measured value."""
_NEWEST, _MONOTONIC = 0, 1
_BEGUN, _ENDED, _TIME = 0, 1, 2
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One picture, copied out of the ring."""

    number: int
    """Counts up from 1 with every picture put in."""
    image: npt.NDArray[Any]
    """(height, width, 3) uint8 BGR; or measured values, (height, width) uint16 or float32."""
    originating_time: Timestamp


class _FrameArrays:
    """Where things lie in the file."""

    def __init__(self, file: RingFile, size: tuple[int, int, str] | None) -> None:
        shape = file.array("int64", (3,))
        if size is not None:
            shape[:] = *size[:2], PIXELS.index(size[2])
        self.height, self.width, self.dtype = int(shape[0]), int(shape[1]), PIXELS[int(shape[2])]
        self.cells: npt.NDArray[Any] = file.array("int64", (2,))
        self.slots: npt.NDArray[Any] = file.array("int64", (SLOTS, 3))
        self.pixels: npt.NDArray[Any] = file.array(*_pixels(self.height, self.width, self.dtype))


def _pixels(height: int, width: int, dtype: str) -> tuple[str, tuple[int, ...]]:
    """Type and shape of all pictures."""
    return dtype, (SLOTS, height, width, 3) if dtype == "uint8" else (SLOTS, height, width)


class FrameRingWriter:
    """The writing side; belongs to one thread at a time."""

    def __init__(self, file: RingFile, height: int, width: int, dtype: str) -> None:
        self._file = file
        self._arrays = _FrameArrays(file, (height, width, dtype))
        file.publish()

    @classmethod
    def create(cls, path: Path, *, width: int, height: int, dtype: str = "uint8") -> "FrameRingWriter | None":
        """A new ring for pictures of exactly this size, `dtype` one of PIXELS; None: there is no memory."""
        pixels = _pixels(height, width, dtype)
        parts = (("int64", (3,)), ("int64", (2,)), ("int64", (SLOTS, 3)), pixels)
        file = RingFile.create(path, MAGIC, sum(array_bytes(dtype, shape) for dtype, shape in parts))
        return None if file is None else cls(file, height, width, dtype)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._arrays.width, self._arrays.height

    @property
    def dtype(self) -> str:
        """Of the pixels."""
        return self._arrays.dtype

    def write(self, image: npt.NDArray[Any], originating_time: Timestamp) -> None:
        """Put in `(height, width, 3)` BGR or `(height, width)` of the ring's size and type."""
        arrays = self._arrays
        number = int(arrays.cells[_NEWEST]) + 1
        slot = number % SLOTS
        arrays.slots[slot, _BEGUN] = number
        self._file.fence()
        arrays.pixels[slot] = image if image.ndim == arrays.pixels.ndim - 1 else image[:, :, np.newaxis]
        arrays.slots[slot, _TIME] = originating_time
        self._file.fence()
        arrays.slots[slot, _ENDED] = number
        arrays.cells[_MONOTONIC] = monotonic_ns()
        arrays.cells[_NEWEST] = number

    def close(self) -> None:
        """Unmap and remove the file. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()


class FrameRingReader:
    """The reading side; used by one thread."""

    def __init__(self, path: str | Path) -> None:
        """Map the ring; raises LiveViewError if it is not there."""
        self._file = RingFile.open(Path(path), MAGIC)
        self._arrays = _FrameArrays(self._file, None)
        self.torn = 0
        """Pictures thrown away because the writer overtook the copying."""

    @property
    def age_s(self) -> float:
        """Seconds since the last picture by the monotonic clock; infinite before the first."""
        return age_s_of(int(self._arrays.cells[_MONOTONIC]))

    def newest(self, after_number: int = 0, *, into: npt.NDArray[Any] | None = None) -> LiveFrame | None:
        """The newest picture, if it is newer than number `after_number`.

        `into`: the `image` of an earlier frame that nobody looks at any more; it is overwritten, which costs
        a tenth of what new memory for a picture costs.
        """
        for _ in range(ATTEMPTS):
            number = int(self._arrays.cells[_NEWEST])
            if number <= after_number:
                return None
            frame = self._copy(number, into)
            if frame is not None:
                return frame
            self.torn += 1
        return None

    def close(self) -> None:
        """Unmap. Idempotent."""
        if not self._file.is_closed:
            del self._arrays
            self._file.close()

    def _copy(self, number: int, into: npt.NDArray[Any] | None) -> LiveFrame | None:
        """The picture of that number, or None if the writer took its slot meanwhile."""
        arrays, slot = self._arrays, number % SLOTS
        if int(arrays.slots[slot, _ENDED]) != number:
            return None
        self._file.fence()
        pixels: npt.NDArray[Any] = arrays.pixels[slot]
        fits = into is not None and (into.shape, into.dtype) == (pixels.shape, pixels.dtype)
        image = into if into is not None and fits else np.empty_like(pixels)
        np.copyto(image, pixels)
        time = int(arrays.slots[slot, _TIME])
        self._file.fence()
        return LiveFrame(number, image, time) if int(arrays.slots[slot, _BEGUN]) == number else None
