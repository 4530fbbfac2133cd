"""Every group, dataset, type, attribute and version of a recording file. The only place that names them.

```
/            attrs: format, format_version, studio_version, machine, created, session_id, clean, recovered,
                    origin (of a recording made of others: which, as JSON)
                    derivation (of a partition that was computed from another: how, as JSON)
/streams/<escaped name>     attrs: see STREAM_ATTRIBUTES; `description` is the whole of it as JSON
    time, creation_time, sequence_id   int64 (n,)      one row per message; times are ns since 1970 UTC
    index                              int64 (n, k)    columns named by its attribute `columns`
    data                               (rows, channels) of a sampled stream, else flat uint8: pictures row by
                                       row, measured values in the stream's `dtype`, little-endian
    pyramid/<samples>/time, extent     first sample's time (m,); minimum and maximum (m, 2, channels)
    pyramid/unknown                    which points of the finest level hold a NaN (k,), in order; of floating
                                       numbers only, and not in older files
    loss                               LOSS_DTYPE      what is missing, when, why
/contents    what the groups of very many streams say, together: streams COLUMNS_DTYPE (n,), names, texts u1,
             counts (n, 4); attrs: about, commits (rows of /commits when it was written); while the recording
             grows no counts, but state (2, n, 8): as of row c of /commits in state[c % 2]
/log         laid out like a stream of JSON
/commits     time (c,), counts (c, streams, 4): messages, extent of data, loss rows, produced; column = `id`
/clock       probes, segments, states, references, bounds, terms (decision 24), see CLOCK_COLUMNS;
             parts (of a recording made of several: how much of each table was before), commits: how many rows
             are valid with a row of /commits; attrs: summary (JSON) and its figures
```
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from studio.formats.encoding import NO_SHAPE as NO_SHAPE
from studio.formats.encoding import stored_dtype
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import Timestamp

FORMAT = "studio recording"
FORMAT_VERSION = 1
LIBVER = ("v110", "v110")
"""Newer bounds are refused by readers built on HDF5 1.10."""

SUFFIX = ".h5"
STREAMS, LOG, COMMITS, CLOCK, CONTENTS, NAMES = "streams", "log", "commits", "clock", "contents", "names"
STATE = "state"
UNKNOWN = "pyramid/unknown"
TIME, CREATION_TIME, SEQUENCE_ID = "time", "creation_time", "sequence_id"
DERIVATION = "derivation"
RECOVERING = "recovering"
"""There while a recording is being put in order, and after that was interrupted."""
ORIGIN = "origin"
INDEX, DATA, PYRAMID, LOSS, EXTENT, COUNTS = "index", "data", "pyramid", "loss", "extent", "counts"
PLAIN_COLUMNS = ("offset", "length")
PICTURE_COLUMNS = ("offset", "length", "height", "width", "channels")
PRODUCED = "produced"
COUNT_COLUMNS = ("messages", "extent", "loss_rows", PRODUCED)
LOG_ID = 0
"""The log's column of the commits; streams follow from 1."""

PYRAMID_BASE = 64
PYRAMID_STEP = 8
PYRAMID_LEVELS = tuple(PYRAMID_BASE * PYRAMID_STEP**n for n in range(7))
"""Samples per point of each level; 16.8 M samples at the coarsest."""

LOSS_DTYPE = np.dtype(
    [("time", "i8"), ("reason", "S64"), ("count", "i8"), ("from_time", "i8"), ("to_time", "i8")]
)
PROBES, SEGMENTS, STATES, REFERENCES, BOUNDS, TERMS = (
    "probes",
    "segments",
    "states",
    "references",
    "bounds",
    "terms",
)
PARTS = "parts"
SUMMARY = "summary"
GUARANTEED = "guaranteed_bound_ns"
CLOCK_TABLES = {
    PROBES: np.dtype(
        [("sent", "i8"), ("received", "i8"), ("stamp", "i8"), ("reference", "i4"), ("outcome", "i4")]
    ),
    SEGMENTS: np.dtype([("monotonic", "i8"), ("time", "i8"), ("rate_q40", "i8")]),
    STATES: np.dtype(
        [
            ("monotonic", "i8"),
            ("state", "S32"),
            ("held_step", "i8"),
            ("uncertain_since", "i8"),
            ("text", "S256"),
        ]
    ),
    REFERENCES: np.dtype(
        [
            ("number", "i4"),
            ("port", "i4"),
            ("host", "S256"),
            ("machine", "S256"),
            ("is_studio", "i1"),
            ("is_protected", "i1"),
        ]
    ),
    BOUNDS: np.dtype([("monotonic", "i8"), ("bound", "i8")]),
    TERMS: np.dtype("u1"),
}
CLOCK_CHUNK_ROWS = {PROBES: 256, SEGMENTS: 256, STATES: 32, REFERENCES: 8, BOUNDS: 512, TERMS: 1024}
_ROWS_OF_TABLES = [(name, "i8") for name in CLOCK_TABLES]
CLOCK_PARTS_DTYPE = np.dtype(_ROWS_OF_TABLES)
CLOCK_COMMITS_DTYPE = np.dtype([("commit", "i8"), *_ROWS_OF_TABLES])
CLOCK_MARKS = {PARTS: CLOCK_PARTS_DTYPE, COMMITS: CLOCK_COMMITS_DTYPE}
CLOCK_COLUMNS = {
    PROBES: "One row a question to the reference. sent, received: ns of this machine's monotonic clock, just "
    "before the request left and when the first byte of the reply was there; stamp: the reference's time in "
    "ns since 1970-01-01T00:00 UTC, made between the two (0 without a reply); reference: its number in "
    "references; outcome: 0 answered, 1 refused or reset, 2 silent, 3 unreadable",
    SEGMENTS: "The exact map between the monotonic clock of this machine (ns) and the times in this file (ns "
    "since 1970-01-01T00:00 UTC): from `monotonic` on, time(m) = time + e + ((e * rate_q40) >> 40) with "
    "e = m - monotonic, in integers, rounded down. A row takes the place of all earlier rows that begin at "
    "the same moment or later",
    STATES: "From `monotonic` (ns of the monotonic clock) on the clock was in this state; text: why, in "
    "words; held_step: ns by which the reference was set while this recording kept its time line, or 0; "
    "uncertain_since: not 0: from then until `monotonic` the bound as told then may be too narrow",
    REFERENCES: "The machines that were followed; the last row with a number holds",
    BOUNDS: "At `monotonic` (ns of the monotonic clock) the times of this file were certainly no farther "
    "from the clock of the reference than `bound` ns",
    TERMS: "By what rules the clock followed: lines of JSON as UTF-8, the last one holds. limit, own_offset "
    "(what this machine's own clock adds to its monotonic one): ns",
}
"""What the attribute `columns` of each table says."""

GAP = "gap"
QUEUE_FULL = "queue full"
DISK_FULL = "disk full"
DISK_ERROR = "disk error"
KILLED_RECORDER = "killed recorder"
UNACCOUNTED = "not accounted for"

COLUMN_CHUNK_ROWS = 4096
INDEX_CHUNK_ROWS = COLUMN_CHUNK_ROWS // 2
SAMPLES_CHUNK_BYTES = 384 * 1024
BLOB_CHUNK_BYTES = 256 * 1024
TEXT_CHUNK_BYTES = 16 * 1024
PYRAMID_CHUNK_BYTES = 32 * 1024
"""Of the two finest levels. Coarser ones, which only long recordings have, get twice as much: an overview
reads thousands of their points, and each chunk costs a call."""
LEAST_CHUNK_ROWS = 16
UNKNOWN_CHUNK_ROWS = 256
COUNTS_CHUNK = (64, 16, len(COUNT_COLUMNS))
ONE_COMMIT_CHUNK = (1, 1024, len(COUNT_COLUMNS))
"""Of a recording that is written in one go: very many streams and a single row."""
MAX_LINK_BYTES = 200

LOG_FORMAT = StreamFormat(PayloadKind.JSON)


@dataclass(frozen=True, slots=True)
class NewStream:
    """A stream to be added."""

    name: str
    format: StreamFormat
    device: str = ""
    opened_time: Timestamp = 0
    supplemental: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """What is known of a stream when it is created."""

    name: str
    id: int
    format: StreamFormat
    device: str = ""
    opened_time: Timestamp = 0
    supplemental: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Its group."""
        return LOG if self.id == LOG_ID else f"{STREAMS}/{escape(self.name)}"

    def to_json(self) -> str:
        """ASCII, so that any name survives."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "StreamDescription":
        """Raises ValueError, TypeError or KeyError when `text` is not a description."""
        fields = json.loads(text)
        described = dict(fields["format"])
        described["kind"] = PayloadKind(described["kind"])
        described["channel_names"] = tuple(described["channel_names"])
        return cls(**{**fields, "format": StreamFormat(**described)})


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """How one growing dataset is created; the first axis is unlimited."""

    path: str
    dtype: Any
    row_shape: tuple[int, ...]
    chunk_rows: int

    @property
    def chunk_bytes(self) -> int:
        """What its first chunk takes on the disk."""
        return int(self.chunk_rows * np.prod(self.row_shape, dtype=np.int64) * np.dtype(self.dtype).itemsize)


@dataclass(frozen=True, slots=True)
class StreamSize:
    """How much a stream will hold."""

    messages: int
    extent: int
    """Rows of a sampled stream, else bytes."""


def escape(name: str) -> str:
    """The link name of a stream: like percent-escaping, but only of what HDF5 cannot take; never empty."""
    safe = "".join(c if c.isprintable() and c not in "/%" else _percent(c) for c in name)
    if set(safe) <= {"."}:
        safe = safe.replace(".", "%2E")
    raw = safe.encode("utf-8")
    if len(raw) <= MAX_LINK_BYTES:
        return safe
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return raw[: MAX_LINK_BYTES - 32].decode("utf-8", "ignore") + "%~" + digest


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def shown(text: str) -> str:
    """`text` as a plain HDF5 string attribute can hold it (no NUL, no half characters)."""
    return text.replace("\0", "\u2400").encode("utf-8", "replace").decode("utf-8")


def index_columns(stream_format: StreamFormat) -> tuple[str, ...]:
    """Names of the columns of `index`."""
    return PICTURE_COLUMNS if stream_format.kind.is_picture else PLAIN_COLUMNS


def level_path(samples: int) -> str:
    """Group of a pyramid level, inside the stream's group."""
    return f"{PYRAMID}/{samples}"


def stream_datasets(stream_format: StreamFormat, size: StreamSize | None = None) -> tuple[DatasetSpec, ...]:
    """All datasets of a stream, paths inside its group; `size`: if it is known how much they will hold."""
    specs = [DatasetSpec(path, "i8", (), COLUMN_CHUNK_ROWS) for path in (TIME, CREATION_TIME, SEQUENCE_ID)]
    specs.append(DatasetSpec(INDEX, "i8", (len(index_columns(stream_format)),), INDEX_CHUNK_ROWS))
    specs.append(DatasetSpec(LOSS, LOSS_DTYPE, (), 16))
    specs.append(_data_spec(stream_format))
    if stream_format.kind.is_sampled:
        specs.extend(_pyramid_specs(stream_format))
    return tuple(specs) if size is None else tuple(_fitted(spec, size) for spec in specs)


def _fitted(spec: DatasetSpec, size: StreamSize) -> DatasetSpec:
    """With chunks no larger than what there will be: a stream of few messages takes little room."""
    if spec.path in (LOSS, UNKNOWN):
        return spec
    rows = size.messages
    if spec.path == DATA:
        rows = size.extent
    elif spec.path.startswith(PYRAMID):
        rows = size.extent // int(spec.path.split("/")[-2])
    return replace(spec, chunk_rows=max(min(LEAST_CHUNK_ROWS, spec.chunk_rows), min(spec.chunk_rows, rows)))


def _data_spec(stream_format: StreamFormat) -> DatasetSpec:
    if not stream_format.kind.is_sampled:
        text = stream_format.kind in (PayloadKind.STRING, PayloadKind.JSON, PayloadKind.EVENT)
        return DatasetSpec(DATA, "u1", (), TEXT_CHUNK_BYTES if text else BLOB_CHUNK_BYTES)
    dtype = stored_dtype(stream_format)
    row_bytes = dtype.itemsize * stream_format.channels
    # About two seconds of signal, as often as it is brought to the disk: a flush rewrites the chunk that is
    # being filled, but smaller ones cost a call of HDF5 each.
    wanted = 2 * int(stream_format.rate) * row_bytes if stream_format.rate else TEXT_CHUNK_BYTES
    rows = max(PYRAMID_BASE, min(SAMPLES_CHUNK_BYTES, max(wanted, TEXT_CHUNK_BYTES)) // row_bytes)
    return DatasetSpec(DATA, dtype, (stream_format.channels,), rows)


def _pyramid_specs(stream_format: StreamFormat) -> list[DatasetSpec]:
    dtype, channels = stored_dtype(stream_format), stream_format.channels
    rows = max(16, min(1024, PYRAMID_CHUNK_BYTES // (2 * channels * dtype.itemsize)))
    specs = [DatasetSpec(UNKNOWN, "i8", (), UNKNOWN_CHUNK_ROWS)] if dtype.kind == "f" else []
    for number, samples in enumerate(PYRAMID_LEVELS):
        chunk_rows = rows if number < 2 else 2 * rows
        specs.append(DatasetSpec(f"{level_path(samples)}/{TIME}", "i8", (), chunk_rows))
        specs.append(DatasetSpec(f"{level_path(samples)}/{EXTENT}", dtype, (2, channels), chunk_rows))
    return specs
