"""Panels that show an instant stand beside each other; whatever is done to them, none is lost or doubled."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import INSTANT, PanelKind, PanelPlan
from studio.ui.timeline import plan_edits, plan_rows
from studio.ui.timeline.plan_rows import MOST_CELLS, Plans
from studio.ui.timeline.row_widths import EQUAL, dragged, shares_of, widths_of


def plans(text: str) -> Plans:
    """Rows with a blank between them; small letters are pictures, capital ones curves."""
    return tuple(
        PanelPlan(
            PanelKind.VIDEO if name.islower() else PanelKind.CURVES,
            (StreamRef("P.h5", name),),
            beside=bool(number),
        )
        for row in text.split()
        for number, name in enumerate(row)
    )


def told(of: Plans) -> str:
    rows = ("".join(of[n].streams[0].name for n in row) for row in plan_rows.rows_of(of))
    return " ".join(rows)


def test_only_what_shows_an_instant_shares_a_row_and_only_so_many() -> None:
    assert told(plans("ab cD e")) == "ab c D e"
    assert told(plans("abcdefg")) == "abcde fg"
    assert plan_rows.rows_of(()) == ()
    text = replace(plans("ab")[1], kind=PanelKind.TEXT)
    assert told((plans("ab")[0], text)) == "ab"


def test_a_panel_goes_beside_another_one() -> None:
    assert told(plan_rows.beside(plans("A b c"), 2, 1, after=True)) == "A bc"
    assert told(plan_rows.beside(plans("A b c"), 2, 1, after=False)) == "A cb"
    assert told(plan_rows.beside(plans("abc"), 0, 2, after=True)) == "bca"
    assert told(plan_rows.beside(plans("abc"), 2, 0, after=False)) == "cab"
    assert told(plan_rows.beside(plans("ab cd"), 0, 3, after=False)) == "b cad"
    assert told(plan_rows.beside(plans("A b"), 0, 1, after=True)) == "A b"  # curves need the axis of time
    assert told(plan_rows.beside(plans("abcde f"), 5, 0, after=True)) == "abcde f"  # there is no room


def test_a_panel_leaves_its_row_and_the_others_stay_together() -> None:
    assert told(plan_rows.alone(plans("A bcd E"), 1)) == "A cd b E"
    assert told(plan_edits.closed(plans("a bcd"), 1)) == "a cd"
    assert told(plan_edits.moved(plans("A bcd E"), 2, 0)) == "c A bd E"
    assert told(plan_edits.inserted(plans("abc D"), 1, plans("x")[0])) == "abc x D"  # no row is torn
    assert told(plan_rows.row_moved(plans("A bc D"), 2, 1)) == "A D bc"
    assert told(plan_rows.row_moved(plans("A bc D"), 1, -1)) == "bc A D"
    assert told(plan_rows.row_moved(plans("ab C"), 0, -1)) == "ab C"


def test_a_panel_of_another_kind_leaves_its_row_and_finds_back() -> None:
    before = plans("abc")
    shown_otherwise = plan_edits.changed(before, 1, replace(before[1], kind=PanelKind.RATE))
    assert told(shown_otherwise) == "a b c"
    assert told(plan_edits.changed(shown_otherwise, 1, before[1])) == "abc"
    assert told(plan_edits.closed(shown_otherwise, 1)) == "a c"  # it was no row when that was closed


def test_pictures_of_several_cameras_stand_in_as_few_equal_rows_as_hold_them() -> None:
    assert told(plan_rows.pictures_in_rows(plans("A b C d"))) == "A bd C"
    assert told(plan_rows.pictures_in_rows(plans("a b c d e f g"))) == "abc defg"
    assert told(plan_rows.pictures_in_rows(plans("A b C"))) == "A b C"
    assert told(plan_rows.all_alone(plans("ab C"))) == "a b C"


def test_those_beside_each_other_are_equally_high() -> None:
    higher = plan_edits.as_high(plans("A bc D"), 2, 300)
    assert [plan.height for plan in higher] == [0, 300, 300, 0]


layouts = st.lists(
    st.builds(
        PanelPlan,
        kind=st.sampled_from((*INSTANT, PanelKind.CURVES)),
        streams=st.just(()),
        height=st.integers(1, 10**6),
        beside=st.booleans(),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda plan: plan.height,  # tells them apart
).map(tuple)


@given(layouts, st.data())
def test_no_move_loses_a_panel_or_makes_a_row_that_cannot_be(before: Plans, data: st.DataObject) -> None:
    index, other = (data.draw(st.integers(0, len(before) - 1)) for _ in range(2))
    moves = (
        plan_rows.beside(before, index, other, after=data.draw(st.booleans())),
        plan_rows.alone(before, index),
        plan_rows.row_moved(before, index, data.draw(st.sampled_from((-1, 1)))),
        plan_rows.pictures_in_rows(before),
        plan_edits.moved(before, index, data.draw(st.integers(0, len(before)))),
        plan_edits.closed((*before, replace(before[0], height=0)), len(before)),
    )
    for after in moves:
        assert sorted(plan.height for plan in after) == sorted(plan.height for plan in before)
        for row in plan_rows.rows_of(after):
            assert len(row) <= MOST_CELLS
            assert len(row) == 1 or all(after[n].kind in INSTANT for n in row)
    if plan_rows.can_join(before, index, other):
        order = [plan.height for plan in moves[0]]
        row = plan_rows.row_of(moves[0], order.index(before[index].height))
        assert before[other].height in [order[n] for n in row]
    kept = {tuple(before[n].height for n in row if n != index) for row in plan_rows.rows_of(before)} - {()}
    assert kept <= {tuple(moves[1][n].height for n in row) for row in plan_rows.rows_of(moves[1])}


# Widths -----------------------------------------------------------------------------------------------------

row_shares = st.lists(st.integers(0, 5000), min_size=1, max_size=5)


@given(row_shares, st.integers(0, 4000), st.integers(1, 200))
def test_widths_fill_the_row_and_are_never_too_small(shares: list[int], room: int, least: int) -> None:
    widths = widths_of(shares, room, least)
    assert sum(widths) == room
    assert min(widths) >= min(least, room // len(shares))


def test_equal_at_first_and_a_dragged_border_stays_where_it_was_let_go() -> None:
    assert widths_of((0, 0, 0), 900, 96) == (300, 300, 300)
    wider = dragged((300, 300, 300), 0, 120, 96)
    assert wider == (420, 180, 300)
    assert widths_of(shares_of(wider), 900, 96) == wider
    assert widths_of(shares_of(wider), 1800, 96) == (840, 360, 600)
    assert dragged((300, 300), 0, 900, 96) == (504, 96)
    assert shares_of((300, 300)) == (EQUAL, EQUAL)
