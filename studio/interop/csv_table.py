"""Tables as CSV (RFC 4180, UTF-8): times as ns and, beside it, as ISO 8601 in UTC. Standard library only."""

import base64
import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from studio.interop.table import Column, ColumnKind, TablePiece

NUMBER_FORMATS = {"float16": "%.5g", "float32": "%.9g", "float64": "shortest"}
"""As many digits as bring the same number back; of float64 the shortest that do."""


class CsvTable:
    """One CSV file being written; a context manager."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        # Half a character, which a clipboard may hold, becomes a question mark.
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(_headings(columns))

    def __enter__(self) -> "CsvTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, piece: TablePiece) -> None:
        """Add rows; raises OSError."""
        if len(piece):
            parts = zip(self._columns, piece.columns, strict=True)
            cells = [cell for column, values in parts for cell in _cells(column, values)]
            self._writer.writerows(zip(*cells, strict=True))


def _headings(columns: Sequence[Column]) -> list[str]:
    names: list[str] = []
    for column in columns:
        names.extend((f"{column.name}_ns", column.name) if column.kind is ColumnKind.TIME else (column.name,))
    return names


def _cells(column: Column, values: Any) -> list[Iterable[Any]]:
    """The columns of the file that one column of the table becomes."""
    match column.kind:
        case ColumnKind.TIME:
            return [values.tolist(), iso_texts(values)]
        case ColumnKind.NUMBER if column.dtype in NUMBER_FORMATS:
            return [_float_texts(values, column.dtype)]
        case ColumnKind.NUMBER:
            return [values.tolist()]
        case ColumnKind.BINARY:
            return [[base64.b64encode(value).decode("ascii") for value in values]]
        case _:
            return [values]


def _float_texts(values: Any, dtype: str) -> Iterable[str]:
    to_text: Callable[[float], str] = repr if dtype == "float64" else NUMBER_FORMATS[dtype].__mod__
    return map(to_text, values.tolist())


def iso_texts(times: "np.ndarray[Any, np.dtype[np.int64]]") -> list[str]:
    """`2026-11-22T03:48:50.123456789Z` of each ns."""
    texts: list[str] = np.datetime_as_string(times.astype("datetime64[ns]"), unit="ns").tolist()
    return [f"{text}Z" for text in texts]
