"""The table of contents of a recording of many streams that is still being written, or whose recorder died.

What never changes of a stream is appended when it is added. How far each has come stands in one of two
slots, written in turns, each before the commit that it belongs to: that of the last commit is whole at any
moment, also after the recorder was killed. It is a short cut only: where it does not fit, the streams tell.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from studio.errors import StoreFormatError
from studio.formats.encoding import stored_dtype
from studio.formats.payload import StreamFormat
from studio.formats.stream_columns import COLUMNS_DTYPE, NUMBERS, TEXTS, Numbered, StreamColumns
from studio.store import layout
from studio.store.contents import FEW, TEXTS_TABLE, Contents, Counted, columns_in
from studio.store.damage import SYMPTOMS, explained
from studio.store.stream_writer import StreamWriter
from studio.store.table import Table

SLOTS = 2
CHUNK_ROWS = 1024
STATE_COLUMNS = (*layout.COUNT_COLUMNS, "first_time", "last_time", "dropped", "gaps")
TRIES = 50

_ABOUT = (
    "One row a stream, in the order in which they were added, while the recording grows. names: UTF-8, the "
    "byte 255 behind each; format, device and supplemental: numbers into the lists of texts (lines of JSON, "
    "one behind the other); state: how each stands as of row c of /commits, in state[c % 2]"
)


class GrowingContents:
    """Writes it, for the exporter's thread."""

    def __init__(self) -> None:
        self._state = Table(f"{layout.CONTENTS}/{layout.STATE}")
        self._numbered = {name: Numbered() for name in TEXTS}
        self._count = 0
        """Streams that are listed; 0: too few to be listed at all."""

    def attach(self, file: h5py.File | None) -> None:
        """Go on in a newly opened file."""
        self._state.attach(file)

    def list_all(self, file: h5py.File, writers: Sequence[StreamWriter]) -> None:
        """All streams there are, some of them new; `file` is not in SWMR mode, all else was committed."""
        if len(writers) <= FEW:
            return
        group = file.get(layout.CONTENTS) or _made(file)
        fresh = StreamColumns.of([writer.info(0) for writer in writers[self._count :]])
        _append(group[layout.STREAMS], self._renumbered(group, fresh))
        _append(group[layout.NAMES], np.frombuffer(fresh.names, np.uint8))
        state = group[layout.STATE]
        state.resize(len(writers), axis=1)
        state[:, self._count :] = _states(writers[self._count :])
        self._count = len(writers)

    def _renumbered(self, group: h5py.Group, columns: StreamColumns) -> np.ndarray[Any, Any]:
        rows, new = columns.rows.copy(), {}
        for name, values in zip(
            TEXTS, (columns.formats, columns.devices, columns.supplementals), strict=True
        ):
            known = self._numbered[name]
            before = len(known.values)
            numbers = np.array([known.number(value) for value in values], np.int32)
            rows[name] = numbers[rows[name]]
            new[f"{name}s"] = [_plain(value) for value in known.values[before:]]
        if any(new.values()):
            _append(group[TEXTS_TABLE], np.frombuffer((json.dumps(new) + "\n").encode(), np.uint8))
        return rows

    def note(self, commit: int, writers: Sequence[StreamWriter]) -> None:
        """How all stand; at once in the file, before the commit of that number is."""
        if self._count:
            self._state.dataset[commit % SLOTS] = _states(writers)
            self._state.dataset.flush()


def _made(file: h5py.File) -> h5py.Group:
    group = file.create_group(layout.CONTENTS)
    group.attrs["about"] = _ABOUT
    for name, dtype in ((layout.STREAMS, COLUMNS_DTYPE), (layout.NAMES, "u1"), (TEXTS_TABLE, "u1")):
        rows = CHUNK_ROWS if name == layout.STREAMS else layout.TEXT_CHUNK_BYTES
        group.create_dataset(name, shape=(0,), maxshape=(None,), chunks=(rows,), dtype=dtype)
    columns = len(STATE_COLUMNS)
    state = group.create_dataset(
        layout.STATE,
        shape=(SLOTS, 0, columns),
        maxshape=(SLOTS, None, columns),
        chunks=(1, CHUNK_ROWS, columns),
        dtype="i8",
    )
    state.attrs["columns"] = list(STATE_COLUMNS)
    return group


def _append(dataset: h5py.Dataset, rows: np.ndarray[Any, Any]) -> None:
    begin = dataset.shape[0]
    dataset.resize(begin + len(rows), axis=0)
    dataset[begin:] = rows


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, StreamFormat) else value


def _states(writers: Sequence[StreamWriter]) -> Counted:
    return np.array([writer.state() for writer in writers], np.int64)


class GrowingList:
    """Reads it, as of one commit after the other."""

    def __init__(self, path: Path, group: h5py.Group) -> None:
        """Raises StoreFormatError when its parts do not fit each other."""
        self._path = path
        with explained(path, "its table of contents"):
            self._columns = columns_in(group)
            self._state = group[layout.STATE]
            self._check()
        formats = self._columns.formats
        sampled = np.array([each.kind.is_sampled for each in formats], np.int64)
        sizes = [_row_bytes(each) for each in formats]
        self._sampled = sampled[self._columns.rows["format"]]
        self._row_bytes = np.array(sizes, np.int64)[self._columns.rows["format"]]

    def _check(self) -> None:
        shape = (SLOTS, len(self._columns), len(STATE_COLUMNS))
        if self._state.shape != shape or self._state.dtype != np.int64 or not len(self._columns):
            raise StoreFormatError(
                f"{self._path} is damaged: its table of contents tells {self._state.shape}"
            )

    def __len__(self) -> int:
        return len(self._columns)

    def as_of(self, commit: int) -> Contents:
        """All streams; another commit may not be on its way to the same slot meanwhile."""
        with explained(self._path, "its table of contents"):
            self._state.refresh()
            state = np.asarray(self._state[commit % SLOTS])
        rows = self._columns.rows.copy()
        for name in NUMBERS:
            if name != "opened_time":
                rows[name] = state[:, STATE_COLUMNS.index(name)] if name in STATE_COLUMNS else 0
        extent = state[:, STATE_COLUMNS.index("extent")]
        rows["message_count"] = state[:, STATE_COLUMNS.index("messages")]
        rows["sample_count"] = extent * self._sampled
        rows["byte_count"] = extent * self._row_bytes
        columns = self._columns
        listed = StreamColumns(rows, columns.names, columns.formats, columns.devices, columns.supplementals)
        return Contents(listed, state[:, : len(layout.COUNT_COLUMNS)])


def _row_bytes(described: StreamFormat) -> int:
    return stored_dtype(described).itemsize * described.channels if described.kind.is_sampled else 1


def growing_list(path: Path, file: h5py.File) -> GrowingList | None:
    """That of a recording that was not closed; None where there is none that can be relied on."""
    try:
        group = file.get(layout.CONTENTS)
        is_closed = int(file.attrs["clean"]) or int(file.attrs["recovered"])
        if group is None or is_closed or layout.STATE not in group:
            return None
        found = GrowingList(path, group)
        return found if len(found) == len(file[layout.STREAMS]) else None
    except (StoreFormatError, *SYMPTOMS):
        return None  # killed at the very moment when it was added to; the streams tell what there is
