"""How live panels stand is kept by device and stream: each stands where it stood, whatever else is live."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.timeline import live_layout, plan_edits, plan_rows

KINDS = {
    StreamRef("mic", "sound"): PanelKind.WAVEFORM,
    StreamRef("front", "video"): PanelKind.VIDEO,
    StreamRef("side", "video"): PanelKind.VIDEO,
    StreamRef("box", "events"): PanelKind.MARKS,
}
moves = st.lists(
    st.tuples(st.sampled_from(("move", "beside", "height")), *[st.integers(0, 3)] * 2), max_size=6
)


def after(steps: list[tuple[str, int, int]]) -> plan_rows.Plans:
    plans = live_layout.usual(KINDS)
    for what, one, other in steps:
        if what == "move":
            plans = plan_edits.moved(plans, one, other)
        elif what == "beside":
            plans = plan_rows.beside(plans, one, other, after=True)
        else:
            plans = plan_edits.as_high(plans, one, 100 + other)
    return plans


@given(moves)
def test_what_is_kept_comes_back(steps: list[tuple[str, int, int]]) -> None:
    plans = after(steps)
    stored = json.loads(json.dumps(live_layout.kept(plans, None)))
    assert live_layout.bound(stored, KINDS) == plan_rows.settled(plans)


def test_a_stream_that_is_not_live_now_keeps_its_place_for_later() -> None:
    plans = plan_edits.moved(live_layout.usual(KINDS), 3, 0)  # events above all
    stored = live_layout.kept(plans, None)
    fewer = {ref: kind for ref, kind in KINDS.items() if ref.path in ("mic", "box")}
    assert [plan.streams[0].path for plan in live_layout.bound(stored, fewer)] == ["box", "mic"]
    stored = live_layout.kept(plan_edits.as_high(live_layout.bound(stored, fewer), 1, 333), stored)
    again = live_layout.bound(stored, KINDS)
    assert {plan.streams[0].path for plan in again} == {ref.path for ref in KINDS}
    assert next(plan.height for plan in again if plan.streams[0].path == "mic") == 333


def test_new_streams_stand_below_those_that_are_known() -> None:
    stored = live_layout.kept(live_layout.usual({StreamRef("box", "events"): PanelKind.MARKS}), None)
    assert live_layout.bound(stored, KINDS)[0].streams[0].path == "box"


@pytest.mark.parametrize("damaged", [None, 7, [3], [{"device": "mic"}], [{"stream": None, "height": -5}]])
def test_what_is_damaged_is_as_good_as_none(damaged: object) -> None:
    assert live_layout.bound(damaged, KINDS) == live_layout.usual(KINDS)
