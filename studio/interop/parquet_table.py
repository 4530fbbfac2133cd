"""Tables as Parquet, times as timestamps of ns in UTC. The only importer of pyarrow (extra `parquet`)."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from studio.interop.extras import required
from studio.interop.table import Column, ColumnKind, TablePiece

PACKAGE = "pyarrow"


class ParquetTable:
    """One Parquet file being written; a context manager. Raises MissingExtraError without pyarrow."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._arrow = required(PACKAGE, "Writing Parquet")
        parquet = required("pyarrow.parquet", "Writing Parquet")
        self._columns = columns
        self._schema = self._arrow.schema([(c.name, self._type(c)) for c in columns])
        self._writer = parquet.ParquetWriter(str(path), self._schema)

    def __enter__(self) -> "ParquetTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, piece: TablePiece) -> None:
        """Add rows; raises OSError."""
        if len(piece):
            arrays = [
                self._arrow.array(_plain(column, values), type=self._type(column))
                for column, values in zip(self._columns, piece.columns, strict=True)
            ]
            self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def _type(self, column: Column) -> Any:
        match column.kind:
            case ColumnKind.TIME:
                return self._arrow.timestamp("ns", tz="UTC")
            case ColumnKind.NUMBER:
                return self._arrow.from_numpy_dtype(column.dtype)
            case ColumnKind.BINARY:
                return self._arrow.binary()
            case _:
                return self._arrow.string()


def _plain(column: Column, values: Any) -> Any:
    if column.kind is ColumnKind.TEXT:  # half a character cannot be stored
        return [value.encode("utf-8", "replace").decode("utf-8") for value in values]
    return values
