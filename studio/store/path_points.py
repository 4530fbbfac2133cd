"""Reads one value against another over a stretch of time, at most so many points. Bounded work at any length.

Of a stream that holds more than can be read at once, single messages are read, evenly chosen: of a sampled
one their last samples (the time of a block is that of its last, decision 3), of JSON whole chunks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from studio.errors import StreamError
from studio.formats.course import Course
from studio.formats.payload import PayloadKind
from studio.formats.points import Int64s, PointAxis
from studio.formats.signal import Gap
from studio.store import layout
from studio.store.cover import raw_points
from studio.store.member_fold import MemberFold, evenly
from studio.store.stream_reader import StreamReader
from studio.store.window import reported_gaps, silences
from studio.timing import Timestamp

MOST_VALUES = 1 << 20
"""Values, of all channels together, that are read at once."""
MOST_SINGLE = 600
"""Messages that are read one by one: each costs three reads."""


def courses_of(
    stream: StreamReader, fold: MemberFold, axes: Sequence[PointAxis], left: Timestamp, right: Timestamp
) -> list[Course]:
    """The values in `[left, right]` of each axis, all of which name this stream. Raises StreamError for a
    stream without numbers."""
    kind = stream.description.format.kind
    if kind is PayloadKind.JSON:
        return _inside_messages(stream, fold, axes, left, right)
    if not kind.is_sampled:
        name = stream.description.name
        raise StreamError(f"stream {name!r} holds {kind.value}, which has no numbers to be drawn")
    return _of_samples(stream, axes, left, right)


def _of_samples(
    stream: StreamReader, axes: Sequence[PointAxis], left: Timestamp, right: Timestamp
) -> list[Course]:
    channels = [_channel(stream, axis) for axis in axes]
    first = stream.position(left)
    last = min(stream.counts.messages, stream.position(right, after=True) + 1)
    if first >= last:
        nothing = np.empty(0, np.int64), np.empty((0, stream.description.format.channels))
        return _courses(stream, channels, *nothing, 0)
    begin, end = (stream.rows(layout.INDEX, n, n + 1)[0] for n in (first, last - 1))
    rows = int(end[0] + end[1] - begin[0])
    if rows * stream.description.format.channels > MOST_VALUES:
        times, values = _single_messages(stream, first, last)
        return _courses(stream, channels, times, values, rows, reported_gaps(stream, left, right))
    points = raw_points(stream, first, last)
    inside = (points.times >= left) & (points.times <= right)
    times, values = points.times[inside], points.extents[inside, 0]
    gaps = reported_gaps(stream, left, right) + silences(stream, times, 1)
    return _courses(stream, channels, times, values, len(times), gaps)


def _channel(stream: StreamReader, axis: PointAxis) -> int:
    wanted = int(axis.place) if axis.place.isdecimal() else axis.usual
    return min(wanted, stream.description.format.channels - 1)


def _courses(
    stream: StreamReader,
    channels: list[int],
    times: Int64s,
    values: np.ndarray[Any, Any],
    total: int,
    gaps: tuple[Gap, ...] = (),
) -> list[Course]:
    name, described = stream.description.name, stream.description.format
    given = dict(enumerate(described.channel_names))
    names = [given.get(n) or (f"{name} {n + 1}" if described.channels > 1 else name) for n in channels]
    return [
        Course(
            times, values[:, n].astype(np.float64), called, total, is_sampled=total > len(times), gaps=gaps
        )
        for n, called in zip(channels, names, strict=True)
    ]


def _single_messages(
    stream: StreamReader, first: int, last: int
) -> tuple[Int64s, np.ndarray[Any, np.dtype[Any]]]:
    """The last samples of some of the messages, all of which but the last end before the stretch does."""
    times, values = [], []
    for number in evenly(range(first, max(first + 1, last - 1)), MOST_SINGLE):
        offset, length = stream.rows(layout.INDEX, number, number + 1)[0, :2].tolist()
        row = offset + length - 1
        values.append(stream.rows(layout.DATA, row, row + 1)[0])
        times.append(int(stream.rows(layout.TIME, number, number + 1)[0]))
    return np.array(times, np.int64), np.array(values)


def _inside_messages(
    stream: StreamReader, fold: MemberFold, axes: Sequence[PointAxis], left: Timestamp, right: Timestamp
) -> list[Course]:
    first, last = stream.position(left), stream.position(right, after=True)
    rows = fold.rows(stream, first, last, singly=True)
    names, courses = fold.names, []
    gaps = reported_gaps(stream, left, right)
    for axis in axes:
        name = axis.place or next(iter(names[axis.usual : axis.usual + 1] or names[:1]), "")
        known = name in names
        values = rows.low[:, names.index(name)] if known else np.full(len(rows.times), np.nan)
        total = max(0, last - first)
        courses.append(
            Course(rows.times, values, name, total, names, rows.known_share, rows.is_sampled, gaps)
        )
    return courses
