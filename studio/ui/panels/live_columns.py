"""Reads of a live signal only what is new: what was drawn before moves along with the axis. No Qt.

A live axis moves by whole columns (`TimeAxis.on_grid`), so a column that is complete never changes again.
"""

from typing import Protocol

import numpy as np

from studio.formats.signal import SignalWindow
from studio.timing import Timestamp
from studio.ui.panels.time_axis import TimeAxis

OVERLAP = 3
"""Columns read again: the newest were not complete, and a gap shows only by what lies on both sides of it."""


class SampleReader(Protocol):
    """`host.rings.SampleRingReader` is one."""

    @property
    def newest_time(self) -> Timestamp:
        """Of the newest row; 0: none yet."""
        ...

    def window(self, left: Timestamp, right: Timestamp, columns: int) -> SignalWindow:
        """What the signal did from `left` to `right`."""
        ...


class LiveColumns:
    """The columns of one live signal."""

    def __init__(self, reader: SampleReader) -> None:
        self._reader = reader
        self._known: SignalWindow | None = None
        self._grid = (0, 0)
        """Duration of a column, and what its beginnings leave when divided by it."""
        self._left: Timestamp = 0
        self._complete: Timestamp = 0
        """Columns that end before that will not change."""

    def window(self, axis: TimeAxis, columns: int) -> tuple[SignalWindow, Timestamp | None]:
        """The signal over an axis whose `columns` lie on a grid of their own duration.

        Also from when on it differs from the answer before; None: anywhere.
        """
        step = axis.span // columns
        grid = (step, axis.left % step)
        newest = self._reader.newest_time
        cut = axis.left + ((self._complete - axis.left) // step - OVERLAP) * step
        fresh_from: Timestamp | None = cut
        window = self._continued(axis, cut, step) if grid == self._grid and axis.left >= self._left else None
        if window is None:
            window, fresh_from = self._reader.window(axis.left, axis.right, columns), None
        self._known, self._grid, self._left = window, grid, axis.left
        self._complete = min(newest, axis.right)
        return window, fresh_from

    def _continued(self, axis: TimeAxis, cut: Timestamp, step: int) -> SignalWindow | None:
        """What is known already and what has come since; None where that does not fit together."""
        known = self._known
        if known is None or known.samples_per_column <= 1.0 or not axis.left < cut < axis.right:
            return None
        fresh = self._reader.window(cut, axis.right, (axis.right - cut) // step)
        if len(fresh.times) and fresh.samples_per_column <= 1.0:
            return None
        begin, end = np.searchsorted(known.times, (axis.left, cut))
        return SignalWindow(
            np.concatenate((known.times[begin:end], fresh.times)),
            np.concatenate((known.minimum[begin:end], fresh.minimum)),
            np.concatenate((known.maximum[begin:end], fresh.maximum)),
            known.samples_per_column,
        )
