"""Panels are added, overlaid, moved, hidden and closed as values."""

from hypothesis import given
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo, StreamRef
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.timeline.plan_edits import all_shown, can_overlay, closed, inserted, moved, overlaid, plan_for
from studio.ui.timeline.stack_heights import Wish, heights_of

NUMBERS = StreamInfo("imu", StreamFormat(PayloadKind.SAMPLES, "float32", 3))
SOUND = StreamInfo("sound", StreamFormat(PayloadKind.AUDIO, "int16", 1))


def plans(*names: str) -> tuple[PanelPlan, ...]:
    return tuple(PanelPlan(PanelKind.CURVES, (StreamRef("P.h5", name),)) for name in names)


def names(of: tuple[PanelPlan, ...]) -> str:
    return "".join(plan.streams[0].name for plan in of)


def test_a_panel_goes_into_a_gap() -> None:
    before = plans("a", "b", "c")
    assert names(moved(before, 0, 3)) == "bca"
    assert names(moved(before, 2, 0)) == "cab"
    assert names(moved(before, 1, 1)) == names(moved(before, 1, 2)) == "abc"


@given(st.integers(0, 4), st.integers(0, 5))
def test_moving_loses_and_doubles_none(index: int, gap: int) -> None:
    assert sorted(names(moved(plans(*"abcde"), index, gap))) == list("abcde")


def test_a_stream_gets_its_usual_panel_or_the_one_asked_for() -> None:
    ref = StreamRef("P.h5", "sound")
    assert plan_for(ref, SOUND).kind is PanelKind.WAVEFORM
    assert plan_for(ref, SOUND, PanelKind.LATENCY).kind is PanelKind.LATENCY


def test_only_curves_take_another_stream_and_each_once() -> None:
    curves = plans("a")[0]
    other = StreamRef("P.h5", "imu")
    assert can_overlay(curves, other, NUMBERS)
    assert not can_overlay(curves, curves.streams[0], NUMBERS)
    assert not can_overlay(curves, StreamRef("P.h5", "sound"), SOUND)
    assert overlaid((curves,), 0, other)[0].streams == (curves.streams[0], other)


def test_pictures_take_what_may_be_figures_over_them() -> None:
    picture = PanelPlan(PanelKind.VIDEO, (StreamRef("P.h5", "camera"),))
    figures, text = (
        StreamInfo("faces", StreamFormat(kind)) for kind in (PayloadKind.JSON, PayloadKind.STRING)
    )
    assert can_overlay(picture, StreamRef("Q.h5", "faces"), figures)
    assert not can_overlay(picture, StreamRef("P.h5", "words"), text)
    assert not can_overlay(picture, StreamRef("P.h5", "imu"), NUMBERS)


def test_closing_and_showing_all() -> None:
    before = inserted(plans("a", "b"), 1, PanelPlan(PanelKind.CURVES, (StreamRef("P.h5", "x"),), hidden=True))
    assert names(before) == "axb"
    assert names(closed(before, 1)) == "ab"
    assert not any(plan.hidden for plan in all_shown(before))


wishes = st.lists(
    st.builds(Wish, liked=st.integers(0, 400), least=st.integers(1, 100), chosen=st.integers(0, 600)),
    max_size=12,
)


@given(wishes, st.integers(-50, 3000))
def test_heights_fill_the_room_or_are_the_least(stack: list[Wish], available: int) -> None:
    heights = heights_of(stack, available)
    for wish, height in zip(stack, heights, strict=True):
        assert height >= wish.least
        assert not wish.chosen or height == max(wish.chosen, wish.least)
    least = sum(max(wish.chosen, wish.least) if wish.chosen else wish.least for wish in stack)
    if any(not wish.chosen for wish in stack):
        assert sum(heights) == max(available, least)


def test_what_is_left_is_shared_as_each_likes() -> None:
    assert heights_of([Wish(100, 48), Wish(200, 48), Wish(100, 48, chosen=150)], 450) == (100, 200, 150)
