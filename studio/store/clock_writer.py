"""Writes what was measured of the clock into a recording, on the exporter's thread, while it is recorded.

The tables exist from the beginning (decision 24). How much of them is valid is noted before the commit that
it belongs to, and counts only with it: what the clock says is as safe as what the streams say.
"""

from collections import deque
from typing import Any

import h5py
import numpy as np

from studio.store import layout
from studio.store.clock_rows import (
    ClockTables,
    probe_rows,
    reference_rows,
    segment_rows,
    state_rows,
    terms_rows,
)
from studio.store.table import Table, create_dataset
from studio.timing.segments import Segment
from studio.timing.sync_status import ClockLog, ClockTerms, Reference

REMEMBERED = 16
"""The newest segments: those told again are not written again."""


def create_clock(file: h5py.File) -> dict[str, Any]:
    """All datasets by name, still empty, in a file that is not in SWMR mode."""
    group = file.create_group(layout.CLOCK)
    made: dict[str, Any] = {}
    for name, dtype in layout.CLOCK_TABLES.items():
        dataset = create_dataset(group, layout.DatasetSpec(name, dtype, (), layout.CLOCK_CHUNK_ROWS[name]))
        dataset.attrs["columns"] = np.bytes_(layout.CLOCK_COLUMNS[name])  # of a length of its own: no heap
        made[name] = dataset
    for name, dtype in layout.CLOCK_MARKS.items():
        made[name] = create_dataset(group, layout.DatasetSpec(name, dtype, (), 64))
    return made


def fill_clock(datasets: dict[str, Any], tables: ClockTables) -> None:
    """Write whole tables, parts included, into what `create_clock` made; valid with the first commit."""
    for name, rows in tables.items():
        if len(rows):
            datasets[name].resize(len(rows), axis=0)
            datasets[name][:] = rows
    commits = datasets[layout.COMMITS]
    commits.resize(1, axis=0)
    commits[0] = (0, *(len(tables.get(name, ())) for name in layout.CLOCK_TABLES))


class ClockWriter:
    """`take` collects, `write_out` hands over, `commit` counts."""

    def __init__(self) -> None:
        self._tables = {name: Table(f"{layout.CLOCK}/{name}") for name in layout.CLOCK_TABLES}
        self._commits = Table(f"{layout.CLOCK}/{layout.COMMITS}")
        self._waiting: list[ClockLog] = []
        self._references: list[Reference] = []
        self._terms: ClockTerms | None = None
        self._line: deque[Segment] = deque(maxlen=REMEMBERED)
        self._counted: tuple[int, ...] = ()
        self.chunk_bytes = sum(
            layout.CLOCK_CHUNK_ROWS[name] * dtype.itemsize for name, dtype in layout.CLOCK_TABLES.items()
        )

    def attach(self, file: h5py.File | None) -> None:
        """Go on in a newly opened file."""
        for table in (*self._tables.values(), self._commits):
            table.attach(file)

    def take(self, log: ClockLog) -> None:
        """Collect a part."""
        self._waiting.append(log)

    @property
    def is_dirty(self) -> bool:
        """Whether something waits to be handed over."""
        return bool(self._waiting)

    @property
    def pending_bytes(self) -> int:
        """About what waits, in bytes."""
        return sum(
            64 * (len(log.probes) + len(log.segments) + len(log.bounds) + 8 * len(log.changes) + 32)
            for log in self._waiting
        )

    def give_up(self) -> None:
        """What waits cannot be stored any more."""
        self._waiting = []

    def write_out(self) -> None:
        """Hand everything to HDF5."""
        waiting, self._waiting = self._waiting, []
        for log in waiting:
            rows = {
                layout.PROBES: probe_rows(log.probes),
                layout.SEGMENTS: segment_rows(self._new_segments(log)),
                layout.STATES: state_rows(log.changes),
                layout.REFERENCES: reference_rows(self._new_references(log)),
                layout.BOUNDS: np.array(list(log.bounds), layout.CLOCK_TABLES[layout.BOUNDS]),
                layout.TERMS: terms_rows(self._new_terms(log)),
            }
            for name, new in rows.items():
                self._tables[name].append(new)

    def _new_segments(self, log: ClockLog) -> list[Segment]:
        new: list[Segment] = []
        for segment in log.segments:
            is_old = len(self._line) == REMEMBERED and segment.monotonic < self._line[0].monotonic
            if is_old or (not new and segment in self._line):
                continue
            while self._line and self._line[-1].monotonic >= segment.monotonic:
                self._line.pop()
            self._line.append(segment)
            new.append(segment)
        return new

    def _new_references(self, log: ClockLog) -> list[tuple[int, Reference]]:
        known = self._references
        new = [
            (number, each)
            for number, each in enumerate(log.references)
            if number >= len(known) or known[number] != each
        ]
        known[: len(log.references)] = log.references
        return new

    def _new_terms(self, log: ClockLog) -> ClockTerms | None:
        if log.terms is None or log.terms == self._terms:
            return None
        self._terms = log.terms
        return log.terms

    def commit(self, number: int) -> None:
        """Note what is valid with commit `number`, which is about to be written; the rows are in the file."""
        counts = tuple(table.count for table in self._tables.values())
        if counts != self._counted and any(counts):
            self._commits.append(np.array([(number, *counts)], layout.CLOCK_COMMITS_DTYPE))
            self._commits.dataset.flush()
            self._counted = counts
