"""Finds out how fast a disk takes what a recording would write. Leaves nothing there, whatever happens."""

import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from studio.store.free_space import reserve
from studio.timing import NS_PER_S, Duration, monotonic_ns

PART = 1 << 20
MOST_BYTES = 64 * PART
LONGEST: Duration = 2 * NS_PER_S
"""Long enough to get past what memory takes; a fast disk is done sooner."""


@dataclass(frozen=True, slots=True)
class DiskTrial:
    """What came of writing to a disk."""

    written: int = 0
    """Bytes that are on the disk: each part was waited for."""
    elapsed_ns: Duration = 0
    slowest_ns: Duration = 0
    """The longest wait for a part."""

    @property
    def bytes_per_second(self) -> float:
        """0.0 where nothing was written."""
        return self.written * NS_PER_S / self.elapsed_ns if self.elapsed_ns > 0 else 0.0


def try_disk(folder: Path, free: int, total: int, cancelled: threading.Event) -> DiskTrial:
    """Write into `folder` what fits above the reserve of a volume of that size, part by part to the disk.

    The file has no name where the system has that, else none but for the moment of its making, so that even
    the death of the process leaves nothing. Returns early when `cancelled`. Raises OSError for what the disk
    does not take; then, too, nothing is left.
    """
    room = max(0, free - reserve(total, PART))
    parts = min(MOST_BYTES, room) // PART
    block = os.urandom(PART)  # a disk that compresses shall have no advantage
    trial = DiskTrial()
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(parts):
            if cancelled.is_set() or trial.elapsed_ns > LONGEST:
                break
            trial = _with_part(trial, file.fileno(), block)
    return trial


def _with_part(trial: DiskTrial, descriptor: int, block: bytes) -> DiskTrial:
    began = monotonic_ns()
    left = memoryview(block)
    while left:
        left = left[os.write(descriptor, left) :]
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)
    took = monotonic_ns() - began
    return DiskTrial(trial.written + PART, trial.elapsed_ns + took, max(trial.slowest_ns, took))
