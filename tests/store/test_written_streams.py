"""Streams have a number each, in the order in which they came, and a name of their own."""

import pytest

from studio.errors import StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.layout import LOG_ID, NewStream
from studio.store.written_streams import WrittenStreams

NUMBERS = StreamFormat(PayloadKind.SCALAR, dtype="float64")


def test_streams_are_numbered_behind_the_log_and_found_by_name() -> None:
    streams = WrittenStreams("r.h5")
    streams.add(streams.made([NewStream("a", NUMBERS), NewStream("b", NUMBERS, opened_time=5)], lambda: 7))
    streams.add(streams.made([NewStream("c", NUMBERS)], lambda: 8))
    assert streams.names == ("a", "b", "c")
    assert [writer.description.id for writer in streams.all] == [LOG_ID, 1, 2, 3]
    assert [writer.description.opened_time for writer in streams.named] == [7, 5, 8]
    assert streams.find("c") is streams.named[2]
    streams.close()


def test_what_was_made_belongs_to_the_recording_only_when_it_is_added() -> None:
    streams = WrittenStreams("r.h5")
    streams.made([NewStream("a", NUMBERS)], lambda: 7)
    with pytest.raises(StreamError, match=r"r\.h5 has no stream 'a'; it has: none"):
        streams.find("a")


@pytest.mark.parametrize("names", [["a"], ["b", "b"], ["b", ""]])
def test_of_names_of_which_one_is_wrong_nothing_is_made(names: list[str]) -> None:
    streams = WrittenStreams("r.h5")
    streams.add(streams.made([NewStream("a", NUMBERS)], lambda: 7))
    with pytest.raises(StreamError, match=r"already has a stream '[ab]'|must have a name"):
        streams.made([NewStream(name, NUMBERS) for name in names], lambda: 7)
    assert streams.names == ("a",)
