"""Values of one channel against another: a path through a plane. Values only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # who only asks for points, as a first look at a recording does, needs no arrays
    import numpy as np

Int64s: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Reals: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


@dataclass(frozen=True, slots=True)
class PointAxis:
    """What is asked to lie along one side of the plane."""

    path: str
    stream: str
    place: str = ""
    """Number of a channel, or name of a member inside messages; empty: the one numbered `usual`."""
    usual: int = 0


@dataclass(frozen=True, slots=True)
class PathPoints:
    """Points in the order of their times."""

    times: Int64s
    """(m,) of the rarer stream where two were paired."""
    xs: Reals
    """(m,); NaN where there is no value, and in gaps: nothing is drawn across."""
    ys: Reals
    total: int
    """How many there are."""
    shown: int
    """How many of them are given."""
    names: tuple[str, str] = ("", "")
    """What was found to lie across and up."""
    members: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """What else is inside the messages of either stream, where they are of JSON."""
    known_share: float = 1.0
    """0 to 1: below 1, not all was looked at yet, and the same question has a finer answer."""
    is_sampled: bool = False
    """Whether some stretches stand for all of a long one."""

    @property
    def is_thinned(self) -> bool:
        """Whether these are not all points."""
        return self.is_sampled or self.total > self.shown
