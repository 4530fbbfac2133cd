"""Turns a window of a signal into one span of values per pixel column, and spans into pixels. numpy only.

Filled spans cost the same for noise as for a calm curve; lines and polygons of noise cost ten to a hundred
times as much.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp

Values = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class PixelColumns:
    """What each channel does in each pixel column; NaN where there is nothing to draw."""

    low: Values
    """(width, channels)"""
    high: Values


def pixel_columns(window: SignalWindow, left: Timestamp, right: Timestamp, width: int) -> PixelColumns:
    """Lay the columns of a window over `width` pixels from `left` to `right`, whatever they were asked for.

    A pixel shows the union of all columns of the window that reach into it: columns and pixels of nearly the
    same width would else beat against each other. Between two columns the one before is repeated; a gap (NaN)
    stays a gap.
    """
    channels = window.minimum.shape[1]
    low, high = np.full((2, width, channels), np.nan)
    filled = np.zeros(width, np.bool_)
    scale = width / (right - left)
    reach = _half_of_a_column(window)
    first = np.floor((window.times - left - reach) * scale)
    last = np.floor((window.times - left + reach) * scale)
    _fold(low, high, window, first)
    filled[_inside(first, width)] = True
    if reach and not np.array_equal(first, last):
        _fold(low, high, window, last)
        filled[_inside(last, width)] = True
    if not filled.all():
        # Without a hole, neighbours lie as far apart as the closest two, give or take a pixel.
        steps = first[1:] - first[:-1]
        near = int(steps.min(initial=width, where=steps > 0)) + 1
        _fill_between(low, high, np.flatnonzero(filled), near)
    return PixelColumns(low, high)


def _inside(xs: Values, width: int) -> npt.NDArray[np.intp]:
    begin, end = np.searchsorted(xs, (0, width))
    return xs[begin:end].astype(np.intp)


def _half_of_a_column(window: SignalWindow) -> float:
    """ns to both sides of a time that its column covers; 0 of samples. A little less, so that columns that
    fit the pixels exactly stay in theirs."""
    if window.samples_per_column <= 1.0 or len(window.times) < 2:
        return 0.0
    # Among the smallest steps: some are missing where nothing was sampled, and the last may be a part of one.
    steps = window.times[1:] - window.times[:-1]
    usual = len(steps) // 10
    return max(0.0, float(np.partition(steps, usual)[usual]) / 2 * 0.96)


def _fold(low: Values, high: Values, window: SignalWindow, xs: Values) -> None:
    """Widen the pixels at `xs` (increasing) by the columns of the window."""
    begin, end = np.searchsorted(xs, (0, len(low)))
    if begin == end:
        return
    positions = xs[begin:end].astype(np.intp)
    minimum, maximum = window.minimum[begin:end], window.maximum[begin:end]
    first = np.concatenate(([0], np.flatnonzero(positions[1:] != positions[:-1]) + 1))
    if len(first) < len(positions):
        minimum = np.fmin.reduceat(minimum, first, axis=0)
        maximum = np.fmax.reduceat(maximum, first, axis=0)
    pixels = positions[first]
    low[pixels], high[pixels] = np.fmin(low[pixels], minimum), np.fmax(high[pixels], maximum)


def _fill_between(low: Values, high: Values, filled: npt.NDArray[np.intp], reach: int) -> None:
    if not len(filled):
        return
    everywhere = np.arange(len(low))
    source = np.full(len(low), -len(low), np.intp)
    source[filled] = filled
    source = np.maximum.accumulate(source)
    near = np.flatnonzero((source != everywhere) & (everywhere - source < reach) & (everywhere < filled[-1]))
    low[near], high[near] = low[source[near]], high[source[near]]


def linked(columns: PixelColumns) -> PixelColumns:
    """Stretch the spans until neighbours touch, so that a steep curve is one line; never over a gap."""
    before, after = slice(None, -1), slice(1, None)
    rises = columns.low[after] > columns.high[before]
    falls = columns.high[after] < columns.low[before]
    if not (rises.any() or falls.any()):
        return columns
    low, high = columns.low.copy(), columns.high.copy()
    # Each side goes half of the way, so that no peak moves by a pixel.
    middles = (columns.high[before][rises] + columns.low[after][rises]) / 2
    high[before][rises] = np.maximum(high[before][rises], middles)
    low[after][rises] = np.minimum(low[after][rises], middles)
    middles = (columns.low[before][falls] + columns.high[after][falls]) / 2
    low[before][falls] = np.minimum(low[before][falls], middles)
    high[after][falls] = np.maximum(high[after][falls], middles)
    return PixelColumns(low, high)


def paint_span(
    canvas: npt.NDArray[np.uint32], high_y: Values, low_y: Values, colour: int, *, thickness: int = 1
) -> None:
    """Colour the rows from `high_y` (upper) to `low_y` (lower) in each column of a `(height, width)` canvas.

    At least `thickness` rows; NaN draws nothing; what lies outside the canvas (of at most 32000 rows) is cut
    off.
    """
    paint_rows(canvas, *span_rows(high_y, low_y, canvas.shape[0], thickness=thickness), colour)


def span_rows(high_y: Values, low_y: Values, height: int, *, thickness: int = 1) -> tuple[Rows, Rows]:
    """The first and the last row of each span, for `paint_rows`; of as many channels at once as wanted."""
    # fmin and fmax turn NaN into rows that are never reached.
    top = np.fmax(np.fmin(high_y, height), -1).astype(np.int16)
    bottom = np.fmin(np.fmax(low_y, -1), height).astype(np.int16)
    return top, np.maximum(bottom, top + np.int16(thickness - 1))


def paint_rows(canvas: npt.NDArray[np.uint32], top: Rows, bottom: Rows, colour: int) -> None:
    """Colour the rows from `top` to `bottom` in each column; those outside the canvas are cut off."""
    first, last = max(0, int(top.min())), min(canvas.shape[0], int(bottom.max()) + 1)
    if last <= first:
        return
    rows: npt.NDArray[Any] = np.arange(first, last, dtype=np.int16)[:, np.newaxis]
    mask = rows >= top
    mask &= rows <= bottom
    np.copyto(canvas[first:last], np.uint32(colour), where=mask)


def finite_range(window: SignalWindow) -> tuple[float, float]:
    """Smallest and largest value of all channels; (NaN, NaN) of nothing."""
    if not window.minimum.size:
        return float("nan"), float("nan")
    low, high = float(np.fmin.reduce(window.minimum, None)), float(np.fmax.reduce(window.maximum, None))
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    return _range_without_infinities(window)


def _range_without_infinities(window: SignalWindow) -> tuple[float, float]:
    low = window.minimum[np.isfinite(window.minimum)]
    high = window.maximum[np.isfinite(window.maximum)]
    if not len(low) or not len(high):
        return float("nan"), float("nan")
    return float(low.min()), float(high.max())
