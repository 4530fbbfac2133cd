"""Memory in which the samples of one batch after the other are joined: the kernel clears what is new."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

ROOM_BYTES = 4 << 20
"""Twice what makes a batch full. Only what is used of it is ever taken from the machine."""
LEAST_BYTES = 256 << 10
"""Below that an allocator keeps memory at hand itself."""


class JoinRoom:
    """Shared by the streams of a recording, whose batches are written one after the other."""

    def __init__(self) -> None:
        self._room: Array = np.empty(0, np.uint8)

    def joined(self, parts: Sequence[Any]) -> Array:
        """Bytes, or arrays of rows of one type, one behind the other.

        Whoever wants to keep what is returned beyond the next call copies it.
        """
        if isinstance(parts[0], bytes):  # in this memory, they would take as long (tried)
            return np.frombuffer(b"".join(parts), np.uint8)
        if len(parts) == 1:
            return np.asarray(parts[0])
        byte_count = sum(part.nbytes for part in parts)
        if not LEAST_BYTES <= byte_count <= ROOM_BYTES:
            return np.concatenate(parts)
        if not len(self._room):
            self._room = np.empty(ROOM_BYTES, np.uint8)
        rows = self._room[:byte_count].view(parts[0].dtype).reshape(-1, *parts[0].shape[1:])
        return np.concatenate(parts, out=rows)
