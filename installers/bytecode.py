"""Compiles the studio ahead. Each start would do so where Python may not keep what it has compiled.

Many containers set PYTHONDONTWRITEBYTECODE, and the imports of a window take half as long again. What is
compiled stands where Python looks for it, and is taken as long as the source has not changed.
"""

import compileall
from pathlib import Path


def compile_ahead(package: Path, marker: Path) -> None:
    """Compile what has changed in `package` since `marker` was touched, and touch it.

    A folder that cannot be written costs only time, as before.
    """
    newest = max((source.stat().st_mtime for source in package.rglob("*.py")), default=0.0)
    if marker.exists() and marker.stat().st_mtime > newest:
        return
    compileall.compile_dir(package, quiet=2)
    marker.touch()
