"""Points hold what a look at each sample finds: of any type, width and length, with NaN and infinities."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.batch import EncodedMessage
from studio.store.layout import DATA, EXTENT, PYRAMID_BASE, UNKNOWN, NewStream, level_path
from studio.store.pyramid import extent_and_unknown, extent_of, unknown_in
from studio.store.stream_writer import FOLDED_BESIDE_BYTES
from studio.store.verification import verify
from studio.store.writer import StoreWriter
from tests.store.recordings import MS, T0

DTYPES = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]
WIDTHS = [1, 2, 3, 6, 7, 16, 31, 32, 64, 65, 128, 700]
"""Channels: some of each way to fold."""


def samples(seed: int, shape: tuple[int, ...], dtype: str, unknown: float) -> Any:
    """Any numbers of the type, its ends among them; of floating ones a share is no number."""
    random = np.random.default_rng(seed)
    if dtype[0] != "f":
        ends = np.iinfo(dtype)
        found = random.integers(ends.min, ends.max, shape, dtype=dtype, endpoint=True)
        found[random.random(shape) < 0.01] = ends.min
        return found
    found = random.standard_normal(shape).astype(dtype)
    found[random.random(shape) < 0.005] = np.inf
    found[random.random(shape) < 0.005] = -np.inf
    found[random.random(shape) < unknown] = np.nan
    return found


def looked_at_one_by_one(blocks: Any) -> Any:
    """What `extent_of` shall be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where there is nothing but NaN
        is_real = blocks.dtype.kind == "f"
        low, high = (np.nanmin, np.nanmax) if is_real else (np.min, np.max)
        return np.stack([low(blocks, axis=1), high(blocks, axis=1)], axis=1)


@given(
    seed=st.integers(0, 2**32),
    count=st.integers(0, 5),
    rows=st.sampled_from([1, 2, 8, 64]),
    channels=st.sampled_from(WIDTHS),
    dtype=st.sampled_from(DTYPES),
    unknown=st.sampled_from([0.0, 0.05, 0.97, 1.0]),
)
@settings(max_examples=150, deadline=None)
def test_extents_are_the_smallest_and_largest(
    seed: int, count: int, rows: int, channels: int, dtype: str, unknown: float
) -> None:
    blocks = samples(seed, (count, rows, channels), dtype, unknown)
    found = extent_of(blocks)
    assert found.dtype == blocks.dtype
    assert found.shape == (count, 2, channels)
    if count:
        assert np.array_equal(found, looked_at_one_by_one(blocks), equal_nan=dtype[0] == "f")
    unknowns = [number for number, block in enumerate(blocks.astype(float)) if np.isnan(block).any()]
    assert unknown_in(blocks).tolist() == unknowns
    both, known_at_once = extent_and_unknown(blocks)
    assert np.array_equal(both, found, equal_nan=dtype[0] == "f")
    assert known_at_once.tolist() == unknowns


@pytest.mark.parametrize(("channels", "dtype"), [(64, "i2"), (16, "f4"), (300, "f4"), (1, "f8")])
def test_what_is_folded_beside_the_writing_is_what_the_samples_say(
    channels: int, dtype: str, tmp_path: Path
) -> None:
    """Large batches of blocks that fit no point, small ones between them, commits in the middle."""
    row_bytes = channels * np.dtype(dtype).itemsize
    described = StreamFormat(PayloadKind.SAMPLES, dtype=np.dtype(dtype).name, channels=channels, rate=1e4)
    lengths = [FOLDED_BESIDE_BYTES // row_bytes + 77, 5, 63, 2 * FOLDED_BESIDE_BYTES // row_bytes + 1, 1, 900]
    whole = samples(channels, (sum(lengths), channels), dtype, 0.0001)
    writer = StoreWriter.create(tmp_path / "r.h5")
    writer.add_stream(NewStream("x", described))
    begin = 0
    for number, length in enumerate(lengths):
        payload = encode(described, whole[begin : begin + length])
        time = T0 + (number + 1) * 1000 * MS
        writer.append("x", EncodedMessage(time, time, number, payload))
        begin += length
        writer.flush()
    writer.close()
    assert verify(writer.path).is_sound
    with StoreReader(writer.path) as reader:
        stream = reader.stream("x")
        assert np.array_equal(stream.rows(DATA, 0, begin), whole, equal_nan=dtype[0] == "f")
        count = begin // PYRAMID_BASE
        blocks = whole[: count * PYRAMID_BASE].reshape(count, PYRAMID_BASE, channels)
        found = stream.rows(f"{level_path(PYRAMID_BASE)}/{EXTENT}", 0, count)
        assert np.array_equal(found, looked_at_one_by_one(blocks), equal_nan=dtype[0] == "f")
        if dtype[0] == "f":
            noted = stream.rows(UNKNOWN, 0, stream.length_of(UNKNOWN))
            assert noted.tolist() == unknown_in(blocks).tolist()
