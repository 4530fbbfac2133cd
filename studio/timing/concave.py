"""Where a concave function of one number is highest, and where it falls below a value: by its tangents.

A tangent never lies below a concave function. So where two of them meet is a better guess of the top than any
part of the way between, and following one down leads to a crossing from the outside only. A dozen evaluations
do where halving takes sixty. Arithmetic only.
"""

from collections.abc import Callable
from dataclasses import dataclass

MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Tangent:
    """A function at a place."""

    place: float
    value: float
    slope: float

    def reaches(self, value: float) -> float:
        """Where the tangent has that value; it must have a slope."""
        return self.place + (value - self.value) / self.slope


@dataclass(frozen=True, slots=True)
class Top:
    """The highest place that was found, and all that was seen on the way, in no order."""

    best: Tangent
    seen: tuple[Tangent, ...]


Function = Callable[[float], Tangent]


def highest(function: Function, low: float, high: float, tolerance: float) -> Top:
    """Where it is highest between two places, to within `tolerance`; the middle of what is flat."""
    left, right = function(low), function(high)
    seen = [left, right]
    width = high - low
    if left.slope == right.slope == 0.0:
        middle = function((low + high) / 2)
        return Top(middle, (*seen, middle))
    while right.place - left.place > tolerance and len(seen) < MOST_STEPS:
        if left.slope <= 0.0 or right.slope >= 0.0:
            break  # it falls from the left edge on, or rises to the right one: the top is there
        place = _meeting(left, right, tolerance)
        if len(seen) % 3 == 0 and right.place - left.place > width / 2:
            place = (left.place + right.place) / 2  # tangents alone may come nearer from one side only
            width = right.place - left.place
        middle = function(place)
        seen.append(middle)
        if middle.slope > 0.0:
            left = middle
        elif middle.slope < 0.0:
            right = middle
        else:
            break
    return Top(max(seen, key=lambda tangent: tangent.value), tuple(seen))


def crossing(function: Function, wanted: float, outside: Tangent, tolerance: float) -> float:
    """Where it rises to `wanted`, seen from a place where it is lower; `outside` where it is not lower."""
    for _ in range(MOST_STEPS):
        if outside.value >= wanted or outside.slope == 0.0:
            break
        place = outside.reaches(wanted)
        if abs(place - outside.place) <= tolerance:
            return place
        outside = function(place)
    return outside.place


def _meeting(left: Tangent, right: Tangent, tolerance: float) -> float:
    """Where two tangents meet, not at either end."""
    place = (right.value - left.value + left.slope * left.place - right.slope * right.place) / (
        left.slope - right.slope
    )
    edge = min(tolerance, right.place - left.place) / 4
    return min(max(place, left.place + edge), right.place - edge)
