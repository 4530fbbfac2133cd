"""Writes a plain HDF5 file: one group a stream, contiguous datasets, nothing that needs this program to read.

```
/            attrs: recording, created, machine, session_id, time_unit
/<stream>    attrs: name, kind, units, rate, device, channel_names
    time         int64 (n,)       ns since 1970, UTC: one per sample, else one per message
    data         (n, channels)    of a sampled stream; (n, height, width[, 3]) of pictures of one size
    text         strings          of words, events, JSON;   kind, duration_ns   of events
    data, offset, length          bytes one behind the other (JPEG, bytes, pictures of many sizes)
/clock/<number>/...  what is kept of the clock, each table as its attribute `columns` says
```
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from studio.errors import StoreEnvironmentError
from studio.formats.encoding import picture_dtype, stored_dtype
from studio.formats.payload import PayloadKind
from studio.formats.recording import RecordingInfo
from studio.store import layout
from studio.store.clock_rows import ClockTables
from studio.store.cutting import Cut
from studio.store.damage import reason_of
from studio.store.opening import let_go
from studio.store.plain_clock import write_plain_clock

Told = Callable[[int, str], None]
"""Is called with the bytes written since the last call, and the stream's name."""
_TEXTS = (PayloadKind.STRING, PayloadKind.JSON, PayloadKind.EVENT)


Kept = list[Any]
"""Every written dataset, until the file is complete: one let go of while it cannot be brought to a full disk
would end the process."""


def write_plain(
    place: Path,
    info: RecordingInfo,
    cuts: Sequence[Cut],
    told: Told,
    *,
    clock: Sequence[ClockTables] = (),
    clock_summary: str = "[]",
) -> None:
    """Make the file; raises StoreEnvironmentError, and whatever `told` raises."""
    try:
        file = h5py.File(place, "w-", locking=False)
    except OSError as error:
        raise _unwritable(error) from error
    kept: list[Any] = []
    try:
        file.attrs.update(
            {
                "recording": layout.shown(info.name),
                "created": info.created,
                "machine": layout.shown(info.machine),
                "session_id": layout.shown(info.session_id),
                "time_unit": "ns since 1970-01-01T00:00 UTC",
            }
        )
        for cut in cuts:
            _write_stream(file, cut, told, kept)
        write_plain_clock(file, clock, clock_summary, kept)
        file.flush()
    except (OSError, RuntimeError) as error:
        let_go(file, for_good=True)
        if isinstance(error, StoreEnvironmentError):
            raise
        raise _unwritable(error) from error
    except BaseException:
        let_go(file, for_good=True)
        raise
    file.close()


def _unwritable(error: BaseException) -> StoreEnvironmentError:
    return StoreEnvironmentError(f"the file cannot be written: {reason_of(error)}")


def _write_stream(file: h5py.File, cut: Cut, told: Told, kept: Kept) -> None:
    description = cut.stream.description
    described = description.format
    group = file.create_group(layout.escape(description.name))
    group.attrs.update(
        {
            "name": layout.shown(description.name),
            "kind": described.kind.value,
            "units": layout.shown(described.units),
            "rate": described.rate,
            "device": layout.shown(description.device),
            "channel_names": [layout.shown(name) for name in described.channel_names] or "",
        }
    )
    if described.kind.is_sampled:
        _write_samples(group, cut, told, kept)
    elif described.kind in _TEXTS:
        _write_texts(group, cut, told, kept)
    else:
        _write_bytes(group, cut, told, kept)


def _created(group: h5py.Group, name: str, kept: Kept, **options: Any) -> Any:
    """A new dataset."""
    dataset = group.create_dataset(name, **options)
    kept.append(dataset)
    return dataset


def _write_samples(group: h5py.Group, cut: Cut, told: Told, kept: Kept) -> None:
    described = cut.stream.description.format
    count = cut.extent
    times = _created(group, layout.TIME, kept, shape=(count,), dtype="i8")
    data = _created(
        group, layout.DATA, kept, shape=(count, described.channels), dtype=stored_dtype(described)
    )
    done = 0
    for row_times, rows in cut.samples():
        told(rows.nbytes, group.attrs["name"])
        times[done : done + len(rows)] = row_times
        data[done : done + len(rows)] = rows
        done += len(rows)


def _write_texts(group: h5py.Group, cut: Cut, told: Told, kept: Kept) -> None:
    is_event = cut.stream.description.format.kind is PayloadKind.EVENT
    texts: list[Any] = []
    kinds: list[str] = []
    durations: list[int] = []
    done = 0
    times = _created(group, layout.TIME, kept, shape=(cut.message_count,), dtype="i8")
    for rows in cut.pieces():
        told(rows.data.nbytes, group.attrs["name"])
        times[done : done + len(rows.times)] = rows.times
        done += len(rows.times)
    for message in cut.messages():
        if is_event:
            texts.append(message.data.text)
            kinds.append(message.data.kind)
            durations.append(message.data.duration_ns)
        else:
            texts.append(message.data if isinstance(message.data, str) else _json(message.data))
    _write_strings(group, "text", texts, kept)
    if is_event:
        _write_strings(group, "kind", kinds, kept)
        times = _created(group, "duration_ns", kept, shape=(len(durations),), dtype="i8")
        times[:] = durations


def _json(data: Any) -> str:
    return json.dumps(data)


def _write_strings(group: h5py.Group, name: str, texts: Iterable[str], kept: Kept) -> None:
    values = np.array([layout.shown(text) for text in texts], dtype=object)
    dataset = _created(group, name, kept, shape=(len(values),), dtype=h5py.string_dtype())
    if len(values):
        dataset[:] = values


def _write_bytes(group: h5py.Group, cut: Cut, told: Told, kept: Kept) -> None:
    shape = _common_shape(cut)
    count = cut.message_count
    times = _created(group, layout.TIME, kept, shape=(count,), dtype="i8")
    offsets = None if shape else _created(group, "offset", kept, shape=(count,), dtype="i8")
    lengths = None if shape else _created(group, "length", kept, shape=(count,), dtype="i8")
    described = cut.stream.description.format
    dtype = picture_dtype(described) if shape else np.dtype(np.uint8)
    data = _created(group, layout.DATA, kept, shape=(count, *shape) if shape else (cut.extent,), dtype=dtype)
    done = filled = 0
    for rows in cut.pieces():
        told(rows.data.nbytes, group.attrs["name"])
        stop = done + len(rows.times)
        times[done:stop] = rows.times
        if offsets is None or lengths is None:
            data[done:stop] = rows.data.view(dtype).reshape(-1, *shape)
        else:
            offsets[done:stop] = rows.index[:, 0] - rows.index[0, 0] + filled
            lengths[done:stop] = rows.index[:, 1]
            data[filled : filled + len(rows.data)] = rows.data
        done, filled = stop, filled + len(rows.data)


def _common_shape(cut: Cut) -> tuple[int, ...]:
    """Of pictures that all have the same; empty otherwise."""
    if cut.stream.description.format.kind is not PayloadKind.IMAGE or not cut.message_count:
        return ()
    shapes = {tuple(row) for rows in cut.pieces() for row in rows.index[:, 2:].tolist()}
    if len(shapes) != 1:
        return ()
    height, width, channels = shapes.pop()
    return (height, width, channels) if channels else (height, width)
