"""Makes Qt's lists of points from numpy arrays without a Python object per point."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPolygonF
from shiboken6 import VoidPtr


def polygon_of(xs: npt.NDArray[Any], ys: npt.NDArray[Any]) -> QPolygonF:
    """The points (xs[n], ys[n])."""
    polygon = QPolygonF()
    polygon.resize(len(xs))
    if len(xs):
        make: Any = VoidPtr  # its stub does not know what it takes
        points = np.frombuffer(make(polygon.data(), len(xs) * 16, True), np.float64).reshape(-1, 2)
        points[:, 0] = xs
        points[:, 1] = ys
    return polygon


def runs_of(ys: npt.NDArray[Any]) -> list[tuple[int, int]]:
    """Where the values are finite: half-open stretches, so that a gap is not bridged."""
    finite = np.concatenate(([False], np.isfinite(ys), [False]))
    edges = np.flatnonzero(np.diff(finite.astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
