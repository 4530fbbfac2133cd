"""The top of a concave function and its crossings, against functions of which both are known."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing.concave import Tangent, crossing, highest

TOLERANCE = 0.01
EDGE = 500.0


@dataclass
class LowestOf:
    """The lowest of straight lines: concave, with corners."""

    lines: tuple[tuple[float, float], ...]
    asked: list[float] = field(default_factory=list)

    def __call__(self, place: float) -> Tangent:
        self.asked.append(place)
        value, slope = min((slope * place + height, slope) for slope, height in self.lines)
        return Tangent(place, value, slope)

    def top(self) -> float:
        """Its value at the top, between the edges."""
        places = [-EDGE, EDGE]
        for number, (slope, height) in enumerate(self.lines):
            for other, further in self.lines[:number]:
                if other != slope:
                    places.append((further - height) / (slope - other))
        return max(self(place).value for place in places if -EDGE <= place <= EDGE)


numbers = st.integers(-1000, 1000).map(float)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12).map(tuple))
def test_the_top_and_where_it_is_left_are_found(lines: tuple[tuple[float, float], ...]) -> None:
    function = LowestOf(lines)
    steepest = max(abs(slope) for slope, _ in lines)
    top = highest(function, -EDGE, EDGE, TOLERANCE)
    assert top.best.value == pytest.approx(function.top(), abs=TOLERANCE * steepest + 1e-6)
    assert top.best in top.seen
    wanted = top.best.value - 50.0
    for edge in (-EDGE, EDGE):
        found = crossing(function, wanted, function(edge), TOLERANCE)
        if function(edge).value >= wanted:
            assert found == edge
        else:
            assert function(found).value == pytest.approx(wanted, abs=TOLERANCE * steepest + 1e-6)
            assert min(edge, top.best.place) <= found <= max(edge, top.best.place)


def test_a_dozen_questions_find_a_corner_in_a_hundred_thousandth_of_the_range() -> None:
    slopes = range(-40, 41)
    function = LowestOf(tuple((float(slope), 3.0 - slope * 17.3 + slope * slope / 50) for slope in slopes))
    top = highest(function, -EDGE, EDGE, TOLERANCE)
    assert top.best.place == pytest.approx(17.3, abs=0.05)
    assert len(function.asked) <= 16


def test_what_is_flat_has_its_top_in_the_middle_and_no_crossing() -> None:
    function = LowestOf(((0.0, 7.0),))
    top = highest(function, -EDGE, EDGE, TOLERANCE)
    assert (top.best.place, top.best.value) == (0.0, 7.0)
    assert crossing(function, 9.0, function(-EDGE), TOLERANCE) == -EDGE
