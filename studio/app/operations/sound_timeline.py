"""Lays recorded sound on an even timeline: what was missing becomes silence, so that time stays true.

A sound card's clock runs a little off the nominal rate. Between gaps the samples are kept as they are, one
after another; after each gap the next sample stands where its time says. For film, which must stay in step
with its pictures, `in_step` stretches each stretch of some milliseconds by a sample where that is needed.
Arithmetic only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from studio.formats.recording import LossEntry
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Timed: TypeAlias = tuple[np.ndarray[Any, np.dtype[np.int64]], Array]

LEAST_ROWS = 4
"""So many nominal periods late is a gap where the loss account says that something is missing."""
LEAST_SILENCE: Duration = 20 * NS_PER_MS
"""So long a silence is a gap, whatever the loss account says."""
STEP_ROWS = 512
MOST_STRETCH = 0.02
"""At most that much faster or slower, to be in step again: half of what an ear notices in a short sound."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some sound, and what comes before it."""

    silence: int
    """Samples that are missing before it; 0: it follows at once."""
    gap_from: Timestamp
    """Time of the last sample before the gap; of the beginning, before the first."""
    times: "np.ndarray[Any, np.dtype[np.int64]]"
    rows: Array


def stretches(
    samples: Iterable[Timed], rate: float, begin: Timestamp, losses: Sequence[LossEntry] = ()
) -> Iterator[Stretch]:
    """`samples` on a timeline of `rate` that begins at `begin`."""
    period = NS_PER_S / rate
    position, last = 0, begin - round(period)
    for times, rows in samples:
        for start, stop in _unbroken(times, last, period, losses):
            silence = 0
            if start or not position or _is_gap(last, int(times[0]), period, losses):
                silence = max(0, round((int(times[start]) - begin) / period) - position)
            yield Stretch(silence, last, times[start:stop], rows[start:stop])
            position += silence + stop - start
            last = int(times[stop - 1])


def _unbroken(
    times: "np.ndarray[Any, np.dtype[np.int64]]", last: int, period: float, losses: Sequence[LossEntry]
) -> list[tuple[int, int]]:
    """Ranges of rows without a gap in them."""
    if not len(times):
        return []
    late = np.flatnonzero(np.diff(times) > LEAST_ROWS * period)
    places = [int(i) + 1 for i in late if _is_gap(int(times[i]), int(times[i + 1]), period, losses)]
    ends = [0, *places, len(times)]
    return list(pairwise(ends))


def _is_gap(before: Timestamp, after: Timestamp, period: float, losses: Sequence[LossEntry]) -> bool:
    late = after - before
    if late >= LEAST_SILENCE + period:
        return True
    known = any(loss.from_time < after and loss.to_time > before for loss in losses)
    return known and late > LEAST_ROWS * period


def in_step(found: Iterable[Stretch], rate: float, begin: Timestamp) -> Iterator[Stretch]:
    """The same in pieces of some milliseconds, each where its time says to within a few samples."""
    position = 0
    for stretch in found:
        silence = stretch.silence
        for start in range(0, len(stretch.times), STEP_ROWS):
            times, rows = (part[start : start + STEP_ROWS] for part in (stretch.times, stretch.rows))
            if silence:
                silence = max(0, _place(int(times[0]), rate, begin) - position)
            position += silence
            wanted = _place(int(times[-1]), rate, begin) + 1 - position
            allowed = max(1, round(len(rows) * MOST_STRETCH))
            length = int(np.clip(wanted, len(rows) - allowed, len(rows) + allowed))
            yield Stretch(silence, stretch.gap_from, times, _stretched(rows, length))
            position += length
            silence = 0


def _place(time: Timestamp, rate: float, begin: Timestamp) -> int:
    return round((time - begin) * rate / NS_PER_S)


def _stretched(rows: Array, length: int) -> Array:
    if length == len(rows) or length < 1:
        return rows
    places = np.linspace(0, len(rows) - 1, length)
    channels = [np.interp(places, np.arange(len(rows)), channel) for channel in rows.T]
    return np.stack(channels, axis=1).astype(rows.dtype)


def full_scale(rows: Array) -> Array:
    """Samples as float32 with a full scale of 1.0, whatever they are stored as."""
    if rows.dtype.kind == "f":
        return rows.astype(np.float32)
    limits = np.iinfo(rows.dtype)
    middle = 0 if rows.dtype.kind == "i" else (limits.max + 1) / 2
    return ((rows.astype(np.float64) - middle) / ((limits.max + 1) - middle)).astype(np.float32)
