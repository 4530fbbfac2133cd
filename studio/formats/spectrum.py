"""What frequencies a signal has in each column of a screen. Values only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.timing import Timestamp

if TYPE_CHECKING:  # who only asks for a spectrum needs no arrays
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class SpectrumGrid:
    """Columns of time and rows of frequency that levels are wanted for."""

    left: Timestamp
    column_ns: int
    columns: int
    rows: int
    low: float = 0.0
    """Hz."""
    high: float = 0.0
    """Hz; 0: half the rate."""
    logarithmic: bool = False
    channels: tuple[int, ...] = ()
    """Whose power is averaged, the first few of them; empty: all."""


@dataclass(frozen=True, slots=True)
class SpectrumWindow:
    """Levels of m columns of time and k rows of frequency."""

    left: Timestamp
    column_ns: int
    """Column n begins at `left + n * column_ns`."""
    levels: "npt.NDArray[np.float16]"
    """(m, k) decibels relative to full scale (sound) or to one unit; NaN where there is no signal."""
    low: float
    """Hz at the foot of row 0."""
    high: float
    """Hz at the top of row k - 1."""
    logarithmic: bool
    """Whether rows are equally high octaves instead of equally high hertz."""
    rows_per_window: int
    """Samples of one Hann window."""
    windows_per_column: int
    """How many windows, spread over it, each column was made of."""
    looked_share: float
    """0 to 1: how much of the signal in view the windows cover."""
