"""Messages are counted per column, with their latency and gaps, few or very many, exactly or soon so."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.formats.encoding import EncodedPayload
from studio.formats.message_columns import MessageColumns
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import message_columns as module
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.message_columns import message_columns
from studio.store.message_fold import CHUNK, MOST_CHUNKS, MessageFold
from studio.store.reader import StoreReader
from studio.store.writer import StoreWriter
from tests.store.recordings import MS, SECOND, T0

MANY = 3 * module.MOST_READ // 2
"""More than are looked at one by one."""
PERIOD = MS
GAP_AT = MANY // 3
GAP = 20 * SECOND


def written(path: Path, times: Sequence[int], latency: Sequence[int], rate: float = 0.0) -> Path:
    """Short texts of these times, created so many ns later."""
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("words", StreamFormat(PayloadKind.STRING, rate=rate))])
    payload = EncodedPayload(b"x", 1)
    for number, (time, late) in enumerate(zip(times, latency, strict=True), start=1):
        writer.append("words", EncodedMessage(time, time + late, number, payload))
    writer.close()
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A message each millisecond, with one long gap, and one that came very late."""
    times = T0 + np.arange(MANY, dtype=np.int64) * PERIOD
    times[GAP_AT:] += GAP
    latency = np.full(MANY, MS, np.int64)
    latency[MANY // 2] = 5 * SECOND
    path = tmp_path_factory.mktemp("many") / "many.h5"
    return written(path, times.tolist(), latency.tolist(), rate=1000.0)


def until_known(reader: StoreReader, left: int, right: int, columns: int) -> tuple[MessageColumns, int]:
    """The answer when all was looked at, and how many looks that took."""
    fold = MessageFold()
    for looks in range(1, 1000):
        found = message_columns(reader.stream("words"), fold, left, right, columns)
        if found.known_share == 1.0:
            return found, looks
    raise AssertionError("it never came to an end")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(st.integers(1, 10 * MS), max_size=60),
    left=st.integers(-20 * MS, 300 * MS),
    span=st.integers(1, 400 * MS),
    columns=st.integers(1, 50),
    data=st.data(),
)
def test_few_messages_are_counted_exactly(
    steps: list[int],
    left: int,
    span: int,
    columns: int,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    times = T0 + np.cumsum(np.array(steps, np.int64))
    latency = np.array([data.draw(st.integers(0, MS)) for _ in steps], np.int64)
    path = written(tmp_path_factory.mktemp("few") / "few.h5", times.tolist(), latency.tolist())
    with StoreReader(path) as reader:
        found = message_columns(reader.stream("words"), MessageFold(), T0 + left, T0 + left + span, columns)
    assert len(found.counts) == columns
    for n in range(columns):
        inside = (times >= found.edges[n]) & (times < found.edges[n + 1])
        assert found.counts[n] == inside.sum()
        if inside.any():
            assert found.latency_low[n] == latency[inside].min()
            assert found.latency_high[n] == latency[inside].max()
        else:
            assert np.isnan(found.latency_low[n])
    assert found.total == found.counts.sum()
    assert found.gaps == ()


def test_very_many_are_counted_in_some_looks_each_of_bounded_work(many: Path) -> None:
    right = T0 + MANY * PERIOD + GAP
    with StoreReader(many) as reader:
        first = message_columns(reader.stream("words"), MessageFold(), T0, right, 500)
        found, looks = until_known(reader, T0, right, 500)
    assert first.known_share < 1
    assert first.counts.sum() == pytest.approx(MANY, abs=1)
    assert looks == -(-(MANY // CHUNK) // MOST_CHUNKS)
    step = int(found.edges[1] - found.edges[0])
    times = T0 + np.arange(MANY, dtype=np.int64) * PERIOD
    times[GAP_AT:] += GAP
    exact = np.histogram(times, found.edges)[0]
    assert np.abs(found.counts - exact).max() < 0.1 * step / PERIOD + 1
    (gap,) = found.gaps
    assert (gap.from_time, gap.to_time) == (times[GAP_AT - 1], times[GAP_AT])
    assert np.nanmax(found.latency_high) == 5 * SECOND
    assert np.nanmin(found.latency_low) == MS


def test_a_view_inside_a_gap_is_all_gap(many: Path) -> None:
    left = T0 + GAP_AT * PERIOD + 5 * SECOND
    with StoreReader(many) as reader:
        found = message_columns(reader.stream("words"), MessageFold(), left, left + SECOND, 100)
    assert found.total == 0
    (gap,) = found.gaps
    assert gap.from_time < left
    assert gap.to_time > left + SECOND


def test_a_stream_without_a_beat_has_no_gaps(tmp_path: Path) -> None:
    times = [T0, T0 + SECOND, T0 + 2 * SECOND, T0 + 3600 * SECOND]
    with StoreReader(written(tmp_path / "a.h5", times, [0] * 4)) as reader:
        found = message_columns(reader.stream("words"), MessageFold(), T0, T0 + 4000 * SECOND, 10)
    assert found.gaps == ()
    assert found.counts.tolist() == [3, 0, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("left", [-(2**62), 0, 2**62 - 2**61])
def test_times_without_data_are_empty(left: int, many: Path) -> None:
    with StoreReader(many) as reader:
        found = message_columns(reader.stream("words"), MessageFold(), left, left + SECOND, 10)
    assert (found.total, found.counts.sum()) == (0, 0)


def test_a_stream_of_one_message_and_one_of_none(tmp_path: Path) -> None:
    for count in (0, 1):
        path = written(tmp_path / f"{count}.h5", [T0] * count, [MS] * count, rate=10.0)
        with StoreReader(path) as reader:
            found = message_columns(reader.stream("words"), MessageFold(), T0 - MS, T0 + MS, 2)
        assert found.counts.tolist() == [0, count]
        assert found.gaps == ()


def test_a_stream_that_comes_at_random_has_no_gaps_but_where_it_was_silent_for_long(tmp_path: Path) -> None:
    steps = np.random.default_rng(5).exponential(MS, 10_000).astype(np.int64) + 1
    steps[5000] = SECOND
    times = T0 + np.cumsum(steps)
    path = written(tmp_path / "random.h5", times.tolist(), [0] * len(times), rate=1000.0)
    with StoreReader(path) as reader:
        found = message_columns(reader.stream("words"), MessageFold(), T0, int(times[-1]), 100)
    assert sum(gap.to_time - gap.from_time > SECOND // 2 for gap in found.gaps) == 1
    assert len(found.gaps) <= 6
