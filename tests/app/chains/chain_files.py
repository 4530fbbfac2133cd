"""Chains as a user writes them, each a file; and recordings for them."""

from pathlib import Path
from typing import Any

from studio.app.operations.progress import Unwatched
from studio.errors import Cancelled
from studio.store import StoreReader

HEAD = """\
from studio.engine import *
from studio.engine.operators import *
from studio.app.chains import *
from typing import Annotated, Literal
from enum import Enum
"""
FIRST_LINE = HEAD.count("\n") + 1
"""Number of the line that `text` of `written` begins with."""


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    """A file with a chain."""
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


DOUBLED = """\
@chain
def doubled(numbers: Numbers, *, factor: float = 2.0):
    return numbers.select(lambda x: factor * x)
"""

ENDLESS = """\
@chain
def endless(numbers: Numbers):
    def stay(x):
        while True:
            pass
    return numbers.select(stay)
"""


def content(path: Path) -> dict[str, list[tuple[int, Any]]]:
    """Times and data of each stream of a recording."""
    with StoreReader(path) as reader:
        return {
            name: [(m.envelope.originating_time, m.data) for m in reader.messages(name)]
            for name in reader.stream_names
        }


class Told(Unwatched):
    """Remembers what it was told; wants no result any more after `limit` reports."""

    def __init__(self, limit: int | None = None) -> None:
        self.reports: list[tuple[float, str]] = []
        self._limit = limit

    def report(self, done: float, text: str = "") -> None:
        """See `Progress`."""
        self.reports.append((done, text))
        if self._limit is not None and len(self.reports) > self._limit:
            raise Cancelled("It was cancelled.")
