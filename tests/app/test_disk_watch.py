"""What is said of the disk, when, and when it is taken back; when a recording must end, and when not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.disk_watch import DiskWatch
from studio.app.forecast import DiskForecast
from studio.app.problems import ProblemList
from studio.app.status import Severity
from studio.store.free_space import LEAST_RESERVED, LOW_FOR, MOST_RESERVED, RoomWatch, reserve
from studio.timing import NS_PER_MS, SystemClock

TOTAL = 500 << 30
LOOK = 200 * NS_PER_MS


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(SystemClock())


def told(problems: ProblemList) -> list[tuple[Severity, str]]:
    return [(problem.severity, problem.text) for problem in problems.newest]


def forecast(left: float | None, free: int = 1_000_000) -> DiskForecast:
    return DiskForecast(1000.0, free, left, is_known=True)


def test_the_disk_is_warned_of_twice_and_once_more_at_its_reserve(problems: ProblemList) -> None:
    watch = DiskWatch()
    for left in (None, 100_000.0, 601.0, 599.0, 300.0, 59.0, 30.0, 300.0):
        watch.look(forecast(left), problems)
    for _ in range(3):
        watch.look(forecast(0.0, free=0), problems)
    assert [severity for severity, _ in told(problems)] == [Severity.WARNING] * 3
    assert "9 min 59 s" in told(problems)[0][1]
    assert "59.0 s" in told(problems)[1][1]
    assert "Free some space now" in told(problems)[2][1]


def test_the_limit_that_somebody_has_chosen_counts(problems: ProblemList) -> None:
    watch = DiskWatch()
    for left in (4000.0, 3599.0, 700.0, 59.0):
        watch.look(replace(forecast(left), warn_below_s=3600.0), problems)
    assert "59 min 59 s" in told(problems)[0][1]
    assert len(told(problems)) == 2
    watch.look(replace(forecast(5000.0), warn_below_s=3600.0), problems)
    assert len(told(problems)) == 2  # not twice the limit yet
    watch.look(replace(forecast(7300.0), warn_below_s=3600.0), problems)
    assert told(problems)[-1][0] is Severity.NOTE


def test_what_others_free_takes_the_warning_back_and_it_can_come_again(problems: ProblemList) -> None:
    watch = DiskWatch()
    for left in (300.0, 900.0, 5000.0, 5000.0, 300.0):
        watch.look(forecast(left), problems)
    assert [severity for severity, _ in told(problems)] == [
        Severity.WARNING,
        Severity.NOTE,  # not at 900 s, which may be short again in a moment
        Severity.WARNING,
    ]
    assert "has room again" in told(problems)[1][1]


def test_nothing_is_said_of_a_disk_that_was_not_asked(problems: ProblemList) -> None:
    DiskWatch().look(DiskForecast(), problems)
    assert told(problems) == []


def ends_after(watch: RoomWatch, frees: list[int], *, total: int = TOTAL, pending: int = 0) -> int | None:
    """The number of looks after which it says that the recording must end; None: it does not."""
    looks = (
        watch.must_end(free=free, total=total, pending=pending, now=number * LOOK)
        for number, free in enumerate(frees)
    )
    return next((number for number, must in enumerate(looks) if must), None)


def test_another_program_that_fills_the_disk_for_a_moment_ends_no_recording() -> None:
    patient = LOW_FOR // LOOK
    dip = [MOST_RESERVED - 1] * (patient - 1)
    assert ends_after(RoomWatch(), [1 << 40, *dip, 1 << 40, *dip, 1 << 40]) is None
    assert ends_after(RoomWatch(), [1 << 40, *dip, *dip]) == patient + 1


def test_a_dip_that_was_seen_long_ago_is_not_one_that_lasts() -> None:
    watch = RoomWatch()
    for number in range(5):
        now = number * 10 * LOW_FOR  # a recording of rare events looks only when one comes
        assert not watch.must_end(free=MOST_RESERVED - 1, total=TOTAL, pending=0, now=now)


@given(total=st.integers(1 << 20, 1 << 45), pending=st.integers(0, 1 << 28), share=st.floats(0, 1.0))
def test_a_real_danger_ends_it_at_once_and_room_never_does(total: int, pending: int, share: float) -> None:
    least = reserve(total, pending)
    assert ends_after(RoomWatch(), [least + int(share * total)] * 200, total=total, pending=pending) is None
    danger = max(least // 2, 2 * pending + LEAST_RESERVED)
    free = int(share * (danger - 1))
    assert ends_after(RoomWatch(), [least, free], total=total, pending=pending) == 1


@given(pending=st.integers(0, 1 << 28), free=st.integers(0, MOST_RESERVED - 1))
def test_what_goes_on_always_has_room_for_what_waits(pending: int, free: int) -> None:
    if not RoomWatch().must_end(free=free, total=TOTAL, pending=pending, now=0):
        assert free >= 2 * pending + LEAST_RESERVED
