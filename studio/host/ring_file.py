"""Memory that one process writes and others read: a file on tmpfs, reserved in full and mapped (decision 20).

Owns the mapping of one file. Knows nothing of samples or pictures. A file is never resized: a new size is a
new file. The first 64 bytes are the header; all numbers in a ring are native, as it never leaves the machine.
"""

import contextlib
import mmap
import os
import struct
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.errors import LiveViewError

HEADER_BYTES = 64
_HEADER = struct.Struct("=8sQ")
"""Magic of the ring's kind, size of the file in bytes."""


class RingFile:
    """One mapped file and the arrays that lie in it."""

    def __init__(self, path: Path, memory: mmap.mmap, *, owned: bool) -> None:
        self.path = path
        self._memory = memory
        self._owned = owned
        self.is_closed = False
        self._position = HEADER_BYTES
        self._fence = threading.Lock()

    @classmethod
    def create(cls, path: Path, magic: bytes, body_bytes: int) -> "RingFile | None":
        """A new file for `body_bytes` bytes behind the header; None if the memory for it is not there.

        Nobody finds it at `path` before `publish`.
        """
        size = HEADER_BYTES + body_bytes
        try:
            memory = _reserve(_unpublished(path), size)
        except OSError:
            return None
        memory[: _HEADER.size] = _HEADER.pack(magic, size)
        return cls(path, memory, owned=True)

    @classmethod
    def open(cls, path: Path, magic: bytes) -> "RingFile":
        """Map an existing file for reading; raises LiveViewError if it is not there or of another kind."""
        try:
            memory = _map_for_reading(path)
        except (OSError, ValueError) as error:
            raise LiveViewError(
                f"the live view {path.name} is not there; its stream may have ended"
            ) from error
        if len(memory) >= HEADER_BYTES and _HEADER.unpack_from(memory) == (magic, len(memory)):
            return cls(path, memory, owned=False)
        memory.close()
        raise LiveViewError(f"{path.name} is not a live view of the expected kind")

    def publish(self) -> None:
        """Let readers find it: what they need to know of its layout has been written. Raises OSError."""
        _unpublished(self.path).replace(self.path)

    def array(self, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """The next array of the file, aligned to 64 bytes; raises LiveViewError past the end."""
        count = int(np.prod(shape, dtype=np.int64))
        needed = array_bytes(dtype, shape)
        if self._position + needed > len(self._memory):
            raise LiveViewError(f"the live view {self.path.name} is shorter than it says")
        made = np.frombuffer(self._memory, dtype=dtype, count=count, offset=self._position).reshape(shape)
        self._position += needed
        return made

    def fence(self) -> None:
        """Order what was written before against what is written after, also on processors that reorder."""
        with self._fence:
            pass
        with self._fence:
            pass

    def close(self) -> None:
        """Unmap as soon as the last array is gone; the writer's side also removes the file. Idempotent."""
        if self.is_closed:
            return
        self.is_closed = True
        with contextlib.suppress(BufferError):  # somebody still looks at an array; it keeps the mapping
            self._memory.close()
        if self._owned:
            _unpublished(self.path).unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)


def _unpublished(path: Path) -> Path:
    return path.with_suffix(".new")


def array_bytes(dtype: str, shape: tuple[int, ...]) -> int:
    """Bytes that `RingFile.array` takes for an array, padding included."""
    payload = np.dtype(dtype).itemsize * int(np.prod(shape, dtype=np.int64))
    return (payload + 63) // 64 * 64


if sys.platform == "win32":  # pragma: no cover

    def _reserve(path: Path, size: int) -> mmap.mmap:
        path.write_bytes(str(size).encode())  # tells readers that it exists, and how large it is
        return mmap.mmap(-1, size, tagname=_tag(path))

    def _map_for_reading(path: Path) -> mmap.mmap:
        return mmap.mmap(-1, int(path.read_bytes()), tagname=_tag(path))

    def _tag(path: Path) -> str:
        return "Local\\studio-" + str(path.with_suffix("")).replace("\\", "/")

else:

    def _reserve(path: Path, size: int) -> mmap.mmap:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            # A sparse file on a full tmpfs would kill the writer with SIGBUS in the middle of a recording.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:
                _fill(descriptor, size)
            return mmap.mmap(descriptor, size)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def _fill(descriptor: int, size: int) -> None:
        """macOS has no posix_fallocate: write zeros."""
        while size > 0:
            size -= os.write(descriptor, bytes(min(size, 1 << 20)))

    def _map_for_reading(path: Path) -> mmap.mmap:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(descriptor)
