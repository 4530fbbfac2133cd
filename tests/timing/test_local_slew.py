"""A time service of this machine slews our own clock: noticed, and taken from what was certain."""

import random

import pytest

from studio.timing import NS_PER_MS, NS_PER_S, gained_ns, monotonic_ns
from studio.timing.local_slew import LocalSlew
from studio.timing.offset_tracking import OffsetTracker
from tests.timing.paths import OFFSET, Path, bursts, loopback

BEGIN, LASTS = 60 * NS_PER_S, 10 * NS_PER_S
USUAL_PPM, SLEW_PPM = 12.0, 500.0


def gained(monotonic: int) -> int:
    """On the oscillator: evenly, and for ten seconds much more."""
    slewing = min(max(0, monotonic - BEGIN), LASTS)
    return round(monotonic * USUAL_PPM * 1e-6 + slewing * SLEW_PPM * 1e-6)


def test_a_slew_is_noticed_for_as_long_as_it_lasts_and_a_steady_rate_is_none() -> None:
    slew, found = LocalSlew(), {}
    for second in range(120):
        found[second] = slew.look(second * NS_PER_S, gained(second * NS_PER_S)) or 0
    assert [second for second, by in found.items() if by] == list(range(61, 71))
    assert sum(found.values()) == pytest.approx(LASTS * SLEW_PPM * 1e-6, rel=0.1)


def test_looks_in_quick_succession_and_the_noise_of_readings_tell_nothing() -> None:
    slew, random_ = LocalSlew(), random.Random(3)
    told = [
        slew.look(at * NS_PER_MS, gained(at * NS_PER_MS) + random_.randrange(-1000, 1000))
        for at in range(0, 50_000, 125)
    ]
    assert told.count(None) >= len(told) // 2
    assert set(told) == {None, 0}


def test_a_rate_that_stays_becomes_the_usual_one() -> None:
    slew = LocalSlew()
    told = [slew.look(s * NS_PER_S, round(max(0, s - 10) * 30e-6 * NS_PER_S)) for s in range(300)]
    assert told[11] == 30_000
    assert told[-1] == 0


def test_the_clock_of_this_machine_can_be_looked_at() -> None:
    slew = LocalSlew()
    assert slew.look(monotonic_ns(), gained_ns()) is None
    first, second = gained_ns(), gained_ns()
    assert abs(second - first) < NS_PER_S


def test_while_our_own_clock_is_slewed_the_bound_grows_as_much_and_holds_and_forgets_it() -> None:
    """Our clock gains, so the other one seems to lose; who does not look for that is wrong, and certain."""

    def truth(monotonic: int) -> int:
        return OFFSET - gained(monotonic)

    def holds(tracker: OffsetTracker, now: int) -> bool:
        told = tracker.estimate(now)
        assert told is not None
        return told.bound.lower <= truth(now) <= told.bound.upper

    aware, unaware, slew = OffsetTracker(), OffsetTracker(), LocalSlew()
    for burst in bursts(Path(loopback, loopback), truth, duration=BEGIN, random_=random.Random(8)):
        aware.take(burst)
        unaware.take(burst)
    for second in range(55, 91):
        now = second * NS_PER_S
        aware.slewed(now, slew.look(now, gained(now)) or 0)
        assert second < 61 or holds(aware, now)
    assert not holds(unaware, now)
    widened = aware.estimate(now)
    for burst in bursts(
        Path(loopback, loopback), truth, duration=120 * NS_PER_S, random_=random.Random(9), begin=now
    ):
        aware.take(burst)
        assert holds(aware, burst[-1].received)
    told = aware.estimate(burst[-1].received)
    assert told is not None
    assert widened is not None
    assert told.bound.upper - told.bound.lower < (widened.bound.upper - widened.bound.lower) * 0.8
