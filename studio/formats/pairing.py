"""Which values of two streams belong together, and which of very many stand for all. Arithmetic only."""

from typing import Any

import numpy as np

from studio.timing import Duration

Int64s = np.ndarray[Any, np.dtype[np.int64]]
Places = np.ndarray[Any, np.dtype[np.intp]]

USUAL_STEPS = 1.5
"""Two values whose times are further apart than so many usual intervals do not belong together."""


def nearest(times: Int64s, others: Int64s) -> Places:
    """For each of the times the place of the nearest of the others; the earlier one of two equally near.

    Both increase; there is at least one of the others.
    """
    after = np.minimum(np.searchsorted(others, times), len(others) - 1)
    before = np.maximum(after - 1, 0)
    is_before = np.abs(times - others[before]) <= np.abs(others[after] - times)
    return np.asarray(np.where(is_before, before, after), np.intp)


def paired(times: Int64s, others: Int64s, within: Duration) -> tuple[Places, Places]:
    """Places of values that belong together: each of the rarer ones with the nearest of the others, unless
    that is further than `within`. Both increase."""
    if not len(times) or not len(others):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    if len(times) > len(others):
        second, first = paired(others, times, within)
        return first, second
    partners = nearest(times, others)
    close = np.flatnonzero(np.abs(others[partners] - times) <= within)
    return close, partners[close]


def usual_distance(times: Int64s, others: Int64s) -> Duration:
    """How far apart values of two streams may be that belong together: by the usual interval of the rarer."""
    steps = [int(np.median(np.diff(each))) for each in (times, others) if len(each) > 1]
    return round(USUAL_STEPS * max(steps)) if steps else 2**62


def broken(times: Int64s, begins: Int64s, ends: Int64s) -> tuple[Places, Int64s]:
    """Where a path through these times has to be broken for stretches without values, and when: places to
    insert at, one for each step from a time to the next into which a stretch reaches."""
    middles = np.unique(begins + (ends - begins) // 2)
    places = np.searchsorted(times, middles)
    inner = (places > 0) & (places < len(times))
    chosen, first = np.unique(places[inner], return_index=True)
    return np.asarray(chosen, np.intp), middles[inner][first]


def thinned(count: int, most: int) -> Places:
    """At most `most` (>= 2) places among `count`, evenly chosen, the first and the last among them."""
    if count <= most:
        return np.arange(count, dtype=np.intp)
    return np.unique(np.linspace(0, count - 1, most).astype(np.intp))
