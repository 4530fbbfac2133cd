"""Clocks never step and agree with the monotonic clock (decision 5, rules E135-E139)."""

import threading

import pytest

from studio.timing import (
    NS_PER_MS,
    NS_PER_S,
    ClockAnchor,
    OffsetClock,
    ReplayClock,
    SystemClock,
    monotonic_ns,
    wait_on,
)


@pytest.mark.rules("E137")
def test_the_system_clock_is_its_anchor_plus_monotonic_time() -> None:
    clock = SystemClock(ClockAnchor(utc_time=1_000, monotonic=400))
    assert clock.from_monotonic(400) == 1_000
    assert clock.from_monotonic(417) == 1_017
    before = monotonic_ns()
    assert 1_000 + (before - 400) <= clock.now() <= 1_000 + (monotonic_ns() - 400)


@pytest.mark.rules("E137")
def test_two_clocks_with_one_anchor_agree_whatever_the_wall_clock_does() -> None:
    anchor = ClockAnchor.read()
    one, two = SystemClock(anchor), SystemClock(anchor)
    readings = [clock.now() for clock in (one, two) * 1000]
    assert readings == sorted(readings)


@pytest.mark.parametrize("speed", [1.0, 0.5, 3.0])
def test_a_replay_clock_begins_at_its_start_and_runs_at_its_speed(speed: float) -> None:
    start = 10**18
    before = monotonic_ns()
    clock = ReplayClock(start, speed)
    after = monotonic_ns()
    later = after + 2 * NS_PER_S
    assert 2 * speed * NS_PER_S <= clock.from_monotonic(later) - start
    assert clock.from_monotonic(later) - start <= (2 * NS_PER_S + after - before) * speed + 1
    assert clock.now() >= start


def test_a_replay_clock_at_normal_speed_keeps_every_nanosecond() -> None:
    clock = ReplayClock(0)
    far = 10**17
    assert clock.from_monotonic(far + 1) - clock.from_monotonic(far) == 1


@pytest.mark.rules("E139")
def test_an_offset_clock_is_the_other_shifted() -> None:
    inner = SystemClock(ClockAnchor(0, 0))
    clock = OffsetClock(inner, -7)
    assert clock.from_monotonic(100) == 93
    assert inner.now() - 7 <= clock.now()


def test_waiting_ends_with_the_event_or_with_the_time() -> None:
    event = threading.Event()
    before = monotonic_ns()
    assert not wait_on(event, 20 * NS_PER_MS)
    assert monotonic_ns() - before >= 19 * NS_PER_MS
    assert not wait_on(event, -5)
    event.set()
    assert wait_on(event, 3600 * NS_PER_S)
