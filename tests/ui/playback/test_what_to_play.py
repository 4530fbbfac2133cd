"""What Play means."""

from hypothesis import given
from hypothesis import strategies as st

from studio.timing import TimeInterval
from studio.ui.playback.what_to_play import Part, part_to_play

ALL = TimeInterval(0, 100)
SELECTED = TimeInterval(20, 40)


def test_without_a_selection_it_is_from_the_cursor_to_the_end() -> None:
    assert part_to_play(ALL, None, 30) == Part(TimeInterval(30, 100), 30)
    assert part_to_play(ALL, None, 100) == Part(ALL, 0)
    assert part_to_play(ALL, None, None) == Part(ALL, 0)
    assert part_to_play(ALL, None, 30, from_start=True) == Part(ALL, 0)


def test_a_selection_is_played_from_the_cursor_if_that_stands_in_it() -> None:
    assert part_to_play(ALL, SELECTED, 30) == Part(SELECTED, 30)
    assert part_to_play(ALL, SELECTED, 40) == Part(SELECTED, 20)
    assert part_to_play(ALL, SELECTED, 90) == Part(SELECTED, 20)
    assert part_to_play(ALL, SELECTED, 30, from_start=True) == Part(SELECTED, 20)


@given(st.integers(-10, 110), st.integers(0, 100), st.integers(0, 100), st.booleans())
def test_it_always_begins_inside(cursor: int, one: int, other: int, from_start: bool) -> None:
    selection = TimeInterval(min(one, other), max(one, other))
    part = part_to_play(ALL, selection, cursor, from_start=from_start)
    assert part.interval == selection
    assert part.interval.contains(part.start)
