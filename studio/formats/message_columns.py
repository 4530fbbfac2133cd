"""How many messages a stream has in each column of a screen, and how late they came. Values only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.formats.signal import Gap


@dataclass(frozen=True, slots=True)
class MessageColumns:
    """Messages in m consecutive columns of equal duration."""

    edges: npt.NDArray[np.int64]
    """(m + 1,) times; column n holds `[edges[n], edges[n + 1])`."""
    counts: npt.NDArray[np.float64]
    """(m,) messages; fractions where very many were counted in blocks that lie across an edge."""
    latency_low: npt.NDArray[np.float64]
    """(m,) ns from originating to creation, the smallest of each column; NaN where there is no message."""
    latency_high: npt.NDArray[np.float64]
    gaps: tuple[Gap, ...]
    """Where messages are missing: by the loss account, or since a regular stream was silent."""
    total: int
    """Messages from the first edge to the last."""
    known_share: float = 1.0
    """0 to 1: below 1, not all was looked at yet, and the same question has a finer answer."""
