"""Checks the loss account of a stream against all else that the file says: produced = stored + dropped.

What is stored is counted in the tables, what is dropped in the loss table. Both must agree with each commit,
with the attributes, and with the numbers that messages were given before anything could lose them. It reads
only.
"""

from collections.abc import Iterator

import numpy as np

from studio.store import layout
from studio.store.finding import Finding
from studio.store.row_times import Int64s
from studio.store.stream_reader import StreamReader

CHUNK = 1 << 16


def check_account(
    stream: StreamReader, commits: Int64s, *, is_settled: bool, is_composed: bool
) -> Iterator[Finding]:
    """What is wrong with it. `commits`: counts of this stream `(c, 4)`; `is_settled`: nothing is on its way;
    `is_composed`: made of pieces of others, so that numbers may be missing between them.

    Raises StoreFormatError for what cannot be read.
    """
    where = f"stream {stream.description.name!r}"
    yield from _check_entries(stream, where)
    yield from _check_sum(stream, where, is_settled=is_settled)
    yield from _check_commits(stream, commits, where)
    yield from _check_attributes(stream, where)
    if not is_composed:
        yield from _check_numbers(stream, where)


def stored_units(stream: StreamReader) -> int:
    """Rows of a sampled stream, messages of others: the unit of the account."""
    sampled = stream.description.format.kind.is_sampled
    return stream.counts.extent if sampled else stream.counts.messages


def _check_entries(stream: StreamReader, where: str) -> Iterator[Finding]:
    for number, loss in enumerate(stream.losses()):
        if loss.count < 0 or not loss.reason:
            yield Finding(where, f"entry {number} of its loss account makes no sense: {loss.count} lost")
        if loss.from_time > loss.to_time:
            yield Finding(where, f"entry {number} of its loss account ends before it begins")


def _check_sum(stream: StreamReader, where: str, *, is_settled: bool) -> Iterator[Finding]:
    produced, stored = stream.counts.produced, stored_units(stream)
    dropped = sum(loss.count for loss in stream.losses())
    if produced < stored + dropped or (is_settled and produced != stored + dropped):
        yield Finding(where, f"{produced} were produced, but {stored} stored and {dropped} dropped")


def _check_commits(stream: StreamReader, commits: Int64s, where: str) -> Iterator[Finding]:
    """At no commit may more be stored and lost than was produced until then."""
    lost = np.concatenate([[0], np.cumsum([loss.count for loss in stream.losses()])]).astype(np.int64)
    messages, extents, rows, produced = commits.T
    stored = extents if stream.description.format.kind.is_sampled else messages
    dropped = lost[np.clip(rows, 0, len(lost) - 1)]
    for place in np.flatnonzero(produced < stored + dropped)[:3]:
        yield Finding(
            where,
            f"at commit {int(place)} {int(produced[place])} were produced, but {int(stored[place])} stored "
            f"and {int(dropped[place])} dropped",
        )


def _check_attributes(stream: StreamReader, where: str) -> Iterator[Finding]:
    """What was noted when it was closed."""
    noted, info = stream.noted_account(), stream.info()
    if noted is None:
        return
    counted = {
        "message_count": info.message_count,
        "sample_count": info.sample_count,
        "byte_count": info.byte_count,
        "produced": info.produced,
        "dropped": info.dropped,
    }
    for name, count in counted.items():
        if noted[name] != count:
            yield Finding(where, f"its attribute {name} is {noted[name]}, but {count} were counted")


def _check_numbers(stream: StreamReader, where: str) -> Iterator[Finding]:
    """Numbers that were given and are not there are messages that were lost; the account must know them."""
    if stream.description.id == layout.LOG_ID:
        return  # its lines are numbered by their times
    count, missing = stream.counts.messages, 0
    for start in range(0, count, CHUNK):
        numbers = stream.rows(layout.SEQUENCE_ID, max(0, start - 1), min(start + CHUNK, count))
        missing += int(np.maximum(np.diff(numbers) - 1, 0).sum())
    dropped = sum(loss.count for loss in stream.losses())
    if missing > dropped:
        yield Finding(where, f"{missing} messages are missing by their numbers, but only {dropped} dropped")
