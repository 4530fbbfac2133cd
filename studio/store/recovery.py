"""Puts a recording in order whose recorder died: flags and lengths only, the data is never touched.

Allowed when nobody holds the side-car's lock, the file has stood still, and it was recorded on this machine
(decision 23). What no commit counts is cut off, so that any reader sees what ours see.
"""

import platform
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from studio.errors import StoreEnvironmentError, StoreFormatError, StudioError
from studio.store import layout
from studio.store.clock_reader import ClockReader
from studio.store.clock_summaries import summary_attributes
from studio.store.contents import write_contents
from studio.store.damage import SYMPTOMS, explained
from studio.store.opening import open_at_rest, open_for_appending
from studio.store.sidecar import SideCar, machine_of
from studio.store.stream_writer import StreamTotals, closing_attributes, info_of
from studio.store.superblock import mark_closed, read_superblock
from studio.timing import NS_PER_S, Duration, SystemClock, monotonic_ns, wait_on

if TYPE_CHECKING:
    from studio.formats.recording import StreamInfo

STILL_FOR: Duration = 2 * NS_PER_S
MOST_AT_OPENING = 1000
"""To put more streams in order takes long: they are shown as they are, and `repair` does it when asked."""


def recover_if_allowed(path: Path, *, still_for: Duration = STILL_FOR) -> bool:
    """Put the recording at `path` in order; False if it may not be touched (then it is read as it is)."""
    try:
        if _recorded_elsewhere(path) or stream_count(path) > MOST_AT_OPENING:
            return False
        return recover(path, still_for=still_for)
    except (StudioError, *SYMPTOMS):
        return False  # the reader then says what cannot be read


def recover(
    path: Path, *, still_for: Duration = STILL_FOR, tell: Callable[[int, int], None] | None = None
) -> bool:
    """The same, whatever machine it comes from; False if somebody is writing it.

    `tell` hears how many of the streams are done.
    """
    try:
        sidecar = SideCar.take(path)
    except StoreEnvironmentError:
        return False
    if sidecar is None:
        return False
    try:
        if not _stands_still(path, still_for):
            return False
        last_written = path.stat().st_mtime_ns
        mark_closed(path)
        with explained(path, "its structure"), open_for_appending(path) as file:
            _settle(file, last_written, tell or _nobody)
    finally:
        sidecar.release()
    return True


def stream_count(path: Path) -> int:
    """Of a recording that nobody writes; raises as h5py does."""
    with open_at_rest(path) as file:
        return len(file[layout.STREAMS])


def _recorded_elsewhere(path: Path) -> bool:
    if machine := machine_of(path):
        return machine != platform.node()
    try:
        with open_at_rest(path) as file:
            return str(file.attrs["machine"]) != platform.node()
    except (OSError, KeyError):
        return False


def _stands_still(path: Path, still_for: Duration) -> bool:
    """Whether size and time of change have not moved for `still_for`; waits for the rest of it."""
    before = path.stat()
    age = SystemClock().now() - before.st_mtime_ns
    begun = monotonic_ns()
    remaining = still_for - max(0, age)
    while monotonic_ns() - begun < remaining:
        wait_on(Event(), remaining - (monotonic_ns() - begun))
    after = path.stat()
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _nobody(_done: int, _streams: int) -> None:
    """Nobody asked."""


def _settle(file: h5py.File, last_written: int, tell: Callable[[int, int], None]) -> None:
    if file.attrs.get("format") != layout.FORMAT:
        raise StoreFormatError(f"{file.filename} is an HDF5 file, but not a recording of the studio")
    if int(file.attrs["clean"]) == 1:
        return
    counts, committed_time = last_commit(file)
    is_second_try = layout.RECOVERING in file.attrs  # what the first one noted is in no commit: noted anew
    file.attrs[layout.RECOVERING] = 1
    file.flush()
    _settle_group(file[layout.LOG], counts, layout.LOG_FORMAT.kind.is_sampled)
    infos: dict[int, StreamInfo] = {}
    names = list(file[layout.STREAMS])
    for done, name in enumerate(names):
        tell(done, len(names))
        group = file[layout.STREAMS][name]
        description = layout.StreamDescription.from_json(group.attrs["description"])
        totals = _settle_group(group, counts, description.format.kind.is_sampled)
        if is_second_try or "closed_time" not in group.attrs:
            totals = _note_killed(group, totals, committed_time, last_written)
            number = int(group.attrs["id"])
            if number < len(counts):
                counts[number, 2] = group[layout.LOSS].shape[0]
        closed = max(totals.last_time, committed_time)
        group.attrs.update(closing_attributes(totals, closed, sampled=description.format.kind.is_sampled))
        infos[description.id] = info_of(description, totals, closed, _gaps(group))
    _settle_clock(file, committed_time)
    _commit(file, counts, max(committed_time, last_written))
    if sorted(infos) == list(range(layout.LOG_ID + 1, len(counts))):
        write_contents(file, [infos[number] for number in sorted(infos)], counts[layout.LOG_ID + 1 :])
    file.attrs["recovered"] = 1
    del file.attrs[layout.RECOVERING]


def _gaps(group: h5py.Group) -> int:
    return int(np.count_nonzero(group[layout.LOSS]["reason"] == layout.GAP.encode()))


def last_commit(file: h5py.File) -> tuple[np.ndarray[Any, Any], int]:
    """Counts `(streams, 4)` and time of the last commit; no streams and 0 when there is none."""
    times, counts = file[layout.COMMITS][layout.TIME], file[layout.COMMITS][layout.COUNTS]
    rows = min(times.shape[0], counts.shape[0])
    if rows == 0:
        return np.zeros((0, len(layout.COUNT_COLUMNS)), np.int64), 0
    return np.asarray(counts[rows - 1]), int(times[rows - 1])


def _commit(file: h5py.File, counts: np.ndarray[Any, Any], time: int) -> None:
    """One row more, which counts what recovery has noted; a half-made row is replaced.

    None after none: no data is counted then, and all there is to put right is a half-made first one.
    """
    times, table = file[layout.COMMITS][layout.TIME], file[layout.COMMITS][layout.COUNTS]
    rows = min(times.shape[0], table.shape[0])
    wanted = rows + 1 if rows else 0
    table.resize(wanted, axis=0)
    times.resize(wanted, axis=0)
    if rows:
        table[rows] = counts
        times[rows] = time


def _settle_clock(file: h5py.File, committed_time: int) -> None:
    """Cut off what no commit counts of the clock, and note what is to be said of the rest."""
    group = file[layout.CLOCK]
    if layout.COMMITS not in group:
        return  # recorded before anything was written there
    rows = min(file[layout.COMMITS][name].shape[0] for name in (layout.TIME, layout.COUNTS))
    commits = group[layout.COMMITS]
    valid = int(np.count_nonzero(commits["commit"] < rows))
    if commits.shape[0] > valid:
        commits.resize(valid, axis=0)
    counts = commits[valid - 1] if valid else np.zeros((), layout.CLOCK_COMMITS_DTYPE)
    for name in layout.CLOCK_TABLES:
        if group[name].shape[0] > counts[name]:
            group[name].resize(int(counts[name]), axis=0)
    logs = ClockReader(Path(file.filename), file).parts(rows)
    group.attrs.update(summary_attributes(logs, int(file.attrs["created"]), committed_time))


def _settle_group(group: h5py.Group, counts: np.ndarray[Any, Any], sampled: bool) -> StreamTotals:
    """Cut everything behind the commit off; returns what is left."""
    number = int(group.attrs["id"])
    messages, extent, loss_rows, produced = map(int, counts[number]) if number < len(counts) else (0, 0, 0, 0)
    lengths = {
        path: messages for path in (layout.TIME, layout.CREATION_TIME, layout.SEQUENCE_ID, layout.INDEX)
    }
    lengths |= {layout.DATA: extent, layout.LOSS: loss_rows}
    if sampled:
        for samples in layout.PYRAMID_LEVELS:
            level = layout.level_path(samples)
            lengths |= {f"{level}/{table}": extent // samples for table in (layout.TIME, layout.EXTENT)}
        if layout.UNKNOWN in group:
            whole = extent // layout.PYRAMID_BASE
            lengths[layout.UNKNOWN] = int(np.searchsorted(group[layout.UNKNOWN][:], whole))
    for path, length in lengths.items():
        if group[path].shape[0] > length:
            group[path].resize(length, axis=0)
    return _totals(group, messages, extent, produced)


def _totals(group: h5py.Group, messages: int, extent: int, produced: int) -> StreamTotals:
    data, losses = group[layout.DATA], group[layout.LOSS][:]
    dropped = int(losses["count"].sum())
    shared = {
        "message_count": messages,
        "extent": extent,
        "byte_count": extent * int(np.prod(data.shape[1:], dtype=np.int64)) * data.dtype.itemsize,
        "dropped": dropped,
        "produced": produced,
    }
    if not messages:
        return StreamTotals(**shared)
    times, created = group[layout.TIME], group[layout.CREATION_TIME]
    latency = 0
    for start in range(0, messages, 1 << 20):
        stop = min(start + (1 << 20), messages)
        latency += sum((created[start:stop] - times[start:stop]).tolist())
    return StreamTotals(
        **shared,
        first_time=int(times[0]),
        last_time=int(times[messages - 1]),
        first_creation_time=int(created[0]),
        last_creation_time=int(created[messages - 1]),
        latency_sum=latency,
    )


def _note_killed(
    group: h5py.Group, totals: StreamTotals, committed_time: int, last_written: int
) -> StreamTotals:
    """Add the loss that nobody counted: at most what was handed over since the last commit (decision 27)."""
    sampled = layout.PYRAMID in group
    stored = totals.extent if sampled else totals.message_count
    missing = max(0, totals.produced - stored - totals.dropped)
    latest = max(last_written, committed_time) + NS_PER_S
    row = (latest, layout.KILLED_RECORDER.encode(), missing, totals.last_time or committed_time, latest)
    losses = group[layout.LOSS]
    losses.resize(losses.shape[0] + 1, axis=0)
    losses[-1] = row
    fields = {name: getattr(totals, name) for name in StreamTotals.__dataclass_fields__}
    return StreamTotals(**{**fields, "dropped": totals.dropped + missing})


def is_broken_off(path: Path) -> bool:
    """Whether a recorder died before it could close the recording."""
    if read_superblock(path).is_marked_open:
        return True
    try:
        with open_at_rest(path) as file:
            attributes = file.attrs
            return attributes.get("format") == layout.FORMAT and not (
                int(attributes["clean"]) or int(attributes["recovered"])
            )
    except (OSError, KeyError, ValueError, TypeError, RuntimeError):
        return False  # opening it for good will say what is wrong
