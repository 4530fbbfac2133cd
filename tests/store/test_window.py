"""Any zoom of a signal shows what a look at every sample would show."""

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.cover import pyramid_cover
from studio.store.layout import PYRAMID_LEVELS, NewStream
from studio.store.pyramid import PyramidFolder
from studio.store.row_times import row_steps, times_of_rows
from studio.store.window import PIECE_BYTES
from studio.store.writer import StoreWriter
from tests.store.recordings import AUDIO, MS, SCALAR, SECOND, T0, blocks, message, write_recording

MONO = StreamFormat(PayloadKind.AUDIO, dtype="int16", channels=1, rate=10_000.0)


@given(
    parts=st.lists(
        hnp.arrays(
            np.float32, st.tuples(st.integers(1, 700), st.just(2)), elements=st.floats(-9, 9, width=32)
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_folding_in_parts_gives_what_folding_at_once_gives(parts: list[Any]) -> None:
    folder = PyramidFolder(2, np.dtype(np.float32))
    whole = np.concatenate(parts)
    starts = np.arange(0, len(whole), 64, dtype=np.int64)
    folded = []
    position = 0
    for part in parts:
        begins = starts[(starts >= position) & (starts < position + len(part))]
        folded.append(folder.fold(part, begins).levels)
        position += len(part)
    for level, samples in enumerate(PYRAMID_LEVELS):
        count = len(whole) // samples
        extents = np.concatenate([f[level].extents for f in folded])
        times = np.concatenate([f[level].times for f in folded])
        blocks_of = whole[: count * samples].reshape(count, samples, 2)
        assert np.array_equal(extents[:, 0], blocks_of.min(axis=1))
        assert np.array_equal(extents[:, 1], blocks_of.max(axis=1))
        assert list(times) == list(range(0, count * samples, samples))


@given(
    lengths=st.lists(st.integers(1, 500), min_size=1, max_size=30),
    jitter=st.lists(st.integers(-9 * MS, 9 * MS), min_size=30, max_size=30),
    rate=st.sampled_from([0.0, 100.0, 44_100.0, 1e6]),
)
def test_times_of_rows_increase_and_end_with_their_block(
    lengths: list[int], jitter: list[int], rate: float
) -> None:
    times = np.array([T0 + (i + 1) * 20 * MS + jitter[i] for i in range(len(lengths))], np.int64)
    counts = np.array(lengths, np.int64)
    offsets = np.cumsum(counts) - counts
    steps = row_steps(times, counts, None, rate)
    rows = np.arange(counts.sum(), dtype=np.int64)
    found = times_of_rows(rows, offsets, counts, times, steps)
    assert (np.diff(found) > 0).all()
    assert list(found[offsets + counts - 1]) == list(times)


@given(breaks=st.sets(st.integers(1, 1953), max_size=6), first_row=st.integers(0, 990_000))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_leave_room_for_gaps_wherever_these_are(
    breaks: set[int], first_row: int, long_tone: tuple[Path, Any]
) -> None:
    path, whole = long_tone
    with StoreReader(path) as reader:
        stream = reader.stream("tone")
        cover = pyramid_cover(stream, 512, first_row, len(whole))
        plain = cover.extents(stream)
        assert plain[-1].tolist() == [[whole[1953 * 512 :].min()], [whole[1953 * 512 :].max()]], "of the end"
        assert len(plain) == len(cover.times(stream)) == 1954 - first_row // 512
        places = sorted(place for place in breaks if place < len(plain))
        roomy = cover.extents(stream, places)
    assert np.array_equal(np.delete(roomy, np.array(places, int) + np.arange(len(places)), axis=0), plain)


@pytest.fixture(scope="module")
def long_tone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """100 s of 10 kHz with a single peak."""
    random = np.random.default_rng(3)
    whole = random.integers(-1000, 1000, (1_000_000, 1)).astype(np.int16)
    whole[654_321] = 30_000
    pairs = [(T0 + (i + 1) * SECOND // 10, whole[i * 1000 : (i + 1) * 1000]) for i in range(1000)]
    return write_recording(tmp_path_factory.mktemp("long") / "r.h5", {"tone": (MONO, pairs)}), whole


@pytest.mark.parametrize("columns", [10, 100, 1500])
@pytest.mark.parametrize(
    ("begin", "end"), [(0.0, 100.0), (10.0, 90.0), (65.0, 66.0), (65.43, 65.434), (99.9, 100)]
)
def test_a_window_shows_the_extremes_of_every_sample(
    begin: float, end: float, columns: int, long_tone: tuple[Path, Any]
) -> None:
    path, whole = long_tone
    left, right = T0 + int(begin * SECOND), T0 + int(end * SECOND)
    with StoreReader(path) as reader:
        window = reader.window("tone", left, right, columns)
    assert 0 < len(window.times) <= max(2 * columns, 1100 * 3)
    assert (np.diff(window.times) > 0).all()
    assert window.gaps == ()
    sample_times = T0 + (np.arange(len(whole)) + 1) * (SECOND // 10_000)
    inside = whole[(sample_times >= left) & (sample_times <= right)]
    assert window.maximum.max() >= inside.max()
    assert window.minimum.min() <= inside.min()
    # Each point says no more than the samples from it to the next one, and no less.
    edges = np.searchsorted(sample_times, window.times)
    stop = (
        int(np.searchsorted(sample_times, window.times[-1] + 1)) if window.samples_per_column == 1 else None
    )
    for i in range(len(edges) - 1):
        part = whole[edges[i] : edges[i + 1]]
        assert (window.minimum[i, 0], window.maximum[i, 0]) == (part.min(), part.max())
    if stop is not None:
        assert window.maximum[-1, 0] == whole[stop - 1, 0]


def test_the_cost_of_a_window_does_not_grow_with_its_length(long_tone: tuple[Path, Any]) -> None:
    path, _ = long_tone
    with StoreReader(path) as reader:
        window = reader.window("tone", T0, T0 + 100 * SECOND, 50)
        assert window.samples_per_column >= 4096
        assert len(window.times) <= 2 * 50 + 2


WIDE = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=64, rate=1000.0)


@pytest.fixture(scope="module")
def many_channels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """60 s of 64 channels at 1 kHz, 15 MB, one of them without a value for a while."""
    random = np.random.default_rng(4)
    whole = random.standard_normal((60_000, 64)).astype(np.float32)
    whole[10_000:20_000, 7] = np.nan
    pairs = [(T0 + (i + 1) * SECOND, whole[i * 1000 : (i + 1) * 1000]) for i in range(60)]
    return write_recording(tmp_path_factory.mktemp("wide") / "r.h5", {"wide": (WIDE, pairs)}), whole


def test_samples_folded_piece_by_piece_are_those_folded_at_once(many_channels: tuple[Path, Any]) -> None:
    path, whole = many_channels
    with StoreReader(path) as reader:
        window = reader.window("wide", T0, T0 + 60 * SECOND, 1000)
    assert window.samples_per_column == 2
    begins = np.searchsorted(T0 + (np.arange(len(whole)) + 1) * MS, window.times)
    assert np.array_equal(window.minimum, np.fmin.reduceat(whole, begins), equal_nan=True)
    assert np.array_equal(window.maximum, np.fmax.reduceat(whole, begins), equal_nan=True)
    assert np.isnan(window.minimum[:, 7]).any()
    assert window.minimum.dtype == np.float32  # no larger than what is stored
    assert not np.isnan(window.minimum[:, 8]).any()


def test_a_window_of_many_channels_needs_little_memory_whatever_it_reads(
    many_channels: tuple[Path, Any],
) -> None:
    path, whole = many_channels
    with StoreReader(path) as reader:
        tracemalloc.start()
        try:
            window = reader.window("wide", T0, T0 + 60 * SECOND, 1000)
            shown = window.minimum.nbytes + window.maximum.nbytes
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 4 * shown + 2 * PIECE_BYTES < whole.nbytes


def test_a_gap_is_placed_without_reading_the_samples_around_it(tmp_path: Path) -> None:
    sound = np.zeros((1000, 64), np.float32)
    kept = [n for n in range(60) if not 30 <= n < 32]
    pairs = [(T0 + (n + 1) * SECOND, sound) for n in kept]
    path = write_recording(tmp_path / "r.h5", {"wide": (WIDE, pairs)})
    with StoreReader(path) as reader:
        reader.window("wide", T0, T0 + 60 * SECOND, 2)
        tracemalloc.start()
        try:
            (gap,) = reader.window("wide", T0, T0 + 60 * SECOND, 2).gaps
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (gap.from_time, gap.to_time) == (T0 + 30 * SECOND, T0 + 32 * SECOND + MS)
    assert peak < 8 * sound.nbytes  # 8 MB of samples lie between the points


def test_gaps_are_listed_and_never_bridged(tmp_path: Path) -> None:
    sound = blocks(100)
    kept = sound[:40] + sound[70:]
    path = write_recording(tmp_path / "r.h5", {"sound": (AUDIO, kept)})
    with StoreReader(path) as reader:
        for columns in (5, 50, 500, 20_000):
            window = reader.window("sound", T0, T0 + SECOND, columns)
            (gap,) = window.gaps
            assert gap.from_time == T0 + 400 * MS
            assert T0 + 700 * MS <= gap.to_time <= T0 + 701 * MS
            crossing = np.flatnonzero(np.isnan(window.minimum[:, 0]))
            assert len(crossing) == 1
            assert gap.from_time < window.times[crossing[0]] < gap.to_time


def test_a_sound_card_whose_clock_wavers_has_no_gaps(tmp_path: Path) -> None:
    wavering = [(time + 1_300_000 * (n % 5 == 3), block) for n, (time, block) in enumerate(blocks(100))]
    path = write_recording(tmp_path / "r.h5", {"sound": (AUDIO, wavering)})
    with StoreReader(path) as reader:
        for columns in (5, 50, 500, 20_000):
            assert reader.window("sound", T0, T0 + SECOND, columns).gaps == ()


def test_a_reported_gap_of_an_irregular_stream_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "r.h5"
    writer = StoreWriter.create(path)
    writer.add_stream(NewStream("x", SCALAR))
    for i in (0, 1, 2, 8, 9):
        writer.append("x", message(SCALAR, T0 + i * SECOND, float(i), i + 1))
    writer.add_loss("x", "gap", 5, T0 + 2 * SECOND, T0 + 8 * SECOND)
    writer.close()
    with StoreReader(path) as reader:
        window = reader.window("x", T0, T0 + 10 * SECOND, 100)
        assert [(g.from_time, g.to_time) for g in window.gaps] == [(T0 + 2 * SECOND, T0 + 8 * SECOND)]
        assert np.isnan(window.minimum[3, 0])
        info = reader.info().streams[0]
        assert (info.gaps, info.dropped, info.produced) == (1, 5, 10)


@given(values=st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=300))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_that_are_none_do_not_hide_others(
    values: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("nan") / "r.h5"
    write_recording(path, {"x": (SCALAR, [(T0 + i * MS, v) for i, v in enumerate(values)])})
    with StoreReader(path) as reader:
        window = reader.window("x", T0, T0 + 300 * MS, 4)
    known = [v for v in values if v == v]
    if known:
        assert np.nanmax(window.maximum) == max(known)
        assert np.nanmin(window.minimum) == min(known)


def test_a_window_beside_the_recording_is_empty(long_tone: tuple[Path, Any]) -> None:
    path, _ = long_tone
    with StoreReader(path) as reader:
        assert len(reader.window("tone", T0 - 9 * SECOND, T0 - 8 * SECOND, 100).times) <= 1000
        assert len(reader.window("tone", T0 + 8 * SECOND, T0 + 7 * SECOND, 100).times) == 0
