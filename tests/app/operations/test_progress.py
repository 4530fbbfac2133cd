"""Shares of progress and the time that remains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.operations.progress import RemainingTime, Share
from studio.timing import NS_PER_S


class Noted:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []

    def report(self, done: float, text: str = "") -> None:
        self.told.append((done, text))

    def makes(self, place: str) -> None:
        self.told.append((0.0, place))


def test_a_share_moves_the_whole_between_its_ends() -> None:
    noted = Noted()
    share = Share(noted, 0.2, 0.6, "Copying")
    for done in (-1.0, 0.0, 0.5, 1.0, 2.0):
        share.report(done)
    share.report(0.5, "audio")
    share.makes("place")
    assert [round(done, 6) for done, _ in noted.told[:6]] == [0.2, 0.2, 0.4, 0.6, 0.6, 0.4]
    assert [text for _, text in noted.told] == ["Copying"] * 5 + ["audio", "place"]


@given(st.floats(3.0, 10_000.0))
def test_steady_work_is_forecast_exactly(total_s: float) -> None:
    remaining, told = RemainingTime(), None
    for step in range(101):
        now = round(step / 100 * total_s * NS_PER_S)
        told = remaining.take(now, step / 100)
        if now < NS_PER_S:
            assert told is None
        elif step > 40:
            assert told == pytest.approx(total_s * (1 - step / 100), rel=0.01, abs=0.01 * total_s)
    assert told == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_promised_before_anything_moves() -> None:
    remaining = RemainingTime()
    assert [remaining.take(second * NS_PER_S, 0.0) for second in range(5)] == [None] * 5
