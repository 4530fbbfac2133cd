"""Run first in a bundle: sound cards are reached through a library that travels with us.

`ctypes.util.find_library` asks the system, which knows nothing of what lies in the bundle.
"""

import ctypes.util
import sys
from pathlib import Path

_of_the_system = ctypes.util.find_library
_FOLDER = Path(getattr(sys, "_MEIPASS", "."))


def _find(name: str) -> str | None:
    """A library of the bundle, else one of the system."""
    bundled = sorted(_FOLDER.glob(f"lib{name}.so*"))
    return str(bundled[0]) if bundled else _of_the_system(name)


if sys.platform == "linux":
    ctypes.util.find_library = _find
