"""Signals keep their extremes on the way to pixels, and gaps stay gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.formats.signal import SignalWindow
from studio.ui.panels.column_spans import (
    PixelColumns,
    finite_range,
    linked,
    paint_rows,
    paint_span,
    pixel_columns,
    span_rows,
)

values = arrays(np.float32, st.integers(1, 200), elements=st.floats(-100, 100, width=32))


def window_of(times: list[int], *channels: list[float]) -> SignalWindow:
    rows = np.array(channels, np.float32).T
    return SignalWindow(np.array(times, np.int64), rows, rows)


@given(signal=values, width=st.integers(1, 400))
def test_the_extremes_of_what_is_in_view_are_drawn(signal: np.ndarray, width: int) -> None:
    window = SignalWindow(np.arange(len(signal)) * 10, signal[:, None], signal[:, None])
    columns = pixel_columns(window, 0, 10 * len(signal), width)
    assert np.fmin.reduce(columns.low.ravel()) == signal.min()
    assert np.fmax.reduce(columns.high.ravel()) == signal.max()


@given(signal=values)
def test_a_column_for_each_pixel_is_drawn_as_it_is(signal: np.ndarray) -> None:
    window = SignalWindow(np.arange(len(signal)) * 10 + 5, signal[:, None] - 1, signal[:, None] + 1)
    columns = pixel_columns(window, 0, 10 * len(signal), len(signal))
    assert np.array_equal(columns.low[:, 0], (signal - 1).astype(np.float64))
    assert np.array_equal(columns.high[:, 0], (signal + 1).astype(np.float64))


def test_few_columns_are_spread_over_many_pixels_without_holes() -> None:
    columns = pixel_columns(window_of([5, 15, 25, 35], [1, 2, 3, 4]), 0, 40, 16)
    inside = columns.low[2:15, 0]
    assert not np.isnan(inside).any()
    assert list(inside) == sorted(inside)


def test_a_gap_stays_empty() -> None:
    times = [5, 15, 25, 35, 45]
    columns = pixel_columns(window_of(times, [1, 2, float("nan"), 4, 5]), 0, 50, 5)
    assert np.isnan(columns.low[:, 0]).tolist() == [False, False, True, False, False]
    missing = pixel_columns(window_of([5, 15, 85, 95], [1, 2, 3, 4]), 0, 100, 10)
    assert np.isnan(missing.low[:, 0]).tolist() == [False] * 3 + [True] * 5 + [False] * 2


def test_nothing_in_view_is_nothing_drawn() -> None:
    empty = SignalWindow(np.empty(0, np.int64), np.empty((0, 2), np.float32), np.empty((0, 2), np.float32))
    assert np.isnan(pixel_columns(empty, 0, 10, 7).low).all()
    elsewhere = pixel_columns(window_of([100, 110], [1, 2]), 0, 50, 5)
    assert np.isnan(elsewhere.low).all()


@given(signal=values)
def test_linked_neighbours_touch_and_no_peak_moves(signal: np.ndarray) -> None:
    column = signal[:, None].astype(np.float64)
    joined = linked(PixelColumns(column, column))
    assert (joined.low <= column).all()
    assert (joined.high >= column).all()
    assert (joined.low[1:] <= joined.high[:-1] + 1e-9).all()
    assert (joined.low[:-1] <= joined.high[1:] + 1e-9).all()
    assert joined.low.min() == column.min()
    assert joined.high.max() == column.max()


def test_a_gap_is_not_linked_over() -> None:
    column = np.array([[0.0], [np.nan], [10.0]])
    joined = linked(PixelColumns(column, column))
    assert joined.high[0, 0] == 0
    assert joined.low[2, 0] == 10


@given(
    spans=st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 60)), min_size=1, max_size=40),
    thickness=st.integers(1, 3),
)
def test_exactly_the_rows_of_a_span_are_coloured(spans: list[tuple[float, float]], thickness: int) -> None:
    height = 40
    canvas = np.zeros((height, len(spans)), np.uint32)
    high = np.array([top for top, _ in spans])
    low = np.array([top + length for top, length in spans])
    paint_span(canvas, high, low, 7, thickness=thickness)
    for column, (top, bottom) in enumerate(zip(high, low, strict=True)):
        first, last = int(max(top, -1)), int(min(bottom, height))
        last = max(last, min(first, height) + thickness - 1)
        expected = [7 if first <= row <= last else 0 for row in range(height)]
        assert canvas[:, column].tolist() == expected


def test_nothing_is_painted_for_a_gap() -> None:
    canvas = np.zeros((10, 2), np.uint32)
    paint_span(canvas, np.array([np.nan, 2.0]), np.array([np.nan, 3.0]), 9)
    assert not canvas[:, 0].any()
    assert np.flatnonzero(canvas[:, 1]).tolist() == [2, 3]


def test_the_range_ignores_gaps_and_infinities() -> None:
    assert finite_range(window_of([1, 2, 3], [float("nan"), -2, 5])) == (-2, 5)
    assert finite_range(window_of([1, 2, 3], [float("inf"), -2, 5])) == (-2, 5)
    low, high = finite_range(window_of([1], [float("nan")]))
    assert np.isnan([low, high]).all()
    assert finite_range(window_of([1, 2], [1, 2], [3, -4])) == pytest.approx((-4, 3))


@given(
    share=st.floats(0.3, 3.0),
    offset=st.floats(0.0, 1.0),
    count=st.integers(3, 120),
)
def test_a_pixel_shows_every_column_that_reaches_into_it(share: float, offset: float, count: int) -> None:
    """Columns of another width than the pixels, as the store answers them: no notch, no lost peak."""
    duration = round(1000 * share)
    starts = round(1000 * offset) + np.arange(count) * duration
    peaks = np.arange(count, dtype=np.float32)[:, None]
    window = SignalWindow(starts + duration // 2, -peaks, peaks, 64.0)
    width = int(starts[-1] + duration) // 1000 + 1
    columns = pixel_columns(window, 0, 1000 * width, width)
    for pixel in range(width):
        inside = (starts + 0.03 * duration < (pixel + 1) * 1000) & (starts + 0.97 * duration > pixel * 1000)
        if inside.any():
            assert columns.high[pixel, 0] >= peaks[inside].max()
            assert columns.low[pixel, 0] <= -peaks[inside].max()


def test_a_steady_tone_has_an_even_edge() -> None:
    level = np.ones((2000, 1), np.float32)
    level[::2] = 0.5  # as a tone whose period beats against the columns
    window = SignalWindow(np.arange(2000) * 970 + 485, -level, level, 512.0)
    columns = pixel_columns(window, 0, 1_900_000, 1900)
    assert (columns.high == 1.0).all()


def test_a_last_column_that_is_only_begun_does_not_open_the_others() -> None:
    """A recording that grows ends in a part of a column."""
    times = np.append(np.arange(0, 1000, 10), 991)
    odd = np.arange(len(times)) % 2
    window = SignalWindow(times, -odd[:, np.newaxis] - 1.0, odd[:, np.newaxis] + 1.0, 8.0)
    # Pixels a little wider than columns: every one of them is reached by two.
    shown = pixel_columns(window, 0, 980, 96)
    assert (shown.high[2:94, 0] == 2.0).all()


@given(spans=st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 60)), min_size=6, max_size=6))
def test_channels_reckoned_together_are_painted_as_each_by_itself(spans: list[tuple[float, float]]) -> None:
    """Three channels of two columns, the middle one with a hole."""
    high = np.array([top for top, _ in spans]).reshape(3, 2)
    low = high + np.array([length for _, length in spans]).reshape(3, 2)
    high[1, 0] = low[1, 0] = np.nan
    alone, together = np.zeros((40, 2), np.uint32), np.zeros((40, 2), np.uint32)
    tops, bottoms = span_rows(high, low, 40)
    for channel in range(3):
        paint_span(alone, high[channel], low[channel], channel + 1)
        paint_rows(together, tops[channel], bottoms[channel], channel + 1)
    assert np.array_equal(alone, together)
