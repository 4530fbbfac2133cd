"""Lets a process give back to the system what it has freed. Owns the one setting of the C library for that.

glibc maps large blocks one by one, so that freeing one gives its pages back; but each freed one raises the
size from which it does so, up to 32 MB. From then on pictures and curves come out of the heaps of the threads
that receive them, and a small object that stays above a hole keeps the hole: a window that looks through a
long recording would hold tens of megabytes of nothing, more or fewer after each minute.
"""

import ctypes
import sys

LARGE_BYTES = 128 * 1024
"""What glibc starts with: mapping a block of this size costs less than filling it."""
_M_MMAP_THRESHOLD = -3


def give_freed_memory_back() -> bool:
    """Keep large blocks outside the heaps for good; whether this system can. Called as a process begins.

    Not for the recorder, whose queues make and free the same pictures all day long.
    """
    if sys.platform != "linux":
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library
        return False
    return bool(set_option(_M_MMAP_THRESHOLD, LARGE_BYTES))
