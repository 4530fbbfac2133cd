"""Numbers as people read them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.value_text import bytes_text, duration_text, level_text, numbers_text, one_line, payload_text
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat


@pytest.mark.parametrize(
    ("values", "units", "text"),
    [
        ([0.12, 0.98, 0.03], "m/s²", "0.120  0.980  0.030 m/s²"),
        ([9.80665], "m/s²", "9.81 m/s²"),
        ([1234.5678, -0.4], "", "1235  0"),
        ([-0.5], "V", "\u22120.500 V"),
        ([0.0, 0.0], "", "0.00  0.00"),
        ([1.5e9], "Hz", "1.5e+09 Hz"),
        ([2e-7], "", "2e\u221207"),
        ([math.nan, 1.0], "", "\u2013  1.00"),
        ([math.inf], "", "\u2013"),
        ([], "V", " V"),
    ],
)
def test_digits_are_those_that_the_largest_value_deserves(values: list[float], units: str, text: str) -> None:
    assert numbers_text(values, units) == text


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=8))
def test_what_is_shown_is_the_value_to_three_digits_of_the_largest(values: list[float]) -> None:
    shown = [float(text.replace("\u2212", "-")) for text in numbers_text(values).split()]
    largest = max(abs(value) for value in values)
    assert len(shown) == len(values)
    assert all(abs(a - b) <= 0.0051 * largest for a, b in zip(shown, values, strict=True))


def test_many_channels_are_counted() -> None:
    assert numbers_text([1.0] * 64).endswith("\u2026 (64 channels)")


@pytest.mark.parametrize(("peak", "text"), [(1.0, "0.0 dB"), (0.1, "\u221220.0 dB"), (0.0, "\u2013 dB")])
def test_levels_are_decibels_of_full_scale(peak: float, text: str) -> None:
    assert level_text(peak) == text


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (Event("left\nbutton"), PayloadKind.EVENT, "left button"),
        ("x" * 300, PayloadKind.STRING, "x" * 199 + "\u2026"),
        (b"abc", PayloadKind.BYTES, "3 bytes"),
        ({"a": [1, "é"]}, PayloadKind.JSON, '{"a": [1, "é"]}'),
        (True, PayloadKind.SCALAR, "on"),
        (7, PayloadKind.SCALAR, "7"),
        (2.5, PayloadKind.SCALAR, "2.50"),
        (EncodedImage(b"", 640, 480), PayloadKind.JPEG, "640 \u00d7 480"),
        (np.zeros((480, 640, 3), np.uint8), PayloadKind.IMAGE, "640 \u00d7 480"),
    ],
)
def test_every_kind_of_message_has_a_line(data: object, kind: PayloadKind, text: str) -> None:
    assert payload_text(data, StreamFormat(kind)) == text


@given(st.text())
def test_a_line_is_one_line_and_not_long(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 200


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (1_900_000_000, "1.9 GB"), (5 * 10**15, "5000.0 TB")],
)
def test_sizes(count: int, text: str) -> None:
    assert bytes_text(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (12.44, "12.4 s"),
        (200, "3 min 20 s"),
        (18_120, "5 h 2 min"),
        (266_400, "3 d 2 h"),
        (3599.9, "1 h 0 min"),
    ],
)
def test_lengths_of_time(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
