"""Very many streams are the same in columns as one by one, and are found by any name."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.formats.stream_columns import (
    NUMBERS,
    StreamColumns,
    ends_of,
    finder,
    last_first_time,
    message_counts,
    per_kind,
)
from studio.host.codec import decode, encode

int64s = st.integers(-(2**63), 2**63 - 1)
formats = st.builds(
    StreamFormat,
    st.sampled_from(PayloadKind),
    st.sampled_from(["", "float32"]),
    channels=st.integers(1, 3),
    channel_names=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)
streams = st.lists(
    st.builds(
        StreamInfo,
        name=st.text(st.characters(exclude_categories=()), max_size=4),
        format=formats,
        device=st.text(max_size=2),
        supplemental=st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
        **dict.fromkeys(NUMBERS, int64s),
    ),
    max_size=8,
    unique_by=lambda stream: stream.name,
).map(tuple)


@settings(deadline=None, max_examples=40)
@given(streams)
def test_streams_are_the_same_in_columns_and_after_a_journey(streams: tuple[StreamInfo, ...]) -> None:
    columns = decode(encode(StreamColumns.of(streams)))
    assert isinstance(columns, StreamColumns)
    assert columns == StreamColumns.of(streams)
    assert tuple(columns) == columns[:] == streams
    assert [columns[number] for number in range(-len(streams), 0)] == list(streams)
    assert columns.all_names() == tuple(stream.name for stream in streams)


@settings(deadline=None, max_examples=40)
@given(streams, st.text(max_size=2))
def test_each_is_found_by_its_name_and_nothing_by_another(
    streams: tuple[StreamInfo, ...], other: str
) -> None:
    find = finder(StreamColumns.of(streams))
    assert [find(stream.name) for stream in streams] == list(streams)
    assert find(other) == finder(streams)(other)


@settings(deadline=None, max_examples=40)
@given(streams)
def test_what_is_told_of_all_is_the_same_in_columns(streams: tuple[StreamInfo, ...]) -> None:
    columns = StreamColumns.of(streams)
    numbers = {kind: number for number, kind in enumerate(PayloadKind)}
    if all(stream.message_count >= 0 for stream in streams):
        assert ends_of(columns) == ends_of(streams)
        assert last_first_time(columns) == last_first_time(streams)
    assert per_kind(columns, numbers).tolist() == per_kind(streams, numbers).tolist()
    assert message_counts(columns).tolist() == message_counts(streams).tolist()


def test_two_that_differ_in_anything_are_different() -> None:
    stream = StreamInfo("a", StreamFormat(PayloadKind.STRING))
    columns = StreamColumns.of([stream])
    for other in (replace(stream, name="b"), replace(stream, gaps=1), replace(stream, device="d")):
        assert columns != StreamColumns.of([other])
    with pytest.raises(IndexError, match="none of number 1"):
        columns[1]


def test_parts_that_do_not_fit_are_refused() -> None:
    columns = StreamColumns.of([StreamInfo(name, StreamFormat(PayloadKind.STRING)) for name in "ab"])
    with pytest.raises(ValueError, match="1 names of 2 streams"):
        replace(columns, names=b"a\xff")
    with pytest.raises(ValueError, match="format of a stream is none of the 0"):
        replace(columns, formats=())
    with pytest.raises(ValueError, match="expected"):
        replace(columns, rows=np.zeros(2, np.int64))
