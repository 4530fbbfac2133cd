"""How much a recording may still put on its disk (decision 26): h5py on a full disk ends the process."""

import shutil
from pathlib import Path

_MEGABYTE = 1 << 20
MOST_RESERVED = 256 * _MEGABYTE
LEAST_RESERVED = 8 * _MEGABYTE


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
