"""Where a value lies in a plot: one lane for all channels, or one for each. Arithmetic only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

PADDING_PIXELS = 4.0
FAR = 8.0
"""Heights of a lane."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A horizontal strip of a plot."""

    top: float
    """Pixels from the upper edge of the plot."""
    height: float

    def y_of(self, value: float, low: float, high: float) -> float:
        """Pixels from the upper edge of the plot; `high` lies at the top of the lane, `low` at its foot."""
        return self.top + (high - value) / (high - low) * self.height

    def ys_of(self, values: npt.NDArray[Any], low: float, high: float) -> npt.NDArray[np.float64]:
        """`y_of` of many; values far outside are cut off (the paint engine needs it), NaN stays NaN."""
        ys = self.top + (high - np.asarray(values, np.float64)) * (self.height / (high - low))
        return np.clip(ys, self.top - FAR * self.height, self.top + FAR * self.height)

    def held_in(self, ys: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Cut off what would run into the neighbouring lanes."""
        return np.clip(ys, self.top - PADDING_PIXELS / 2, self.top + self.height + PADDING_PIXELS / 2)


def lanes_of(count: int, height: int) -> tuple[Lane, ...]:
    """`count` lanes of equal height, one below the other."""
    each = max(1.0, height / count)
    padding = min(PADDING_PIXELS, each / 4)
    return tuple(Lane(n * each + padding, each - 2 * padding) for n in range(count))
