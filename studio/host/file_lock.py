"""A lock that at most one process holds, given back by the system however that process ends (decision 18)."""

import os
import sys
from pathlib import Path

from studio.errors import RoleError

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A lock that is held until `release`. The file stays, as removing it would let two hold it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def try_take(cls, path: Path) -> "FileLock | None":
        """Take the lock at once; None if another process holds it. Raises RoleError if it is out of reach."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RoleError(f"The lock {path} cannot be opened: {error.strerror or error}.") from error
        try:
            _take(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        """Let others take it. Idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
