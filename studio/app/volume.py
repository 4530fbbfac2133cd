"""Asks the volume that is recorded to how much room it has. Looks; changes nothing."""

import shutil
from pathlib import Path

from studio.app.forecast import AskSpace, VolumeSpace


def space_of(folder: Path) -> AskSpace:
    """A question that can be asked again and again: how much room has the volume of this folder?

    The answer raises OSError when the volume has gone.
    """

    def ask() -> VolumeSpace:
        usage = shutil.disk_usage(folder)
        return VolumeSpace(free=usage.free, total=usage.total)

    return ask
