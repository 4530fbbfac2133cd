"""Answers what is not told by a stream's description: when messages were made, how late. Bounded work.

Belongs to the thread of the reader that is asked.
"""

import numpy as np

from studio.app.answers import StreamFacts
from studio.store import layout
from studio.store.stream_reader import StreamReader

CHUNK = layout.COLUMN_CHUNK_ROWS
MOST_CHUNKS = 64
"""Looked at of a stream that was not closed: a quarter of a million messages."""


def stream_facts(stream: StreamReader) -> StreamFacts:
    """As it was noted when the stream was closed, else from its rows."""
    name, count = stream.description.name, stream.counts.messages
    if not count:
        return StreamFacts(name)
    noted = stream.noted_creation()
    if noted is not None:
        return StreamFacts(name, noted.first_time, noted.last_time, noted.mean_latency)
    first = int(stream.rows(layout.CREATION_TIME, 0, 1)[0])
    last = int(stream.rows(layout.CREATION_TIME, count - 1, count)[0])
    latency, share = _mean_latency(stream, count)
    return StreamFacts(name, first, last, latency, share)


def _mean_latency(stream: StreamReader, count: int) -> tuple[float, float]:
    """Of very many messages, of some chunks spread over all of them; and which share these are."""
    chunks = -(-count // CHUNK)
    chosen = np.unique(np.linspace(0, chunks - 1, min(chunks, MOST_CHUNKS)).astype(int))
    total, seen = 0, 0
    for chunk in chosen.tolist():
        begin, end = chunk * CHUNK, min((chunk + 1) * CHUNK, count)
        late = stream.rows(layout.CREATION_TIME, begin, end) - stream.rows(layout.TIME, begin, end)
        total += int(late.sum())
        seen += end - begin
    return total / seen, seen / count
