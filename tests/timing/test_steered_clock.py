"""A clock that is corrected never goes back and never hurries, whatever it is told and whoever asks when."""

import threading
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from studio.timing.segments import LEAD, PPM, RATE_LIMIT, RATE_ONE, SLEW_LIMIT
from studio.timing.steered_clock import FORESIGHT, MOST_SEGMENTS, SteeredClock, Target

UTC = 1_790_000_000 * NS_PER_S
FASTEST = RATE_LIMIT + SLEW_LIMIT


@dataclass
class Ticks:
    """A monotonic clock that is moved by hand."""

    at: int = 5 * NS_PER_S
    asked: list[int] = field(default_factory=list)

    def __call__(self) -> int:
        return self.at


def is_within_limits(earlier: tuple[int, int], later: tuple[int, int]) -> bool:
    """Whether time went on between two readings (moment, time) by no more and no less than allowed."""
    elapsed, gone = later[0] - earlier[0], later[1] - earlier[1]
    allowed = elapsed * FASTEST / RATE_ONE + 50  # each segment begins at a whole nanosecond
    return gone >= 0 and abs(gone - elapsed) <= allowed


steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 20 * NS_PER_S)),
        st.tuples(st.just("steer"), st.integers(-5 * NS_PER_S, 5 * NS_PER_S), st.integers(-900, 900)),
        st.tuples(st.just("ask"), st.integers(-2 * NS_PER_S, FORESIGHT)),
        st.tuples(st.just("now"), st.just(0)),
    ),
    max_size=40,
)


@given(steps, st.integers(-900, 900))
def test_no_sequence_of_corrections_and_questions_makes_it_go_back_or_hurry(
    steps: list[tuple[object, ...]], first_ppm: int
) -> None:
    ticks = Ticks()
    clock = SteeredClock(Target(ticks.at, UTC, first_ppm * PPM), monotonic=ticks)
    readings: dict[int, int] = {}
    for kind, *values in steps:
        number = values[0]
        assert isinstance(number, int)
        if kind == "wait":
            ticks.at += number
        elif kind == "steer":
            ppm = values[1]
            assert isinstance(ppm, int)
            clock.steer(Target(ticks.at, UTC + number, ppm * PPM))
        else:
            moment = ticks.at + number
            time = clock.now() if kind == "now" else clock.from_monotonic(moment)
            assert readings.setdefault(moment, time) == time, "a moment has one time for ever"
    told = sorted(readings.items())
    assert all(is_within_limits(earlier, later) for earlier, later in pairwise(told))


@given(st.integers(-10 * NS_PER_S, 10 * NS_PER_S), st.integers(-400, 400))
def test_an_error_is_worked_off_completely(error: int, ppm: int) -> None:
    ticks = Ticks()
    clock = SteeredClock(Target(ticks.at, UTC, ppm * PPM), monotonic=ticks)
    target = Target(ticks.at, UTC + error, ppm * PPM)
    clock.steer(target)
    ticks.at += LEAD + 11 * NS_PER_S + abs(error) * 2000
    assert abs(clock.now() - (ticks.at + target.offset_at(ticks.at))) <= 3
    assert clock.rate_at(ticks.at) == ppm * PPM


def test_several_threads_never_see_it_go_back_while_it_is_corrected() -> None:
    clock = SteeredClock(Target(monotonic_ns(), UTC, 0))
    ending = threading.Event()
    wrong: list[tuple[tuple[int, int], tuple[int, int]]] = []
    latest = [0]
    lock = threading.Lock()

    def read() -> None:
        begin = monotonic_ns()
        last = (begin, clock.from_monotonic(begin))
        while not ending.is_set():
            moment = monotonic_ns() + LEAD // 2
            reading = (moment, clock.from_monotonic(moment))
            if reading[0] > last[0] and not is_within_limits(last, reading):
                wrong.append((last, reading))
            last = reading
            with lock:  # and between threads: who asks later is told no earlier time
                now = clock.now()
                if now < latest[0]:
                    wrong.append(((0, latest[0]), (0, now)))
                latest[0] = now

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2000):
        sign = -1 if number % 3 else 1
        clock.steer(Target(monotonic_ns(), UTC + sign * number * NS_PER_MS, sign * 400 * PPM))
    ending.set()
    for reader in readers:
        reader.join(20.0)
    assert wrong == []


def test_only_what_has_begun_is_told_as_decided() -> None:
    ticks = Ticks()
    clock = SteeredClock(Target(ticks.at, UTC, 0), monotonic=ticks)
    begin = ticks.at
    clock.steer(Target(ticks.at, UTC + NS_PER_MS, 0))
    assert len(clock.begun_segments()) == 1
    ticks.at += LEAD
    assert len(clock.begun_segments()) == 2
    ticks.at += 60 * NS_PER_S
    assert len(clock.begun_segments()) == 3
    assert [segment.monotonic for segment in clock.begun_segments(begin + LEAD)] == [
        segment.monotonic for segment in clock.begun_segments()[1:]
    ]
    assert len(clock.begun_segments(ticks.at)) == 1


def test_years_of_corrections_are_not_kept() -> None:
    ticks = Ticks()
    clock = SteeredClock(Target(ticks.at, UTC, 0), monotonic=ticks)
    clock._line = type(clock._line)(clock._line.segments * MOST_SEGMENTS)
    before = clock.now()
    clock.steer(Target(ticks.at, UTC, 0))
    assert len(clock.line.segments) <= MOST_SEGMENTS
    assert clock.now() == before
