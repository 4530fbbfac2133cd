"""Measured values as colours: in order, within their range, and what was not measured is like no value."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.formats.false_colours import (
    STEPS,
    UNKNOWN_COLOUR,
    ColourMap,
    automatic_range,
    coloured,
    colours_of,
    has_values,
)

shapes = st.tuples(st.integers(1, 12), st.integers(1, 12))
pictures = st.one_of(
    arrays(np.uint16, shapes), arrays(np.float32, shapes, elements=st.floats(width=32, allow_infinity=True))
)


@given(values=pictures)
@settings(max_examples=60)
def test_any_picture_of_values_has_colours(values: np.ndarray[Any, Any]) -> None:
    shown = automatic_range(values)
    image = coloured(values, shown, colours_of(ColourMap.TURBO))
    assert (image.shape, image.dtype) == ((*values.shape, 3), np.uint8)
    unknown = ~np.isfinite(values) if values.dtype.kind == "f" else values == 0
    assert (shown is None) == bool(unknown.all())
    assert (image[unknown] == UNKNOWN_COLOUR).all()
    assert (image[~unknown] != UNKNOWN_COLOUR).any(axis=1).all()


@pytest.mark.parametrize("name", ColourMap)
def test_the_ends_of_a_map_are_those_of_the_range_and_what_lies_beyond_has_their_colours(
    name: ColourMap,
) -> None:
    table = colours_of(name)
    assert len({tuple(colour) for colour in table.tolist()}) > STEPS * 0.9
    values = np.array([[1, 1000, 3000, 65535]], np.uint16)
    image = coloured(values, (1000.0, 3000.0), table)[0]
    assert image.tolist() == [table[n].tolist() for n in (0, 0, STEPS - 1, STEPS - 1)]


def test_viridis_becomes_brighter_all_the_way() -> None:
    brightness = colours_of(ColourMap.VIRIDIS) @ np.array([0.114, 0.587, 0.299])
    assert (np.diff(brightness) > -1).all()
    assert brightness[-1] - brightness[0] > 150


def test_an_automatic_range_leaves_out_single_wrong_pixels_and_is_steady() -> None:
    random = np.random.default_rng(1)
    ranges = set()
    for _ in range(20):
        values = random.integers(1210, 3790, (120, 160)).astype(np.uint16)
        values[:20] = 0
        values[50, 50:60] = 65000
        ranges.add(automatic_range(values))
    assert ranges == {(1000.0, 4000.0)}
    assert automatic_range(np.full((4, 4), 700, np.uint16)) is not None, "all the same still has a range"


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((4, 4), "uint16", True),
        ((4, 4), "float32", True),
        ((4, 4), "uint8", False),
        ((4, 4, 3), "uint8", False),
    ],
)
def test_brightness_is_no_measured_value(shape: tuple[int, ...], dtype: str, expected: bool) -> None:
    assert has_values(np.zeros(shape, dtype)) is expected
