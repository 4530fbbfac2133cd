"""What was measured of the clock, as rows of the tables that keep it, and back. Opens no file."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TypeAlias

import numpy as np

from studio.store import layout
from studio.timing.segments import Segment
from studio.timing.sync_status import (
    ClockLog,
    ClockTerms,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    StateChange,
    SyncState,
)

Rows: TypeAlias = np.ndarray[Any, Any]
ClockTables: TypeAlias = dict[str, Rows]
"""The rows of each table, by its name."""

TEXT_BYTES = 256


def tables_of(log: ClockLog) -> ClockTables:
    """All rows of a whole log."""
    return {
        layout.PROBES: probe_rows(log.probes),
        layout.SEGMENTS: segment_rows(log.segments),
        layout.STATES: state_rows(log.changes),
        layout.REFERENCES: reference_rows(enumerate(log.references)),
        layout.BOUNDS: np.array(list(log.bounds), layout.CLOCK_TABLES[layout.BOUNDS]),
        layout.TERMS: terms_rows(log.terms),
    }


def log_of(tables: ClockTables) -> ClockLog:
    """What the rows say; tables may be missing. ValueError or TypeError for rows that make no sense."""
    empty = {name: np.zeros(0, dtype) for name, dtype in layout.CLOCK_TABLES.items()}
    rows = {**empty, **{name: table for name, table in tables.items() if len(table)}}
    return ClockLog(
        probes=tuple(
            ProbeRecord(sent, received, stamp, ProbeOutcome(outcome), reference)
            for sent, received, stamp, reference, outcome in rows[layout.PROBES].tolist()
        ),
        segments=effective(Segment(*row) for row in rows[layout.SEGMENTS].tolist()),
        changes=tuple(
            StateChange(monotonic, SyncState(_read(state)), _read(text), held_step, since)
            for monotonic, state, held_step, since, text in rows[layout.STATES].tolist()
        ),
        references=_references(rows[layout.REFERENCES]),
        bounds=tuple((monotonic, bound) for monotonic, bound in rows[layout.BOUNDS].tolist()),
        terms=_terms(rows[layout.TERMS]),
    )


def probe_rows(probes: Iterable[ProbeRecord]) -> Rows:
    """Of the table of probes."""
    found = [(each.sent, each.received, each.stamp, each.reference, int(each.outcome)) for each in probes]
    return np.array(found, layout.CLOCK_TABLES[layout.PROBES])


def segment_rows(segments: Iterable[Segment]) -> Rows:
    """Of the table of segments."""
    found = [(each.monotonic, each.time, each.rate) for each in segments]
    return np.array(found, layout.CLOCK_TABLES[layout.SEGMENTS])


def state_rows(changes: Iterable[StateChange]) -> Rows:
    """Of the table of states."""
    found = [
        (
            each.monotonic,
            _written(each.state.value, 32),
            each.held_step,
            each.uncertain_since,
            _written(each.text),
        )
        for each in changes
    ]
    return np.array(found, layout.CLOCK_TABLES[layout.STATES])


def reference_rows(references: Iterable[tuple[int, Reference]]) -> Rows:
    """Of the table of references, each with its number."""
    found = [
        (
            number,
            each.port,
            _written(each.host),
            _written(each.machine),
            each.is_studio,
            each.is_protected,
        )
        for number, each in references
    ]
    return np.array(found, layout.CLOCK_TABLES[layout.REFERENCES])


def terms_rows(terms: ClockTerms | None) -> Rows:
    """A line of JSON, as bytes."""
    if terms is None:
        return np.zeros(0, np.uint8)
    line = json.dumps({**asdict(terms), "parameters": dict(terms.parameters)}) + "\n"
    return np.frombuffer(line.encode(), np.uint8)


def effective(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """What holds of segments in the order in which they were decided: a later decision replaces what was
    planned for its moment and after."""
    line: list[Segment] = []
    for segment in segments:
        while line and line[-1].monotonic >= segment.monotonic:
            line.pop()
        line.append(segment)
    return tuple(line)


def _references(rows: Rows) -> tuple[Reference, ...]:
    known: dict[int, Reference] = {}
    for number, port, host, machine, is_studio, is_protected in rows.tolist():
        known[number] = Reference(_read(host), port, _read(machine), bool(is_studio), bool(is_protected))
    return tuple(known.get(number, Reference("", 0)) for number in range(max(known, default=-1) + 1))


def _terms(rows: Rows) -> ClockTerms | None:
    lines = rows.tobytes().decode("utf-8").splitlines()
    if not lines:
        return None
    said = json.loads(lines[-1])
    parameters = tuple((str(name), float(value)) for name, value in said.pop("parameters", {}).items())
    known = {name: value for name, value in said.items() if name in ClockTerms.__dataclass_fields__}
    return ClockTerms(**known, parameters=parameters)


def _written(text: str, limit: int = TEXT_BYTES) -> bytes:
    """As much of it as fits, in whole characters."""
    return layout.shown(text).encode("utf-8")[:limit].decode("utf-8", "ignore").encode("utf-8")


def _read(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
