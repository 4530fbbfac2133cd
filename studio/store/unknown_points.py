"""Where in a stretch of a signal something is no number, at any zoom. The pyramid's extents pass over NaN."""

import numpy as np

from studio.store import layout
from studio.store.row_times import Int64s
from studio.store.stream_reader import StreamReader

MOST_READ = 1 << 16
SPREAD = 256
"""Points that are looked at one by one, if there are too many to read: side by side they are a band."""
NONE: Int64s = np.empty(0, np.int64)


def unknown_times(stream: StreamReader, times: Int64s, samples: int, first_row: int) -> Int64s:
    """Which of the points of `samples` samples at `times`, the first of which holds `first_row`, hold a NaN.

    Nothing of a recording that was made before this was noted.
    """
    if not len(times) or not stream.has(layout.UNKNOWN):
        return NONE
    base = layout.PYRAMID_BASE
    first = first_row // samples * samples // base
    last = min(first + len(times) * samples // base, stream.counts.extent // base)
    begin, end = (_place_of(stream, point) for point in (first, max(first, last)))
    places = (_between(stream, begin, end) - first) * base // samples
    holds = np.zeros(len(times), np.bool_)  # in order, once each; `unique` would load masked arrays first
    holds[np.clip(places, 0, len(times) - 1)] = True
    return times[holds]


def _between(stream: StreamReader, begin: int, end: int) -> Int64s:
    if end - begin <= MOST_READ:
        return stream.rows(layout.UNKNOWN, begin, end)
    chosen = np.linspace(begin, end - 1, SPREAD).astype(np.int64).tolist()
    return np.concatenate([stream.rows(layout.UNKNOWN, one, one + 1) for one in chosen])


def _place_of(stream: StreamReader, point: int) -> int:
    """How many of the points that hold a NaN come before this one."""
    low, high = 0, stream.length_of(layout.UNKNOWN)
    while low < high:
        middle = (low + high) // 2
        is_before = int(stream.rows(layout.UNKNOWN, middle, middle + 1)[0]) < point
        low, high = (middle + 1, high) if is_before else (low, middle)
    return low
