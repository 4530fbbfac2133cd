"""What the numbers inside the messages of a stream look like in a window of time. Values only."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """A curve for each member."""

    names: tuple[str, ...]
    """Of the members, one for each channel of `signal`."""
    signal: SignalWindow
    """NaN where messages do not have the member."""
    known_share: float = 1.0
    """0 to 1: below 1, not all was looked at yet, and the same question has a finer answer."""
    is_sampled: bool = False
    """Whether of large messages only some were looked at, and no question will change that."""
    has_more: bool = False
    """Whether there are more members than can be told."""

    @property
    def coarse_text(self) -> str:
        """Why this is not all there is, for people; empty: it is."""
        if self.known_share < 1.0:
            return f"coarse: {max(1, int(100 * self.known_share))} % read"
        return "coarse: large messages, some read" if self.is_sampled else ""


def column_begins(
    times: np.ndarray[Any, np.dtype[np.int64]], left: Timestamp, right: Timestamp, columns: int
) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The first of the times in each column of the screen, and in what lies before and behind it."""
    width = max(1, -(-(right - left + 1) // columns))
    column = np.clip((times - left) // width, -1, columns)
    return np.flatnonzero(np.diff(column, prepend=column[0] - 1))
