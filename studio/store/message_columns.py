"""How many messages there were, how late they came and where none came: a few numbers per pixel column.

Exact where messages are few; of very many, counts are read off the blocks of a `MessageFold` and are exact to
a block once everything was looked at.
"""

from typing import Any

import numpy as np

from studio.formats.message_columns import MessageColumns
from studio.formats.signal import Gap
from studio.store import layout
from studio.store.message_fold import CHUNK, Blocks, MessageFold
from studio.store.stream_reader import StreamReader
from studio.store.window import merged_gaps, reported_gaps
from studio.timing import Timestamp

MOST_READ = 16 * CHUNK
"""Messages that are looked at one by one."""
SILENT_PERIODS = 5.0
"""A regular stream that is silent for so many of its usual intervals has a gap."""
RANDOM_PERIODS = 3.0
"""The same, of the longest intervals that come one time in twenty."""
MOST_GAPS = 500
ENOUGH_STEPS = 16

Int64s = np.ndarray[Any, np.dtype[np.int64]]
Reals = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


def message_columns(
    stream: StreamReader, fold: MessageFold, left: Timestamp, right: Timestamp, columns: int
) -> MessageColumns:
    """Count the messages of `[left, right)` in `columns` columns of equal duration. Bounded work."""
    columns = max(1, columns)
    edges = left + np.arange(columns + 1, dtype=np.int64) * max(1, (right - left) // columns)
    left, right = int(edges[0]), int(edges[-1])
    first, last = stream.position(left), stream.position(right)
    if last - first <= MOST_READ:
        return _of_messages(stream, edges, first, last)
    blocks = fold.blocks(stream, first, last)
    silences = _silences_of(blocks)
    end = stream.counts.messages // CHUNK * CHUNK
    tail = _of_messages(stream, edges, max(first, end), last) if last > end else None
    times, low, high = blocks.first_times, blocks.latency_low, blocks.latency_high
    low_columns, high_columns = _extremes(edges, times, low, high)
    gaps = _gaps_of(blocks, silences) if _is_regular(stream) else ()
    if tail is not None:
        low_columns = np.fmin(low_columns, tail.latency_low)
        high_columns = np.fmax(high_columns, tail.latency_high)
        gaps += tail.gaps
    return MessageColumns(
        edges,
        _counts(edges, blocks, silences, first, last),
        low_columns,
        high_columns,
        merged_gaps(gaps + reported_gaps(stream, left, right)),
        last - first,
        blocks.known_share,
    )


def _of_messages(stream: StreamReader, edges: Int64s, first: int, last: int) -> MessageColumns:
    """Every message looked at; one more on each side tells where a silence at the edge begins and ends."""
    begin, end = max(0, first - 1), min(stream.counts.messages, last + 1)
    times = stream.rows(layout.TIME, begin, end)
    latency = stream.rows(layout.CREATION_TIME, begin, end) - times
    gaps: tuple[Gap, ...] = ()
    steps = np.diff(times)
    if _is_regular(stream) and len(steps):
        places = np.flatnonzero(steps > _longest_usual(stream, steps))
        gaps = tuple(Gap(int(times[n]), int(times[n + 1])) for n in places[:MOST_GAPS])
    own = slice(first - begin, last - begin)
    low, high = _extremes(edges, times[own], latency[own], latency[own])
    counts = np.diff(np.searchsorted(times[own], edges)).astype(np.float64)
    gaps = merged_gaps(gaps + reported_gaps(stream, int(edges[0]), int(edges[-1])))
    return MessageColumns(edges, counts, low, high, gaps, last - first, 1.0)


def _is_regular(stream: StreamReader) -> bool:
    """Whether it has a beat: only then is silence a gap."""
    return stream.description.format.rate > 0


def _longest_usual(stream: StreamReader, steps: Int64s) -> float:
    """ns of silence that are nothing special: by the messages in view, or by all where those are too few.

    What comes at random is often silent for some of its usual intervals, so its longer ones count, too.
    """
    if len(steps) >= ENOUGH_STEPS:
        usual, long = np.quantile(steps, (0.5, 0.95))
        return max(1.0, SILENT_PERIODS * float(usual), RANDOM_PERIODS * float(long))
    count = stream.counts.messages
    begin = int(stream.rows(layout.TIME, 0, 1)[0])
    end = int(stream.rows(layout.TIME, count - 1, count)[0])
    return max(1.0, SILENT_PERIODS * (end - begin) / max(1, count - 1))


def _silences_of(blocks: Blocks) -> Bools:
    """Which blocks have a silence far longer than their usual interval."""
    lasting = blocks.silence_to - blocks.silence_from
    if len(lasting) < 2:
        return np.zeros(len(lasting), np.bool_)
    following = np.diff(blocks.numbers) == blocks.size
    spans = np.diff(blocks.first_times)[following]
    usual = float(np.median(spans)) / blocks.size if len(spans) else float(np.median(lasting))
    return np.asarray(lasting > max(1.0, SILENT_PERIODS * usual, 2.0 * float(np.median(lasting))))


def _gaps_of(blocks: Blocks, silences: Bools) -> tuple[Gap, ...]:
    places = np.flatnonzero(silences)
    if len(places) > MOST_GAPS:  # the longest ones
        lasting = (blocks.silence_to - blocks.silence_from)[places]
        places = np.sort(places[np.argpartition(lasting, -MOST_GAPS)[-MOST_GAPS:]])
    return tuple(Gap(int(blocks.silence_from[n]), int(blocks.silence_to[n])) for n in places)


def _counts(edges: Int64s, blocks: Blocks, silences: Bools, first: int, last: int) -> Reals:
    """Read off the curve of how many messages came before each time, straight between what is known."""
    ends = blocks.silence_number[silences]
    times = np.concatenate(
        [
            blocks.first_times,
            blocks.silence_from[silences] + 1,
            blocks.silence_to[silences],
            [edges[0], edges[-1]],
        ]
    )
    before = np.concatenate([blocks.numbers, ends, ends, [first, last]])
    order = np.argsort(times, kind="stable")
    xs = (times[order] - edges[0]).astype(np.float64)
    return np.diff(np.interp((edges - edges[0]).astype(np.float64), xs, before[order]))


def _extremes(edges: Int64s, times: Int64s, low: Int64s, high: Int64s) -> tuple[Reals, Reals]:
    """Smallest and largest of each column, NaN where there is nothing."""
    lowest, highest = np.full((2, len(edges) - 1), np.nan)
    begin, end = np.searchsorted(times, (edges[0], edges[-1]))
    if begin < end:
        columns = (times[begin:end] - edges[0]) // (edges[1] - edges[0])
        starts = np.flatnonzero(np.diff(columns, prepend=-1))
        lowest[columns[starts]] = np.minimum.reduceat(low[begin:end], starts)
        highest[columns[starts]] = np.maximum.reduceat(high[begin:end], starts)
    return lowest, highest
