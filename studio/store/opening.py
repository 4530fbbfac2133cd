"""Opens recording files with the settings that were measured to survive. The only caller of h5py.File."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from studio.errors import StoreEnvironmentError
from studio.store.layout import LIBVER


@contextmanager
def open_for_creating(path: Path) -> Iterator[h5py.File]:
    """A new file that appears at `path`, complete, when the block ends; never replaces one that is there.

    It is made under another name first: a recorder killed at this very moment leaves no half-made recording.
    """
    unfinished = path.with_name(path.name + ".new")
    try:
        with h5py.File(unfinished, "w", libver=LIBVER, locking=False) as file:
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
    return h5py.File(path, "r+", libver=LIBVER, locking=False)


def open_for_following(path: Path) -> h5py.File:
    """The file for reading, while it may be written (decision 22)."""
    return h5py.File(path, "r", libver=LIBVER, swmr=True, locking=False)
