"""Says in a line what a recording is, or what is wrong with it. Reads, never repairs or writes."""

import os
from dataclasses import replace
from pathlib import Path

from studio.app.session_entries import PartitionEntry
from studio.errors import StudioError
from studio.formats.stream_columns import devices_of, message_counts
from studio.store.clock_summaries import guaranteed
from studio.store.reader import StoreReader
from studio.store.sidecar import is_being_written
from studio.store.summary import RecordingSummary, read_summary


def describe(path: Path, *, derived: bool = False) -> PartitionEntry:
    """One recording in a line; `derived`: its name says that it was made from another.

    Raises FileNotFoundError when it has gone.
    """
    try:
        summary = read_summary(path)
        entry = _from_reader(path) if summary is None else _from_summary(path, summary)
        return replace(entry, derived=derived or entry.derived)
    except StudioError as error:
        return unreadable(path, path.stat(), str(error))


def unreadable(path: Path, status: os.stat_result, problem: str) -> PartitionEntry:
    """One that cannot be opened, and why."""
    return PartitionEntry(
        path=str(path),
        name=path.stem,
        started_time=status.st_mtime_ns,
        byte_size=status.st_size,
        # Of a recording that has only just begun nothing can be read yet.
        live=is_being_written(path),
        clean=False,
        problem=problem,
    )


def _from_summary(path: Path, summary: RecordingSummary) -> PartitionEntry:
    return PartitionEntry(
        path=str(path),
        name=path.stem,
        started_time=summary.first_time or summary.created,
        duration_ns=summary.last_time - summary.first_time,
        byte_size=path.stat().st_size,
        stream_count=summary.stream_count,
        message_count=summary.message_count,
        machine=summary.machine,
        devices=summary.devices,
        session_id=summary.session_id,
        clock_bound_ns=summary.clock_bound,
        clean=summary.clean,
        recovered=not summary.clean,
        derived=summary.derived,
    )


def _from_reader(path: Path) -> PartitionEntry:
    """A recording that grows, or that was broken off: only its commits know how far it goes."""
    with StoreReader(path, repair=False) as reader:
        info = reader.info()
        bound = None if info.live else guaranteed(reader.clock_summaries())
    return PartitionEntry(
        path=str(path),
        name=path.stem,
        started_time=info.first_time or info.created,
        duration_ns=info.last_time - info.first_time,
        byte_size=info.byte_size,
        stream_count=len(info.streams),
        message_count=int(message_counts(info.streams).sum()),
        machine=info.machine,
        devices=devices_of(info.streams),
        session_id=info.session_id,
        live=info.live,
        clock_bound_ns=bound,
        clean=info.clean,
        recovered=info.recovered,
    )
