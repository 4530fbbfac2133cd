"""Figures that lie over a picture, as messages of JSON streams: rectangles, points, lines. Draws nothing.

A message holds all figures of its moment:

    {"shapes": [{"kind": "rectangle", "x": 12, "y": 30.5, "width": 80, "height": 60,
                 "label": "face", "score": 0.93, "id": 3, "color": "#ffb000"},
                {"kind": "points", "points": [[40, 55], [70, 54]], "label": "eyes"},
                {"kind": "line", "points": [[0, 90], [50, 80], [120, 95]], "closed": false}],
     "size": [160, 120]}

Places are pixels of the picture, x to the right and y down, fractions allowed; (0, 0) is the upper left
corner of its upper left pixel. `size`, width and height, is said where the picture was shrunk before it was
looked at; without it the places are those of the whole picture. `label`, `score`, `id`, `color`, `closed` and
`size` may be left out, and whatever else a message or a figure says is passed over.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from studio.errors import ShapeError

MOST_POINTS = 100_000
"""Of one message; a rectangle counts as one."""
FARTHEST = 1e7
"""Pixels; no picture is that large."""
LONGEST_LABEL = 200
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tag:
    """What is said of a figure besides its place."""

    label: str = ""
    score: float | None = None
    """How sure whoever found it was."""
    id: int | str | None = None
    """The same thing has the same one from picture to picture."""
    color: str = ""
    """`#rrggbb`; empty: that of the stream."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Its upper left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float
    tag: Tag = Tag()


@dataclass(frozen=True, slots=True)
class Points:
    """Single places."""

    points: tuple[Point, ...]
    tag: Tag = Tag()


@dataclass(frozen=True, slots=True)
class Line:
    """From place to place; `closed`: and back to the first."""

    points: tuple[Point, ...]
    closed: bool = False
    tag: Tag = Tag()


Shape: TypeAlias = Rectangle | Points | Line


@dataclass(frozen=True, slots=True)
class Shapes:
    """What one message shows."""

    shapes: tuple[Shape, ...] = ()
    size: tuple[int, int] | None = None
    """Width and height of the picture in whose pixels the places are; None: the whole one."""


def shapes_message(*shapes: Shape, size: tuple[int, int] | None = None) -> dict[str, Any]:
    """The message that shows these figures, for a stream of JSON. Without any it says that there are none."""
    message: dict[str, Any] = {"shapes": [_shape_to_json(shape) for shape in shapes]}
    return message if size is None else {**message, "size": [int(size[0]), int(size[1])]}


def parse_shapes(found: Any) -> Shapes:
    """The figures of a message; raises ShapeError that says which part of it is wrong."""
    if not isinstance(found, dict) or not isinstance(found.get("shapes"), list):
        raise ShapeError('no figures: expected an object with a list "shapes"')
    shapes: list[Shape] = []
    count = 0
    for number, one in enumerate(found["shapes"], start=1):
        try:
            shapes.append(_shape(one))
        except ShapeError as error:
            raise ShapeError(f"figure {number}: {error}") from None
        count += _weight(shapes[-1])
        if count > MOST_POINTS:
            raise ShapeError(f"more than {MOST_POINTS} points in one message")
    return Shapes(tuple(shapes), _size(found.get("size")))


def _weight(shape: Shape) -> int:
    return 1 if isinstance(shape, Rectangle) else max(1, len(shape.points))


# Value to JSON ----------------------------------------------------------------------------------------------


def _shape_to_json(shape: Shape) -> dict[str, Any]:
    match shape:
        case Rectangle(x=x, y=y, width=width, height=height):
            places: dict[str, Any] = {
                "kind": "rectangle",
                **{"x": float(x), "y": float(y), "width": float(width), "height": float(height)},
            }
        case Points(points=points):
            places = {"kind": "points", "points": _pairs(points)}
        case Line(points=points, closed=closed):
            places = {"kind": "line", "points": _pairs(points), **({"closed": True} if closed else {})}
    return places | _tag_to_json(shape.tag)


def _pairs(points: Iterable[Sequence[float]]) -> list[list[float]]:
    return [[float(point[0]), float(point[1])] for point in points]


def _tag_to_json(tag: Tag) -> dict[str, Any]:
    said = {"label": tag.label, "score": tag.score, "id": tag.id, "color": tag.color}
    return {name: value for name, value in said.items() if value is not None and value != ""}


# JSON to value ----------------------------------------------------------------------------------------------


def _shape(found: Any) -> Shape:
    if not isinstance(found, dict):
        raise ShapeError(f"expected an object, not {_named(found)}")
    kind, tag = found.get("kind"), _tag(found)
    if kind == "rectangle":
        x, y, width, height = (_number(found, name) for name in ("x", "y", "width", "height"))
        if width < 0 or height < 0:
            raise ShapeError("its width and height must not be negative")
        return Rectangle(x, y, width, height, tag)
    if kind == "points":
        return Points(_points(found), tag)
    if kind == "line":
        return Line(_points(found), found.get("closed") is True, tag)
    raise ShapeError(f'its "kind" is {_named(kind)}; expected "rectangle", "points" or "line"')


def _points(found: dict[str, Any]) -> tuple[Point, ...]:
    points = found.get("points")
    if not isinstance(points, list):
        raise ShapeError('expected a list "points" of [x, y]')
    if len(points) > MOST_POINTS:
        raise ShapeError(f"more than {MOST_POINTS} points")
    return tuple(_point(one) for one in points)


def _point(found: Any) -> Point:
    if not isinstance(found, list) or len(found) != 2:
        raise ShapeError(f"a point must be [x, y], not {_named(found)}")
    return _coordinate(found[0], "x"), _coordinate(found[1], "y")


def _number(found: dict[str, Any], name: str) -> float:
    return _coordinate(found.get(name), name)


def _coordinate(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ShapeError(f'"{name}" must be a number, not {_named(value)}')
    if not -FARTHEST <= value <= FARTHEST:  # also what is no number, and what no float can hold
        raise ShapeError(f'"{name}" is not within {FARTHEST:.0f} pixels')
    return float(value)


def _tag(found: dict[str, Any]) -> Tag:
    label, score, id, color = (found.get(name) for name in ("label", "score", "id", "color"))
    if label is not None and not isinstance(label, str):
        raise ShapeError(f'"label" must be text, not {_named(label)}')
    if id is not None and (isinstance(id, bool) or not isinstance(id, int | str)):
        raise ShapeError(f'"id" must be a whole number or text, not {_named(id)}')
    if color is not None and not (isinstance(color, str) and (not color or _COLOUR.fullmatch(color))):
        raise ShapeError(f'"color" must be like "#ffb000", not {_named(color)}')
    return Tag((label or "")[:LONGEST_LABEL], _score(score), _short(id), color or "")


def _score(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ShapeError(f'"score" must be a number, not {_named(value)}')
    if abs(value) > FARTHEST or not math.isfinite(value):
        raise ShapeError('"score" must be a number of usual size')
    return float(value)


def _short(id: int | str | None) -> int | str | None:
    if isinstance(id, int) and abs(id) >= 2**63:
        raise ShapeError('"id" must be a whole number of at most 64 bits')
    return id[:LONGEST_LABEL] if isinstance(id, str) else id


def _size(found: Any) -> tuple[int, int] | None:
    if found is None:
        return None
    sides = found if isinstance(found, list) and len(found) == 2 else (None, None)
    width, height = (side if type(side) is int and 0 < side <= FARTHEST else 0 for side in sides)
    if not (width and height):
        raise ShapeError('"size" must be [width, height] of the picture, whole numbers above 0')
    return width, height


def _named(value: Any) -> str:
    """What something is, in a few words: it may be as large as a message."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f'"{value[:40]}"'
    return str(value) if isinstance(value, bool | float) else f"a {type(value).__name__}"
