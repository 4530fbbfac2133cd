"""What a signal says at a moment, read from a window of it. Arithmetic and text only."""

import math

import numpy as np

from studio.formats.payload import StreamFormat
from studio.formats.signal import SignalWindow
from studio.timing import Timestamp
from studio.ui import readable
from studio.ui.panels.value_ticks import number_text

SILENCE_DB = -100.0


def values_at(window: SignalWindow, time: Timestamp) -> tuple[float, ...]:
    """The newest value of each channel at or before `time`; empty if there is none, NaN in a gap."""
    position = int(np.searchsorted(window.times, time, "right")) - 1
    if position < 0:
        return ()
    return tuple(float(v) for v in (window.minimum[position] + window.maximum[position]) / 2)


def peak_of(window: SignalWindow) -> float:
    """Largest distance from zero of all channels; 0.0 of nothing."""
    both = np.concatenate((window.minimum.ravel(), window.maximum.ravel()))
    both = both[np.isfinite(both)]
    return float(np.abs(both).max()) if len(both) else 0.0


def decibels(peak: float) -> float:
    """Of full scale; SILENCE_DB for silence."""
    return max(SILENCE_DB, 20 * math.log10(peak)) if peak > 0 else SILENCE_DB


def channel_names(stream_format: StreamFormat) -> tuple[str, ...]:
    """A name for each channel; numbers where the device gave none."""
    given = stream_format.channel_names
    return tuple(
        given[n] if n < len(given) and given[n] else str(n + 1) for n in range(stream_format.channels)
    )


def value_texts(stream_format: StreamFormat, values: tuple[float, ...], scale: float) -> tuple[str, ...]:
    """A text with unit for each channel; dashes where there is no value."""
    count = stream_format.channels
    units = f"{readable.SPACE}{stream_format.units}" if stream_format.units else ""
    if len(values) != count:
        return (readable.NOTHING,) * count
    return tuple(f"{number_text(v, scale)}{units}" if math.isfinite(v) else readable.NOTHING for v in values)
