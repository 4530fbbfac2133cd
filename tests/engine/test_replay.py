"""What is run: descriptors, proposals and their intersection (rules E144-E149, decision 12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import REPLAY_ALL, REPLAY_ALL_REAL_TIME, Pipeline, ReplayDescriptor
from studio.engine.replay import descriptor_of
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval
from tests.engine.components import PushSource

TIMES = st.integers(-(10**9), 10**9)
INTERVALS = st.tuples(TIMES, TIMES, st.booleans(), st.booleans()).map(
    lambda t: TimeInterval(min(t[:2]), max(t[:2]), t[2], t[3])
)


@pytest.mark.rules("E144")
def test_the_constants_say_everything_enforced_or_not() -> None:
    assert ReplayDescriptor(TimeInterval.INFINITE, False) == REPLAY_ALL == ReplayDescriptor.REPLAY_ALL
    assert ReplayDescriptor(TimeInterval.INFINITE) == REPLAY_ALL_REAL_TIME
    assert ReplayDescriptor.REPLAY_ALL_REAL_TIME is REPLAY_ALL_REAL_TIME
    assert REPLAY_ALL.is_live
    assert (REPLAY_ALL.start, REPLAY_ALL.end) == (TIME_MIN, TIME_MAX)


@pytest.mark.rules("E145")
def test_between_two_times_both_are_included() -> None:
    assert ReplayDescriptor.between(5, 9).interval == TimeInterval(5, 9)
    assert ReplayDescriptor.between(5).interval == TimeInterval(5, TIME_MAX)
    assert not ReplayDescriptor.between(5).is_live
    with pytest.raises(ValueError, match="speed"):
        ReplayDescriptor(TimeInterval.INFINITE, speed=0.0)


@pytest.mark.rules("E15", "E144")
def test_arguments_of_run_mean_a_descriptor() -> None:
    given_one = ReplayDescriptor.between(1, 2)
    assert descriptor_of(given_one, None, None, None, True) is given_one
    assert descriptor_of(None, None, None, None, True) == REPLAY_ALL_REAL_TIME
    assert descriptor_of(None, None, None, None, False) == REPLAY_ALL
    assert descriptor_of(None, TimeInterval(1, 2), None, None, False) == ReplayDescriptor(
        TimeInterval(1, 2), False
    )
    assert descriptor_of(None, None, 1, None, True) == ReplayDescriptor.between(1)
    assert descriptor_of(None, None, 1, 2, True) == ReplayDescriptor.between(1, 2)
    with pytest.raises(ValueError, match="once"):
        descriptor_of(given_one, TimeInterval(1, 2), None, None, True)
    with pytest.raises(ValueError, match="needs a start"):
        descriptor_of(None, None, None, 2, True)


def effective(descriptor: ReplayDescriptor, *proposals: TimeInterval) -> ReplayDescriptor:
    with Pipeline("p") as p:
        PushSource(p)
        for proposal in proposals:
            p.propose_replay_time(proposal)
        p.run_async(descriptor)
        assert p.replay_descriptor is not None
        assert descriptor.is_live or p.start_time == p.replay_descriptor.start
        return p.replay_descriptor


@pytest.mark.rules("E146", "E147")
def test_proposals_are_covered_gaps_included_and_limit_the_run() -> None:
    proposals = (TimeInterval(300, 400), TimeInterval(100, 200))
    assert effective(REPLAY_ALL, *proposals) == ReplayDescriptor(TimeInterval(100, 400), False)
    assert effective(ReplayDescriptor.between(150, 1000), *proposals).interval == TimeInterval(150, 400)
    assert effective(ReplayDescriptor.between(500, 600), *proposals).interval == TimeInterval(500, 500)


@pytest.mark.rules("E148", "E149")
def test_exclusive_ends_are_kept_and_empty_proposals_ignored() -> None:
    open_interval = TimeInterval(100, 300, left_inclusive=False, right_inclusive=False)
    descriptor = effective(ReplayDescriptor(open_interval), TimeInterval(100, 300))
    assert descriptor.interval == open_interval
    empty = TimeInterval(100, 100, right_inclusive=False)
    assert effective(ReplayDescriptor.between(1, 9), empty).interval == TimeInterval(1, 9)


@pytest.mark.rules("E150", "E138")
def test_a_proposal_turns_a_live_run_into_a_replay() -> None:
    with Pipeline("p") as p:
        PushSource(p)
        p.propose_replay_time(TimeInterval(1_000_000))
        p.run_async()
        assert p.start_time == 1_000_000
        assert 1_000_000 <= p.get_current_time() < 10**12


@pytest.mark.rules("E146")
def test_a_proposal_needs_a_beginning() -> None:
    p = Pipeline("p")
    with pytest.raises(ValueError, match="beginning"):
        p.propose_replay_time(TimeInterval(TIME_MIN, 5))
    p.dispose()


@pytest.mark.rules("E147")
@given(INTERVALS, INTERVALS, TIMES)
def test_the_run_contains_what_both_contain(asked: TimeInterval, proposed: TimeInterval, time: int) -> None:
    result = ReplayDescriptor(asked).within(proposed).interval
    both = asked.contains(time) and proposed.contains(time)
    if both:
        assert result.contains(time)
    elif result.left != result.right:
        assert not result.contains(time)
