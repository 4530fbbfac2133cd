"""Which part of a plane is seen, and where its points lie on the screen. Arithmetic only.

Values grow to the right and upwards, pixels to the right and downwards.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Reals = np.ndarray[Any, np.dtype[np.float64]]

MARGIN = 0.06
"""Of what the points span, left free on each side."""
CLOSEST = 1e-9
"""Of the largest value in view: nearer, a number has no digits to tell its neighbours apart."""
FURTHEST = 1e300


@dataclass(frozen=True, slots=True)
class Room:
    """Where the plane is drawn, in logical pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlaneView:
    """A part of the plane: its middle and how far it reaches to either side of it."""

    x: float = 0.0
    y: float = 0.0
    reach_x: float = 1.0
    reach_y: float = 1.0

    @property
    def left(self) -> float:
        """Smallest x in view."""
        return self.x - self.reach_x

    @property
    def right(self) -> float:
        """Largest x in view."""
        return self.x + self.reach_x

    @property
    def low(self) -> float:
        """Smallest y in view."""
        return self.y - self.reach_y

    @property
    def high(self) -> float:
        """Largest y in view."""
        return self.y + self.reach_y

    def pixels_of(self, xs: Reals, ys: Reals, room: Room) -> tuple[Reals, Reals]:
        """Where values lie, NaN where one of them is no finite number; far outside of the room they are held
        near it, where they cannot be told apart."""
        known = np.isfinite(xs) & np.isfinite(ys)
        xs, ys = np.where(known, xs, np.nan), np.where(known, ys, np.nan)
        across = room.left + ((xs - self.x) / self.reach_x + 1) * room.width / 2
        down = room.top + (1 - (ys - self.y) / self.reach_y) * room.height / 2
        return _near(across, room.left, room.width), _near(down, room.top, room.height)

    def values_at(self, across: float, down: float, room: Room) -> tuple[float, float]:
        """The values at a pixel."""
        x = self.x + (2 * (across - room.left) / max(1.0, room.width) - 1) * self.reach_x
        y = self.y - (2 * (down - room.top) / max(1.0, room.height) - 1) * self.reach_y
        return x, y

    def zoomed(self, factor: float, across: float, down: float, room: Room) -> "PlaneView":
        """`factor` times as much in view, with the same values under a pixel; as before where numbers end."""
        x, y = self.values_at(across, down, room)
        view = PlaneView(
            x + (self.x - x) * factor, y + (self.y - y) * factor, self.reach_x * factor, self.reach_y * factor
        )
        return view if view.is_sound else self

    def panned(self, across: float, down: float, room: Room) -> "PlaneView":
        """With what is in view moved by so many pixels."""
        view = replace(
            self,
            x=self.x - 2 * across / max(1.0, room.width) * self.reach_x,
            y=self.y + 2 * down / max(1.0, room.height) * self.reach_y,
        )
        return view if view.is_sound else self

    def evened(self, room: Room) -> "PlaneView":
        """With one scale for both: as much in view as before, or more of one."""
        if min(room.width, room.height) <= 0:
            return self
        unit = max(self.reach_x / room.width, self.reach_y / room.height)
        return replace(self, reach_x=unit * room.width, reach_y=unit * room.height)

    @property
    def is_sound(self) -> bool:
        """Whether numbers have digits enough for it."""
        pairs = ((self.x, self.reach_x), (self.y, self.reach_y))
        return all(
            math.isfinite(middle) and max(abs(middle) * CLOSEST, 1 / FURTHEST) < reach < FURTHEST
            for middle, reach in pairs
        )


def fitted(xs: Reals, ys: Reals) -> PlaneView:
    """All points in view that are numbers, with a margin."""
    known = np.isfinite(xs) & np.isfinite(ys)
    if not known.any():
        return PlaneView()
    x, reach_x = _span(xs[known])
    y, reach_y = _span(ys[known])
    view = PlaneView(x, y, reach_x, reach_y)
    return view if view.is_sound else PlaneView()


def _span(values: Reals) -> tuple[float, float]:
    """Middle and reach; of one value alone a tenth of it, or 1."""
    low, high = float(values.min()), float(values.max())
    middle, reach = low / 2 + high / 2, high / 2 - low / 2
    if reach <= max(abs(low), abs(high)) * 10 * CLOSEST:
        reach = abs(middle) / 10 or 1.0
    return middle, reach * (1 + 2 * MARGIN)


def _near(pixels: Reals, begin: float, length: float) -> Reals:
    return np.clip(pixels, begin - 20 * length - 1000, begin + 21 * length + 1000)
