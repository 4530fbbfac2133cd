"""The table of contents of a complete recording of many streams: it opens without looking into each of them.

Written when the recording is closed; the streams themselves say the same. A file without one opens, too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.formats.stream_columns import COLUMNS_DTYPE, NAME_END, StreamColumns
from studio.store import layout
from studio.store.damage import explained
from studio.store.finding import Finding
from studio.store.stream_writer import StreamWriter, closing_attributes
from studio.timing import Timestamp

FEW = 64
"""So many streams are looked into one by one: what is wrong with one is told at once then."""

Counted = np.ndarray[Any, np.dtype[np.int64]]

TEXTS_TABLE = "texts"
_ABOUT = (
    "One row a stream, in the order in which they were added, with what the attributes of its group say. "
    "names: UTF-8, the byte 255 behind each; format, device and supplemental: numbers into the lists of "
    "texts (JSON); counts: as in the last row of /commits"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """All streams at once."""

    streams: StreamColumns
    counts: Counted
    """`(n, 4)`: how far each is valid, COUNT_COLUMNS."""


class Listings(Protocol):
    """What is remembered of recordings of many streams that have no table of contents."""

    def load(self, path: Path) -> Contents | None:
        """What was kept of the file as it is now; None: nothing."""
        ...

    def keep(self, path: Path, contents: Contents) -> None:
        """Each of the streams was looked into."""
        ...

    def tell(self, path: Path, done: int, streams: int) -> None:
        """So many of them have been looked into."""
        ...


def write_contents(file: h5py.File, streams: Sequence[StreamInfo], counts: Counted) -> None:
    """Into a file that is being closed and never was in SWMR mode since it was opened; few need none."""
    if layout.CONTENTS in file:
        del file[layout.CONTENTS]
    if len(streams) <= FEW:
        return
    group = file.create_group(layout.CONTENTS)
    group.attrs["about"] = _ABOUT
    group.attrs["commits"] = file[layout.COMMITS][layout.TIME].shape[0]
    for name, table in tables_of(Contents(StreamColumns.of(streams), np.asarray(counts, np.int64))).items():
        group[name] = table


def tables_of(contents: Contents) -> dict[str, np.ndarray[Any, Any]]:
    """The same as tables of plain numbers."""
    columns = contents.streams
    texts = {
        "formats": [asdict(each) for each in columns.formats],
        "devices": columns.devices,
        "supplementals": columns.supplementals,
    }
    return {
        layout.STREAMS: columns.rows,
        layout.NAMES: np.frombuffer(columns.names, np.uint8),
        TEXTS_TABLE: np.frombuffer(json.dumps(texts).encode(), np.uint8),
        layout.COUNTS: contents.counts,
    }


def close_streams(file: h5py.File, writers: Sequence[StreamWriter], now: Timestamp) -> None:
    """What is known of streams at their end: to each of them and, if they are many, together.

    The first of the writers is the log's, which is listed nowhere.
    """
    infos = [writer.info(writer.closed_time or now) for writer in writers]
    for writer, info in zip(writers, infos, strict=True):
        sampled = info.format.kind.is_sampled
        closed = closing_attributes(writer.totals, info.closed_time, sampled=sampled)
        file[writer.description.path].attrs.update(closed)
    write_contents(file, infos[1:], np.array([writer.counts() for writer in writers[1:]], np.int64))


def read_contents(path: Path, file: h5py.File) -> Contents | None:
    """None where there is none, or where it is older than the last commit. Raises StoreFormatError."""
    with explained(path, "its table of contents"):
        group = file.get(layout.CONTENTS)
        closed = int(file.attrs["clean"]) or int(file.attrs["recovered"])
        if group is None or not closed or "commits" not in group.attrs:
            return None
        if int(group.attrs["commits"]) != file[layout.COMMITS][layout.TIME].shape[0]:
            return None
        return contents_in(group)


def contents_in(tables: Mapping[str, Any]) -> Contents:
    """What `tables_of` has made; raises ValueError, KeyError and TypeError for anything else."""
    columns = columns_in(tables)
    counts = np.asarray(tables[layout.COUNTS][()], np.int64)
    if counts.shape != (len(columns), len(layout.COUNT_COLUMNS)) or (counts < 0).any():
        raise ValueError(f"{counts.shape} streams are counted, {len(columns)} listed")
    return Contents(columns, counts)


def columns_in(group: Mapping[str, Any]) -> StreamColumns:
    """What never changes of the streams, and their numbers as they are there; raises as h5py does."""
    names = bytes(group[layout.NAMES][()])
    names.replace(NAME_END, b"").decode("utf-8", "surrogatepass")  # raises ValueError
    texts = _texts_in(group)
    supplementals = tuple(map(str, texts["supplementals"]))
    for each in supplementals:
        json.loads(each)
    return StreamColumns(
        np.asarray(group[layout.STREAMS][()]).astype(COLUMNS_DTYPE, casting="equiv"),
        names,
        tuple(map(_format_of, texts["formats"])),
        tuple(map(str, texts["devices"])),
        supplementals,
    )


def _texts_in(group: Mapping[str, Any]) -> dict[str, list[Any]]:
    texts: dict[str, list[Any]] = {name: [] for name in ("formats", "devices", "supplementals")}
    for line in bytes(group[TEXTS_TABLE][()]).splitlines():
        for name, values in json.loads(line).items():
            texts[name] += values
    return texts


def _format_of(fields: dict[str, Any]) -> StreamFormat:
    names = tuple(fields["channel_names"])
    return StreamFormat(**{**fields, "kind": PayloadKind(fields["kind"]), "channel_names": names})


def disagreements(contents: Contents, streams: Sequence[StreamInfo]) -> Iterator[Finding]:
    """Where it says anything else than the streams themselves."""
    if len(contents.streams) != len(streams):
        told = len(contents.streams)
        yield Finding("contents", f"{told} streams are listed, but {len(streams)} are there")
        return
    for listed, stream in zip(contents.streams, streams, strict=True):
        if listed != stream:
            yield Finding("contents", f"stream {stream.name!r} is not what is listed in its place")
