"""What is inside a message that JSON can say: its numbers and texts, each with the name of its place.

`{"gaze": {"x": 1, "y": 2}}` has the members `gaze.x` and `gaze.y`; `[3, 4]` has `[0]` and `[1]`; a message
that is a number itself has one member, called `value`. Values only; nothing is read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_MEMBERS = 64
"""Of one stream; those seen first. More curves tell nothing, and each costs memory for every message."""
DEEPEST = 8
"""Places inside places that are looked into."""
ITSELF = "value"
"""What a message is called that is a number or a text itself."""

Leaf = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Members:
    """What some messages of a stream were found to hold, in the order in which it was met."""

    numbers: tuple[str, ...] = ()
    """Names of numbers and truth values."""
    texts: tuple[str, ...] = ()


def leaves_of(data: Any) -> Iterator[tuple[str, Leaf]]:
    """Numbers, truth values and texts of a message with their names, in its own order; nothing for null.

    Two places may have the same name (`{"a.b": 1, "a": {"b": 2}}`): then the first is meant.
    """
    yield from _leaves(data, "", DEEPEST)


def numbers_of(data: Any, most: int = MOST_MEMBERS) -> dict[str, float]:
    """The first `most` numbers of a message; truth values are 0 and 1."""
    found: dict[str, float] = {}
    for name, value in leaves_of(data):
        if isinstance(value, str):
            continue
        if len(found) >= most:
            break
        found.setdefault(name, as_float(value))
    return found


def member_of(data: Any, name: str) -> Leaf | None:
    """What stands at this place of a message; None: nothing."""
    return next((value for known, value in leaves_of(data) if known == name), None)


def as_float(value: float) -> float:
    """A number as curves can draw it; what is too large for that is infinite."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _leaves(data: Any, name: str, depth: int) -> Iterator[tuple[str, Leaf]]:
    if isinstance(data, Leaf):
        yield name or ITSELF, data
    elif depth and isinstance(data, dict):
        for key, inner in data.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key), depth - 1)
    elif depth and isinstance(data, list):
        for number, inner in enumerate(data):
            yield from _leaves(inner, f"{name}[{number}]", depth - 1)
