"""How much a recording may still put on its disk (decision 26): h5py on a full disk ends the process.

A disk below the reserve ends a recording, but not at the first look: another program may have filled it for a
moment. Half of the reserve is there to wait for that; below the half, nobody waits.
"""

import shutil
from pathlib import Path

from studio.timing import NS_PER_S, Duration

_MEGABYTE = 1 << 20
MOST_RESERVED = 256 * _MEGABYTE
LEAST_RESERVED = 8 * _MEGABYTE
LOW_FOR: Duration = 10 * NS_PER_S
"""So long the upper half of the reserve may be missing."""


def reserve(total: int, pending: int) -> int:
    """Bytes that must stay free on a volume of `total` bytes before `pending` more are handed over."""
    return max(min(MOST_RESERVED, total // 20), 2 * pending + LEAST_RESERVED)


def holds(folder: Path, pending: int) -> bool:
    """Whether `pending` bytes still fit into `folder` when the reserve is used: what it is kept for."""
    return shutil.disk_usage(folder).free >= 2 * pending + LEAST_RESERVED


def has_room(folder: Path, pending: int) -> bool:
    """Whether `pending` bytes may be written into `folder`. Raises OSError when the volume has gone."""
    usage = shutil.disk_usage(folder)
    return usage.free >= reserve(usage.total, pending)


class RoomWatch:
    """Decides when a recording must end for want of room. Belongs to one thread, which looks often."""

    def __init__(self) -> None:
        self._low_since = self._looked = 0
        self._is_low = False

    def must_end(self, *, free: int, total: int, pending: int, now: int) -> bool:
        """Whether it must, with `pending` bytes still to be written; `now` in monotonic ns.

        So that it neither does when another program fills the disk for a moment, nor fails to when the disk
        fills up in earnest, whoever fills it.
        """
        least = reserve(total, pending)
        was_low = self._is_low and now - self._looked < LOW_FOR // 2
        self._looked, self._is_low = now, free < least
        if not self._is_low:
            return False
        if not was_low:
            self._low_since = now
        danger = max(2 * pending + LEAST_RESERVED, least // 2)
        return free < danger or now - self._low_since >= LOW_FOR
