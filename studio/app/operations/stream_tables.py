"""A stream as a table: a row per sample or message, its time first. Reads through a cut; writes nothing."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from studio.engine.message import Message
from studio.formats.encoding import stored_dtype
from studio.formats.payload import PayloadKind, StreamFormat
from studio.interop.table import Column, ColumnKind, TablePiece
from studio.store.cutting import Cut

ROWS = 1 << 15
TIME = Column("time", ColumnKind.TIME)


def columns_of(described: StreamFormat) -> tuple[Column, ...]:
    """What the table of such a stream has."""
    if described.kind.is_sampled:
        dtype = stored_dtype(described).name
        return TIME, *(Column(name, ColumnKind.NUMBER, dtype) for name in _channel_names(described))
    return TIME, *_MESSAGE_COLUMNS[described.kind]


def _channel_names(described: StreamFormat) -> list[str]:
    names = list(described.channel_names)
    if len(names) != described.channels or len(set(names)) != len(names):
        many = described.channels > 1
        names = [f"channel {n}" if many else "value" for n in range(1, described.channels + 1)]
    return [f"{name} ({described.units})" if described.units else name for name in names]


def pieces_of(cut: Cut) -> Iterator[TablePiece]:
    """Its rows, a bounded number at a time."""
    described = cut.stream.description.format
    if described.kind.is_sampled:
        for times, rows in cut.samples():
            for start in range(0, len(times), ROWS):
                part = rows[start : start + ROWS]
                yield TablePiece([times[start : start + ROWS], *part.T])
        return
    cells = _CELLS[described.kind]
    waiting: list[Message[Any]] = []
    size = 0
    for message in cut.messages():
        waiting.append(message)
        size += len(getattr(message.data, "data", b"")) if described.kind is PayloadKind.JPEG else 64
        if len(waiting) >= ROWS or size > 1 << 23:
            yield _piece(waiting, cells)
            waiting, size = [], 0
    if waiting:
        yield _piece(waiting, cells)


def _piece(messages: Sequence[Message[Any]], cells: Callable[[Any], tuple[Any, ...]]) -> TablePiece:
    times = np.array([message.envelope.originating_time for message in messages], np.int64)
    columns: list[Any] = [list(column) for column in zip(*(cells(m.data) for m in messages), strict=True)]
    return TablePiece([times, *(np.array(c, np.int64) if isinstance(c[0], int) else c for c in columns)])


def _text(name: str) -> Column:
    return Column(name, ColumnKind.TEXT)


def _whole(name: str) -> Column:
    return Column(name, ColumnKind.NUMBER, "int64")


_MESSAGE_COLUMNS: dict[PayloadKind, tuple[Column, ...]] = {
    PayloadKind.STRING: (_text("text"),),
    PayloadKind.JSON: (_text("json"),),
    PayloadKind.EVENT: (_text("text"), _text("kind"), _whole("duration_ns")),
    PayloadKind.BYTES: (Column("bytes", ColumnKind.BINARY),),
    PayloadKind.JPEG: (_whole("width"), _whole("height"), _whole("byte_count")),
    PayloadKind.IMAGE: (_whole("width"), _whole("height")),
}
"""Pictures themselves do not go into tables: only when each was taken, and how large it is."""

_CELLS: dict[PayloadKind, Callable[[Any], tuple[Any, ...]]] = {
    PayloadKind.STRING: lambda data: (data,),
    PayloadKind.JSON: lambda data: (json.dumps(data, ensure_ascii=False),),
    PayloadKind.EVENT: lambda data: (data.text, data.kind, data.duration_ns),
    PayloadKind.BYTES: lambda data: (data,),
    PayloadKind.JPEG: lambda data: (data.width, data.height, len(data.data)),
    PayloadKind.IMAGE: lambda data: (int(data.shape[1]), int(data.shape[0])),
}
