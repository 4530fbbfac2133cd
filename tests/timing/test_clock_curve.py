"""The curve of a recording's clock, from what the recording keeps of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.clock_curve import MOST_POINTS, ClockCurve, curve_of_log
from studio.timing.segments import SegmentLine, rate_of_ppm
from studio.timing.sync_status import ClockLog, ProbeOutcome, ProbeRecord, StateChange, SyncState

START = 1_000 * NS_PER_S
EPOCH = 1_700_000_000 * NS_PER_S


def log_of(
    seconds: int, *, corrections: dict[int, int] | None = None, silent: range = range(0), **fields: object
) -> ClockLog:
    """A clock that runs 20 ppm fast and is corrected by so many ns at these seconds."""
    line = SegmentLine.beginning(START, EPOCH, rate_of_ppm(20.0))
    offset = EPOCH - START
    for second, error in sorted((corrections or {}).items()):
        moment = START + second * NS_PER_S
        wanted = line.time_at(moment) - moment + error
        line = line.steered(moment, offset=wanted, rate=rate_of_ppm(20.0))
    times = [START + second * NS_PER_S for second in range(seconds)]
    probes = tuple(
        ProbeRecord(
            time,
            time + NS_PER_MS,
            time + offset,
            ProbeOutcome.SILENT if number in silent else ProbeOutcome.ANSWERED,
        )
        for number, time in enumerate(times)
    )
    bounds = tuple((time, 200_000 + number) for number, time in enumerate(times))
    return ClockLog(probes=probes, segments=line.segments, bounds=bounds, **fields)  # type: ignore[arg-type]


def made(log: ClockLog) -> ClockCurve:
    curve = curve_of_log(log)
    assert curve is not None
    return curve


def test_a_steady_clock_is_a_straight_line_within_its_bounds() -> None:
    curve = made(log_of(120))
    assert np.max(np.abs(curve.corrections)) < 2.0
    assert curve.bounds.tolist() == [200_000 + number for number in range(120)]
    assert curve.times[0] == EPOCH
    assert curve.is_fresh[1:].all()
    assert curve.stretches == (slice(0, 120),)


@given(st.integers(20_000, 5_000_000), st.booleans())
def test_a_correction_is_seen_with_its_size(size: int, backwards: bool) -> None:
    signed = -size if backwards else size
    curve = made(log_of(200, corrections={100: signed}))
    # The line that was taken away is as steep before as after.
    seen = (curve.corrections[115] - curve.corrections[99]) - (curve.corrections[99] - curve.corrections[83])
    assert seen == pytest.approx(signed, abs=2_000)
    assert np.max(np.abs(curve.corrections)) <= size


def test_silence_is_told_after_three_bursts() -> None:
    curve = made(log_of(100, silent=range(40, 80)))
    assert np.flatnonzero(~curve.is_fresh).tolist() == [0, *range(55, 81)]


def test_a_held_step_is_a_mark_at_its_time_and_does_not_part_the_line() -> None:
    held = StateChange(START + 50 * NS_PER_S, SyncState.DEGRADED, "It jumped.", 250 * NS_PER_MS)
    curve = made(log_of(100, changes=(StateChange(START, SyncState.SYNCHRONISED), held)))
    assert [step.size for step in curve.steps] == [250 * NS_PER_MS]
    assert curve.steps[0].moment == EPOCH + 50 * NS_PER_S + 1_000_000
    assert curve.stretches == (slice(0, 100),)


def test_hours_are_thinned_and_each_point_tells_the_widest_bound_of_its_stretch() -> None:
    log = log_of(7200)
    curve = made(log)
    assert len(curve.times) <= MOST_POINTS
    assert curve.bounds[-1] == log.bounds[-1][1]
    assert curve.stretches == (slice(0, len(curve.times)),)


def test_a_time_without_bounds_parts_the_line() -> None:
    log = log_of(100)
    curve = made(ClockLog(probes=log.probes, segments=log.segments, bounds=log.bounds[:40] + log.bounds[70:]))
    assert curve.stretches == (slice(0, 40), slice(40, 70))


@pytest.mark.parametrize(
    "log", [ClockLog(), ClockLog(bounds=((1, 2),)), ClockLog(segments=log_of(1).segments)]
)
def test_who_followed_nobody_has_no_curve(log: ClockLog) -> None:
    assert curve_of_log(log) is None


def test_a_single_bound_is_a_point() -> None:
    curve = made(log_of(1))
    assert curve.corrections.tolist() == [0.0]
