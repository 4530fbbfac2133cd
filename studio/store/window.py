"""A stretch of a signal as a screen can show it: from the samples when few, else from the pyramid."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from studio.formats.signal import Gap, SignalWindow
from studio.store import layout
from studio.store.pyramid import Points, merge
from studio.store.row_times import Int64s, row_steps, times_of_rows
from studio.store.stream_reader import StreamReader
from studio.store.unknown_points import unknown_between, unknown_times
from studio.timing import NS_PER_S, Timestamp

MISSING_ROWS = 4
"""So many nominal periods late is a gap, not jitter."""
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
    points = pyramid_points(stream, samples, stretch.first_row, stretch.last_row)
    gaps = merged_gaps(reported_gaps(stream, left, right) + silences(stream, points.times, samples))
    unknown = unknown_times(stream, points.times, samples, stretch.first_row)
    if len(points) > 2 * columns:
        points = _per_column(points, _begins_of_columns(points.times, left, right, columns))
    return replace(_drawn(points, gaps, samples), unknown=unknown)


def _of_samples(
    stream: StreamReader, stretch: _Stretch, left: Timestamp, right: Timestamp, columns: int
) -> SignalWindow:
    begin, times = _times_of_samples(stream, stretch.first_message, stretch.last_message)
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
    row_bytes = max(1, stream.rows(layout.DATA, 0, 0).dtype.itemsize * stream.description.format.channels)
    extents, unknown, first = [], [], 0
    while first < len(edges) - 1:
        fitting = int(np.searchsorted(edges, edges[first] + PIECE_BYTES // row_bytes, "right")) - 1
        last = max(first + 1, fitting)
        data = stream.rows(layout.DATA, begin + int(edges[first]), begin + int(edges[last]))
        begins = edges[first:last] - edges[first]
        extents.append(_extremes(data, data, begins))
        unknown.append(first + unknown_between(data, begins))
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


def raw_points(stream: StreamReader, first: int, last: int) -> Points:
    """The samples of messages `first` to `last`, each a point."""
    begin, times = _times_of_samples(stream, first, last)
    data = stream.rows(layout.DATA, begin, begin + len(times))
    return Points(times, np.stack([data, data], axis=1))


def _times_of_samples(stream: StreamReader, first: int, last: int) -> tuple[int, np.ndarray[Any, Any]]:
    """The first row of messages `first` to `last`, and when each of their rows was sampled."""
    index = stream.rows(layout.INDEX, first, last)
    known = stream.rows(layout.TIME, max(0, first - 1), last)
    previous, times = (int(known[0]), known[1:]) if first else (None, known)
    offsets, lengths = index[:, 0], index[:, 1]
    begin, end = int(offsets[0]), int(offsets[-1] + lengths[-1])
    steps = row_steps(times, lengths, previous, stream.description.format.rate)
    return begin, times_of_rows(np.arange(begin, end, dtype=np.int64), offsets, lengths, times, steps)


def pyramid_points(stream: StreamReader, samples: int, first_row: int, last_row: int) -> Points:
    """Points of `samples` samples that cover the rows; the end that fills none yet is made of finer ones."""
    first = first_row // samples
    last = min(-(-last_row // samples), stream.counts.extent // samples)
    level = layout.level_path(samples)
    parts = (
        [
            Points(
                stream.rows(f"{level}/{layout.TIME}", first, last),
                stream.rows(f"{level}/{layout.EXTENT}", first, last),
            )
        ]
        if last > first
        else []
    )
    rest = max(last, first) * samples
    if last_row > rest:
        parts.append(_tail(stream, samples, rest, last_row))
    return Points(np.concatenate([p.times for p in parts]), np.concatenate([p.extents for p in parts]))


def _tail(stream: StreamReader, samples: int, first_row: int, last_row: int) -> Points:
    """The rows behind the last full point, as one point."""
    if samples == layout.PYRAMID_BASE:
        first = stream.message_of_row(first_row)
        points = raw_points(stream, first, stream.message_of_row(last_row - 1) + 1)
        skipped = first_row - int(stream.rows(layout.INDEX, first, first + 1)[0, 0])
        points = Points(points.times[skipped:], points.extents[skipped:])
    else:
        points = pyramid_points(stream, samples // layout.PYRAMID_STEP, first_row, last_row)
    return merge(points, len(points))


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
    allowed = samples * period * (1 + RATE_TOLERANCE) + MISSING_ROWS * period
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
    return Points(points.times[begins], _extremes(points.extents[:, 0], points.extents[:, 1], begins))


def _extremes(
    low: np.ndarray[Any, Any], high: np.ndarray[Any, Any], begins: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Smallest and largest `(columns, 2, channels)` from each begin to the next, passing over NaN."""
    lowest = np.minimum.reduceat(low, begins)
    if lowest.dtype.kind == "f" and np.isnan(lowest).any():
        return np.stack([np.fmin.reduceat(low, begins), np.fmax.reduceat(high, begins)], axis=1)
    return np.stack([lowest, np.maximum.reduceat(high, begins)], axis=1)  # half the time of fmin


def _drawn(points: Points, gaps: tuple[Gap, ...], samples: int) -> SignalWindow:
    # As exact as what is stored, and no larger: all of it travels to another process.
    extents = points.extents.astype(np.result_type(points.extents.dtype, np.float32), copy=False)
    breaks = []
    for gap in gaps:
        middle = gap.from_time + (gap.to_time - gap.from_time) // 2
        place = int(np.searchsorted(points.times, middle))
        if 0 < place < len(points):
            breaks.append((place, middle))
    times = points.times
    if breaks:
        places = [place for place, _ in breaks]
        times = np.insert(times, places, [time for _, time in breaks])
        extents = np.insert(extents, places, np.nan, axis=0)
    return SignalWindow(times, extents[:, 0], extents[:, 1], float(samples), gaps)
