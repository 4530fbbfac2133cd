"""What dragging and turning the wheel on a value axis does to the range. Arithmetic only."""

import math

from studio.ui.panels.auto_range import AutoRange, RangeShape

ZOOM_PER_STEP = 1.25
FAR = 1e300
"""Beyond that a range has no middle any more."""


def panned(shown: AutoRange, pixels: float, height: float) -> tuple[float, float]:
    """The range after its values were dragged down by `pixels` of a lane of `height`.

    Around zero there is nothing to pan: dragging away from the middle makes the signal larger.
    """
    if shown.shape is RangeShape.SYMMETRIC:
        return zoomed(shown, ZOOM_PER_STEP ** (-pixels / 24), 0.0)
    by = pixels * (shown.high - shown.low) / max(1.0, height)
    return _sane(shown, shown.low + by, shown.high + by)


def zoomed(shown: AutoRange, factor: float, about: float) -> tuple[float, float]:
    """`factor` times as many values in view; `about` keeps its place (around zero: zero does)."""
    if shown.shape is RangeShape.SYMMETRIC:
        about = 0.0
    return _sane(shown, about - (about - shown.low) * factor, about + (shown.high - about) * factor)


def _sane(shown: AutoRange, low: float, high: float) -> tuple[float, float]:
    """The new range, or the old one where numbers end."""
    fine = math.isfinite(high - low) and max(abs(low), abs(high)) < FAR
    return (low, high) if fine and high - low > 1e-12 * max(abs(low), abs(high)) else (shown.low, shown.high)
