"""The certificate in figures: what the log says, whatever the log says."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.timing.clock_summary import ClockSummary, summaries_of, summary_of
from studio.timing.segments import Segment, SegmentLine, rate_of_ppm
from studio.timing.sync_status import (
    ClockLog,
    ClockTerms,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    StateChange,
    SyncState,
)
from tests.store.clock_logs import BEGIN, MS, OWN_OFFSET, SECOND, US, Truth, part, probe, whole

MOMENT = st.integers(0, 10**12)
ANY_LOG = st.builds(
    ClockLog,
    probes=st.lists(
        st.builds(ProbeRecord, MOMENT, MOMENT, MOMENT, st.sampled_from(ProbeOutcome), st.integers(0, 2)),
        max_size=6,
    ).map(tuple),
    segments=st.lists(
        st.builds(Segment, MOMENT, MOMENT, st.integers(-(2**30), 2**30)),
        max_size=4,
        unique_by=lambda segment: segment.monotonic,
    ).map(lambda found: tuple(sorted(found, key=lambda segment: segment.monotonic))),
    changes=st.lists(st.builds(StateChange, MOMENT, st.sampled_from(SyncState)), max_size=4).map(tuple),
    references=st.lists(st.builds(Reference, st.text(), st.integers(0, 65535)), max_size=2).map(tuple),
    bounds=st.lists(st.tuples(MOMENT, MOMENT), max_size=6).map(lambda found: tuple(sorted(found))),
    terms=st.none() | st.just(ClockTerms()),
)


@settings(deadline=None)
@given(ANY_LOG, MOMENT, MOMENT)
def test_any_log_can_be_summed_up_and_told_as_json(log: ClockLog, begin: int, end: int) -> None:
    for summary in (summary_of(log), summary_of(log, min(begin, end), max(begin, end))):
        assert ClockSummary.from_json(json.loads(summary.to_json())) == summary


def test_the_figures_are_those_of_the_log() -> None:
    log, truth = whole(60), Truth()
    line = SegmentLine(log.segments)
    summary = summary_of(log, line.time_at(BEGIN), line.time_at(BEGIN + 60 * SECOND))
    assert (summary.role, summary.machine, summary.address) == ("following", "LAB-MASTER", "10.0.0.2:11511")
    assert summary.is_studio
    assert dict(summary.states) == {"syncing": 3.0, "synchronised": 57.0}
    assert (summary.probes, summary.answered) == (300, 240)
    assert (summary.bound_p50, summary.bound_max) == (180 * US + 30, 180 * US + 59)
    assert summary.bound_p99 == 180 * US + 59
    assert summary.offset_begin == pytest.approx(truth.offset, abs=10 * US)
    assert summary.offset_end == pytest.approx(
        truth.at(BEGIN + 60 * SECOND) - BEGIN - 60 * SECOND - OWN_OFFSET, abs=10 * US
    )
    assert summary.rate_begin_ppm == pytest.approx(20, abs=1)
    assert summary.algorithm == "two-sided corridor"
    assert dict(summary.parameters)["spread_ppm"] == 1.0
    assert summary.limit == 5 * MS
    assert (summary.held_steps, summary.doubtful, summary.unknown_s) == (0, (), 0.0)
    assert summary.guaranteed == summary.bound_max


@pytest.mark.parametrize("told_at", [(-200,), (150,), (-200, 150)], ids=["before", "after", "both"])
def test_a_recording_shorter_than_a_second_has_the_bound_of_just_before_and_after(
    told_at: tuple[int, ...],
) -> None:
    log = replace(whole(5), bounds=tuple((BEGIN + SECOND + at * MS, (200 + at) * US) for at in told_at))
    line = SegmentLine(log.segments)
    summary = summary_of(log, line.time_at(BEGIN + SECOND), line.time_at(BEGIN + SECOND + 100 * MS))
    assert summary.guaranteed == summary.bound_max == (200 + told_at[-1]) * US
    far = replace(log, bounds=((BEGIN - 10 * SECOND, US), (BEGIN + 20 * SECOND, US)))
    assert summary_of(far, line.time_at(BEGIN + SECOND), line.time_at(BEGIN + 2 * SECOND)).bound_max is None


def test_steps_that_were_held_are_counted() -> None:
    changes = (StateChange(BEGIN + SECOND, SyncState.DEGRADED, "set", 250 * MS), *whole(5).changes)
    assert summary_of(replace(whole(5), changes=changes)).held_steps == 1


def test_a_bound_that_a_probe_contradicts_is_marked_with_the_stretch_before_it() -> None:
    log, moved = whole(20), Truth(offset=Truth().offset + 8 * MS)
    late = tuple(probe(moved, BEGIN + 20 * SECOND + i * 50 * MS, 50 * US, 50 * US) for i in range(4))
    bounds = (*log.bounds, (BEGIN + 21 * SECOND, 9 * MS), (BEGIN + 22 * SECOND, 9 * MS))
    agreeing = tuple(probe(moved, BEGIN + 22 * SECOND + i * 50 * MS, 50 * US, 50 * US) for i in range(4))
    told = replace(log, probes=(*log.probes, *late, *agreeing), bounds=bounds)
    line = SegmentLine(log.segments)
    ((begin, end),) = summary_of(told).doubtful
    last_agreeing = max(each.received for each in log.probes if each.outcome is ProbeOutcome.ANSWERED)
    assert (begin, end) == (line.time_at(last_agreeing), line.time_at(BEGIN + 21 * SECOND))


def test_the_largest_slew_is_told_against_the_usual_rate() -> None:
    usual = rate_of_ppm(20)
    segments = (
        Segment(BEGIN, OWN_OFFSET + BEGIN, usual),
        Segment(BEGIN + 10 * SECOND, OWN_OFFSET + BEGIN + 10 * SECOND, usual + rate_of_ppm(77)),
        Segment(BEGIN + 12 * SECOND, OWN_OFFSET + BEGIN + 12 * SECOND, usual),
    )
    log = replace(whole(60), segments=segments)
    assert summary_of(log).largest_slew_ppm == pytest.approx(77, abs=0.01)


def test_silence_is_no_guarantee() -> None:
    log = whole(30)
    quiet = replace(log, bounds=tuple(b for b in log.bounds if not 5 <= (b[0] - BEGIN) // SECOND < 20))
    assert summary_of(log).guaranteed is not None
    assert summary_of(quiet).unknown_s == pytest.approx(16)
    assert summary_of(quiet).guaranteed is None
    assert summary_of(replace(log, bounds=())).guaranteed is None


def test_a_clock_that_was_followed_before_it_was_settled_was_followed() -> None:
    log = whole(30)
    syncing = replace(log, changes=(StateChange(BEGIN, SyncState.SYNCING),))
    assert summary_of(syncing).role == "following"
    assert summary_of(syncing).guaranteed is not None


def test_where_no_bound_is_kept_the_own_clock_was_kept_and_nothing_is_promised() -> None:
    summary = summary_of(replace(whole(30), bounds=()))
    assert (summary.role, summary.guaranteed) == ("own", None)


def test_a_reference_is_exact_by_definition() -> None:
    log = ClockLog(
        segments=(Segment(BEGIN, BEGIN + OWN_OFFSET, 0),),
        changes=(StateChange(BEGIN, SyncState.REFERENCE, "serving"),),
        bounds=((BEGIN + SECOND, 0),),
    )
    assert (summary_of(log).role, summary_of(log).guaranteed) == ("reference", 0)


def test_of_several_logs_only_those_that_tell_of_the_times_are_summed_up() -> None:
    early = whole(10)
    later = ClockLog(
        segments=(Segment(5, OWN_OFFSET + BEGIN + 100 * SECOND, 0),),
        changes=(StateChange(5, SyncState.SYNCHRONISED),),
        bounds=((5, 10 * US), (5 + SECOND, 20 * US)),
    )
    begin = OWN_OFFSET + BEGIN + 99 * SECOND
    assert [each.bound_max for each in summaries_of((early, later), 0, 2**62)] == [180 * US + 9, 20 * US]
    assert [each.bound_max for each in summaries_of((early, later), begin, 2**62)] == [20 * US]
    assert part(0).probes
