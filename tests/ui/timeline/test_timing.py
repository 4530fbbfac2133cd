"""The ruler counts from the session, from the selection, or tells the time of day; labels never overlap."""

import os
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_text import clock_text
from studio.ui.timeline.timing import FIGURE_PIXELS, Timing, TimingMode

START = 1_795_319_331 * NS_PER_S + 123_456_789
"""2026-11-22 03:48:51.123456789 UTC"""
S = NS_PER_S


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Half an hour beside the full hours, as in India."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    assert os.environ.get("TZ") != "Asia/Kolkata"


def labels(timing: Timing, left: int, right: int) -> list[str]:
    return [tick.label for tick in timing.ticks(TimeAxis(left, right, 1000)) if tick.label]


def test_from_the_start_of_the_session() -> None:
    timing = Timing(TimingMode.SESSION, START)
    assert labels(timing, START - S, START + 10 * S)[:3] == ["00:00", "00:02", "00:04"]
    assert timing.text(START + 1_500_000_000) == "00:01.500"


def test_from_the_start_of_the_selection_time_counts_back_too() -> None:
    timing = Timing(TimingMode.SELECTION, START, START + 5 * S)
    shown = labels(timing, START, START + 10 * S)
    assert "00:00" in shown
    assert "\u221200:02" in shown
    assert Timing(TimingMode.SELECTION, START).origin == START


def test_by_the_clock_on_the_wall_in_round_local_times() -> None:
    timing = Timing(TimingMode.WALL, START)
    shown = labels(timing, START, START + 3600 * S)
    assert "09:20:00" in shown
    assert timing.text(START) == "09:18:51.123"
    assert clock_text(START, 9) == "09:18:51.123456789"


def test_midnight_tells_the_date() -> None:
    assert "2026-11-23" in labels(Timing(TimingMode.WALL, START), START, START + 86_400 * S)


@given(st.integers(1000, 400 * 86_400 * S), st.sampled_from(TimingMode), st.integers(0, 10**18))
def test_labels_have_room_from_microseconds_to_days(span: int, mode: TimingMode, offset: int) -> None:
    axis = TimeAxis(START + offset, START + offset + span, 1000)
    ticks = [tick for tick in Timing(mode, START, START + 7).ticks(axis) if tick.label]
    for one, following in pairwise(ticks):
        widest = max(len(one.label), len(following.label)) * FIGURE_PIXELS
        assert following.x - one.x >= min(widest, 90)
