"""Small files that other processes may read at any moment: whole or not at all, and for this user only."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and rename it there; the last writer wins. Raises OSError."""
    written = _write_beside(path, data)
    try:
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def claim_file(path: Path, data: bytes) -> None:
    """Put `data` at `path` unless something is there; the first writer wins. Raises OSError."""
    written = _write_beside(path, data)
    try:
        os.link(written, path)
    except FileExistsError:
        return
    finally:
        written.unlink(missing_ok=True)


def _write_beside(path: Path, data: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return Path(name)
