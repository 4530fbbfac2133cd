"""What is told of a column is what a look at each of its rows finds."""

import warnings
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.store.column_extremes import LONG_ROWS, extremes

LENGTHS = st.lists(
    st.one_of(st.integers(1, 9), st.integers(LONG_ROWS - 1, LONG_ROWS + 2), st.integers(1, 3 * LONG_ROWS)),
    min_size=1,
    max_size=30,
)


def rows_of(seed: int, shape: tuple[int, int], dtype: str, unknown: float) -> Any:
    """Rounded, so that many are equal."""
    random = np.random.default_rng(seed)
    found = (random.standard_normal(shape) * 9).round().astype(dtype)
    if dtype[0] == "f":
        found[random.random(shape) < unknown] = np.nan
        found[random.random(shape) < 0.001] = -np.inf
    return found


@given(
    lengths=LENGTHS,
    channels=st.sampled_from([1, 2, 5, 64]),
    dtype=st.sampled_from(["i2", "i8", "f4", "f8"]),
    unknown=st.sampled_from([0.0, 0.001, 0.3, 1.0]),
    seed=st.integers(0, 2**32),
    apart=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_each_column_has_its_smallest_and_largest(
    lengths: list[int], channels: int, dtype: str, unknown: float, seed: int, apart: bool
) -> None:
    """`apart`: of points, whose smallest and largest are in turns in memory."""
    count = sum(lengths)
    low = high = rows_of(seed, (count, channels), dtype, unknown)
    if apart:
        pairs = np.stack([low, np.where(np.isnan(low), low, low + 1).astype(dtype)], axis=1)
        low, high = pairs[:, 0], pairs[:, 1]
    begins = np.cumsum([0, *lengths[:-1]]).astype(np.int64)
    found, unknowns = extremes(low, high, begins)
    assert found.dtype == low.dtype
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where there is nothing but NaN
        for column, (begin, length) in enumerate(zip(begins, lengths, strict=True)):
            rows = slice(begin, begin + length)
            assert np.array_equal(found[column, 0], np.nanmin(low[rows], axis=0), equal_nan=True)
            assert np.array_equal(found[column, 1], np.nanmax(high[rows], axis=0), equal_nan=True)
            assert (column in unknowns) == bool(np.isnan(low[rows]).any())


def test_no_columns_are_nothing() -> None:
    found, unknowns = extremes(np.empty((0, 3)), np.empty((0, 3)), np.empty(0, np.int64))
    assert found.shape == (0, 2, 3)
    assert not len(unknowns)
