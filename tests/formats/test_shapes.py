"""Figures over pictures as JSON: what is right comes back, whatever else is refused in words."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import ShapeError
from studio.formats.shapes import (
    FARTHEST,
    MOST_POINTS,
    Line,
    Points,
    Rectangle,
    Shapes,
    Tag,
    parse_shapes,
    shapes_message,
)

places = st.floats(-FARTHEST, FARTHEST)
pairs = st.lists(st.tuples(places, places), max_size=5).map(tuple)
tags = st.builds(
    Tag,
    label=st.text(max_size=20),
    score=st.none() | st.floats(-1e6, 1e6),
    id=st.none() | st.integers(-(2**62), 2**62) | st.text(min_size=1, max_size=9),
    color=st.sampled_from(["", "#ffb000", "#00FF7f"]),
)
sides = st.floats(0, FARTHEST)
figures = st.one_of(
    st.builds(Rectangle, places, places, sides, sides, tags),
    st.builds(Points, pairs, tags),
    st.builds(Line, pairs, st.booleans(), tags),
)
sizes = st.none() | st.tuples(st.integers(1, 8000), st.integers(1, 8000))

names = st.sampled_from(
    [
        "shapes",
        "kind",
        "x",
        "y",
        "width",
        "height",
        "points",
        "label",
        "score",
        "id",
        "color",
        "size",
        "closed",
    ]
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["rectangle", "points", "line", "#ffb000", ""])
    | st.text(max_size=5)
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=30,
)
nearly = st.fixed_dictionaries(
    {"shapes": st.lists(st.dictionaries(names, anything, max_size=8), max_size=3)},
    optional={"size": anything},
)


@settings(max_examples=40)
@given(shapes=st.lists(figures, max_size=6), size=sizes)
def test_what_is_written_is_read_again(shapes: list[Any], size: tuple[int, int] | None) -> None:
    message = json.loads(json.dumps(shapes_message(*shapes, size=size)))
    assert parse_shapes(message) == Shapes(tuple(shapes), size)


@given(found=anything | nearly)
def test_whatever_else_a_message_says_is_refused_with_a_reason(found: Any) -> None:
    parsed = Shapes()
    with contextlib.suppress(ShapeError):  # nothing else may come out
        parsed = parse_shapes(found)
    assert parse_shapes(shapes_message(*parsed.shapes, size=parsed.size)) == parsed


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], 'a list "shapes"'),
        (
            {"shapes": [{"kind": "rectangle", "x": 1, "y": 2, "width": 3}]},
            'figure 1: "height" must be a number',
        ),
        ({"shapes": [{"kind": "circle"}]}, 'figure 1: its "kind" is "circle"; expected "rectangle"'),
        ({"shapes": [{"kind": "points", "points": [[1, 2, 3]]}]}, r"a point must be \[x, y\]"),
        ({"shapes": [{"kind": "points", "points": [[1, float("nan")]]}]}, '"y" is not within'),
        ({"shapes": [{"kind": "line", "points": [[10**400, 1]]}]}, '"x" is not within'),
        ({"shapes": [{"kind": "line", "points": [], "color": "red"}]}, '"color" must be like "#ffb000"'),
        (
            {"shapes": [{"kind": "rectangle", "x": 0, "y": 0, "width": -1, "height": 1}]},
            "must not be negative",
        ),
        ({"shapes": [], "size": [640, 0]}, '"size" must be'),
        ({"shapes": [{"kind": "points", "points": [[0, 0]] * MOST_POINTS}] * 2}, "more than 100000 points"),
    ],
)
def test_what_is_wrong_is_named(found: Any, reason: str) -> None:
    with pytest.raises(ShapeError, match=reason):
        parse_shapes(found)


def test_what_a_message_says_besides_is_passed_over() -> None:
    found = {"model": "v3", "shapes": [{"kind": "points", "points": [[1, 2]], "depth": 7}]}
    assert parse_shapes(found) == Shapes((Points(((1.0, 2.0),)),))
