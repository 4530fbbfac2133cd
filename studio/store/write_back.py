"""Has what was written brought to the disk while more is being written.

A hint to the operating system, given on a thread of its own because a slow disk lets it wait. It promises
nothing and changes nothing: the writer's own `fdatasync` (decision 25) comes after it, finds little left to
do, and is the one that tells when the disk fails.
"""

import contextlib
import os
from functools import partial
from pathlib import Path

from studio.store.beside import Beside, Piece

STEP_BYTES = 8 << 20
"""What the file must have grown by: less costs more hints than it saves, far more lets the disk idle."""
HUNG_AFTER_S = 1.0
"""A disk that does not even take a hint is not waited for by who has given it up."""


class WriteBack:
    """Of one growing file; used by the thread that writes it. Nothing begins before `advance`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = Beside("store-write-back")
        self._piece: Piece[None] | None = None
        self.begun_bytes = 0
        """So much from the beginning of the file was asked for."""

    def advance(self) -> None:
        """Ask for what the file has grown by, if that is much; while an earlier hint lasts, for nothing.

        Raises OSError when the file has gone.
        """
        if not hasattr(os, "posix_fadvise") or (self._piece is not None and not self._piece.is_done):
            return
        begin, end = self.begun_bytes, os.stat(self._path).st_size
        if end - begin >= STEP_BYTES:
            self._piece = self._beside.begin(partial(_begin_writing, self._path, begin, end - begin))
            self.begun_bytes = end

    def close(self) -> None:
        """Wait for the hint that was given last. Idempotent."""
        self._beside.close()

    def abandon(self) -> None:
        """The same, but a disk that hangs is left to itself."""
        self._beside.close(timeout_s=HUNG_AFTER_S)


def _begin_writing(path: Path, begin: int, length: int) -> None:
    """Linux starts to write what it is told will not be needed, and forgets only what is on the disk already:
    of what was written just now nearly nothing (1 % was measured)."""
    with contextlib.suppress(OSError):  # what is wrong with the disk, the writer's own call tells
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, begin, length, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
