"""The side-car `NAME.h5.lock`: who holds its lock writes the recording; its number says when to reopen.

The lock dies with its process, so a recording whose side-car can be locked has no living recorder. The
number in it grows whenever the writer had to reopen the file for a new stream (decision 22).
"""

import contextlib
import os
import platform
import sys
from pathlib import Path

from studio.errors import StoreEnvironmentError

_WIDTH = 20
_LOCK_AT = 1 << 30
"""Windows locks bytes for everybody, so the lock lies far behind the number that readers read."""

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int, *, shared: bool) -> bool:
        os.lseek(descriptor, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def sidecar_path(recording: Path) -> Path:
    """`NAME.h5.lock`."""
    return recording.with_name(recording.name + ".lock")


class SideCar:
    """The held lock of one recording. `release` it; the operating system does when the process dies."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, recording: Path) -> "SideCar | None":
        """Take the lock; None when another writer has it. Raises StoreEnvironmentError if impossible."""
        path = sidecar_path(recording)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise StoreEnvironmentError(f"cannot write {path}: {error.strerror}; check the folder") from error
        if _try_lock(descriptor, shared=False) and _is_same_file(descriptor, path):
            _write_machine(descriptor)
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def bump_generation(self) -> None:
        """Tell readers to reopen."""
        if self._descriptor is not None:
            number = str(read_generation_of(self._path) + 1).zfill(_WIDTH)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, number.encode())

    def release(self) -> None:
        """Remove the side-car and give the lock back; idempotent."""
        if self._descriptor is None:
            return
        if sys.platform != "win32":
            self._remove()  # before unlocking, so that nobody locks a file without name
        os.close(self._descriptor)
        self._descriptor = None
        if sys.platform == "win32":
            self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):  # of a disk that has become read-only; a free lock means nothing
            self._path.unlink(missing_ok=True)


def _write_machine(descriptor: int) -> None:
    if os.fstat(descriptor).st_size == 0:
        os.write(descriptor, ("0" * _WIDTH + "\n" + platform.node()).encode())


def machine_of(recording: Path) -> str:
    """Where the recording was begun, as its side-car says; empty when that cannot be known."""
    try:
        return sidecar_path(recording).read_bytes()[_WIDTH + 1 :].decode("utf-8", "replace")
    except OSError:
        return ""


def _is_same_file(descriptor: int, path: Path) -> bool:
    """Whether the name still means the opened file (its holder may have removed it in between)."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def is_being_written(recording: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        descriptor = os.open(sidecar_path(recording), os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def read_generation(recording: Path) -> int:
    """How many times the writer has reopened `recording`; 0 without a side-car."""
    return read_generation_of(sidecar_path(recording))


def read_generation_of(path: Path) -> int:
    """The number in the side-car `path`; 0 when there is none."""
    try:
        return int(path.read_bytes()[:_WIDTH] or b"0")
    except (OSError, ValueError):
        return 0
