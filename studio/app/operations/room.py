"""Whether there is room for what is to be made, asked before anything begins."""

import shutil
from pathlib import Path

from studio.app.value_text import bytes_text
from studio.errors import StoreEnvironmentError
from studio.store.free_space import reserve


def require_room(target: Path, byte_count: int) -> None:
    """Raises StoreEnvironmentError when `byte_count` bytes beside `target` would use the disk's reserve."""
    place = target.expanduser().absolute().parent
    folder = next(each for each in (place, *place.parents) if each.is_dir() or each == each.parent)
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        raise StoreEnvironmentError(f"The disk of {folder} does not answer: {error.strerror}.") from error
    usable = max(0, usage.free - reserve(usage.total, 0))
    if byte_count <= usable:
        return
    raise StoreEnvironmentError(
        f"{target.name} needs about {bytes_text(byte_count)}, but only {bytes_text(usable)} of the disk of "
        f"{folder} may be used. Free some space or choose another folder."
    )
