"""Exports pictures as numbered PNG files, with a table of their times."""

from pathlib import Path
from typing import Any

import numpy as np

from studio.app.operations.exporting import Export
from studio.errors import ImageFormatError
from studio.formats.opencv import decode_jpeg, encode_png
from studio.formats.payload import EncodedImage
from studio.interop.csv_table import CsvTable
from studio.interop.table import Column, ColumnKind, TablePiece
from studio.store.cutting import Cut

COLUMNS = (Column("time", ColumnKind.TIME), Column("file", ColumnKind.TEXT))
TIMES = "times.csv"


def write_pictures(work: Export) -> None:
    """All pictures of each stream; of several streams in a folder each."""
    for cut in work.cuts:
        folder = work.place
        if len(work.cuts) > 1:
            folder = work.file(cut.stream.description.name)
            folder.mkdir()
        _write_stream(work, cut, folder)


def _write_stream(work: Export, cut: Cut, folder: Path) -> None:
    name, count, bad = cut.stream.description.name, 0, 0
    digits = max(6, len(str(cut.message_count)))
    with CsvTable(folder / TIMES, COLUMNS) as table:
        for message in cut.messages():
            data: Any = message.data
            work.told(len(data.data) if isinstance(data, EncodedImage) else data.nbytes, name)
            file = f"{count + 1:0{digits}}.png"
            try:
                image = decode_jpeg(data) if isinstance(data, EncodedImage) else data
                (folder / file).write_bytes(encode_png(image))
            except ImageFormatError:
                bad += 1
                continue
            table.write(TablePiece([np.array([message.envelope.originating_time], np.int64), [file]]))
            count += 1
    if bad:
        work.remarks.append(f"{name}: {bad} pictures cannot be decoded and were left out.")
    work.note(folder / TIMES, name, pictures=count)
