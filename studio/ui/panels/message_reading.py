"""Turns counted messages into curves and words: latency in ms, messages per second. Arithmetic only."""

import numpy as np
import numpy.typing as npt

from studio.formats.message_columns import MessageColumns
from studio.formats.recording import StreamInfo
from studio.formats.signal import Gap, SignalWindow
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp
from studio.ui import readable
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.value_ticks import number_text

Times = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

PERIODS_PER_BIN = 8
"""Fewer messages than that in a column would make the rate a picket fence."""
SPARSE_SHARE = 0.5
"""Of the columns: where fewer have a message, each message is a point."""


def rate_bin(stream: StreamInfo) -> Duration:
    """ns that a column must last to have enough messages for a rate."""
    count, lasts = stream.message_count, stream.last_time - stream.first_time
    return max(1, PERIODS_PER_BIN * lasts // (count - 1)) if count > 1 else 1


def rate_window(columns: MessageColumns, stream: StreamInfo) -> SignalWindow:
    """Messages per second of each column, at its middle; zero where there are none.

    Columns that reach beyond the first or the last message would tell less than there was: left out.
    """
    step = int(columns.edges[1] - columns.edges[0])
    rate = (columns.counts / (step / NS_PER_S))[:, np.newaxis]
    whole = (columns.edges[:-1] >= stream.first_time) & (columns.edges[1:] <= stream.last_time)
    shown = whole if whole.any() else columns.counts > 0
    # More than one sample a column: each value stands for its whole column.
    return SignalWindow(_middles(columns)[shown], rate[shown], rate[shown], 2.0, columns.gaps)


def latency_window(columns: MessageColumns) -> SignalWindow:
    """Smallest and largest latency of each column, in ms; points where messages are few."""
    known = np.isfinite(columns.latency_low)
    low = columns.latency_low[known, np.newaxis] / NS_PER_MS
    high = columns.latency_high[known, np.newaxis] / NS_PER_MS
    times = _middles(columns)[known]
    sparse = known.mean() < SPARSE_SHARE and np.array_equal(low, high)
    times, low, high = _with_breaks(times, low, high, columns.gaps)
    return SignalWindow(times, low, high, 1.0 if sparse else 2.0, columns.gaps)


def rate_text(columns: MessageColumns, time: Timestamp) -> str:
    """The rate of the column at a time: `29.8 per s`."""
    place = _place(columns, time)
    if place is None:
        return ""
    rate = columns.counts[place] * NS_PER_S / int(columns.edges[1] - columns.edges[0])
    return f"{number_text(float(rate), float(rate))}{readable.SPACE}per{readable.SPACE}s"


def latency_text(columns: MessageColumns, time: Timestamp) -> str:
    """The latency of the last column with a message at or before a time: `1.2 ms`, `1.2 to 4.5 ms`."""
    place = _place(columns, time)
    if place is None:
        return ""
    known = np.flatnonzero(np.isfinite(columns.latency_low[: place + 1]))
    if not len(known):
        return ""
    low, high = (float(each[known[-1]]) / NS_PER_MS for each in (columns.latency_low, columns.latency_high))
    texts = [number_text(value, max(abs(low), abs(high))) for value in (low, high)]
    value = texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"
    return f"{value}{readable.SPACE}ms"


def count_in(columns: MessageColumns, axis: TimeAxis) -> int:
    """How many messages are in view, to a column."""
    first, last = np.searchsorted(columns.edges[:-1], (axis.left, axis.right))
    return round(float(columns.counts[max(0, int(first) - 1) : int(last)].sum()))


def counting_text(share: float) -> str:
    """Says that not everything was looked at yet."""
    return f"counting… {int(share * 100)}{readable.SPACE}%"


def _middles(columns: MessageColumns) -> Times:
    step = int(columns.edges[1] - columns.edges[0])
    return np.asarray(columns.edges[:-1] + step // 2)


def _place(columns: MessageColumns, time: Timestamp) -> int | None:
    place = int(np.searchsorted(columns.edges, time, "right")) - 1
    return place if 0 <= place < len(columns.counts) else None


def _with_breaks(times: Times, low: Reals, high: Reals, gaps: tuple[Gap, ...]) -> tuple[Times, Reals, Reals]:
    """A row of NaN in each gap, so that nothing is drawn across it."""
    middles = [gap.from_time + (gap.to_time - gap.from_time) // 2 for gap in gaps]
    places = np.searchsorted(times, middles)
    inside = [n for n, place in enumerate(places) if 0 < place < len(times)]
    at = [int(places[n]) for n in inside]
    new_times = np.insert(times, at, [middles[n] for n in inside])
    return new_times, np.insert(low, at, np.nan, axis=0), np.insert(high, at, np.nan, axis=0)
