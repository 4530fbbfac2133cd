"""The order in which things are to be done (rules E20, E47, E113, E117)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine.agenda import Agenda
from studio.engine.work import ComponentLock, SchedulingContext, Task
from studio.timing import NS_PER_S, TIME_MAX, TIME_MIN, OffsetClock, ReplayClock, SystemClock

NOW = 1_000_000 * NS_PER_S


def context(*, is_open: bool = True) -> SchedulingContext:
    return SchedulingContext(report=lambda _error: None, is_open=is_open)


def task(of: SchedulingContext) -> Task:
    return Task(lambda: None, ComponentLock(), of)


def paused_agenda(*, is_enforced: bool = True) -> tuple[Agenda, ReplayClock]:
    agenda, clock = Agenda(), ReplayClock(NOW, is_paused=True)
    agenda.begin(clock, is_enforced=is_enforced)
    return agenda, clock


@pytest.mark.rules("E113")
@given(st.lists(st.integers(-5, 5), max_size=30))
def test_what_is_ready_comes_in_order_of_its_time_and_of_arrival_among_equals(dues: list[int]) -> None:
    agenda, _ = paused_agenda(is_enforced=False)
    of = context()
    items = [task(of) for _ in dues]
    tasks = {id(item): number for number, item in enumerate(items)}
    for item, due in zip(items, dues, strict=True):
        agenda.add(item, due, NOW)
    came = []
    while agenda.ready:
        due, _, item = agenda.first()
        came.append((due, tasks[id(item)]))
    assert came == sorted((due, number) for number, due in enumerate(dues))


@pytest.mark.rules("E117", "E119")
def test_what_is_not_due_waits_for_the_clock_unless_the_run_does_not_wait() -> None:
    agenda, clock = paused_agenda()
    item = task(context())
    assert agenda.add(item, NOW + 5, agenda.now()) is agenda.future
    assert not agenda.is_anything_due
    assert agenda.next_due == NOW + 5
    assert agenda.real_time_until(NOW + 5) is None, "paused"
    agenda.promote_due()
    assert agenda.ready == []
    clock.move_to(NOW + 5)
    assert agenda.is_anything_due
    agenda.promote_due()
    assert agenda.first()[2] is item
    assert agenda.next_due == TIME_MAX
    hasty, _ = paused_agenda(is_enforced=False)
    assert hasty.add(item, NOW + 5, NOW) is hasty.ready


@pytest.mark.rules("E20")
def test_what_comes_before_every_source_has_started_is_parked() -> None:
    agenda, _ = paused_agenda()
    of = context(is_open=False)
    item = task(of)
    assert agenda.add(item, NOW, NOW) is of.parked
    assert agenda.pending_if_due(item, NOW) is None
    agenda.open(of)
    assert agenda.first()[2] is item
    assert of.parked == []


@pytest.mark.rules("E47")
def test_what_lies_behind_the_end_of_its_own_context_is_not_waited_for() -> None:
    agenda, _ = paused_agenda()
    ending, other = context(), context()
    late, early, foreign = task(ending), task(ending), task(other)
    for item, due in ((late, NOW + 9), (early, NOW + 3), (foreign, NOW + 9)):
        agenda.add(item, due, NOW)
    ending.final_time = NOW + 5
    assert agenda.cancel_future([ending])
    assert agenda.first()[2] is late
    assert agenda.ready == []
    assert [pending[2] for pending in sorted(agenda.future)] == [early, foreign]
    assert not agenda.cancel_future([ending])


@pytest.mark.rules("E113")
def test_a_burst_ends_before_what_was_ready_has_to_wait_for_it() -> None:
    agenda, _ = paused_agenda(is_enforced=False)
    assert agenda.earlier_than_all_ready(TIME_MAX) == TIME_MAX
    agenda.add(task(context()), 7, NOW)
    assert agenda.earlier_than_all_ready(TIME_MAX) == 6
    assert agenda.earlier_than_all_ready(3) == 3


@pytest.mark.rules("E7", "E92")
def test_only_a_clock_that_never_changes_its_pace_may_be_read_without_asking_it() -> None:
    agenda = Agenda()
    assert (agenda.now(), agenda.clock_offset) == (TIME_MIN, None)
    world = SystemClock()
    agenda.begin(world, is_enforced=True)
    assert agenda.clock_offset == world.from_monotonic(0)
    agenda.end()
    assert (agenda.now(), agenda.clock_offset) == (TIME_MIN, None)
    for clock in (ReplayClock(NOW), OffsetClock(ReplayClock(NOW), 7)):
        agenda.begin(clock, is_enforced=True)
        assert agenda.clock_offset is None
        assert agenda.now() >= NOW
