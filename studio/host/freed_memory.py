"""Lets a process give back to the system what it has freed. Owns the two calls of the C library for that.

glibc maps large blocks one by one, so that freeing one gives its pages back; but each freed one raises the
size from which it does so, up to 32 MB. From then on pictures and curves come out of the heaps of the threads
that receive them, and a small object that stays above a hole keeps the hole: a window that looks through a
long recording would hold tens of megabytes of nothing, more or fewer after each minute.
"""

import ctypes
import sys
from collections.abc import Callable

LARGE_BYTES = 128 * 1024
"""What glibc starts with: mapping a block of this size costs less than filling it."""
_M_MMAP_THRESHOLD = -3


def give_freed_memory_back() -> bool:
    """Keep large blocks outside the heaps for good; whether this system can. Called as a process begins.

    Not for the recorder, whose queues make and free the same pictures all day long: see
    `return_freed_memory`.
    """
    set_option = _of_c_library("mallopt")
    return set_option is not None and bool(set_option(_M_MMAP_THRESHOLD, LARGE_BYTES))


def return_freed_memory() -> bool:
    """Give back now whatever lies free in the heaps of all threads; whether there was anything.

    Takes some milliseconds, in which other threads run on: they wait only where they ask for memory of the
    very heap that is being looked through.
    """
    trim = _of_c_library("malloc_trim")
    return trim is not None and bool(trim(0))


def _of_c_library(name: str) -> Callable[..., int] | None:
    """A function that glibc has and others may not."""
    if sys.platform != "linux":
        return None
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
