"""Finds the messages of a stream beside a time, by the index of times alone."""

from studio.app.answers import Neighbours
from studio.store import layout
from studio.store.stream_reader import StreamReader
from studio.timing import Timestamp


def neighbours(stream: StreamReader, time: Timestamp) -> Neighbours:
    """The last message before and the first after `time`, whatever they hold."""
    first, behind = stream.position(time), stream.position(time, after=True)
    return Neighbours(
        before=_time_of(stream, first - 1), after=_time_of(stream, behind), is_one=first < behind
    )


def _time_of(stream: StreamReader, row: int) -> Timestamp | None:
    if not 0 <= row < stream.counts.messages:
        return None
    return int(stream.rows(layout.TIME, row, row + 1)[0])
