"""The range holds what is in view and does not dance."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import NS_PER_MS, NS_PER_S
from studio.ui.panels.auto_range import GROW_AFTER_NS, SHRINK_AFTER_NS, AutoRange, RangeShape

values = st.floats(-1e6, 1e6, allow_nan=False)
shapes = st.sampled_from(RangeShape)


@given(a=values, b=values, shape=shapes)
def test_the_first_values_are_held_at_once(a: float, b: float, shape: RangeShape) -> None:
    low, high = min(a, b), max(a, b)
    shown = AutoRange(shape, least=0.01).following(low, high, 5)
    assert shown.low <= low <= high <= shown.high
    assert shown.low < shown.high


@given(pairs=st.lists(st.tuples(values, values), min_size=2, max_size=60), shape=shapes)
def test_it_never_changes_more_often_than_twice_a_second(
    pairs: list[tuple[float, float]], shape: RangeShape
) -> None:
    shown, changes = AutoRange(shape), []
    for n, pair in enumerate(pairs):
        after = shown.following(min(pair), max(pair), n * 33 * NS_PER_MS)
        if (after.low, after.high) != (shown.low, shown.high):
            changes.append(n * 33 * NS_PER_MS)
        shown = after
    assert all(b - a >= GROW_AFTER_NS for a, b in pairwise(changes))


def test_a_calmer_signal_shrinks_it_only_after_a_while() -> None:
    wide = AutoRange().following(-100, 100, 0)
    assert wide.following(-1, 1, SHRINK_AFTER_NS - 1) == wide
    assert wide.following(-1, 1, SHRINK_AFTER_NS).high < 3


def test_a_little_less_does_not_shrink_it() -> None:
    wide = AutoRange().following(-100, 100, 0)
    assert wide.following(-70, 70, 60 * NS_PER_S) == wide


def test_nothing_and_nonsense_leave_it_as_it_is() -> None:
    shown = AutoRange().following(-1, 1, 0)
    for low, high in ((math.nan, math.nan), (math.inf, math.inf), (-math.inf, 1), (2, 1)):
        assert shown.following(low, high, 10**12) == shown


def test_a_constant_lies_in_the_middle() -> None:
    shown = AutoRange().following(5, 5, 0)
    assert shown.low < 5 < shown.high


def test_silence_is_not_blown_up() -> None:
    shown = AutoRange(RangeShape.SYMMETRIC, least=0.01).following(-1e-6, 1e-6, 0)
    assert (shown.low, shown.high) == (-0.02, 0.02)


def test_a_curve_that_touches_the_edge_gets_room() -> None:
    shown = AutoRange(low=-1.0, high=1.5, changed_ns=0).following(-1.0, 1.0, 10**10)
    assert shown.low < -1.0 < 1.0 < shown.high
    assert shown.following(-1.0, 1.0, 2 * 10**10) == shown
