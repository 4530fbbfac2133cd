"""Folds the times of very many messages into blocks, a few chunks at a time, so that any zoom is cheap.

A recording keeps no pyramid of message times; this makes one in memory while somebody looks: first times,
longest silences and latencies of every 256 messages. Each look folds a bounded number of chunks, spread over
what is looked at, so that the picture is whole at once and exact after some more looks. 20 million messages
take 5 MB.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.store import layout
from studio.store.stream_reader import StreamReader

BLOCK = 256
"""Messages of one block."""
CHUNK = layout.COLUMN_CHUNK_ROWS
BLOCKS_PER_CHUNK = CHUNK // BLOCK
MOST_CHUNKS = 8
"""Folded by one look: some milliseconds."""

MOST_BLOCKS = 8192
"""More of them are told chunk by chunk."""

Int64s = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What is known of consecutive messages, some of them maybe not looked at yet."""

    size: int
    """Messages of a block."""
    numbers: Int64s
    """(m,) number of the first message of each known block."""
    first_times: Int64s
    latency_low: Int64s
    """ns from originating to creation, the smallest of each block."""
    latency_high: Int64s
    silence_from: Int64s
    """(m,) time of the message before the longest silence of each block."""
    silence_to: Int64s
    silence_number: Int64s
    """Number of the message that ends the silence."""
    known_share: float
    """0 to 1: how many of the blocks asked for are known."""


class MessageFold:
    """The blocks of one stream. Rows never change, so what is known stays true while a recording grows."""

    def __init__(self) -> None:
        self._known: Bools = np.zeros(0, np.bool_)
        self._table: Int64s = np.zeros((0, 6), np.int64)
        """Of each block: first time, latency low and high, silence from and to, number that ends it."""
        self._coarse: Int64s = np.zeros((0, 6), np.int64)
        """The same of each chunk."""

    def blocks(
        self, stream: StreamReader, first: int, last: int, *, most_chunks: int = MOST_CHUNKS
    ) -> Blocks:
        """The blocks that touch messages `first` to `last`, after looking at `most_chunks` more chunks.

        The messages behind the last whole chunk are not in any block.
        """
        begin, end = first // CHUNK, min(-(-last // CHUNK), stream.counts.messages // CHUNK)
        end = max(begin, end)
        self._make_room(end)
        unknown = begin + np.flatnonzero(~self._known[begin:end])
        if len(unknown):
            chosen = np.unique(np.linspace(0, len(unknown) - 1, min(most_chunks, len(unknown))).astype(int))
            for chunk in unknown[chosen].tolist():
                self._fold_chunk(stream, chunk)
        known = begin + np.flatnonzero(self._known[begin:end])
        share = len(known) / (end - begin) if end > begin else 1.0
        if (end - begin) * BLOCKS_PER_CHUNK > MOST_BLOCKS:
            return _blocks_of(CHUNK, known * CHUNK, self._coarse[known], share)
        rows = (known[:, np.newaxis] * BLOCKS_PER_CHUNK + np.arange(BLOCKS_PER_CHUNK)).ravel()
        table = self._table[rows]
        return _blocks_of(BLOCK, rows * BLOCK, table, share)

    def _make_room(self, chunks: int) -> None:
        have = len(self._known)
        if chunks > have:
            room = max(chunks, 2 * have)
            self._known = np.concatenate([self._known, np.zeros(room - have, np.bool_)])
            more = np.zeros(((room - have) * BLOCKS_PER_CHUNK, 6), np.int64)
            self._table = np.concatenate([self._table, more])
            self._coarse = np.concatenate([self._coarse, np.zeros((room - have, 6), np.int64)])

    def _fold_chunk(self, stream: StreamReader, chunk: int) -> None:
        start = chunk * CHUNK
        # One message more, for the silence between this chunk and the next.
        stop = min(start + CHUNK + 1, stream.counts.messages)
        times = stream.rows(layout.TIME, start, stop)
        created = stream.rows(layout.CREATION_TIME, start, start + CHUNK)
        begin = chunk * BLOCKS_PER_CHUNK
        table = self._table[begin : begin + BLOCKS_PER_CHUNK] = _folded(times, created, start)
        longest = int((table[:, 4] - table[:, 3]).argmax())
        self._coarse[chunk] = (
            table[0, 0],
            table[:, 1].min(),
            table[:, 2].max(),
            *table[longest, 3:].tolist(),
        )
        self._known[chunk] = True


def _blocks_of(size: int, numbers: Int64s, table: Int64s, known_share: float) -> Blocks:
    return Blocks(
        size=size,
        numbers=numbers,
        first_times=table[:, 0],
        latency_low=table[:, 1],
        latency_high=table[:, 2],
        silence_from=table[:, 3],
        silence_to=table[:, 4],
        silence_number=table[:, 5],
        known_share=known_share,
    )


def _folded(times: Int64s, created: Int64s, start: int) -> Int64s:
    """(BLOCKS_PER_CHUNK, 6), see `MessageFold._table`."""
    own = times[:CHUNK]
    latency = (created - own).reshape(BLOCKS_PER_CHUNK, BLOCK)
    following = np.append(times[1:], times[-1]) if len(times) == CHUNK else times[1:]
    silences = (following - own).reshape(BLOCKS_PER_CHUNK, BLOCK)
    longest = silences.argmax(axis=1) + np.arange(BLOCKS_PER_CHUNK) * BLOCK
    return np.stack(
        [
            own[::BLOCK],
            latency.min(axis=1),
            latency.max(axis=1),
            own[longest],
            following[longest],
            start + longest + 1,
        ],
        axis=1,
    )
