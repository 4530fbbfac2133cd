"""Following another clock over networks whose truth is known: how far off, and whether the bound holds."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.corridor import Probe
from studio.timing.offset_tracking import Finding, OffsetTracker
from tests.timing.paths import Path, Truth, bursts, busy, constant, drifting, jittery, loopback, wireless

US = 1000
TEN_MINUTES = 600 * NS_PER_S


@dataclass(slots=True)
class Outcome:
    """What following came to: errors and bounds from some second on."""

    errors: list[int]
    bounds: list[int]
    violations: int
    findings: list[Finding]

    def p99(self) -> int:
        return sorted(self.errors)[int(0.99 * (len(self.errors) - 1))]

    def median_bound(self) -> int:
        return sorted(self.bounds)[len(self.bounds) // 2]


def _follow(told: Iterable[tuple[Probe, ...]], truth: Truth, *, begin_s: float = 12.0) -> Outcome:
    """Take all bursts and look between them, twice for each."""
    tracker, outcome = OffsetTracker(), Outcome([], [], 0, [])
    for burst in told:
        now = burst[-1].received
        outcome.findings.append(tracker.take(burst))
        for later in (now, now + NS_PER_S):
            estimate = tracker.estimate(later)
            assert estimate is not None
            true = truth(later)
            outcome.violations += not estimate.bound.lower - 100 <= true <= estimate.bound.upper + 100
            if later >= begin_s * NS_PER_S:
                outcome.errors.append(abs(estimate.offset - true))
                outcome.bounds.append(estimate.bound.largest_error(estimate.offset))
    return outcome


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("path", "p99", "median_bound"),
    [
        pytest.param(Path(loopback, loopback), 25 * US, 100 * US, id="loopback"),
        pytest.param(Path(jittery, jittery), NS_PER_MS, 5 * NS_PER_MS, id="jitter"),
        pytest.param(
            Path(constant(20 * NS_PER_MS), constant(20 * NS_PER_MS), loss=0.01),
            NS_PER_MS // 2,
            21 * NS_PER_MS,
            id="far and lossy",
        ),
        pytest.param(Path(wireless, wireless, loss=0.002), NS_PER_MS, 3 * NS_PER_MS, id="wireless"),
    ],
)
def test_over_ten_minutes_of_drift_the_error_is_small_and_the_bound_holds(
    path: Path, p99: int, median_bound: int, seed: int
) -> None:
    truth = drifting(20.0)
    told = bursts(path, truth, duration=TEN_MINUTES, random_=random.Random(seed))
    outcome = _follow(told, truth)
    assert outcome.violations == 0
    assert set(outcome.findings) == {Finding.AGREES}
    assert outcome.p99() <= p99
    assert outcome.median_bound() <= median_bound


@pytest.mark.parametrize("ppm", [50.0, -80.0])
def test_a_rate_is_learnt_on_a_busy_machine_too_where_most_answers_are_late(ppm: float) -> None:
    truth = drifting(ppm)
    told = bursts(Path(busy, busy), truth, duration=120 * NS_PER_S, random_=random.Random(5))
    outcome = _follow(told, truth)
    assert outcome.violations == 0
    assert outcome.p99() <= 100 * US


def test_from_a_minute_on_jitter_of_milliseconds_costs_less_than_half_of_one() -> None:
    truth = drifting(20.0)
    told = bursts(Path(jittery, jittery), truth, duration=TEN_MINUTES, random_=random.Random(9))
    assert _follow(told, truth, begin_s=60).p99() <= NS_PER_MS // 2


def test_a_path_that_is_longer_there_than_back_cannot_be_seen_but_the_bound_says_so() -> None:
    truth = drifting(20.0)
    path = Path(constant(10 * NS_PER_MS), constant(2 * NS_PER_MS))
    outcome = _follow(bursts(path, truth, duration=TEN_MINUTES, random_=random.Random(1)), truth)
    assert outcome.violations == 0
    assert 3.5 * NS_PER_MS < outcome.p99() < 4.5 * NS_PER_MS
    assert outcome.median_bound() > outcome.p99()


@pytest.mark.parametrize("ppm", [-100.0, 0.0, 50.0, 100.0])
def test_rates_of_quartz_are_found(ppm: float) -> None:
    truth = drifting(ppm)
    tracker = OffsetTracker()
    told = bursts(Path(loopback, loopback), truth, duration=TEN_MINUTES, random_=random.Random(4))
    for burst in told:
        tracker.take(burst)
        now = burst[-1].received
    estimate = tracker.estimate(now)
    assert estimate is not None
    assert abs(estimate.rate_ppm - ppm) < 0.5
    assert abs(tracker.belief.ppm - ppm) < 0.5


@pytest.mark.parametrize("step", [8 * NS_PER_MS, 250 * NS_PER_MS, -3 * NS_PER_S])
def test_a_clock_that_is_set_is_found_within_three_bursts_and_the_bound_knows_at_the_first(step: int) -> None:
    before = drifting(20.0)
    moment = 120 * NS_PER_S

    def truth(monotonic: int) -> int:
        return before(monotonic) + step * (monotonic >= moment)

    told = bursts(Path(loopback, loopback), truth, duration=TEN_MINUTES, random_=random.Random(2))
    tracker, steps, first_after, found = OffsetTracker(), 0, 0, 0
    for number, burst in enumerate(told):
        finding = tracker.take(burst)
        now = burst[-1].received
        first_after = first_after or (number if burst[0].sent > moment else 0)
        if finding is Finding.STEP:
            steps, found = steps + 1, number
        estimate = tracker.estimate(now)
        assert estimate is not None
        assert estimate.bound.lower - 100 <= truth(now) <= estimate.bound.upper + 100
        error = abs(estimate.offset - truth(now))
    assert steps == 1
    assert found - first_after <= 3
    assert error < 25 * US


def test_one_burst_that_lies_moves_nothing() -> None:
    truth = drifting(20.0)
    told = list(bursts(Path(loopback, loopback), truth, duration=120 * NS_PER_S, random_=random.Random(3)))
    liar = tuple(Probe(p.sent, p.received, p.stamp + 5 * NS_PER_MS) for p in told[20])
    tracker = OffsetTracker()
    for burst in [*told[:20], liar, *told[21:]]:
        tracker.take(burst)
    now = told[-1][-1].received
    estimate = tracker.estimate(now)
    assert estimate is not None
    assert not tracker.is_doubtful
    assert abs(estimate.offset - truth(now)) < 25 * US


def test_while_nothing_is_heard_the_bound_grows_and_goes_on_to_hold() -> None:
    truth = drifting(20.0)
    tracker = OffsetTracker()
    told = bursts(Path(loopback, loopback), truth, duration=TEN_MINUTES, random_=random.Random(6))
    for burst in told:
        tracker.take(burst)
    silent = burst[-1].received
    widths = []
    for seconds in (0, 60, 300):
        estimate = tracker.estimate(silent + seconds * NS_PER_S)
        assert estimate is not None
        assert estimate.bound.lower <= truth(estimate.monotonic) <= estimate.bound.upper
        widths.append(estimate.bound.upper - estimate.bound.lower)
    assert widths == sorted(widths)
    assert widths[-1] < 12 * NS_PER_MS


@pytest.mark.parametrize(
    ("path", "step"),
    [
        pytest.param(Path(loopback, loopback), 60 * US, id="less than a round trip"),
        pytest.param(Path(jittery, jittery), 8 * NS_PER_MS, id="within the jitter"),
        pytest.param(Path(wireless, wireless), -8 * NS_PER_MS, id="back, wireless"),
    ],
)
def test_old_and_new_may_agree_after_a_step_and_still_the_bound_holds(path: Path, step: int) -> None:
    """The probes of before and after have offsets in common, none of which is the new one (decision 31)."""
    before = drifting(20.0)
    moment = 60 * NS_PER_S

    def truth(monotonic: int) -> int:
        return before(monotonic) + step * (monotonic >= moment)

    tracker = OffsetTracker()
    for burst in bursts(path, truth, duration=110 * NS_PER_S, random_=random.Random(5)):
        tracker.take(burst)
        now = burst[-1].received
        estimate = tracker.estimate(now)
        assert estimate is not None
        assert estimate.bound.lower - 100 <= truth(now) <= estimate.bound.upper + 100
