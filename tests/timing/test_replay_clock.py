"""A replay clock runs at its speed, stands, jumps ahead, never goes back (rules E135, E139, decision 7)."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_S, ReplayClock, monotonic_ns

pytestmark = pytest.mark.rules("E135", "E136")


@pytest.mark.parametrize("speed", [0.1, 0.5, 2.0, 16.0])
def test_a_factor_above_one_makes_recorded_time_run_faster(speed: float) -> None:
    clock = ReplayClock(10**18, speed)
    now = monotonic_ns()
    gone = clock.from_monotonic(now + NS_PER_S) - clock.from_monotonic(now)
    assert abs(gone - speed * NS_PER_S) <= 1


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.05, 17.0, float("nan"), float("inf")])
def test_a_senseless_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        ReplayClock(0, speed)
    clock = ReplayClock(0)
    with pytest.raises(ValueError, match="speed"):
        clock.set_speed(speed)
    assert clock.speed == 1.0
    assert clock.now() >= 0


def test_a_paused_clock_stands_still_and_goes_on_from_there() -> None:
    clock = ReplayClock(1000, is_paused=True)
    assert clock.now() == clock.from_monotonic(monotonic_ns() + NS_PER_S) == 1000
    assert clock.real_time_until(1001) is None
    assert clock.real_time_until(1000) == 0
    clock.set_speed(2.0)
    assert clock.now() == 1000
    clock.resume()
    assert 1000 <= clock.now() < 1000 + 2 * NS_PER_S
    ahead = clock.real_time_until(1000 + 20 * NS_PER_S)
    assert ahead is not None
    assert 9 * NS_PER_S < ahead <= 10 * NS_PER_S + 1


def test_a_clock_is_moved_ahead_but_never_back() -> None:
    clock = ReplayClock(1000, is_paused=True)
    clock.move_to(5000)
    assert clock.now() == 5000
    clock.move_to(3000)
    assert clock.now() == 5000


@given(st.lists(st.sampled_from(["pause", "resume", "slow", "fast", "jump"]), max_size=20))
def test_readings_never_decrease_whatever_is_done(changes: list[str]) -> None:
    clock = ReplayClock(0)
    readings = [clock.now()]
    for change in changes:
        actions = {
            "pause": clock.pause,
            "resume": clock.resume,
            "slow": lambda: clock.set_speed(0.1),
            "fast": lambda: clock.set_speed(16.0),
            "jump": lambda: clock.move_to(readings[-1] + 100),
        }
        actions[change]()
        readings.append(clock.now())
    assert readings == sorted(readings)


def test_a_reader_beside_a_changer_never_sees_time_go_back() -> None:
    clock = ReplayClock(0)
    done = threading.Event()
    wrong: list[tuple[int, int]] = []

    def read() -> None:
        last = 0
        while not done.is_set():
            now = clock.now()
            if now < last:
                wrong.append((last, now))
            last = now

    reader = threading.Thread(target=read)
    reader.start()
    for index in range(2000):
        clock.set_speed(16.0 if index % 2 else 0.1)
        (clock.pause if index % 3 else clock.resume)()
    done.set()
    reader.join()
    assert wrong == []


@pytest.mark.rules("E143")
@given(st.integers(-(10**12), 10**12), st.sampled_from([0.1, 1.0, 3.0, 16.0]))
def test_monotonic_and_recorded_time_are_converted_there_and_back(delta: int, speed: float) -> None:
    clock = ReplayClock(10**18, speed)
    time = 10**18 + delta
    assert abs(clock.from_monotonic(clock.to_monotonic(time)) - time) <= 20
