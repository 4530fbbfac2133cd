"""Times between clocks as people read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S
from studio.ui import readable
from studio.ui.sync.clock_texts import (
    age_text,
    bound_text,
    correction_text,
    how_long,
    limit_text,
    offset_text,
    rate_text,
    span_text,
    step_text,
)

_UNITS = {"\u00b5s": 1_000, "ms": 1_000_000, "s": NS_PER_S}


def plain(text: str) -> str:
    return text.replace(readable.SPACE, " ").replace(readable.NARROW_SPACE, " ").replace(readable.MINUS, "-")


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        (None, "\u2013"),
        (0, "\u00b1 0 \u00b5s"),
        (6_110, "\u00b1 6.2 \u00b5s"),
        (42_001, "\u00b1 43 \u00b5s"),
        (180_000, "\u00b1 180 \u00b5s"),
        (999_100, "\u00b1 1.0 ms"),
        (7_810_000, "\u00b1 7.9 ms"),
        (250_000_000, "\u00b1 250 ms"),
        (3_410_000_000, "\u00b1 3.5 s"),
    ],
)
def test_a_bound_is_short_and_never_less_than_it_is(bound: int | None, text: str) -> None:
    assert plain(bound_text(bound)) == text


@given(st.integers(0, 99 * NS_PER_S))
def test_what_is_promised_holds_for_every_bound(bound: int) -> None:
    number, unit = plain(span_text(bound, rounding_up=True)).split(" ")
    promised = round(float(number) * _UNITS[unit])
    assert bound <= promised <= max(bound * 1.1 + 100, bound + 100)
    assert float(number) < 1000


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (None, "\u2013"),
        (300, "0 \u00b5s"),
        (-12_400, "-12 \u00b5s"),
        (-18_300_000, "-18.300 ms"),
        (3_500_123_000, "+3.500 123 s"),
        (123 * NS_PER_S, "+2:03 min"),
        (-3_723 * NS_PER_S, "-1:02:03 h"),
        (90_000 * NS_PER_S, "+1 d 1 h"),
    ],
)
def test_an_offset_has_a_sign_and_is_exact_where_it_is_short(offset: int | None, text: str) -> None:
    assert plain(offset_text(offset)) == text


@given(st.integers(-(2**62), 2**62))
def test_every_offset_has_a_text_without_a_line_break(offset: int) -> None:
    assert re.fullmatch(
        r"[-+]?[\d. :]+ ?(\u00b5s|ms|s|min|h)?( d \d+ h| d)?|[-+][\d ]+ d \d+ h", plain(offset_text(offset))
    )


def test_rates_and_corrections_have_a_sign_unless_they_are_nothing() -> None:
    assert plain(rate_text(19.984)) == "+19.98 ppm"
    assert plain(rate_text(-0.001)) == "0.00 ppm"
    assert rate_text(None) == "\u2013"
    assert plain(correction_text(-0.42)) == "-0.4 ppm"
    assert correction_text(0.01) == "nothing"


def test_ages_say_now_and_ago_and_how_long_is_rounded_down() -> None:
    assert age_text(None) == "\u2013"
    assert age_text(NS_PER_S) == "now"
    assert plain(age_text(4 * NS_PER_S)) == "4 s ago"
    assert plain(how_long(273 * NS_PER_S)) == "4 min 33 s"
    assert plain(how_long(360 * NS_PER_S)) == "6 min"
    assert plain(how_long(7_500 * NS_PER_S)) == "2 h 5 min"
    assert plain(how_long(200 * 86_400 * NS_PER_S)) == "200 d"


def test_limits_and_steps_are_as_short_as_they_were_typed() -> None:
    assert plain(limit_text(5_000_000)) == "5 ms"
    assert plain(limit_text(500_000)) == "0.5 ms"
    assert plain(step_text(-249_999_000)) == "-250 ms"
