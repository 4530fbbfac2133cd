"""Asks the volume that is recorded to how much room it has. Looks; changes nothing."""

import shutil
from pathlib import Path

from studio.app.forecast import AskSpace, VolumeSpace
from studio.errors import StoreEnvironmentError


def space_of(folder: Path) -> AskSpace:
    """A question that can be asked again and again: how much room has the volume of this folder?

    The answer raises OSError when the volume has gone.
    """

    def ask() -> VolumeSpace:
        usage = shutil.disk_usage(folder)
        return VolumeSpace(free=usage.free, total=usage.total)

    return ask


def existing_folder(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    place = folder.expanduser().absolute()
    return next(each for each in (place, *place.parents) if each.is_dir() or each == each.parent)


def usable_space(folder: Path) -> int:
    """Bytes that recordings below `folder`, which need not exist yet, may still use.

    Raises StoreEnvironmentError for a volume that does not answer.
    """
    try:
        return space_of(existing_folder(folder))().usable
    except OSError as error:
        raise StoreEnvironmentError(f"The disk of {folder} does not answer: {error.strerror}.") from error
