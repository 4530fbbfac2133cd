"""Opens recording files with the settings that were measured to survive. The only caller of h5py.File."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import h5py

from studio.errors import StoreEnvironmentError
from studio.store.layout import LIBVER
from studio.store.superblock import closed_superblock, read_superblock

if sys.platform != "win32":
    import resource

CHUNK_CACHE: dict[str, Any] = {"rdcc_nbytes": 1 << 20, "rdcc_nslots": 521}
"""What each open dataset may keep in memory. HDF5 2 allows 8 MB and fills a table of 64 kB for each at once:
a stream has up to twenty datasets, a recording very many streams, and all that is looked at stays open."""
SCREEN_BYTES = 2 << 20
"""What a level of the pyramid may keep: two points for each of 1500 columns, of 64 channels. Who looks at a
signal moves it a little or measures in it, and with less room every chunk of it was read again each time."""


@contextmanager
def open_for_creating(path: Path) -> Iterator[h5py.File]:
    """A new file that appears at `path`, complete, when the block ends; never replaces one that is there.

    It is made under another name first: a recorder killed at this very moment leaves no half-made recording.
    """
    unfinished = path.with_name(path.name + ".new")
    try:
        with h5py.File(unfinished, "w", libver=LIBVER, locking=False, **CHUNK_CACHE) as file:
            yield file
        _rename_to_free_name(unfinished, path)
    except FileExistsError as error:
        raise StoreEnvironmentError(f"{path} exists already; a recording is never overwritten") from error
    except OSError as error:
        raise StoreEnvironmentError(f"cannot create the recording {path}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _rename_to_free_name(source: Path, target: Path) -> None:
    try:
        os.link(source, target)  # fails if the target exists, which rename on POSIX does not
    except FileExistsError:
        raise
    except OSError:  # no hard links here (FAT, some network drives)
        if target.exists():
            raise FileExistsError(target) from None
        source.rename(target)


def open_for_appending(path: Path) -> h5py.File:
    """The file for writing; without HDF5's lock: no foreign reader stops a recording (decision 22)."""
    return h5py.File(path, "r+", libver=LIBVER, locking=False, **CHUNK_CACHE)


@contextmanager
def appending(path: Path) -> Iterator[h5py.File]:
    """The file for writing while the block lasts; when that fails, what was there before stays as it was."""
    file = open_for_appending(path)
    try:
        yield file
        file.flush()
    except BaseException:
        let_go(file)
        raise
    file.close()


def let_go(file: h5py.File, *, for_good: bool = False) -> None:
    """Close a file whose writing has failed without touching it any more.

    Closing it properly would try to write what could not be written, and leave it marked as closed and longer
    than it is, so that nothing of it could be read (measured); the process would crash at its end. HDF5 gets
    another file to write the rest into, which vanishes. `for_good`: nobody will ever open what is there, so
    the rest goes nowhere at all, which works where no file may grow, too.
    """
    with contextlib.suppress(OSError, RuntimeError, ValueError), _nowhere(for_good) as nowhere:
        os.dup2(nowhere.fileno(), file.id.get_vfd_handle())
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # it has failed before, and that was told
        file.close()


def _nowhere(for_good: bool) -> IO[bytes]:
    if for_good or _no_file_may_grow():
        return open(os.devnull, "r+b")
    if sys.platform == "linux":  # in memory: the folder of temporary files may lie on the disk that is full
        return open(os.memfd_create("nowhere"), "r+b")
    return tempfile.TemporaryFile()


def _no_file_may_grow() -> bool:
    """Whether this process has a limit for the size of any file, so that each would end as this one did."""
    if sys.platform == "win32":
        return False
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return limit != resource.RLIM_INFINITY


def open_at_rest(path: Path) -> h5py.File:
    """The file for reading, when nobody writes it, even if its writer died and it must not be touched.

    Not in SWMR mode: there HDF5 reads a damaged structure again and again, more than 10 s were measured.
    """
    if read_superblock(path).is_marked_open:
        return h5py.File(_Healed(path), "r", **CHUNK_CACHE)
    try:
        return h5py.File(path, "r", locking=False, **CHUNK_CACHE)
    except OSError as error:
        return _opened_besides(path, error)


def open_for_a_look(path: Path) -> h5py.File:
    """The file for reading attributes, whether it is written or not, and however this process has it open."""
    try:
        return open_for_following(path)
    except OSError as error:
        return _opened_besides(path, error)


def _opened_besides(path: Path, error: OSError) -> h5py.File:
    """HDF5 opens no file both in SWMR mode and without it in one process; by `_Healed` it does not notice."""
    if "SWMR read access flag" not in str(error):
        raise error
    return h5py.File(_Healed(path), "r", **CHUNK_CACHE)


class _Healed:
    """The bytes of a file whose writer died, as if the first of them had been put right. Read-only.

    Opens the file for each read: nobody has to remember to close it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._head = closed_superblock(path)
        self._position = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of a file."""
        if whence == os.SEEK_END:
            offset += self._path.stat().st_size
        elif whence == os.SEEK_CUR:
            offset += self._position
        self._position = offset
        return offset

    def tell(self) -> int:
        """As of a file."""
        return self._position

    def readinto(self, target: memoryview) -> int:
        """As of a file."""
        begin = self._position
        with self._path.open("rb") as file:
            file.seek(begin)
            count = file.readinto(target)
        head = self._head[begin : begin + count]
        target[: len(head)] = head
        self._position += count
        return count

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        if size < 0:
            size = max(0, self._path.stat().st_size - self._position)
        raw = bytearray(size)
        return bytes(raw[: self.readinto(memoryview(raw))])

    def flush(self) -> None:
        """Nothing is ever written."""


def open_for_following(path: Path) -> h5py.File:
    """The file for reading while it is written (decision 22)."""
    return h5py.File(path, "r", libver=LIBVER, swmr=True, locking=False, **CHUNK_CACHE)


def open_of_a_screen(group: h5py.Group, name: str) -> h5py.Dataset:
    """A dataset of which as much stays in memory as a screen shows; raises as h5py does."""
    access = h5py.h5p.create(h5py.h5p.DATASET_ACCESS)
    access.set_chunk_cache(CHUNK_CACHE["rdcc_nslots"], SCREEN_BYTES, 0.75)  # 0.75: as HDF5 has it
    return h5py.Dataset(h5py.h5d.open(group.id, name.encode(), access))
