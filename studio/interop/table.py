"""A piece of a table: columns of equal length with names and what they hold. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


class ColumnKind(Enum):
    """What a column holds."""

    TIME = auto()
    """int64 ns since 1970, UTC."""
    NUMBER = auto()
    TEXT = auto()
    BINARY = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: ColumnKind
    dtype: str = ""
    """numpy's name of the type of a NUMBER."""


@dataclass(frozen=True, slots=True)
class TablePiece:
    """Consecutive rows; one sequence a column, numbers and times as arrays."""

    columns: Sequence["np.ndarray[Any, Any] | list[Any]"]

    def __len__(self) -> int:
        return len(self.columns[0])
