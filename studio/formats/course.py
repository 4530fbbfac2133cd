"""One value of a stream against time, and two of them as a path through a plane. Arithmetic only."""

from dataclasses import dataclass, replace

import numpy as np

from studio.errors import StreamError
from studio.formats.pairing import broken, paired, thinned, usual_distance
from studio.formats.points import Int64s, PathPoints, Reals
from studio.formats.signal import Gap


@dataclass(frozen=True, slots=True)
class Course:
    """One value of a stream against time."""

    times: Int64s
    values: Reals
    name: str
    total: int
    members: tuple[str, ...] = ()
    known_share: float = 1.0
    is_sampled: bool = False
    gaps: tuple[Gap, ...] = ()
    """Where the stream has no values."""

    def at(self, places: np.ndarray[tuple[int], np.dtype[np.intp]]) -> "Course":
        """Only these places."""
        return replace(self, times=self.times[places], values=self.values[places])


def path_of(across: Course, up: Course, limit: int) -> PathPoints:
    """Two courses of one stream, or of two streams that are paired by nearest time, as at most `limit`
    points. Raises StreamError where two streams are too long to be paired."""
    total = across.total
    if not np.array_equal(across.times, up.times):
        if across.is_sampled or up.is_sampled:
            raise StreamError(
                f"{across.name!r} and {up.name!r} hold too many values here to find which belong together; "
                "look at a shorter stretch, or select one"
            )
        first, second = paired(across.times, up.times, usual_distance(across.times, up.times))
        across, up, total = across.at(first), up.at(second), len(first)
    places = thinned(len(across.times), max(2, limit))
    across, up = across.at(places), up.at(places)
    gaps = np.array([(gap.from_time, gap.to_time) for gap in across.gaps + up.gaps], np.int64).reshape(-1, 2)
    breaks, moments = broken(across.times, gaps[:, 0], gaps[:, 1])
    return PathPoints(
        np.insert(across.times, breaks, moments),
        np.insert(across.values, breaks, np.nan),
        np.insert(up.values, breaks, np.nan),
        total,
        len(across.times),
        (across.name, up.name),
        (across.members, up.members),
        min(across.known_share, up.known_share),
        across.is_sampled or up.is_sampled,
    )
