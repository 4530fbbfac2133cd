"""A clock that is followed, with truth and time in a computer's head: states, steps, names, bounds."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from studio.net.followed_clock import FollowedClock
from studio.timing import NS_PER_MS, NS_PER_S, ClockAnchor, SystemClock, monotonic_ns
from studio.timing.corridor import RateBelief
from studio.timing.offset_tracking import Finding
from studio.timing.steered_clock import SteeredClock
from studio.timing.sync_status import ProbeOutcome, ProbeRecord, Reference, SyncState

US = 1000
NAME = "LAB-MASTER"
Truth = Callable[[int], int]


@dataclass
class World:
    """Time goes on by hand; the other clock is `own + 3.5 s` and what the test adds."""

    truth_added: Truth = lambda monotonic: 0
    delay: int = 40 * US
    tick: int = 100
    now: int = field(default_factory=monotonic_ns)
    draw: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self.begin = self.now
        self.own = SystemClock(ClockAnchor(utc_time=1_790_000_000 * NS_PER_S, monotonic=self.now))

    def truth(self, monotonic: int) -> int:
        return self.own.from_monotonic(monotonic) + 3_500_000_000 + self.truth_added(monotonic - self.begin)

    def followed(self, **options: object) -> FollowedClock:
        place = Reference("10.0.0.2", 11511)
        return FollowedClock(place, self.own, own_name="vm", monotonic=lambda: self.now, **options)  # type: ignore[arg-type]

    def burst(self, count: int = 4) -> tuple[ProbeRecord, ...]:
        records = []
        for _ in range(count):
            there = self.delay + round(self.draw.expovariate(1 / (20 * US)))
            back = self.delay + round(self.draw.expovariate(1 / (20 * US)))
            stamp = self.truth(self.now + there) // self.tick * self.tick
            records.append(ProbeRecord(self.now, self.now + there + back, stamp))
            self.now += there + back + round(self.draw.uniform(40, 60) * NS_PER_MS)
        return tuple(records)

    def failed(self) -> tuple[ProbeRecord, ...]:
        return (ProbeRecord(self.now, self.now, 0, ProbeOutcome.REFUSED),)

    def measure(self, followed: FollowedClock, seconds: float) -> list[Finding | None]:
        """Bursts as a prober makes them, for so long."""
        findings = []
        end = self.now + round(seconds * NS_PER_S)
        while self.now < end:
            records = self.burst()
            findings.append(followed.take(records, self.now, machine=NAME))
            followed.look(self.now)
            in_doubt = findings[-1] is Finding.SUSPECT or self.now - self.begin < 10 * NS_PER_S
            self.now += NS_PER_S if in_doubt else 5 * NS_PER_S
        return findings

    def error_of(self, clock: SteeredClock) -> int:
        return abs(clock.line.time_at(self.now) - self.truth(self.now))


def states(followed: FollowedClock) -> list[SyncState]:
    return [change.state for change in followed.log().changes]


def test_from_nothing_to_synchronised() -> None:
    world = World()
    followed = world.followed()
    assert followed.look(world.now).state is SyncState.CONNECTING
    followed.take(world.failed(), world.now, problem="refused")
    assert "refused" in followed.look(world.now).text
    assert followed.clock_for_run(world.now) is None
    world.measure(followed, 20)
    status = followed.status(world.now)
    assert status.state is SyncState.SYNCHRONISED
    assert status.reference == Reference("10.0.0.2", 11511, NAME)
    assert status.offset is not None
    assert status.bound is not None
    assert abs(status.offset - 3_500_000_000) <= status.bound < NS_PER_MS
    assert status.probes == status.answered + 1
    assert status.round_trip is not None
    assert status.repeatability is not None
    assert status.repeatability < 100 * US
    assert states(followed) == [SyncState.CONNECTING, SyncState.SYNCING, SyncState.SYNCHRONISED]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def running(world: World) -> Iterator[tuple[FollowedClock, SteeredClock]]:
    """A clock that somebody runs on, well known."""
    followed = world.followed()
    world.measure(followed, 20)
    clock = followed.clock_for_run(world.now)
    assert clock is not None
    world.measure(followed, 20)
    yield followed, clock
    followed.release(clock)


def test_all_that_run_have_the_same_clock_and_the_next_one_begins_anew(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 12)
    first, second = followed.clock_for_run(world.now), followed.clock_for_run(world.now)
    assert first is second
    assert first is not None
    followed.release(first)
    assert followed.clock_for_run(world.now) is first
    followed.release(first)
    followed.release(first)
    followed.release(first)
    third = followed.clock_for_run(world.now)
    assert third is not None
    assert third is not first


def test_a_small_step_is_slewed_and_the_bound_knows_of_it_from_the_first_burst(
    world: World, running: tuple[FollowedClock, SteeredClock]
) -> None:
    followed, clock = running
    moment = world.now - world.begin
    world.truth_added = lambda age: 8 * NS_PER_MS * (age >= moment)
    findings = []
    for _ in range(40):
        findings += world.measure(followed, 1)
        status = followed.status(world.now)
        assert status.bound is not None
        assert world.error_of(clock) <= status.bound + 200
        assert abs(status.correction_ppm) <= 501
    assert findings.count(Finding.STEP) == 1
    assert world.error_of(clock) < 100 * US
    assert followed.status(world.now).state is SyncState.SYNCHRONISED
    note = next(change for change in followed.log().changes if change.uncertain_since)
    assert "+8.0 ms" in note.text
    assert note.uncertain_since <= world.begin + moment <= note.monotonic


def test_a_large_step_is_held_until_nobody_runs_on_the_clock(
    world: World, running: tuple[FollowedClock, SteeredClock]
) -> None:
    followed, clock = running
    moment = world.now - world.begin
    world.truth_added = lambda age: 250 * NS_PER_MS * (age >= moment)
    world.measure(followed, 60)
    status = followed.status(world.now)
    assert abs(status.held_step - 250 * NS_PER_MS) < NS_PER_MS
    assert [change.held_step for change in followed.log().changes if change.held_step] == [status.held_step]
    assert status.state is SyncState.DEGRADED
    assert "+250 ms" in status.text
    assert status.bound is not None
    assert abs(world.error_of(clock) - 250 * NS_PER_MS) < 100 * US, "it keeps its time line"
    assert world.error_of(clock) <= status.bound
    followed.release(clock)
    fresh = followed.clock_for_run(world.now)
    assert fresh is not None
    assert world.error_of(fresh) < 100 * US
    assert followed.status(world.now).held_step == 0
    followed.release(fresh)


def test_a_large_step_that_is_taken_back_leaves_nothing_held(
    world: World, running: tuple[FollowedClock, SteeredClock]
) -> None:
    followed, clock = running
    moment = world.now - world.begin
    world.truth_added = lambda age: 250 * NS_PER_MS * (moment <= age < moment + 60 * NS_PER_S)
    world.measure(followed, 120)
    assert followed.status(world.now).held_step == 0
    assert world.error_of(clock) < 100 * US
    assert followed.status(world.now).state is SyncState.SYNCHRONISED


def test_silence_is_held_over_and_then_lost_and_comes_back_by_slewing(
    world: World, running: tuple[FollowedClock, SteeredClock]
) -> None:
    followed, clock = running
    seen = []
    for _ in range(320):
        world.now += NS_PER_S
        seen.append(followed.look(world.now).state)
    assert seen[0] is SyncState.SYNCHRONISED
    assert SyncState.HOLDOVER in seen
    assert seen[-1] is SyncState.LOST
    status = followed.status(world.now)
    assert status.bound is not None
    assert world.error_of(clock) <= status.bound
    world.measure(followed, 30)
    assert followed.status(world.now).state is SyncState.SYNCHRONISED


def test_half_of_the_probes_failing_is_said(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 12)
    for _ in range(60):
        followed.take(world.failed(), world.now, problem="it is busy")
        world.now += NS_PER_S // 10
    status = followed.status(world.now)
    assert status.state is SyncState.DEGRADED
    assert "it is busy" in status.text


def test_this_machine_is_recognised_and_gives_no_clock(world: World) -> None:
    followed = world.followed()
    followed.take(world.burst(), world.now, machine="VM.example.org", is_local=True)
    assert followed.is_self
    assert followed.is_known
    status = followed.status(world.now)
    assert (status.state, status.offset, status.bound) == (SyncState.SELF, 0, 0)
    assert followed.clock_for_run(world.now) is None


def test_another_machine_of_the_same_name_is_followed_with_a_warning(world: World) -> None:
    followed = world.followed()
    for _ in range(12):
        followed.take(world.burst(), world.now, machine="VM", is_local=False)
        world.now += NS_PER_S
    status = followed.status(world.now)
    assert status.state is SyncState.SYNCHRONISED
    assert "also called VM" in status.text
    assert followed.clock_for_run(world.now) is not None


def test_a_local_address_with_another_name_is_another_machine(world: World) -> None:
    followed = world.followed()
    followed.take(world.burst(), world.now, machine="container", is_local=True)
    assert not followed.is_self
    assert followed.clock_for_run(world.now) is not None


def test_a_machine_that_changes_its_name_is_not_followed_any_more(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 12)
    followed.take(world.burst(), world.now, machine="OTHER\n\x1b[31m")
    status = followed.status(world.now)
    assert status.state is SyncState.ERROR
    assert "calls itself OTHER[31m now" in status.text
    assert followed.clock_for_run(world.now) is None


@pytest.mark.parametrize(
    ("options", "is_followed"),
    [
        ({}, False),
        ({"far_machine": ""}, True),
        ({"far_machine": NAME}, True),
        ({"far_machine": "SOMEBODY-ELSE"}, False),
    ],
    ids=["nobody confirmed", "whoever it is", "this one", "another one at this address"],
)
def test_a_clock_that_is_days_off_is_followed_only_when_confirmed(
    world: World, options: dict[str, Any], is_followed: bool
) -> None:
    followed = world.followed(**options)
    world.truth_added = lambda age: 3 * 86400 * NS_PER_S
    followed.take(world.burst(), world.now, machine=NAME)
    status = followed.status(world.now)
    assert ("3 days ahead of" in followed.error) is not is_followed
    assert (followed.clock_for_run(world.now) is not None) is is_followed
    assert (status.state is SyncState.ERROR) is not is_followed
    assert abs(status.far - 3 * 86400 * NS_PER_S) < 5 * NS_PER_S if not is_followed else not status.far
    told = " ".join(change.text for change in followed.log().changes)
    assert ("It was confirmed that a clock 3 days off is followed" in told) is is_followed


def test_a_clock_that_was_days_off_is_followed_once_it_was_put_right(world: World) -> None:
    followed = world.followed()
    world.truth_added = lambda age: -400 * 86400 * NS_PER_S
    followed.take(world.burst(), world.now, machine=NAME)
    assert "399 days 23 h behind" in followed.error
    world.truth_added = lambda age: 0
    world.measure(followed, 12)
    assert followed.error == ""
    assert followed.status(world.now).state is SyncState.SYNCHRONISED


def test_a_coarse_clock_is_told_and_its_steps_are_part_of_the_bound() -> None:
    world = World(tick=15_625_000)
    followed = world.followed()
    for _ in range(30):
        followed.take(world.burst(), world.now, machine=NAME)
        followed.look(world.now)
        status = followed.status(world.now)
        if status.tick:
            assert status.offset is not None
            assert status.bound is not None
            assert abs(status.offset - 3_500_000_000) <= status.bound + US
        world.now += NS_PER_S
    assert abs(status.tick - 15_625_000) < 50 * US
    assert "ticks every 15.6 ms" in status.text


def test_what_goes_wrong_with_the_measuring_is_said_until_the_next_answer(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 12)
    followed.failed("The process is gone.", world.now)
    assert followed.status(world.now).text == "The process is gone."
    followed.take(world.burst(), world.now, machine=NAME)
    assert followed.status(world.now).state is SyncState.SYNCHRONISED


def test_the_log_has_everything_and_can_be_read_on(
    world: World, running: tuple[FollowedClock, SteeredClock]
) -> None:
    followed, _ = running
    whole = followed.log()
    assert len(whole.probes) == followed.status(world.now).probes
    assert whole.references == (Reference("10.0.0.2", 11511, NAME),)
    assert whole.segments
    assert whole.terms is not None
    assert whole.terms.algorithm == "two-sided corridor"
    assert whole.terms.own_offset == world.own.from_monotonic(0)
    middle = whole.bounds[len(whole.bounds) // 2][0]
    later = followed.log(middle)
    assert later.bounds == tuple(bound for bound in whole.bounds if bound[0] >= middle)
    assert later.probes == tuple(probe for probe in whole.probes if probe.received >= middle)


def test_a_run_that_is_over_before_the_next_look_has_the_bound_of_its_beginning(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 20)
    world.now += NS_PER_S // 3
    clock = followed.clock_for_run(world.now)
    assert clock is not None
    ((moment, bound),) = followed.log(world.now).bounds
    assert moment == world.now
    assert world.error_of(clock) <= bound == followed.status(world.now).bound
    followed.release(clock)


def test_what_is_remembered_of_a_rate_is_used() -> None:
    world = World()
    world.truth_added = lambda age: age // 50_000  # 20 ppm
    known, unknown = world.followed(belief=RateBelief(20.0, 10.0)), world.followed()
    records = world.burst()
    for followed in (known, unknown):
        followed.take(records, world.now, machine=NAME)
    rates = [followed.status(world.now).rate_ppm for followed in (known, unknown)]
    assert rates[0] is not None
    assert rates[0] == pytest.approx(20.0, abs=8.0)
    assert rates[1] is not None
    assert abs(rates[0] - 20.0) < abs(rates[1] - 20.0)


def test_a_slew_of_this_machines_own_clock_is_noted_once_and_widens_the_bound(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 20)
    before = followed.status(world.now).bound
    for _ in range(3):
        world.now += NS_PER_S
        followed.slewed(world.now, 500 * US)
    followed.slewed(world.now, 0)
    after = followed.status(world.now).bound
    assert before is not None
    assert after is not None
    assert after >= before + 1500 * US
    assert sum("time service" in change.text for change in followed.log().changes) == 1


def test_a_sleep_of_this_machine_is_noted(world: World) -> None:
    followed = world.followed()
    world.measure(followed, 12)
    followed.slept(90 * NS_PER_S, world.now)
    note = followed.log().changes[-1]
    assert "1 min 30 s" in note.text
    assert note.uncertain_since
