"""Moments as people type them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.operations.time_text import moment
from studio.errors import SettingsError
from studio.timing import NS_PER_S

BEGIN = 1_700_000_000 * NS_PER_S + 7


@pytest.mark.parametrize(
    ("text", "elapsed_ns"),
    [
        ("0", 0),
        ("12.5", 12_500_000_000),
        (".000000001", 1),
        ("1:02", 62 * NS_PER_S),
        ("1:02:03.5", 3723 * NS_PER_S + 500_000_000),
        (" 100:00:00 ", 360_000 * NS_PER_S),
    ],
)
def test_times_count_from_the_beginning(text: str, elapsed_ns: int) -> None:
    assert moment(text, BEGIN) == BEGIN + elapsed_ns


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20.000000123Z",
        "2023-11-14 22:13:20.000000123+00:00",
        "2023-11-15T00:13:20.000000123+02:00",
    ],
)
def test_a_date_is_exact_to_the_nanosecond(text: str) -> None:
    assert moment(text, BEGIN) == 1_700_000_000 * NS_PER_S + 123


def test_a_date_without_a_zone_is_of_this_place() -> None:
    here = datetime.fromtimestamp(1_700_000_000, tz=UTC).astimezone().replace(tzinfo=None)
    assert moment(here.isoformat(), BEGIN) == 1_700_000_000 * NS_PER_S


@given(st.integers(0, 10**15))
def test_every_elapsed_time_can_be_said(elapsed_ns: int) -> None:
    seconds, fraction = divmod(elapsed_ns, NS_PER_S)
    assert moment(f"{seconds}.{fraction:09}", BEGIN) == BEGIN + elapsed_ns
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:09}"
    assert moment(clock, BEGIN) == BEGIN + elapsed_ns


@pytest.mark.parametrize("text", ["", "x", "-1", "1:60", "1:2:99", "2023-99-14T22:13:20Z", "1e3", "nan"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SettingsError, match=r"1:02:03\.5"):
        moment(text, BEGIN)
