"""What a list shows of a recording, from attributes alone: a folder may hold thousands. Reads no data."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import h5py

from studio.formats.stream_columns import StreamColumns, ends_of, message_counts
from studio.store import layout
from studio.store.contents import read_contents
from studio.store.damage import explained
from studio.store.opening import open_for_a_look
from studio.store.reader import check_is_file
from studio.timing import Duration, Timestamp

MOST_STREAMS = 500
"""A recording with more is told by the first of them, and by its commits."""


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """A recording that is complete, in a line."""

    created: Timestamp
    first_time: Timestamp
    """Earliest originating time of all streams; 0 if nothing was recorded."""
    last_time: Timestamp
    stream_count: int
    clean: bool
    """False: it was put in order after its recorder died."""
    message_count: int = 0
    machine: str = ""
    devices: tuple[str, ...] = ()
    session_id: str = ""
    clock_bound: Duration | None = None
    """How far its times may have been from those of the reference; None: nothing is guaranteed."""
    derived: bool = False
    """Made by processing from another recording."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Of a stream, or of all."""

    message_count: int
    first_time: Timestamp
    last_time: Timestamp
    devices: tuple[str, ...]


def read_summary(path: Path) -> RecordingSummary | None:
    """The summary of a complete recording; None for another, which only a StoreReader can tell about.

    Raises StoreEnvironmentError and StoreFormatError as StoreReader does.
    """
    check_is_file(path)
    with explained(path, "its attributes"), open_for_a_look(path) as file:
        root = file.attrs
        known = root.get("format") == layout.FORMAT and int(root["format_version"]) <= layout.FORMAT_VERSION
        if not known or not (int(root["clean"]) or int(root["recovered"])):
            return None
        contents = read_contents(path, file)
        told = _told_by_groups(file) if contents is None else _told_by_contents(contents.streams)
        return RecordingSummary(
            created=int(root["created"]),
            first_time=told.first_time,
            last_time=told.last_time,
            stream_count=len(file[layout.STREAMS]),
            clean=bool(root["clean"]),
            message_count=told.message_count,
            machine=str(root.get("machine", "")),
            devices=told.devices,
            session_id=str(root.get("session_id", "")),
            clock_bound=_clock_bound(file),
            derived=layout.DERIVATION in root,
        )


def _clock_bound(file: h5py.File) -> Duration | None:
    group = file.get(layout.CLOCK)
    bound = None if group is None else group.attrs.get(layout.GUARANTEED)
    return None if bound is None else int(bound)


def _told_by_contents(streams: StreamColumns) -> _Told:
    first_time, last_time = ends_of(streams)
    return _Told(
        int(message_counts(streams).sum()), first_time, last_time, tuple(filter(None, streams.devices))
    )


def _told_by_groups(file: h5py.File) -> _Told:
    streams = [_stream(each.attrs) for each in islice(file[layout.STREAMS].values(), MOST_STREAMS)]
    filled = [stream for stream in streams if stream.message_count]
    return _Told(
        _message_count(file, streams),
        min((stream.first_time for stream in filled), default=0),
        max((stream.last_time for stream in filled), default=0),
        tuple(dict.fromkeys(device for stream in streams for device in stream.devices if device)),
    )


def _stream(attributes: Any) -> _Told:
    return _Told(
        message_count=int(attributes["message_count"]),
        first_time=int(attributes.get("first_time", 0)),
        last_time=int(attributes.get("last_time", 0)),
        devices=(str(attributes.get("device", "")),),
    )


def _message_count(file: h5py.File, streams: list[_Told]) -> int:
    """Of all streams, also of those that were not looked into."""
    if len(streams) < MOST_STREAMS:
        return sum(stream.message_count for stream in streams)
    counts = file[layout.COMMITS][layout.COUNTS]
    if not counts.shape[0]:
        return 0
    return int(counts[-1, layout.LOG_ID + 1 :, layout.COUNT_COLUMNS.index("messages")].sum())
