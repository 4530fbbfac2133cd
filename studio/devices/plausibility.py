"""What a device may send: looks at a message before it is posted, and says what cannot be right about it.

A driver that brings times that make no sense, or data of another shape than it said, must cost nobody but
itself: a pipeline ends when a message is out of order, a store when it cannot encode it. Arithmetic only.
"""

import numpy as np

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.timing import NS_PER_S, Duration, Timestamp

AHEAD_LIMIT: Duration = 5 * NS_PER_S
"""A time farther ahead would hold its stream up for as long; nearer ones are a clock that is somewhat off."""
BEHIND_LIMIT: Duration = 60 * NS_PER_S
"""Before the device was made: a buffer may be as old as that, but not the start of all times."""
COLOURS = (1, 3, 4)
"""Values of a pixel, in pictures of three dimensions."""


def wrong_time(time: Timestamp, *, last_time: Timestamp | None, earliest: Timestamp, now: Timestamp) -> str:
    """What is wrong with a time, as the end of a sentence; empty: nothing."""
    if last_time is not None and time <= last_time:
        return "brings times that have been"
    if time > now + AHEAD_LIMIT:
        return "brings times that lie ahead"
    return "brings times of long ago" if time < earliest else ""


def wrong_data(format: StreamFormat, data: object) -> str:
    """What is wrong with a payload, as the end of a sentence; empty: nothing."""
    kind = format.kind
    if kind is PayloadKind.IMAGE:
        return "" if _is_picture(format, data) else "sends what is no picture"
    if kind is PayloadKind.AUDIO or kind is PayloadKind.SAMPLES:
        return "" if _is_block(format, data) else "sends blocks of a wrong size or type"
    if kind is PayloadKind.EVENT:
        return "" if isinstance(data, Event) else "sends what is no event"
    return ""


def _is_picture(format: StreamFormat, data: object) -> bool:
    if not isinstance(data, np.ndarray) or data.dtype != (format.dtype or "uint8") or data.size == 0:
        return False
    if format.has_values:
        return data.ndim == 2
    return data.ndim == 2 or (data.ndim == 3 and data.shape[2] in COLOURS)


def _is_block(format: StreamFormat, data: object) -> bool:
    if not isinstance(data, np.ndarray) or data.ndim != 2 or len(data) == 0:
        return False
    return data.shape[1] == format.channels and np.can_cast(data.dtype, format.dtype, "same_kind")
