"""Which rows of a sampled stream were taken around given times. Reads a bounded part of the index."""

from typing import Any

import numpy as np

from studio.store import layout
from studio.store.stream_reader import StreamReader
from studio.timing import NS_PER_S

MOST_TOGETHER = 16 * layout.COLUMN_CHUNK_ROWS
"""Messages whose times are read in one piece."""
JITTER_ROWS = 8
"""So many rows may a window be off its nominal length before it counts as lying across a gap."""

Int64s = np.ndarray[Any, np.dtype[np.int64]]


class RowPlaces:
    """Places of one stream, for as long as one answer takes."""

    def __init__(self, stream: StreamReader, rate: float) -> None:
        self._stream = stream
        self._period = NS_PER_S / rate

    def window_starts(self, centres: Int64s, length: int) -> Int64s:
        """First rows of windows of `length` rows around the times (increasing); -1 where rows are missing."""
        stream = self._stream
        half = int(length * self._period / 2)
        first = stream.position(int(centres[0]) - half)
        last = min(stream.counts.messages, stream.position(int(centres[-1]) + half) + 1)
        if first >= last:
            return np.full(len(centres), -1, np.int64)
        if last - first <= MOST_TOGETHER:
            messages = np.arange(first, last)
        else:
            messages = self._messages_around(centres, half)
        return self._starts(centres, half, length, messages)

    def _messages_around(self, centres: Int64s, half: int) -> Int64s:
        """Messages that hold the ends of the windows."""
        count = self._stream.counts.messages
        found = set()
        for time in centres.tolist():
            for edge in (time - half, time + half):
                found.add(min(count - 1, self._stream.position(edge)))
        return np.array(sorted(found), np.int64)

    def _starts(self, centres: Int64s, half: int, length: int, messages: Int64s) -> Int64s:
        times, index = self._read(messages)
        begin = self._rows_at(centres - half, times, index)
        end = self._rows_at(centres + half, times, index)
        fits = (begin >= 0) & (end >= 0) & (np.abs(end - begin - length) <= JITTER_ROWS)
        fits &= begin + length <= self._stream.counts.extent
        return np.where(fits, begin, -1)

    def _read(self, messages: Int64s) -> tuple[Int64s, Int64s]:
        """Times and index of these messages, (m,) and (m, 2)."""
        stream, first, last = self._stream, int(messages[0]), int(messages[-1]) + 1
        if last - first == len(messages):
            return stream.rows(layout.TIME, first, last), stream.rows(layout.INDEX, first, last)
        numbers = messages.tolist()
        times = np.concatenate([stream.rows(layout.TIME, n, n + 1) for n in numbers])
        return times, np.concatenate([stream.rows(layout.INDEX, n, n + 1) for n in numbers])

    def _rows_at(self, wanted: Int64s, times: Int64s, index: Int64s) -> Int64s:
        """The row nearest to each time, inside the message that holds it; -1 if no message does."""
        place = np.searchsorted(times, wanted)
        inside = place < len(times)
        place = np.minimum(place, len(times) - 1)
        # A message ends at its time; how far back it reaches is told by the nominal rate.
        back = np.rint((times[place] - wanted) / self._period).astype(np.int64)
        inside &= back < index[place, 1] + JITTER_ROWS
        row = index[place, 0] + index[place, 1] - 1 - np.minimum(back, index[place, 1] - 1)
        return np.where(inside, row, -1)
