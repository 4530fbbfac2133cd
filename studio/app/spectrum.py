"""From samples to levels of frequencies: Hann windows, Fourier transform, decibels. Arithmetic only."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

LOWEST_DB = -160.0
"""Silence."""
LARGEST_WINDOW_S = 0.1
SMALLEST_WINDOW, LARGEST_WINDOW = 64, 2048
LEAST_LOG_SHARE = 1 / 1000
"""Of the highest frequency: where a logarithmic axis begins that was not told where."""

Levels = npt.NDArray[np.float32]


def window_length(rate: float, column_ns: int) -> int:
    """Samples of a window, a power of two: twice a column, but neither too short nor too long to be read."""
    wanted = 2.0 * rate * column_ns / 1e9
    longest = 1 << math.floor(math.log2(max(2.0, rate * LARGEST_WINDOW_S)))
    most = max(SMALLEST_WINDOW, min(LARGEST_WINDOW, longest))
    least = max(SMALLEST_WINDOW, most // 8)
    return min(most, max(least, 1 << math.ceil(math.log2(max(1.0, wanted)))))


def power_of(windows: npt.NDArray[Any], scale: float = 1.0) -> Levels:
    """(w, n) samples to (w, n // 2 + 1) power; 1.0 is a sine of amplitude `scale`. NaN if any sample is none.

    The mean is taken away, so that gravity or an offset does not hide what is small.
    """
    length = windows.shape[1]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    samples = windows.astype(np.float32)
    samples -= samples.mean(axis=1, keepdims=True)
    samples *= (hann * (2 / (hann.sum() * scale))).astype(np.float32)
    spectra = np.fft.rfft(samples, axis=1)
    return np.asarray(spectra.real**2 + spectra.imag**2, np.float32)


def frequency_edges(low: float, high: float, rows: int, *, logarithmic: bool) -> npt.NDArray[np.float64]:
    """(rows + 1,) Hz at the edges of the rows of a spectrogram, increasing."""
    if logarithmic:
        low = max(low, high * LEAST_LOG_SHARE)
        return np.geomspace(low, high, rows + 1)
    return np.linspace(low, high, rows + 1)


def rows_of(power: Levels, rate: float, edges: npt.NDArray[np.float64]) -> Levels:
    """(w, bins) power to (w, rows) decibels: the largest bin of each row, the nearest where there is none."""
    bins = power.shape[1]
    step = rate / (2 * (bins - 1))
    first = np.clip(np.rint(edges[:-1] / step).astype(np.intp), 0, bins - 1)
    end = min(bins, max(int(first[-1]) + 1, round(edges[-1] / step)))
    # Of equal starts each takes the one bin; the others all up to the next start.
    chosen = np.maximum.reduceat(power[:, :end], first, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = (10 * np.log10(chosen)).astype(np.float32)
    return np.maximum(levels, np.float32(LOWEST_DB))
