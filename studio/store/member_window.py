"""The numbers inside JSON messages as columns of a screen show them: a few points per column at any zoom."""

from typing import Any

import numpy as np

from studio.formats.series import SeriesWindow, column_begins
from studio.formats.signal import Gap, SignalWindow
from studio.store.member_fold import MemberFold, MemberRows
from studio.store.stream_reader import StreamReader
from studio.store.window import merged_gaps, reported_gaps
from studio.timing import Timestamp

Reals = np.ndarray[Any, np.dtype[np.float64]]


def member_window(
    stream: StreamReader,
    fold: MemberFold,
    left: Timestamp,
    right: Timestamp,
    columns: int,
    *,
    members: tuple[str, ...] = (),
) -> SeriesWindow:
    """At most about twice `columns` points, one message more on each side so that lines reach the edges.

    `members`: which of them, in this order; empty: all. What a message does not have is NaN.
    """
    first = max(0, stream.position(left) - 1)
    last = min(stream.counts.messages, stream.position(right, after=True) + 1)
    rows = fold.rows(stream, first, last)
    low, high = rows.low, rows.high
    names = members or fold.names
    if members:
        low, high = (_chosen(part, fold.names, members) for part in (low, high))
    signal = _drawn(rows, low, high, left, right, max(1, columns), reported_gaps(stream, left, right))
    return SeriesWindow(names, signal, rows.known_share, rows.is_sampled, fold.has_more and not members)


def _chosen(values: Reals, names: tuple[str, ...], members: tuple[str, ...]) -> Reals:
    """The columns of these members; NaN for those nobody knows."""
    chosen = np.full((len(values), len(members)), np.nan)
    for place, member in enumerate(members):
        if member in names:
            chosen[:, place] = values[:, names.index(member)]
    return chosen


def _drawn(
    rows: MemberRows,
    low: Reals,
    high: Reals,
    left: Timestamp,
    right: Timestamp,
    columns: int,
    gaps: tuple[Gap, ...],
) -> SignalWindow:
    times, size = rows.times, float(rows.messages)
    if len(times) > 2 * columns:
        begins = column_begins(times, left, right, columns)
        size = max(2.0, size * len(times) / max(1, len(begins)))
        low, high = np.fmin.reduceat(low, begins), np.fmax.reduceat(high, begins)
        times = times[begins]
    gaps = merged_gaps(gaps)
    for gap in gaps:
        middle = gap.from_time + (gap.to_time - gap.from_time) // 2
        place = int(np.searchsorted(times, middle))
        if 0 < place < len(times):
            times = np.insert(times, place, middle)
            low, high = np.insert(low, place, np.nan, axis=0), np.insert(high, place, np.nan, axis=0)
    return SignalWindow(times, low, high, size, gaps)
