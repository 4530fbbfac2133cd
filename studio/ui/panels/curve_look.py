"""What a user chose for single curves: colour, width, marker. Values and JSON; draws nothing.

A colour is a number of the theme's stream colours, which can be read on its ground: another theme has another
shade of the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

COLOUR_NAMES = ("Blue", "Orange", "Green", "Pink", "Yellow", "Indigo", "Rust", "Grey")
"""Of the stream colours of every theme, in their order."""
WIDTHS = (1, 2, 3, 5)
"""Pixels that can be chosen."""


class Marker(StrEnum):
    """The sign at each sample, where samples are far enough apart."""

    USUAL = "usual"
    """A dot where there is much room."""
    NONE = "none"
    DOT = "dot"
    SQUARE = "square"
    TRIANGLE = "triangle"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class CurveLook:
    """How one curve is drawn; what is not chosen is as usual."""

    key: str
    """Which curve, as `channel_key` names it."""
    colour: int = -1
    """Number of the theme's stream colour; -1: the one that falls to the curve."""
    width: int = 0
    """Logical pixels; 0: as usual."""
    marker: Marker = Marker.USUAL


Looks = tuple[CurveLook, ...]


def look_of(looks: Looks, key: str) -> CurveLook:
    """What was chosen for this curve."""
    return next((look for look in looks if look.key == key), CurveLook(key))


def with_looks(looks: Looks, changed: Sequence[CurveLook]) -> Looks:
    """These curves like this from now on; one that is as usual needs no mention."""
    keys = {look.key for look in changed}
    kept = tuple(look for look in looks if look.key not in keys)
    return kept + tuple(look for look in changed if look != CurveLook(look.key))


def looks_from_json(found: Any) -> Looks:
    """What `asdict` made of looks; whatever makes no sense is as usual."""
    looks: Looks = ()
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("key"), str):
            looks = with_looks(looks, [_look_from_json(one)])
    return looks


def _look_from_json(found: dict[str, Any]) -> CurveLook:
    colour, width, marker = (found.get(name) for name in ("colour", "width", "marker"))
    return CurveLook(
        found["key"],
        colour=colour if type(colour) is int and 0 <= colour < len(COLOUR_NAMES) else -1,
        width=width if type(width) is int and 0 <= width <= max(WIDTHS) else 0,
        marker=Marker(marker) if marker in tuple(Marker) else Marker.USUAL,
    )
