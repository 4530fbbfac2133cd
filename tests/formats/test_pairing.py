"""Values of two streams are paired as one would by hand, and thinned so that both ends stay."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.pairing import broken, nearest, paired, thinned, usual_distance

TIMES = st.lists(st.integers(-(2**40), 2**40) | st.integers(-50, 50), unique=True, max_size=40).map(
    lambda times: np.array(sorted(times), np.int64)
)


@given(TIMES, TIMES.filter(len))
def test_the_nearest_is_found_and_the_earlier_of_two(times: np.ndarray, others: np.ndarray) -> None:
    wanted = [min(range(len(others)), key=lambda n: (abs(int(others[n]) - t), n)) for t in times.tolist()]
    assert nearest(times, others).tolist() == wanted


@given(TIMES, TIMES, st.integers(0, 2**41))
def test_pairs_are_those_of_the_rarer_with_the_nearest_that_is_near_enough(
    times: np.ndarray, others: np.ndarray, within: int
) -> None:
    first, second = paired(times, others, within)
    assert len(first) == len(second) <= min(len(times), len(others))
    if not len(times) or not len(others):
        return
    is_swapped = len(times) > len(others)
    rare, often = (others, times) if is_swapped else (times, others)
    places, partners = (second, first) if is_swapped else (first, second)
    near = [n for n, time in enumerate(rare.tolist()) if np.abs(often - time).min() <= within]
    assert places.tolist() == near
    distances = [int(np.abs(often - rare[n]).min()) for n in near]
    assert np.abs(often[partners] - rare[places]).tolist() == distances
    assert (np.diff(partners) >= 0).all()


@given(st.integers(0, 10_000), st.integers(2, 500))
def test_thinned_places_are_few_even_and_keep_both_ends(count: int, most: int) -> None:
    places = thinned(count, most)
    assert len(places) == min(count, most)
    if count:
        assert (places[0], places[-1]) == (0, count - 1)
    steps = np.diff(places)
    assert not len(steps) or steps.max() - steps.min() <= 1


@given(TIMES, st.lists(st.tuples(st.integers(-60, 60), st.integers(0, 20)), max_size=8))
def test_a_path_is_broken_once_in_each_step_that_holds_the_middle_of_a_gap(
    times: np.ndarray, gaps: list[tuple[int, int]]
) -> None:
    begins = np.array([begin for begin, _ in gaps], np.int64)
    ends = begins + np.array([length for _, length in gaps], np.int64)
    places, moments = broken(times, begins, ends)
    made = np.insert(times, places, moments)
    assert (np.diff(made) >= 0).all()
    middles = [begin + length // 2 for begin, length in gaps]
    steps = zip(times[:-1].tolist(), times[1:].tolist(), strict=True)
    wanted = [n + 1 for n, (a, b) in enumerate(steps) if any(a < middle <= b for middle in middles)]
    assert places.tolist() == wanted


def test_the_rarer_stream_says_how_far_apart_belongs_together() -> None:
    often, rare = np.arange(0, 1000, 10), np.arange(0, 1000, 100)
    assert usual_distance(often, rare) == usual_distance(rare, often) == 150
    assert usual_distance(np.array([5]), np.array([9])) > 10**18
