"""Exports streams as tables: CSV and Parquet, a file for each."""

from studio.app.operations.export_formats import TRAITS
from studio.app.operations.exporting import Export
from studio.app.operations.stream_tables import columns_of, pieces_of
from studio.interop.csv_table import CsvTable
from studio.interop.parquet_table import ParquetTable
from studio.store.cutting import Cut


def write_csv(work: Export) -> None:
    """A CSV file for each stream."""
    _write(work, CsvTable)


def write_parquet(work: Export) -> None:
    """A Parquet file for each stream."""
    _write(work, ParquetTable)


def _write(work: Export, table: "type[CsvTable] | type[ParquetTable]") -> None:
    suffix = TRAITS[work.request.format].suffix
    for cut in work.cuts:
        name = cut.stream.description.name
        path = work.file(name, suffix)
        rows = 0
        with table(path, columns_of(cut.stream.description.format)) as written:
            for piece in pieces_of(cut):
                work.told(_share(cut, len(piece)), name)
                written.write(piece)
                rows += len(piece)
        work.note(path, name, rows=rows)


def _share(cut: Cut, rows: int) -> int:
    """About the bytes of the recording that so many rows of the table are."""
    sampled = cut.stream.description.format.kind.is_sampled
    count = cut.extent if sampled else cut.message_count
    return round((cut.byte_count - 48 * cut.message_count) * rows / max(1, count))
