"""Times are read as people type them, exact to the nanosecond, and what is none is said to be none."""

from contextlib import suppress
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import TimeTextError
from studio.timing import NS_PER_S, TimeInterval
from studio.ui.panels.time_text import elapsed_text
from studio.ui.timeline.time_entry import TimeContext, parse_duration, parse_time

START = 1_795_319_331 * NS_PER_S + 123_456_789
"""2026-11-22 03:48:51.123456789 UTC"""
EXTENT = TimeInterval(START, START + 7200 * NS_PER_S)
CONTEXT = TimeContext(origin=START, base=START + 60 * NS_PER_S, extent=EXTENT, zone=UTC)
S = NS_PER_S


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("62.5", 62_500_000_000),
        ("62,5", 62_500_000_000),
        ("1:02.5", 62_500_000_000),
        ("1:02:03", 3723 * S),
        ("2d 01:00:00", (48 + 1) * 3600 * S),
        ("250 ms", 250_000_000),
        ("3 µs", 3_000),
        ("7ns", 7),
        ("1h 2m 3.5s", 3_723_500_000_000),
        ("0.000000001", 1),
        (".5", 500_000_000),
    ],
)
def test_durations(typed: str, expected: int) -> None:
    assert parse_duration(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1:02.5", START + 62_500_000_000),
        ("+3.5", CONTEXT.base + 3_500_000_000),
        ("-250 ms", CONTEXT.base - 250_000_000),
        ("\u2212250 ms", CONTEXT.base - 250_000_000),
        ("2026-11-22 03:48:51.123456789", START),
        ("2026-11-22T03:48:51.123456789Z", START),
        ("2026-11-22 04:48:51.123456789 +01:00", START),
        ("@04:00:00", START - 123_456_789 + (11 * 60 + 9) * S),
        ("50%", START + 3600 * S),
        ("start", EXTENT.left),
        ("END", EXTENT.right),
        (str(START + 5), START + 5),
    ],
)
def test_times(typed: str, expected: int) -> None:
    assert parse_time(typed, CONTEXT) == expected


def test_a_time_of_day_may_lie_behind_midnight() -> None:
    late = TimeContext(
        origin=0, base=0, extent=TimeInterval(86_000 * S, 90_000 * S), zone=timezone(timedelta())
    )
    assert parse_time("@00:30:00", late) == (86_400 + 1800) * S


@pytest.mark.parametrize(
    "typed", ["", "abc", "1:2:3:4", "5 parsecs", "2026-13-40", "@25:00", "1 s foo", "--5", "9" * 30]
)
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(TimeTextError):
        parse_time(typed, CONTEXT)


@given(st.integers(0, 10**6 * S))
def test_what_the_ruler_says_can_be_typed(duration: int) -> None:
    assert parse_duration(elapsed_text(duration, 9)) == duration


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    with suppress(TimeTextError):
        assert isinstance(parse_time(typed, CONTEXT), int)
