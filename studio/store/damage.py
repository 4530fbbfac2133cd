"""Turns what HDF5 says about bytes that make no sense into one clear error."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.errors import StoreFormatError

# What h5py and numpy raise on damaged metadata; measured by flipping bytes.
SYMPTOMS = (
    OSError,
    KeyError,
    ValueError,
    TypeError,
    RuntimeError,
    IndexError,
    OverflowError,
    MemoryError,
    AttributeError,
    struct.error,
    NotImplementedError,
)


def reason_of(error: BaseException) -> str:
    """Why something could not be written or read, for people: HDF5 tells addresses besides."""
    found = re.search(r"error message = '([^']*)'", str(error))
    return found.group(1) if found else " ".join(str(error).split())[:200] or type(error).__name__


@contextmanager
def explained(path: Path, what: str) -> Iterator[None]:
    """Raises StoreFormatError naming `what` of `path` could not be read."""
    try:
        yield
    except StoreFormatError:
        raise
    except SYMPTOMS as error:
        raise StoreFormatError(f"{path} is damaged: {what} cannot be read ({reason_of(error)})") from error
