"""Tells whether a file is still the one that was read. Opens nothing."""

import os
from dataclasses import dataclass

from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class Identity:
    """A file as it was when it was read; the same again needs no second look."""

    size: int
    modified: Timestamp
    inode: int


def identity_of(status: os.stat_result) -> Identity:
    """What tells this state of a file from others."""
    return Identity(status.st_size, status.st_mtime_ns, status.st_ino)
