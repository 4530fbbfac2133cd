"""Makes figures of the messages of one stream: rate, jitter, gaps, level, bytes. Arithmetic only."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.app.preflight.card import StreamFigures
from studio.devices.meters import decibels
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp

MOST_KEPT = 200_000
"""Messages whose times are kept; more are counted. Ten seconds of 20 000 a second."""
SHORTEST_GAP: Duration = 100 * NS_PER_MS
"""Less than that is jitter."""
GAP_MESSAGES = 2.5
"""More than so many distances of messages without one is a gap."""
SHORTEST_END: Duration = NS_PER_S
"""So long a silence at the end may be a busy machine."""
USUAL_SHARE = 95
ROW_BYTES = 64
"""About what each message takes besides its payload, as the recorder reckons it."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one message has."""

    count: int = 1
    """Samples, or one."""
    byte_count: int = 0
    peak: float | None = None
    """Full scale is 1.0."""
    clipped: int = 0
    size: tuple[int, int] = (0, 0)
    """Width and height."""


class StreamMeter:
    """Collects from `begin_time` on. Not thread-safe; times are of the pipeline's clock."""

    def __init__(self, begin_time: Timestamp) -> None:
        self._begin_time = begin_time
        self._times, self._counts = array("q"), array("q")
        self._messages = self._samples = self._bytes = self._clipped = 0
        self._peak: float | None = None
        self._size = (0, 0)
        self._late = self._ahead = 0
        self._first_created = 0
        self.last_time: Timestamp = begin_time
        """Originating time of the newest message."""
        self.trouble = ""

    @property
    def has_begun(self) -> bool:
        """Whether anything came."""
        return self._messages > 0

    def take(self, taken: Taken, originating_time: Timestamp, creation_time: Timestamp) -> None:
        """One message more."""
        if not self._messages:
            self._first_created = creation_time
        self.last_time = originating_time
        self._messages += 1
        self._samples += taken.count
        self._bytes += taken.byte_count + ROW_BYTES
        self._clipped += taken.clipped
        if taken.peak is not None:
            self._peak = max(taken.peak, self._peak or 0.0)
        self._size = taken.size
        self._late = max(self._late, creation_time - originating_time)
        self._ahead = max(self._ahead, originating_time - creation_time)
        if len(self._times) < MOST_KEPT:
            self._times.append(originating_time)
            self._counts.append(taken.count)

    def figures(self, now: Timestamp, *, should_flow: bool, was_flowing: bool) -> StreamFigures:
        """All of it as of `now`. `was_flowing`: it ran before, so that silence at the beginning counts."""
        rhythm = _Rhythm.of(self._times, self._counts) if should_flow else _Rhythm()
        silences = self._silences(now, rhythm, was_flowing=was_flowing) if rhythm.distance else ()
        gaps = (*rhythm.gaps, *silences)
        return StreamFigures(
            messages=self._messages,
            samples=self._samples,
            rate=rhythm.rate,
            distance=round(rhythm.distance),
            jitter=rhythm.jitter,
            gaps=len(gaps),
            longest_gap=max(gaps, default=0),
            late=self._late,
            ahead=self._ahead,
            peak=None if self._peak is None else decibels(self._peak),
            clipped=self._clipped,
            width=self._size[0],
            height=self._size[1],
            bytes_per_second=self._bytes_per_second(now, was_flowing=was_flowing),
            first_after=self._first_created - self._begin_time if self._messages else None,
            trouble=self.trouble,
        )

    def _silences(self, now: Timestamp, rhythm: "_Rhythm", *, was_flowing: bool) -> tuple[Duration, ...]:
        """At the beginning and at the end."""
        limit = max(SHORTEST_END, round(GAP_MESSAGES * rhythm.distance))
        first = self._first_created - self._begin_time if was_flowing else 0
        return tuple(silence for silence in (first, now - self.last_time) if silence > limit)

    def _bytes_per_second(self, now: Timestamp, *, was_flowing: bool) -> float:
        if not self._messages:
            return 0.0
        since = self._begin_time if was_flowing else self._first_created
        # A stream that began a moment ago has not shown yet what a second of it brings.
        return self._bytes * NS_PER_S / max(now - since, NS_PER_S)


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """How evenly messages follow each other."""

    rate: float = 0.0
    distance: float = 0.0
    """Usual time between two messages, ns."""
    jitter: Duration | None = None
    gaps: tuple[Duration, ...] = ()

    @classmethod
    def of(cls, times: "array[int]", counts: "array[int]") -> "_Rhythm":
        """Of messages with these times, and so many samples each."""
        if len(times) < 3:  # two distances are the least that can differ
            return cls()
        # Copies: an array that numpy looks into cannot grow.
        stamps: Numbers = np.array(times, np.int64)
        distances: Numbers = stamps[1:] - stamps[:-1]
        samples: Numbers = np.maximum(1, np.array(counts, np.int64)[1:])
        period = float(np.median(distances / samples))
        usual = float(np.median(distances))
        excess = distances - samples * period
        is_gap = excess > max(SHORTEST_GAP, (GAP_MESSAGES - 1) * usual)
        flowing = distances[~is_gap]
        elapsed = int(flowing.sum())
        rate = float(samples[~is_gap].sum()) * NS_PER_S / elapsed if elapsed > 0 else 0.0
        jitter = round(float(np.percentile(np.abs(excess[~is_gap]), USUAL_SHARE))) if len(flowing) else None
        return cls(rate, usual, jitter, tuple(int(gap) for gap in excess[is_gap]))
