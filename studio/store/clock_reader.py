"""Reads what a recording keeps of its clock, never beyond the last commit. Belongs to its reader's thread."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from studio.store import layout
from studio.store.clock_rows import ClockTables, log_of
from studio.store.clock_summaries import summaries_from
from studio.store.damage import explained
from studio.timing.clock_summary import ClockSummary
from studio.timing.sync_status import ClockLog


class ClockReader:
    """The tables of one opened file; of an older one, whose tables were never filled, nothing."""

    def __init__(self, path: Path, file: h5py.File) -> None:
        self._path = path
        self._group = file.get(layout.CLOCK)
        self._datasets: dict[str, Any] = {}

    def tables(self, commits: int) -> ClockTables:
        """The rows that are valid with that many commits, `parts` among them."""
        if self._group is None or layout.COMMITS not in self._group:
            return {}
        with explained(self._path, "its clock"):
            rows = self._rows(layout.COMMITS)
            rows = rows[rows["commit"] < commits]
            if not len(rows):
                return {}
            counts = {name: int(rows[-1][name]) for name in layout.CLOCK_TABLES}
            tables = {name: self._rows(name, count) for name, count in counts.items()}
            return {**tables, layout.PARTS: self._rows(layout.PARTS)}

    def parts(self, commits: int) -> tuple[ClockLog, ...]:
        """One log for each recording that this one was made of; none if nothing was noted."""
        tables = self.tables(commits)
        with explained(self._path, "its clock"):
            logs = [log_of(part) for part in separated(tables)]
        return tuple(log for log in logs if not log.is_empty)

    def noted_summaries(self) -> tuple[ClockSummary, ...] | None:
        """What was noted at the end; None if its recorder did not come to that, or there was nothing."""
        if self._group is None or layout.SUMMARY not in self._group.attrs:
            return None
        with explained(self._path, "the summary of its clock"):
            return summaries_from(bytes(self._group.attrs[layout.SUMMARY]).decode("ascii"))

    def _rows(self, name: str, count: int | None = None) -> np.ndarray[Any, Any]:
        if name not in self._datasets:
            self._datasets[name] = self._group[name]
        dataset = self._datasets[name]
        expected = layout.CLOCK_TABLES.get(name)
        if expected is not None and dataset.dtype != expected:
            raise ValueError(f"{name} has rows of {dataset.dtype}, expected {expected}")
        if count is None or dataset.shape[0] < count:
            dataset.refresh()
        if count is not None and dataset.shape[0] < count:
            raise ValueError(f"{name} has {dataset.shape[0]} rows, expected {count}")
        return np.asarray(dataset[:count])


def separated(tables: ClockTables) -> list[ClockTables]:
    """The tables of each part."""
    if not tables:
        return []
    begins = [{name: int(row[name]) for name in layout.CLOCK_TABLES} for row in tables[layout.PARTS]] or [
        dict.fromkeys(layout.CLOCK_TABLES, 0)
    ]
    ends = [*begins[1:], {name: len(tables[name]) for name in layout.CLOCK_TABLES}]
    return [
        {name: tables[name][begin[name] : end[name]] for name in layout.CLOCK_TABLES}
        for begin, end in zip(begins, ends, strict=True)
    ]


def joined(parts: list[ClockTables]) -> ClockTables:
    """Tables of several parts in one; what `separated` takes apart again."""
    if not parts:
        return {}
    starts, so_far = [], dict.fromkeys(layout.CLOCK_TABLES, 0)
    for part in parts:
        starts.append(tuple(so_far.values()))
        so_far = {name: count + len(part.get(name, ())) for name, count in so_far.items()}
    tables = {
        name: np.concatenate([np.zeros(0, dtype), *(part[name] for part in parts if name in part)])
        for name, dtype in layout.CLOCK_TABLES.items()
    }
    marks = np.array(starts, layout.CLOCK_PARTS_DTYPE) if len(parts) > 1 else ()
    return {**tables, layout.PARTS: np.asarray(marks)}
