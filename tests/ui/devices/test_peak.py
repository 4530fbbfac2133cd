"""The peak mark jumps up, rests and falls, and never leaves the meter."""

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S
from studio.ui.devices.peak import CEILING_DB, FLOOR_DB, HOLD_NS, Peak, fraction


def test_it_rests_and_then_falls() -> None:
    peak = Peak().lifted(-10.0, 0)
    assert peak.at(HOLD_NS) == -10.0
    assert peak.at(HOLD_NS + NS_PER_S) == -30.0
    assert peak.at(HOLD_NS + 100 * NS_PER_S) == FLOOR_DB


def test_a_quieter_level_does_not_pull_it_down_and_a_louder_lifts_it() -> None:
    peak = Peak().lifted(-10.0, 0)
    assert peak.lifted(-40.0, 1) is peak
    assert peak.lifted(-5.0, 1).level == -5.0


@given(st.lists(st.tuples(st.floats(allow_nan=True) | st.none(), st.integers(0, 10**10))))
def test_it_never_leaves_the_meter(levels: list[tuple[float | None, int]]) -> None:
    peak, moment = Peak(), 0
    for level, later in levels:
        moment += later
        peak = peak.lifted(level, moment)
        assert FLOOR_DB <= peak.at(moment) <= CEILING_DB
        assert 0.0 <= fraction(level) <= 1.0
