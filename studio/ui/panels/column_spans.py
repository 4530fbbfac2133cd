"""Turns a window of a signal into one span of values per pixel column, and spans into pixels. numpy only.

Filled spans cost the same for noise as for a calm curve; lines and polygons of noise cost ten to a hundred
times as much.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PixelColumns:
    """What each channel does in each pixel column; NaN where there is nothing to draw."""

    low: Values
    """(width, channels)"""
    high: Values


def pixel_columns(window: SignalWindow, left: Timestamp, right: Timestamp, width: int) -> PixelColumns:
    """Lay the columns of a window over `width` pixels from `left` to `right`, whatever they were asked for.

    Pixels between two columns of the window repeat the one before; a gap (NaN) stays a gap.
    """
    channels = window.minimum.shape[1]
    low, high = np.full((2, width, channels), np.nan)
    xs = np.floor((window.times - left).astype(np.float64) * (width / (right - left)))
    seen = (xs >= 0) & (xs < width)
    if seen.any():
        positions = xs[seen].astype(np.intp)
        first = np.flatnonzero(np.diff(positions, prepend=-1))
        filled = positions[first]
        low[filled] = np.fmin.reduceat(window.minimum[seen], first, axis=0)
        high[filled] = np.fmax.reduceat(window.maximum[seen], first, axis=0)
        _fill_between(low, high, filled, _pixels_per_column(xs))
    return PixelColumns(low, high)


def _pixels_per_column(xs: Values) -> int:
    """Pixels from a column of the window to the next, where it has no hole."""
    if len(xs) < 2:
        return 1
    return max(1, int(np.ceil(np.median(np.diff(xs)))))


def _fill_between(low: Values, high: Values, filled: npt.NDArray[np.intp], reach: int) -> None:
    if reach == 1 and len(filled) == len(low):
        return
    source = np.full(len(low), -1, np.intp)
    source[filled] = filled
    source = np.maximum.accumulate(source)
    empty = np.setdiff1d(np.arange(len(low)), filled, assume_unique=True)
    near = empty[(source[empty] >= 0) & (empty - source[empty] <= reach)]
    low[near], high[near] = low[source[near]], high[source[near]]


def linked(columns: PixelColumns) -> PixelColumns:
    """Stretch the spans until neighbours touch, so that a steep curve is one line; never over a gap."""
    low, high = columns.low.copy(), columns.high.copy()
    # Each side goes half of the way, so that no peak moves by a pixel.
    middle_up = (columns.high[:-1] + columns.low[1:]) / 2
    middle_down = (columns.low[:-1] + columns.high[1:]) / 2
    rises, falls = columns.low[1:] > columns.high[:-1], columns.high[1:] < columns.low[:-1]
    high[:-1] = np.where(rises, middle_up, high[:-1])
    low[1:] = np.where(rises, middle_up, low[1:])
    low[:-1] = np.where(falls, middle_down, low[:-1])
    high[1:] = np.where(falls, middle_down, high[1:])
    return PixelColumns(low, high)


def paint_span(
    canvas: npt.NDArray[np.uint32], high_y: Values, low_y: Values, colour: int, *, thickness: int = 1
) -> None:
    """Colour the rows from `high_y` (upper) to `low_y` (lower) in each column of a `(height, width)` canvas.

    At least `thickness` rows; NaN draws nothing; what lies outside the canvas is cut off.
    """
    drawn = np.isfinite(high_y) & np.isfinite(low_y)
    height = canvas.shape[0]
    if not drawn.any() or not height:
        return
    top = np.where(drawn, np.clip(np.nan_to_num(high_y), -1, height), height).astype(np.int32)
    bottom = np.where(drawn, np.clip(np.nan_to_num(low_y), -1, height), -1).astype(np.int32)
    bottom = np.where(drawn, np.maximum(bottom, top + thickness - 1), bottom)
    first, last = max(0, int(top.min())), min(height, int(bottom.max()) + 1)
    if last <= first:
        return
    rows: npt.NDArray[Any] = np.arange(first, last, dtype=np.int32)[:, np.newaxis]
    mask = rows >= top
    mask &= rows <= bottom
    np.copyto(canvas[first:last], np.uint32(colour), where=mask)


def finite_range(window: SignalWindow) -> tuple[float, float]:
    """Smallest and largest value of all channels; (NaN, NaN) of nothing."""
    low, high = window.minimum[np.isfinite(window.minimum)], window.maximum[np.isfinite(window.maximum)]
    if not len(low) or not len(high):
        return float("nan"), float("nan")
    return float(low.min()), float(high.max())
