"""The frequencies of a stored signal in a window of time. Reads a bounded number of samples; owns nothing.

Where a column of the screen holds more than its windows, these lie evenly spread over it and the rest is not
looked at; the answer says how much was.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from studio.app.spectrum import Levels, frequency_edges, power_of, rows_of, window_length
from studio.errors import StreamError
from studio.formats.payload import StreamFormat
from studio.formats.signal import full_scale
from studio.formats.spectrum import SpectrumGrid, SpectrumWindow
from studio.store import layout
from studio.store.row_places import RowPlaces
from studio.store.stream_reader import StreamReader
from studio.timing import NS_PER_S

MOST_WINDOWS = 512
"""Of one answer, so that even the farthest view takes some hundredths of a second."""
MOST_PER_COLUMN = 4
MOST_CHANNELS = 4
BATCH = 128
"""Windows transformed together: more would leave the cache."""
READ_TOGETHER = 1 << 19
"""Numbers of samples read in one piece when the windows lie near each other."""


def spectrum_of(stream: StreamReader, grid: SpectrumGrid) -> SpectrumWindow:
    """Levels of each column and row. Raises StreamError for what is no signal or has no rate."""
    described = stream.description.format
    rate = _rate_of(stream)
    columns, column_ns = max(1, grid.columns), max(1, grid.column_ns)
    length = window_length(rate, column_ns)
    per_column = _windows_per_column(columns, rate * column_ns / NS_PER_S / length)
    high = min(grid.high, rate / 2) if grid.high > 0 else rate / 2
    low = grid.low if 0 <= grid.low < high else 0.0
    edges = frequency_edges(low, high, max(1, grid.rows), logarithmic=grid.logarithmic)
    centres = grid.left + ((np.arange(columns * per_column) + 0.5) * (column_ns / per_column)).astype(
        np.int64
    )
    starts = RowPlaces(stream, rate).window_starts(centres, length)
    power = _power_at(stream, described, _channels(described, grid), starts, length)
    total = _mean_of(power.reshape(columns, per_column, -1))
    share = min(1.0, per_column * length / max(1.0, rate * column_ns / NS_PER_S))
    levels = rows_of(total, rate, edges).astype(np.float16)
    return SpectrumWindow(
        grid.left, column_ns, levels, float(edges[0]), high, grid.logarithmic, length, per_column, share
    )


def _rate_of(stream: StreamReader) -> float:
    described = stream.description.format
    if not described.kind.is_sampled:
        raise StreamError(
            f"stream {stream.description.name!r} holds {described.kind.value}, which has no frequencies"
        )
    if described.rate > 0:
        return described.rate
    count = stream.counts.messages
    if count > 1:
        begin, end = (int(stream.rows(layout.TIME, n, n + 1)[0]) for n in (0, count - 1))
        if end > begin:
            return (stream.counts.extent - 1) * NS_PER_S / (end - begin)
    raise StreamError(f"stream {stream.description.name!r} has too few samples to have frequencies")


def _mean_of(power: Levels) -> Levels:
    """(columns, windows, bins) to (columns, bins): of the windows that are known; NaN where none is."""
    if power.shape[1] == 1:
        return power[:, 0]
    known = np.asarray(np.isfinite(power[:, :, :1]))
    total = np.where(known, power, 0.0).sum(axis=1)
    number = known.sum(axis=1)
    return np.where(number > 0, total / np.maximum(1, number), np.nan).astype(np.float32)


def _windows_per_column(columns: int, fitting: float) -> int:
    """As many as fit beside each other into a column, within the bounds of an answer."""
    return int(max(1, min(MOST_PER_COLUMN, MOST_WINDOWS // columns, round(fitting))))


def _channels(described: StreamFormat, grid: SpectrumGrid) -> tuple[int, ...]:
    chosen = [n for n in grid.channels if 0 <= n < described.channels]
    return tuple(chosen or range(described.channels))[:MOST_CHANNELS]


def _power_at(
    stream: StreamReader,
    described: StreamFormat,
    channels: tuple[int, ...],
    starts: npt.NDArray[np.int64],
    length: int,
) -> Levels:
    """(windows, bins) power, NaN where `starts` is negative: there is no signal."""
    power = np.full((len(starts), length // 2 + 1), np.nan, np.float32)
    wanted = np.flatnonzero(starts >= 0)
    scale = full_scale(described)
    for begin in range(0, len(wanted), BATCH):
        places = wanted[begin : begin + BATCH]
        samples = _samples_at(stream, starts[places], length)
        for number, channel in enumerate(channels):
            one = power_of(samples[:, :, channel], scale)
            power[places] = one if number == 0 else power[places] + one
    power /= len(channels)
    return power


def _samples_at(stream: StreamReader, starts: npt.NDArray[np.int64], length: int) -> npt.NDArray[Any]:
    """(windows, length, channels) rows from each start on."""
    first, last = int(starts[0]), int(starts[-1]) + length
    if last - first <= max(READ_TOGETHER // max(1, stream.description.format.channels), 2 * length):
        rows = stream.rows(layout.DATA, first, last)
        return np.asarray(rows[(starts - first)[:, np.newaxis] + np.arange(length)])
    return np.stack([stream.rows(layout.DATA, start, start + length) for start in starts.tolist()])
