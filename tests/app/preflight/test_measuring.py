"""The figures of a stream are those of the messages that came, whatever their rhythm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.preflight.card import StreamFigures
from studio.app.preflight.measuring import StreamMeter, Taken
from studio.timing import NS_PER_MS, NS_PER_S

BEGIN = 1_800_000_000 * NS_PER_S
FRAME = NS_PER_S // 30
ONE = Taken()


def figures_of(
    times: list[int], *, taken: Taken = ONE, was_flowing: bool = False, late: int = 0
) -> StreamFigures:
    """What is measured of messages at these times after the beginning, as of the last."""
    meter = StreamMeter(BEGIN)
    for time in times:
        meter.take(taken, BEGIN + time, BEGIN + time + late)
    return meter.figures(BEGIN + max(times, default=0), should_flow=True, was_flowing=was_flowing)


def test_an_even_stream_has_its_rate_no_jitter_and_no_gap() -> None:
    figures = figures_of([number * FRAME for number in range(300)])
    assert figures.rate == pytest.approx(30.0, rel=1e-6)
    assert figures.jitter == 0
    assert (figures.gaps, figures.messages, figures.samples) == (0, 300, 300)
    assert figures.first_after == 0


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.5, 2000.0), st.integers(3, 100), st.integers(1, 500), st.floats(0.0, 0.2), st.integers(0, 99)
)
def test_the_rate_is_that_of_the_samples_however_they_are_packed(
    rate: float, count: int, packed: int, unrest: float, seed: int
) -> None:
    distance = packed * NS_PER_S / rate
    shaken = np.random.default_rng(seed).uniform(-unrest, unrest, count)
    shaken[0] = shaken[-1] = 0.0
    times = [round((number + off) * distance) for number, off in enumerate(shaken)]
    figures = figures_of(times, taken=Taken(count=packed))
    assert figures.rate == pytest.approx(rate, rel=1e-3)
    assert figures.gaps == 0
    assert figures.jitter is not None
    assert figures.jitter <= 4 * unrest * distance + 2 * packed


def test_frames_that_come_unevenly_have_that_jitter() -> None:
    unrest = np.random.default_rng(1).normal(0.0, 4 * NS_PER_MS, 300)
    figures = figures_of([round(number * FRAME + off) for number, off in enumerate(unrest)])
    # Two neighbours differ by the root of two as much; 95 of 100 lie within two deviations.
    assert figures.jitter == pytest.approx(4 * NS_PER_MS * 2**0.5 * 1.96, rel=0.2)


def test_a_stretch_without_frames_is_one_gap_and_no_lower_rate() -> None:
    times = [number * FRAME for number in range(300) if not 90 <= number < 150]
    figures = figures_of(times)
    assert figures.gaps == 1
    assert figures.longest_gap == pytest.approx(2 * NS_PER_S, rel=0.01)
    assert figures.rate == pytest.approx(30.0, rel=1e-3)
    assert figures.jitter == 0


def test_a_stream_that_ceases_has_a_gap_at_its_end() -> None:
    meter = StreamMeter(BEGIN)
    for number in range(90):
        meter.take(Taken(), BEGIN + number * FRAME, BEGIN + number * FRAME)
    figures = meter.figures(BEGIN + 10 * NS_PER_S, should_flow=True, was_flowing=True)
    assert figures.gaps == 1
    assert figures.longest_gap == pytest.approx(7 * NS_PER_S, rel=0.02)


@pytest.mark.parametrize(("was_flowing", "gaps"), [(True, 1), (False, 0)])
def test_a_late_beginning_is_a_gap_only_of_what_ran_before(was_flowing: bool, gaps: int) -> None:
    times = [3 * NS_PER_S + number * FRAME for number in range(90)]
    figures = figures_of(times, was_flowing=was_flowing)
    assert figures.gaps == gaps
    assert figures.first_after == 3 * NS_PER_S


def test_events_that_come_when_they_come_have_no_gaps() -> None:
    meter = StreamMeter(BEGIN)
    for time in (0, 1, 5, 9):
        meter.take(Taken(), BEGIN + time * NS_PER_S, BEGIN + time * NS_PER_S)
    figures = meter.figures(BEGIN + 60 * NS_PER_S, should_flow=False, was_flowing=True)
    assert (figures.gaps, figures.rate, figures.jitter, figures.messages) == (0, 0.0, None, 4)


def test_times_in_the_future_and_messages_that_were_long_on_their_way_are_seen() -> None:
    even = [number * FRAME for number in range(30)]
    assert figures_of(even, late=2 * NS_PER_S).late == 2 * NS_PER_S
    assert figures_of(even, late=-NS_PER_S).ahead == NS_PER_S


def test_the_bytes_of_a_second_are_those_that_came_in_it() -> None:
    figures = figures_of([number * FRAME for number in range(301)], taken=Taken(byte_count=936))
    assert figures.bytes_per_second == pytest.approx(30_000, rel=0.01)


def test_nothing_at_all_is_told_as_nothing() -> None:
    assert figures_of([]) == StreamFigures()
