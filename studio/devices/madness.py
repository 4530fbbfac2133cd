"""What a driver that has gone mad makes of its messages, for rehearsals. Pure functions of a message."""

import numpy as np

from studio.timing import NS_PER_S, Timestamp

YEAR = 365 * 86_400 * NS_PER_S


def garbled(data: object, time: Timestamp) -> tuple[object, Timestamp]:
    """The same data at a time without sense, another one each microsecond."""
    times = (0, time - YEAR, time + YEAR, time - 2 * NS_PER_S * 60, 2**62)
    return data, times[time // 1000 % len(times)]


def misshapen(data: object, time: Timestamp) -> tuple[object, Timestamp]:
    """Something of another size or type at the same time, another one each microsecond."""
    if not isinstance(data, np.ndarray):
        return b"?", time
    wrong = (data[:0], data[..., np.newaxis, np.newaxis], data.astype(np.complex64), data.ravel())
    return wrong[time // 1000 % len(wrong)], time
