"""What a stream says at a moment, as numbers and in words. Reads a few rows; owns nothing."""

import numpy as np
import numpy.typing as npt

from studio.app.answers import ValueAt
from studio.app.value_text import level_text, numbers_text, payload_text
from studio.formats.members import numbers_of
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import SignalWindow, full_scale
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, Timestamp

LEVEL_SPAN = 20 * NS_PER_MS
"""The level of sound at a time is the peak of the time just before it."""


def value_at(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    """What the stream says at a time (at or before). Raises StreamError for an unknown one."""
    format = reader.stream(stream).description.format
    if format.kind is PayloadKind.AUDIO:
        return _level_at(reader, stream, time)
    if format.kind is PayloadKind.SAMPLES:
        return _sample_at(reader, stream, time, format)
    message = reader.message_at(stream, time)
    if message is None:
        return ValueAt(stream, 0, "")
    time, text = message.envelope.originating_time, payload_text(message.data, format)
    if format.kind is PayloadKind.JSON:
        found = numbers_of(message.data)
        return ValueAt(stream, time, text, tuple(found.values()), tuple(found))
    return ValueAt(stream, time, text, (float(message.data),) if format.kind is PayloadKind.SCALAR else ())


def _level_at(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    window = reader.window(stream, time - LEVEL_SPAN, time, 1000)
    rows = _rows_at(window, time)
    if not len(rows):
        return _last_block(reader, stream, time)
    peak = float(max(np.nanmax(window.maximum[rows]), -np.nanmin(window.minimum[rows])))
    peak /= full_scale(reader.stream(stream).description.format)
    return ValueAt(stream, int(window.times[rows[-1]]), level_text(peak), (peak,))


def _rows_at(window: SignalWindow, time: Timestamp) -> npt.NDArray[np.intp]:
    """The points at or before a time; a window reaches a little further, so that its lines do."""
    return np.flatnonzero((window.times <= time) & np.isfinite(window.maximum).any(axis=1))


def _sample_at(reader: StoreReader, stream: str, time: Timestamp, format: StreamFormat) -> ValueAt:
    """The newest sample at or before a time. A block is known by its last sample, so the block that holds
    the sample may be later than the time (decision 3)."""
    span = round(4 * NS_PER_S / format.rate) if format.rate else NS_PER_S
    window = reader.window(stream, time - span, time, 1000)
    rows = _rows_at(window, time)
    if not len(rows):
        return _last_block(reader, stream, time)
    values = tuple(map(float, window.maximum[rows[-1]]))
    return ValueAt(stream, int(window.times[rows[-1]]), numbers_text(values, format.units), values)


def _last_block(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    message = reader.message_at(stream, time)
    if message is None:
        return ValueAt(stream, 0, "")
    format = reader.stream(stream).description.format
    if format.kind is PayloadKind.AUDIO:
        peak = float(np.abs(message.data.astype(np.float64)).max()) / full_scale(format)
        return ValueAt(stream, message.envelope.originating_time, level_text(peak), (peak,))
    values = tuple(map(float, message.data[-1]))
    text = numbers_text(values, format.units)
    return ValueAt(stream, message.envelope.originating_time, text, values)
