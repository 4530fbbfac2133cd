"""A stretch of a signal as a screen can show it: from the samples when few, else from the pyramid."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from studio.formats.encoding import stored_dtype
from studio.formats.signal import Gap, SignalWindow
from studio.store import layout
from studio.store.column_extremes import extremes
from studio.store.cover import pyramid_cover, times_of_samples
from studio.store.pyramid import Points
from studio.store.row_times import Int64s, row_steps
from studio.store.stream_reader import StreamReader
from studio.store.unknown_points import unknown_times
from studio.timing import NS_PER_MS, NS_PER_S, Timestamp

MISSING_ROWS = 4
"""So many nominal periods late is a gap, not jitter; but never less than LEAST_SILENCE_NS."""
LEAST_SILENCE_NS = 2 * NS_PER_MS
"""The smoothed clock of a sound card wavers by tenths of a millisecond, on a busy machine by more than one,
which is fifty samples: the account knows of no loss then, and no sign in the plot may say otherwise."""
RATE_TOLERANCE = 0.02
PIECE_BYTES = 2 << 20
"""Samples of many channels are folded so many at a time: what is read for a screen stays small in memory."""
MOST_REFINED = 8192
"""Messages looked at to place a gap exactly."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Messages and rows of a window, one message more on each side so that lines reach the edges."""

    first_message: int
    last_message: int
    first_row: int
    last_row: int


def signal_window(stream: StreamReader, left: Timestamp, right: Timestamp, columns: int) -> SignalWindow:
    """At most about `columns` + 2 points (or the samples, when there are no more than two per column).

    Reads a number of rows that depends on `columns`, not on the length of the window. Nothing is bridged:
    gaps are listed, and a row of NaN stands in each (design of the store, "Pyramid").
    """
    columns = max(1, columns)
    channels = stream.description.format.channels
    stretch = _stretch(stream, left, right)
    if stretch is None:
        nothing = np.empty((0, channels))
        return SignalWindow(np.empty(0, np.int64), nothing, nothing, gaps=reported_gaps(stream, left, right))
    samples = _level(stretch.last_row - stretch.first_row, columns)
    if samples == 1:
        return _of_samples(stream, stretch, left, right, columns)
    cover = pyramid_cover(stream, samples, stretch.first_row, stretch.last_row)
    times = cover.times(stream)
    gaps = merged_gaps(reported_gaps(stream, left, right) + silences(stream, times, samples))
    unknown = unknown_times(stream, times, samples, stretch.first_row)
    if len(times) > 2 * columns:
        points = Points(times, cover.extents(stream))
        points = _per_column(points, _begins_of_columns(times, left, right, columns))
        return replace(_drawn(points, gaps, samples), unknown=unknown)
    breaks = _breaks(times, gaps)
    extents = cover.extents(stream, [place for place, _ in breaks])  # read to where they shall be
    return replace(_shown(_with_breaks(times, breaks), extents, breaks, gaps, samples), unknown=unknown)


def _of_samples(
    stream: StreamReader, stretch: _Stretch, left: Timestamp, right: Timestamp, columns: int
) -> SignalWindow:
    begin, times = times_of_samples(stream, stretch.first_message, stretch.last_message)
    gaps = merged_gaps(reported_gaps(stream, left, right) + silences(stream, times, 1))
    if len(times) <= 2 * columns:
        data = stream.rows(layout.DATA, begin, begin + len(times))
        return _drawn(Points(times, np.stack([data, data], axis=1)), gaps, 1)
    begins = _begins_of_columns(times, left, right, columns)
    extents, unknown = _folded_samples(stream, begin, np.append(begins, len(times)))
    return replace(_drawn(Points(times[begins], extents), gaps, 2), unknown=times[begins[unknown]])


def _folded_samples(
    stream: StreamReader, begin: int, edges: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], Int64s]:
    """Smallest and largest of the rows between each two edges, counted from `begin`, and between which of
    them something is no number; a piece at a time."""
    described = stream.description.format
    dtype = stored_dtype(described)
    piece = PIECE_BYTES // max(1, dtype.itemsize * described.channels)
    most = max(piece, int(np.diff(edges).max()))  # a column is folded at once
    buffer = np.empty((min(most, int(edges[-1] - edges[0])), described.channels), dtype)
    extents, unknown, first = [], [], 0
    while first < len(edges) - 1:
        fitting = int(np.searchsorted(edges, edges[first] + piece, "right")) - 1
        last = max(first + 1, fitting)
        start, stop = begin + int(edges[first]), begin + int(edges[last])
        data = buffer[: stop - start]
        stream.read_into(layout.DATA, start, stop, data)
        begins = edges[first:last] - edges[first]
        found, places = extremes(data, data, begins)
        extents.append(found)
        unknown.append(first + places)
        first = last
    return np.concatenate(extents), np.concatenate(unknown)


def _stretch(stream: StreamReader, left: Timestamp, right: Timestamp) -> _Stretch | None:
    first = max(0, stream.position(left) - 1)
    last = min(stream.counts.messages, stream.position(right, after=True) + 1)
    if right < left or first >= last:
        return None
    begin = stream.rows(layout.INDEX, first, first + 1)[0]
    end = stream.rows(layout.INDEX, last - 1, last)[0]
    return _Stretch(first, last, int(begin[0]), int(end[0] + end[1]))


def _level(rows: int, columns: int) -> int:
    """Samples per point: the coarsest level that has a point for each column; 1 for the samples."""
    fitting = [samples for samples in layout.PYRAMID_LEVELS if rows // samples >= columns]
    return fitting[-1] if fitting else 1


def reported_gaps(stream: StreamReader, left: Timestamp, right: Timestamp) -> tuple[Gap, ...]:
    """Gaps of the loss account that touch the window."""
    return tuple(
        Gap(loss.from_time, loss.to_time)
        for loss in stream.losses()
        if loss.from_time <= right and loss.to_time >= left and loss.to_time > loss.from_time
    )


def silences(stream: StreamReader, times: np.ndarray[Any, Any], samples: int) -> tuple[Gap, ...]:
    """Where the points are further apart than the nominal rate allows."""
    rate = stream.description.format.rate
    if rate <= 0 or len(times) < 2:
        return ()
    period = NS_PER_S / rate
    jitter = max(MISSING_ROWS * period, LEAST_SILENCE_NS)
    allowed = samples * period * (1 + RATE_TOLERANCE) + jitter
    places = np.flatnonzero(np.diff(times) > allowed)
    return tuple(_placed(stream, int(times[i]), int(times[i + 1])) for i in places[:1000])


def _placed(stream: StreamReader, left: Timestamp, right: Timestamp) -> Gap:
    """The longest silence between two points, exact to a message where that is cheap to find."""
    first, last = stream.position(left), stream.position(right) + 1
    last = min(last, stream.counts.messages)
    if not 1 < last - first <= MOST_REFINED:
        return Gap(left, right)
    # Within a message no sample is late: the times of the messages tell, their data need not be read.
    times = stream.rows(layout.TIME, first, last)
    lengths = stream.rows(layout.INDEX, first, last)[:, 1]
    steps = row_steps(times, lengths, None, stream.description.format.rate)
    begins = times - np.rint((lengths - 1) * steps).astype(np.int64)
    longest = int(np.argmax(begins[1:] - times[:-1]))
    return Gap(int(times[longest]), int(begins[longest + 1]))


def merged_gaps(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """In order, overlapping ones as one."""
    merged: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.from_time, gap.to_time)):
        if merged and gap.from_time <= merged[-1].to_time:
            merged[-1] = Gap(merged[-1].from_time, max(gap.to_time, merged[-1].to_time))
        else:
            merged.append(gap)
    return tuple(merged)


def _begins_of_columns(
    times: np.ndarray[Any, Any], left: Timestamp, right: Timestamp, columns: int
) -> np.ndarray[Any, Any]:
    """The first of the points in each column of the screen, and in all that lies before and behind it."""
    width = max(1, -(-(right - left + 1) // columns))
    column = np.clip((times - left) // width, -1, columns)
    return np.flatnonzero(np.diff(column, prepend=column[0] - 1))


def _per_column(points: Points, begins: np.ndarray[Any, Any]) -> Points:
    """The points from each begin to the next as one."""
    extents, _ = extremes(points.extents[:, 0], points.extents[:, 1], begins)
    return Points(points.times[begins], extents)


def _drawn(points: Points, gaps: tuple[Gap, ...], samples: int) -> SignalWindow:
    breaks = _breaks(points.times, gaps)
    extents = points.extents
    if breaks:
        extents = np.insert(extents, [place for place, _ in breaks], 0, axis=0)
    return _shown(_with_breaks(points.times, breaks), extents, breaks, gaps, samples)


def _breaks(times: Int64s, gaps: tuple[Gap, ...]) -> list[tuple[int, Timestamp]]:
    """Before which point a row of NaN shall stand, and its time: one in each gap between points."""
    middles = [gap.from_time + (gap.to_time - gap.from_time) // 2 for gap in gaps]
    places = np.searchsorted(times, np.array(middles, np.int64)).tolist()
    return [(place, middle) for place, middle in zip(places, middles, strict=True) if 0 < place < len(times)]


def _with_breaks(times: Int64s, breaks: list[tuple[int, Timestamp]]) -> Int64s:
    return np.insert(times, [place for place, _ in breaks], [time for _, time in breaks]) if breaks else times


def _shown(
    times: Int64s,
    extents: np.ndarray[Any, Any],
    breaks: list[tuple[int, Timestamp]],
    gaps: tuple[Gap, ...],
    samples: int,
) -> SignalWindow:
    """`extents` have a row for each break already."""
    # As exact as what is stored, and no larger: all of it travels to another process.
    extents = extents.astype(np.result_type(extents.dtype, np.float32), copy=False)
    extents[[place + number for number, (place, _) in enumerate(breaks)]] = np.nan
    return SignalWindow(times, extents[:, 0], extents[:, 1], float(samples), gaps)
