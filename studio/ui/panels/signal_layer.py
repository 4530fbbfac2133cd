"""One stream in a plot of signals: what is known of it and which of its channels are seen. Draws nothing."""

from dataclasses import replace

import numpy as np

from studio.formats.signal import SignalWindow
from studio.timing import TIME_MAX, Timestamp
from studio.ui.panels.column_spans import finite_range
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.time_axis import TimeAxis


class SignalLayer:
    """The newest window of one stream."""

    def __init__(self, style: SignalStyle) -> None:
        self.style = style
        self.window: SignalWindow | None = None
        """Divided by the style's scale."""
        self.hidden: frozenset[int] = frozenset()
        """Channels that are not drawn."""
        self._fresh_from: Timestamp | None = None
        self.taken_count = 0
        """How many windows were taken: another number, another picture."""

    @property
    def shown(self) -> tuple[int, ...]:
        """Numbers of the channels that are drawn."""
        return tuple(n for n in range(self.style.channels) if n not in self.hidden)

    def take(self, window: SignalWindow, fresh_from: Timestamp | None) -> None:
        """Know this from now on; it differs from what was only from `fresh_from` on (None: anywhere)."""
        if fresh_from is None or self._fresh_from is None:
            self._fresh_from = None
        else:
            self._fresh_from = min(self._fresh_from, fresh_from)
        scale = np.float32(self.style.scale)
        if scale != 1:
            low, high = window.minimum / scale, window.maximum / scale
            window = replace(window, minimum=low, maximum=high)
        self.window = window
        self.taken_count += 1

    def taken_fresh(self) -> Timestamp | None:
        """From when on the signal may have changed since this was last asked; None: everywhere."""
        fresh, self._fresh_from = self._fresh_from, TIME_MAX
        return fresh

    def has_data(self) -> bool:
        """Whether there is anything to draw."""
        return self.window is not None and len(self.window.times) > 0 and bool(self.shown)

    def is_line(self, axis: TimeAxis) -> bool:
        """Whether samples are few enough to be told apart, so that they are joined by lines."""
        if self.window is None or self.window.samples_per_column > 1.0:
            return False
        times = self.window.times
        return int(np.count_nonzero((times >= axis.left) & (times <= axis.right))) <= 2 * axis.width

    def value_range(self, axis: TimeAxis | None = None) -> tuple[float, float]:
        """Smallest and largest finite value of the channels seen; with `axis`, of what is in view."""
        window = self.window
        if window is None or not self.shown:
            return float("nan"), float("nan")
        low, high = window.minimum, window.maximum
        if self.hidden:
            low, high = low[:, self.shown], high[:, self.shown]
        if axis is not None:
            seen = (window.times >= axis.left) & (window.times <= axis.right)
            low, high = low[seen], high[seen]
        return finite_range(SignalWindow(window.times, low, high))


def union_of(ranges: list[tuple[float, float]]) -> tuple[float, float]:
    """The smallest range that holds all of them; NaN where there is none."""
    known = [(low, high) for low, high in ranges if low <= high]
    if not known:
        return float("nan"), float("nan")
    return min(low for low, _ in known), max(high for _, high in known)
