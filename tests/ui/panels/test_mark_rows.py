"""Texts of marks never overlap, and the newest is always shown."""

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.mark_rows import HIDDEN, rows_of

marks = st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 300)), max_size=30)


@given(marks=marks, row_count=st.integers(0, 5))
def test_no_two_texts_of_a_row_overlap(marks: list[tuple[float, float]], row_count: int) -> None:
    marks.sort(key=lambda mark: mark[0])
    rows = rows_of([x for x, _ in marks], [width for _, width in marks], row_count)
    assert all(row == HIDDEN or 0 <= row < row_count for row in rows)
    for n, (x, width) in enumerate(marks):
        for later, (other_x, _) in enumerate(marks[n + 1 :], n + 1):
            if rows[n] == rows[later] != HIDDEN:
                assert x + width <= other_x
    if marks and row_count:
        assert rows[-1] == 0


def test_what_has_no_room_loses_its_text() -> None:
    assert rows_of([0, 10, 20], [100, 100, 100], 2) == (HIDDEN, 1, 0)
