"""Times are written as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.ui.panels.time_text import decimals_for, elapsed_text, span_text, wall_text


@pytest.mark.parametrize(
    ("duration", "decimals", "text"),
    [
        (0, 3, "00:00.000"),
        (12 * 60 * NS_PER_S + 41_503_999_999, 3, "12:41.503"),
        (3600 * NS_PER_S, 0, "1:00:00"),
        (100 * 3600 * NS_PER_S + NS_PER_S, 0, "4d 04:00:01"),
        (-1_500 * NS_PER_MS, 3, "\u221200:01.500"),
        (1, 9, "00:00.000000001"),
    ],
)
def test_elapsed_time(duration: int, decimals: int, text: str) -> None:
    assert elapsed_text(duration, decimals) == text


@given(duration=st.integers(0, 10**17), decimals=st.sampled_from([0, 3, 6, 9]))
def test_elapsed_time_is_never_ahead_and_loses_less_than_its_last_digit(duration: int, decimals: int) -> None:
    head, _, fraction = elapsed_text(duration, decimals).partition(".")
    days, _, head = head.rpartition("d ")
    parts = [int(part) for part in head.split(":")]
    seconds = parts[-1] + 60 * parts[-2] + 3600 * (parts[0] if len(parts) == 3 else 0)
    seconds += 86_400 * int(days or 0)
    told = seconds * NS_PER_S + int((fraction or "0").ljust(9, "0"))
    assert 0 <= duration - told < 10 ** (9 - decimals)


@pytest.mark.parametrize(
    ("step", "decimals"), [(NS_PER_S, 0), (200 * NS_PER_MS, 3), (5_000, 6), (50, 9), (3600 * NS_PER_S, 0)]
)
def test_decimals_follow_the_step(step: int, decimals: int) -> None:
    assert decimals_for(step) == decimals


def test_spans_have_units() -> None:
    told = [span_text(n) for n in (10 * NS_PER_S, 250 * NS_PER_MS, 2_500, 7, 7200 * NS_PER_S)]
    assert [text.replace("\u00a0", " ") for text in told] == ["10 s", "250 ms", "2.5 µs", "7 ns", "2:00:00"]


def test_wall_time_follows_the_zone_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "UTC")
        time.tzset()
        assert wall_text(1_700_000_000 * NS_PER_S + 1_500) == "2023-11-14 22:13:20.000001"
        elsewhere.setenv("TZ", "UTC-2")
        time.tzset()
        assert wall_text(1_700_000_000 * NS_PER_S) == "2023-11-15 00:13:20.000000"
    time.tzset()  # the tests behind this one are in the zone of the machine again


@pytest.mark.parametrize("time", [-(2**62), 2**62, 2**80, -(2**80)])
def test_times_beyond_all_calendars_are_told_somehow(time: int) -> None:
    assert wall_text(time)
