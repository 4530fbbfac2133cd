"""The numbers inside JSON messages at any zoom: exact in the end, never much work, nothing bridged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.series import SeriesWindow
from studio.store.layout import NewStream
from studio.store.member_fold import CHUNK, FINE, MOST_LOOKED, MemberFold, evenly
from studio.store.member_window import column_begins, member_window
from studio.store.reader import StoreReader
from studio.store.stream_reader import StreamReader
from studio.store.writer import StoreWriter
from tests.store.recordings import MS, SECOND, T0, message, write_recording

JSON = StreamFormat(PayloadKind.JSON)
MANY = 70 * CHUNK + 100
"""More than are kept one by one."""
PERIOD = 10 * MS


def said(number: int) -> dict[str, Any]:
    """Two numbers, one of which every seventh message lacks; one peak."""
    peak = 100.0 if number == 33_333 else 0.0
    return {"x": number % 50 + peak, **({"inner": {"y": -number}} if number % 7 else {}), "word": "w"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreReader]:
    path = write_recording(
        tmp_path_factory.mktemp("members") / "a.h5",
        {
            "many": (JSON, [(T0 + n * PERIOD, said(n)) for n in range(MANY)]),
            "large": (JSON, [(T0 + n * SECOND, {"n": n, "pad": "p" * 30_000}) for n in range(200)]),
            "changing": (JSON, [(T0 + n * SECOND, {f"key {n}": n}) for n in range(100)]),
            "odd": (JSON, [(T0 + n, data) for n, data in enumerate((None, "text", 3, [4, {"a": True}]))]),
            "empty": (JSON, []),
        },
    )
    with StoreReader(path) as made:
        yield made


def settled(
    stream: StreamReader, fold: MemberFold, left: int, right: int, columns: int = 1000
) -> SeriesWindow:
    """Asked until it is exact."""
    for _ in range(200):
        window = member_window(stream, fold, left, right, columns)
        if window.known_share == 1.0:
            return window
    raise AssertionError("it never became exact")


def test_few_messages_are_told_one_by_one_and_what_one_lacks_is_a_hole(reader: StoreReader) -> None:
    window = member_window(reader.stream("many"), MemberFold(), T0 + 20 * PERIOD, T0 + 40 * PERIOD, 500)
    assert window.names == ("x", "inner.y")
    numbers = (window.signal.times - T0) // PERIOD
    assert numbers.tolist() == list(range(19, 42)), "one more on each side, so that lines reach the edges"
    wanted = [[n % 50, -n if n % 7 else np.nan] for n in numbers.tolist()]
    np.testing.assert_array_equal(window.signal.minimum, wanted)
    np.testing.assert_array_equal(window.signal.maximum, wanted)
    assert (window.known_share, window.coarse_text, window.has_more) == (1.0, "", False)


def test_very_many_are_coarse_at_first_and_exact_in_the_end_with_bounded_work_each_time(
    reader: StoreReader,
) -> None:
    stream, fold = reader.stream("many"), MemberFold()
    first = member_window(stream, fold, T0, T0 + MANY * PERIOD, 300)
    assert 0 < first.known_share <= MOST_LOOKED / 70
    assert first.coarse_text == "coarse: 5 % read"
    assert first.signal.times[0] == T0
    told = first.signal.times[np.isfinite(first.signal.minimum[:, 0])]
    assert np.diff(told).max() <= 2 * CHUNK * PERIOD, "sketched everywhere"
    assert first.signal.times[-1] > T0 + 69 * CHUNK * PERIOD, "spread over all that is looked at"
    window = settled(stream, fold, T0, T0 + MANY * PERIOD, 300)
    assert len(window.signal.times) <= 2 * 300 + 2
    assert np.nanmax(window.signal.maximum[:, 0]) == 33_333 % 50 + 100.0
    assert np.nanmin(window.signal.minimum[:, 1]) == -(MANY - 1)
    near = int(np.nanargmax(window.signal.maximum[:, 0]))
    edges = (*window.signal.times, T0 + MANY * PERIOD)
    assert edges[near] <= T0 + 33_333 * PERIOD < edges[near + 1]
    zoomed = settled(stream, fold, T0 + 33_000 * PERIOD, T0 + 34_000 * PERIOD)
    assert zoomed.signal.samples_per_column == 1.0
    assert zoomed.signal.maximum[:, 0].max() == 133.0


@pytest.mark.parametrize(("first", "last"), [(0, 3 * CHUNK), (500, 69 * CHUNK + 3), (MANY - 90, MANY)])
def test_each_stretch_has_the_extremes_that_were_written(first: int, last: int, reader: StoreReader) -> None:
    window = settled(reader.stream("many"), MemberFold(), T0 + first * PERIOD, T0 + (last - 1) * PERIOD)
    slack = FINE if last - first > 64 * CHUNK else 1
    ys = [-n for n in range(max(0, first - slack), min(MANY, last + slack)) if n % 7]
    assert np.nanmin(window.signal.minimum[:, 1]) in ys[-2 * slack :]
    assert np.nanmax(window.signal.maximum[:, 1]) in ys[: 2 * slack]


def test_of_large_messages_some_are_read_and_it_is_said(reader: StoreReader) -> None:
    window = settled(reader.stream("large"), MemberFold(), T0, T0 + 200 * SECOND)
    assert window.is_sampled
    assert "some read" in window.coarse_text
    numbers = (window.signal.times - T0) / SECOND
    assert 20 < len(numbers) < 200
    assert window.signal.minimum[:, 0].tolist() == numbers.tolist()


def test_members_beyond_the_most_are_left_out_and_it_is_told(reader: StoreReader) -> None:
    window = settled(reader.stream("changing"), MemberFold(), T0, T0 + 100 * SECOND)
    assert len(window.names) == 64
    assert window.has_more


def test_chosen_members_come_in_the_order_that_was_asked_for(reader: StoreReader) -> None:
    window = member_window(
        reader.stream("many"), MemberFold(), T0, T0 + SECOND, 100, members=("nobody", "inner.y", "x")
    )
    assert window.names == ("nobody", "inner.y", "x")
    assert np.isnan(window.signal.minimum[:, 0]).all()
    assert window.signal.minimum[1].tolist()[1:] == [-1.0, 1.0]


def test_messages_of_any_kind_and_none_at_all_are_no_trouble(reader: StoreReader) -> None:
    odd = member_window(reader.stream("odd"), MemberFold(), T0, T0 + 10, 100)
    assert odd.names == ("value", "[0]", "[1].a")
    np.testing.assert_array_equal(odd.signal.minimum[2:], [[3, np.nan, np.nan], [np.nan, 4, 1]])
    empty = member_window(reader.stream("empty"), MemberFold(), T0, T0 + SECOND, 100)
    assert (empty.names, len(empty.signal.times), empty.known_share) == ((), 0, 1.0)
    before = member_window(reader.stream("many"), MemberFold(), T0 - 9 * SECOND, T0 - SECOND, 100)
    assert len(before.signal.times) <= 1


def test_what_was_known_stays_true_while_the_recording_grows(tmp_path: Path) -> None:
    path = tmp_path / "growing.h5"
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("s", JSON)])
    for n in range(10):
        writer.append("s", message(JSON, T0 + n * SECOND, {"n": n}, n + 1))
    writer.flush()
    with StoreReader(path) as reader:
        stream, fold = reader.stream("s"), MemberFold()
        assert settled(stream, fold, T0, T0 + 99 * SECOND).signal.minimum[-1] == 9
        for n in range(10, 20):
            writer.append("s", message(JSON, T0 + n * SECOND, {"n": n, "new": 1}, n + 1))
        writer.flush()
        reader.refresh()
        grown = settled(reader.stream("s"), fold, T0, T0 + 99 * SECOND)
        assert grown.names == ("n", "new")
        assert grown.signal.minimum[:, 0].tolist() == list(range(20))
        assert np.isnan(grown.signal.minimum[:10, 1]).all()
    writer.close()


@given(st.lists(st.integers(), unique=True), st.integers(2, 9))
def test_a_few_are_chosen_evenly_with_both_ends(numbers: list[int], most: int) -> None:
    chosen = evenly(numbers, most)
    assert len(chosen) == min(len(numbers), most)
    if numbers:
        assert (chosen[0], chosen[-1]) == (numbers[0], numbers[-1])
        places = [numbers.index(each) for each in chosen]
        steps = np.diff(places)
        assert (steps > 0).all()
        assert not len(steps) or steps.max() - steps.min() <= 1


@given(
    st.lists(st.integers(-50, 1050), min_size=1, max_size=60, unique=True),
    st.integers(1, 30),
)
def test_columns_begin_where_the_first_time_of_each_lies(times: list[int], columns: int) -> None:
    ordered = np.array(sorted(times), np.int64)
    begins = column_begins(ordered, 0, 1000, columns)
    width = -(-1001 // columns)
    column = [min(max(time // width, -1), columns) for time in ordered.tolist()]
    assert begins.tolist() == [n for n, c in enumerate(column) if n == 0 or c != column[n - 1]]
    assert len(begins) <= columns + 2
