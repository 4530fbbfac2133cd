"""Makes names for files out of what people type, and finds names that nobody has yet. Creates nothing."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path

MAX_NAME_BYTES = 120
"""Leaves room for a number and a suffix below the 255 bytes that file systems allow."""

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
"""Names that Windows keeps for itself, with or without a suffix."""


def safe_name(typed: str, *, instead: str) -> str:
    """A file name that every system accepts and that still looks like `typed`; `instead` if nothing is left.

    Separators, signs that Windows refuses and control characters become `_`; never hidden, never long.
    """
    text = unicodedata.normalize("NFC", typed.encode("utf-8", "replace").decode("utf-8"))
    text = "".join("_" if unicodedata.category(c)[0] == "C" or c in '/\\:*?"<>|' else c for c in text)
    text = re.sub(r"\s+", " ", text).strip(" ._")
    text = text.encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if not text:
        return instead
    return f"_{text}" if text.split(".")[0].strip().lower() in _RESERVED else text


def numbered_names(name: str, suffix: str = "") -> Iterator[str]:
    """`name`, `name 2`, `name 3`, ... without end, each with the suffix."""
    yield f"{name}{suffix}"
    for number in count(2):
        yield f"{name} {number}{suffix}"


def free_path(folder: Path, name: str, suffix: str = "") -> Path:
    """The first of the numbered names that does not exist in `folder`."""
    paths = (folder / numbered for numbered in numbered_names(name, suffix))
    return next(path for path in paths if not path.exists() and not path.is_symlink())
