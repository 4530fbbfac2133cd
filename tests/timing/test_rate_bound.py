"""What is certain of a rate and an offset, whatever the network does to the probes."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.corridor import Probe, fit_corridor
from studio.timing.offset_bound import offset_bound
from studio.timing.offset_tracking import OffsetTracker
from studio.timing.rate_bound import HOLD_PPM, MOST_COMPARED, UNKNOWN_PPM, RateBound, rate_bound
from tests.timing.paths import OFFSET, Truth, drifting

US = 1000
Delays = Sequence[tuple[int, int, int]]
"""(pause before it, there, back) of each probe, ns."""


def bending(ppm: float, at: int, by_ppm: float) -> Truth:
    """A clock that gains evenly, and from a moment on so much more."""
    return lambda moment: OFFSET + round(moment * ppm * 1e-6 + max(0, moment - at) * by_ppm * 1e-6)


def asked(delays: Delays, truth: Truth) -> list[Probe]:
    """The probes that networks with such delays make."""
    probes, now = [], 0
    for pause, there, back in delays:
        now += pause
        arrived = now + there
        probes.append(Probe(now, arrived + back, arrived + truth(arrived), 1))
        now = arrived + back
    return probes


delays = st.lists(
    st.tuples(
        st.integers(NS_PER_MS, 5 * NS_PER_S),
        st.one_of(st.integers(0, 100 * US), st.integers(0, 50 * NS_PER_MS)),
        st.one_of(st.integers(0, 100 * US), st.integers(0, 50 * NS_PER_MS)),
    ),
    min_size=1,
    max_size=12,
)
ppms = st.floats(-UNKNOWN_PPM, UNKNOWN_PPM)
bends = st.floats(-HOLD_PPM, HOLD_PPM)


@settings(deadline=None, max_examples=40)
@given(delays, ppms, bends, st.integers(0, 60 * NS_PER_S), st.integers(0, 300 * NS_PER_S))
def test_whatever_the_network_does_rate_and_offset_are_within_their_bounds(
    told: Delays, ppm: float, bend: float, at: int, later: int
) -> None:
    truth = bending(ppm, at, bend)
    tracker = OffsetTracker()
    probes = asked(told, truth)
    for count, probe in enumerate(probes, 1):
        tracker.take([probe])
        rate = rate_bound(probes[:count])
        for now in (probe.received, probe.received + later):
            bound = offset_bound([probes[:count]], now, rate)
            assert bound.lower - 1 <= truth(now) <= bound.upper + 1
            estimate = tracker.estimate(now)
            assert estimate is not None
            assert estimate.bound.lower - 1 <= truth(now) <= estimate.bound.upper + 1
            assert abs(estimate.offset - truth(now)) <= estimate.bound.largest_error(estimate.offset) + 1


@settings(deadline=None)
@given(delays, ppms)
def test_the_rate_of_an_even_clock_is_never_excluded(told: Delays, ppm: float) -> None:
    rate = rate_bound(asked(told, drifting(ppm)))
    assert rate.lower_ppm <= ppm <= rate.upper_ppm


def test_probes_that_happen_to_agree_do_not_make_a_rate_certain() -> None:
    """The way there becomes longer, and the way back shorter by as much: all round trips are alike."""
    ways = [(round(i * 6.5 * US), round((8 - i) * 6.5 * US)) for i in range(8)]
    told = [(50 * NS_PER_MS, 30 * US + there, 30 * US + back) for there, back in ways]
    truth = drifting(20.0)
    probes = asked(told, truth)
    corridor = fit_corridor(probes, probes[-1].received)
    assert abs(corridor.rate_ppm - 20.0) > 10 * corridor.rate_spread_ppm, "it looks certain, and is wrong"
    tracker = OffsetTracker()
    tracker.take(probes)
    for seconds in (0, 1, 3, 30):
        estimate = tracker.estimate(probes[-1].received + seconds * NS_PER_S)
        assert estimate is not None
        assert estimate.bound.lower <= truth(estimate.monotonic) <= estimate.bound.upper
        assert estimate.rate_bound.lower_ppm <= 20.0 <= estimate.rate_bound.upper_ppm


def test_a_rate_comes_to_be_known_as_well_as_it_is_promised_to_stay() -> None:
    told = [(NS_PER_S, 50 * US, 50 * US)] * 300
    widths = [rate_bound(asked(told[:count], drifting(20.0))).half_width_ppm for count in (2, 10, 60, 300)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * HOLD_PPM
    assert widths[-1] < HOLD_PPM + 1.0
    assert len(told) > 2 * MOST_COMPARED, "not all were compared"


def test_when_the_rate_has_changed_by_more_than_it_may_only_the_newest_probes_count() -> None:
    told = [(NS_PER_S, 20 * US, 20 * US)] * 60
    truth = bending(20.0, 40 * NS_PER_S, 100.0)
    rate = rate_bound(asked(told, truth))
    assert rate.lower_ppm <= 120.0 <= rate.upper_ppm
    assert rate.lower_ppm > 60.0


@pytest.mark.parametrize("ppm", [-450.0, 450.0])
def test_a_rate_that_no_quartz_has_is_believed_when_probes_prove_it(ppm: float) -> None:
    told = [(NS_PER_S, 20 * US, 20 * US)] * 20
    rate = rate_bound(asked(told, drifting(ppm)))
    assert rate.lower_ppm <= ppm <= rate.upper_ppm


def test_of_no_probe_and_of_one_nothing_is_known() -> None:
    assert rate_bound([]) == rate_bound(asked([(0, 1, 1)], drifting(0.0))) == RateBound()


@given(st.floats(-300, 300), st.floats(-300, 300), st.integers(-(10**12), 10**12))
def test_what_is_gained_lies_between_least_and_most_and_back_and_forth_alike(
    first: float, second: float, elapsed: int
) -> None:
    rate = RateBound(min(first, second), max(first, second))
    for ppm in (first, second, (first + second) / 2):
        assert rate.least_gain(elapsed) - 1 <= elapsed * ppm * 1e-6 <= rate.most_gain(elapsed) + 1
        assert rate.nearest(ppm) == ppm
        assert rate.largest_error(ppm) <= 2 * rate.half_width_ppm
    assert rate.most_gain(elapsed) == -rate.least_gain(-elapsed) or first != second
