"""Folds the numbers inside JSON messages, some chunks with each look, so that any zoom is cheap.

A recording keeps no pyramid of what is inside messages; this makes one in memory while somebody looks. Each
look reads a bounded number of messages, spread over what is looked at: the first one sketches the whole, and
after some more it is exact. Kept are the messages themselves of the last few chunks, the smallest and
largest of every FINE messages of many, and one pair for each chunk that was ever looked at.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from studio.formats.members import MOST_MEMBERS, numbers_of
from studio.store import layout
from studio.store.stream_reader import StreamReader

CHUNK = 1024
"""Messages that are read together."""
FINE = 16
"""Messages that are told as one where there are too many to tell each."""
MOST_LOOKED = 4
"""Chunks read by one look: a tenth of a second."""
MOST_BYTES = 2 << 20
"""Of one chunk; where messages are larger, some of them stand for all."""
MOST_EXACT = 64
"""Chunks whose messages are told one by one."""
MOST_KEPT = 2 * MOST_EXACT
"""Chunks whose messages are kept one by one: two who look at different stretches do not hinder each other."""
MOST_SKETCHED = 100
"""Chunks of which the first messages are read by the first look."""
SKETCH_BYTES = 16 << 10
"""Of one chunk, one message at least."""
MOST_SKETCHES = 1000
"""Chunks of which the first messages are kept."""
FINE_BYTES = 32 << 20
"""What may be kept of chunks in parts of FINE messages."""

Int64s = np.ndarray[Any, np.dtype[np.int64]]
Reals = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class MemberRows:
    """What is known of consecutive messages."""

    times: Int64s
    """(m,) of the first message that a row stands for."""
    low: Reals
    """(m, names); NaN where no message has the member."""
    high: Reals
    messages: int = 1
    """That a row stands for."""
    known_share: float = 1.0
    """0 to 1: how many of the chunks were looked at."""
    is_sampled: bool = False
    """Whether some messages were passed over, since they are large."""

    def widened(self, names: int) -> "MemberRows":
        """With columns for names that were not known yet."""
        missing = names - self.low.shape[1]
        if missing <= 0:
            return self
        nothing = np.full((len(self.times), missing), np.nan)
        low, high = (np.hstack([part, nothing]) for part in (self.low, self.high))
        return replace(self, low=low, high=high)


@dataclass(frozen=True, slots=True)
class _Chunk:
    stop: int
    """Number of the message behind it: the last chunk grows."""
    rows: MemberRows


_Chunks = OrderedDict[int, _Chunk]


class MemberFold:
    """The numbers inside the messages of one stream. Messages never change: what is known stays true."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self.has_more = False
        """Whether messages have members that found no room."""
        self._exact: _Chunks = OrderedDict()
        self._fine: _Chunks = OrderedDict()
        self._coarse: _Chunks = OrderedDict()
        self._sketched: _Chunks = OrderedDict()
        """The first messages of chunks that were not looked at."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of all members that were met, in that order."""
        return tuple(self._places)

    def rows(
        self,
        stream: StreamReader,
        first: int,
        last: int,
        *,
        singly: bool = False,
        most_looked: int = MOST_LOOKED,
    ) -> MemberRows:
        """The messages from `first` to `last`, after looking at some more of them; in parts of FINE messages
        or of whole chunks where there are very many.

        `singly`: never in parts; of very many, only those of some chunks, evenly chosen.
        """
        wanted: Sequence[int] = range(first // CHUNK, -(-last // CHUNK))
        is_sampled = singly and len(wanted) > MOST_EXACT
        if is_sampled:
            wanted = evenly(wanted, MOST_EXACT)
        kept = self._kept_for(len(wanted))
        unknown = [chunk for chunk in wanted if not _is_known(kept, chunk, stream)]
        if len(unknown) > most_looked:
            self._sketch(stream, evenly(wanted, MOST_SKETCHED), kept)
        for chunk in evenly(unknown, most_looked):
            self._look(stream, chunk, kept)
        known = [chunk for chunk in wanted if _is_known(kept, chunk, stream)]
        for chunk in known:
            kept.move_to_end(chunk)
        found = {chunk: kept[chunk].rows for chunk in known}
        sketched = {chunk: self._sketched[chunk].rows for chunk in wanted if chunk in self._sketched}
        parts = {**sketched, **found}
        share = len(known) / len(wanted) if wanted else 1.0
        rows = _joined([parts[chunk] for chunk in sorted(parts)], len(self._places), share)
        rows = replace(rows, is_sampled=rows.is_sampled or is_sampled)
        return _cut(stream, rows, first, last)

    def _kept_for(self, chunks: int) -> _Chunks:
        if chunks <= MOST_EXACT:
            return self._exact
        return self._fine if chunks <= self._most_fine() else self._coarse

    def _most_fine(self) -> int:
        return FINE_BYTES // (16 * (CHUNK // FINE) * max(8, len(self._places)))

    def _look(self, stream: StreamReader, chunk: int, wanted: _Chunks) -> None:
        start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, stream.counts.messages)
        exact = self._read(stream, start, stop)
        if wanted is self._exact:
            _keep(self._exact, chunk, _Chunk(stop, exact), MOST_KEPT)
        _keep(self._fine, chunk, _Chunk(stop, _folded(exact, FINE)), self._most_fine())
        _keep(self._coarse, chunk, _Chunk(stop, _folded(exact, CHUNK)), stop)
        self._sketched.pop(chunk, None)

    def _sketch(self, stream: StreamReader, chunks: Sequence[int], kept: _Chunks) -> None:
        """Read the first messages of these chunks, so that something is known everywhere."""
        for chunk in chunks:
            if chunk in self._sketched or _is_known(kept, chunk, stream):
                continue
            start = chunk * CHUNK
            stop = min(start + FINE, stream.counts.messages)
            index = stream.rows(layout.INDEX, start, stop)
            fitting = int(np.searchsorted(index[:, 0] + index[:, 1] - index[0, 0], SKETCH_BYTES, "right"))
            rows = self._read(stream, start, start + max(1, fitting))
            _keep(self._sketched, chunk, _Chunk(stop, rows), MOST_SKETCHES)

    def _read(self, stream: StreamReader, start: int, stop: int) -> MemberRows:
        begin, end = (stream.rows(layout.INDEX, n, n + 1)[0] for n in (start, stop - 1))
        step = max(1, -(-int(end[0] + end[1] - begin[0]) // MOST_BYTES))
        times, cells = [], []
        for first in range(start, stop, step):
            for message in stream.messages(first, stop if step == 1 else first + 1):
                times.append(message.envelope.originating_time)
                cells.append(self._placed(numbers_of(message.data)))
            if step == 1:
                break
        values = np.full((len(times), len(self._places)), np.nan)
        for row, found in enumerate(cells):
            values[row, list(found)] = list(found.values())
        return MemberRows(np.array(times, np.int64), values, values, is_sampled=step > 1)

    def _placed(self, found: dict[str, float]) -> dict[int, float]:
        """The numbers by the columns of their names."""
        cells = {}
        for name, value in found.items():
            place = self._places.get(name)
            if place is None:
                if len(self._places) >= MOST_MEMBERS:
                    self.has_more = True
                    continue
                place = self._places[name] = len(self._places)
            cells[place] = value
        return cells


def evenly(numbers: Sequence[int], most: int) -> list[int]:
    """At most `most` of the numbers, evenly chosen, the first and the last among them."""
    if len(numbers) <= most:
        return list(numbers)
    chosen = np.unique(np.linspace(0, len(numbers) - 1, max(1, most)).astype(int))
    return [numbers[place] for place in chosen.tolist()]


def _keep(kept: _Chunks, number: int, chunk: _Chunk, most: int) -> None:
    kept[number] = chunk
    kept.move_to_end(number)
    while len(kept) > most:
        kept.popitem(last=False)


def _is_known(kept: _Chunks, chunk: int, stream: StreamReader) -> bool:
    found = kept.get(chunk)
    return found is not None and found.stop == min((chunk + 1) * CHUNK, stream.counts.messages)


def _folded(exact: MemberRows, size: int) -> MemberRows:
    """Rows of `size` messages each."""
    if size == 1 or not len(exact.times):
        return exact
    begins = np.arange(0, len(exact.times), size)
    low, high = np.fmin.reduceat(exact.low, begins), np.fmax.reduceat(exact.high, begins)
    return MemberRows(exact.times[begins], low, high, size, is_sampled=exact.is_sampled)


def _joined(parts: list[MemberRows], names: int, share: float) -> MemberRows:
    nothing = np.empty((0, names))
    if not parts:
        return MemberRows(np.empty(0, np.int64), nothing, nothing, 1, share)
    parts = [part.widened(names) for part in parts]
    return MemberRows(
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        max(part.messages for part in parts),
        share,
        any(part.is_sampled for part in parts),
    )


def _cut(stream: StreamReader, rows: MemberRows, first: int, last: int) -> MemberRows:
    """Without rows that lie wholly outside of messages `first` to `last`."""
    if not len(rows.times) or first >= last:
        return _joined([], rows.low.shape[1], 1.0)
    left, right = (int(stream.rows(layout.TIME, n, n + 1)[0]) for n in (first, last - 1))
    begin = max(0, int(np.searchsorted(rows.times, left, "right")) - 1)
    if rows.messages == 1 and rows.times[begin] < left:
        begin += 1
    end = int(np.searchsorted(rows.times, right, "right"))
    span = slice(begin, end)
    return replace(rows, times=rows.times[span], low=rows.low[span], high=rows.high[span])
