"""Figures of other streams over a picture: at their places however it is seen, and only in their time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.shapes import Line, Points, Rectangle, Tag, shapes_message
from studio.ui.panels.curve_look import CurveLook
from studio.ui.panels.overlay_menu import add_overlays
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.stored_panel import StoredPanel
from tests.store.recordings import MS, SECOND, T0
from tests.ui.panels.stored import HEIGHT, WIDTH, PanelStand, recording
from tests.ui.panels.test_picture_content import at, turn_wheel
from tests.ui.timeline.pixels import pixels_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIZE = (120, 160)
"""Rows and columns of the pictures."""
BOX = Rectangle(40, 30, 60, 45, Tag(color="#ff0000"))
JSON = StreamFormat(PayloadKind.JSON)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    black = np.zeros((*SIZE, 3), np.uint8)
    half = Rectangle(20, 15, 30, 22.5, Tag(color="#ff0000"))
    faces = [(T0 + SECOND, shapes_message(BOX)), (T0 + 5 * SECOND, {"shapes": [{"kind": "blob"}]})]
    eyes = shapes_message(Points(((80, 60),), Tag("eyes")), Line(((0, 0), (160, 0)), tag=Tag(score=0.5)))
    return recording(
        tmp_path_factory.mktemp("overlays"),
        {
            "camera": (
                StreamFormat(PayloadKind.IMAGE, "uint8", width=160, height=120),
                [(T0 + n * SECOND, black) for n in range(10)],
            ),
            "faces": (JSON, faces),
            "shrunk": (JSON, [(T0 + SECOND, shapes_message(half, size=(80, 60)))]),
            "eyes": (JSON, [(T0 + SECOND, eyes), (T0 + 2 * SECOND, shapes_message())]),
            "words": (StreamFormat(PayloadKind.STRING), [(T0, "no figures")]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def plot_of(made: StoredPanel) -> PicturePlot:
    assert isinstance(made.panel.plot, PicturePlot)
    return made.panel.plot


def outline(made: StoredPanel) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is purely red, in pixels of the plot."""
    shown = pixels_of(plot_of(made)).astype(int)
    red = (shown[:, :, 0] > 120) & (shown[:, :, 1:].max(axis=2) < 60)
    assert red.any(), "nothing red is seen"
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def expected(made: StoredPanel, *, flip: tuple[bool, bool] = (False, False)) -> tuple[float, ...]:
    """The same of BOX, its line of 2 pixels included."""
    place = plot_of(made)._place()
    ends = [place.point_of(x, y, (160, 120), flip) for x, y in ((40, 30), (100, 75))]
    (left, right), (top, foot) = sorted(x for x, _ in ends), sorted(y for _, y in ends)
    return left - 1, top - 1, right + 1, foot + 1


@pytest.mark.parametrize("name", ["faces", "shrunk"])
def test_a_box_lies_at_its_place_fitted_one_for_one_flipped_and_zoomed(name: str, stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "camera", name, frame=at(1.2))
    near = {"abs": 1.01}
    assert outline(made) == pytest.approx(expected(made), **near)
    scale = (HEIGHT - 8) / 120
    assert outline(made)[2] - outline(made)[0] == pytest.approx(60 * scale + 2, abs=2)
    for mirrored, upside_down in ((True, False), (False, True), (True, True)):
        made.choose_options(PanelOptions(mirrored=mirrored, upside_down=upside_down))
        assert outline(made) == pytest.approx(expected(made, flip=(mirrored, upside_down)), **near)
    made.choose_options(PanelOptions(fit=False))
    left = (WIDTH - 160) / 2 + 40
    assert outline(made)[0] == pytest.approx(left - 1, abs=1.01)
    turn_wheel(plot_of(made), QPoint(round(left + 10), HEIGHT // 2), 1)
    stand.settle()
    assert outline(made) == pytest.approx(expected(made), **near)


def test_figures_are_seen_from_their_message_until_they_are_too_old(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "camera", "faces", frame=at(0.9))
    shapes = plot_of(made).layers

    def seen(second: float) -> bool:
        stand.draw(made, at(second))
        return 0 in shapes.shapes

    assert [seen(second) for second in (0.99, 1.0, 1.5, 1.51, 1.2)] == [False, True, True, False, True]
    made.choose_options(PanelOptions(keep_ms=0))
    assert [seen(second) for second in (4.9, 0.9)] == [True, False]


def test_what_cannot_be_drawn_is_said_in_the_legend_and_the_picture_stays(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "camera", "faces", "words", frame=at(5.1))
    no_face, faces, no_word, words = made.panel.header.text.legend
    assert [line.name for line in (no_face, no_word)] == ["faces", "words"]
    assert 'Message 2 of faces cannot be drawn: figure 1: its "kind" is "blob"' in faces.value
    assert "no figures for a picture" in words.value
    assert plot_of(made).picture_time == T0 + 5 * SECOND
    stand.draw(made, at(1.1))
    assert made.panel.header.text.legend[0].value == "1"


def actions_of(made: StoredPanel, *titles: str) -> dict[str, Any]:
    menu = QMenu(made.panel)
    add_overlays(menu, made)
    for title in ("Over the picture", *titles):
        (menu,) = (each.menu() for each in menu.actions() if each.text() == title)  # type: ignore[misc]
    return {each.text(): each for each in menu.actions()}


def test_each_stream_over_a_picture_is_hidden_dressed_and_removed_in_the_menu(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "camera", "faces", "eyes", frame=at(1.1))
    plans: list[PanelPlan] = []
    made.plan_changed.connect(plans.append)
    assert [(line.name, line.value) for line in made.panel.header.text.legend] == [
        ("faces", "1"),
        ("eyes", "2"),
    ]
    both = pixels_of(plot_of(made))
    actions_of(made, "faces")["Shown"].trigger()
    with pytest.raises(AssertionError, match="nothing red"):
        outline(made)
    actions_of(made, "eyes", "Colour")["Green"].trigger()
    actions_of(made, "eyes", "Width")["5 pixels"].trigger()
    assert plans[-1].options == PanelOptions(hidden_channels=("1:0",), looks=(CurveLook("2:0", 2, 5),))
    middle = pixels_of(plot_of(made))[HEIGHT // 2, WIDTH // 2]
    assert tuple(middle) == QColor(stand.theme.stream_colour(2)).getRgb()[:3]
    made.panel.header.legend_clicked.emit("1:0")
    assert plans[-1].options.hidden_channels == ()
    made.choose_options(PanelOptions())
    assert (pixels_of(plot_of(made)) == both).all()
    made.choose_options(PanelOptions(hidden_channels=("2:0",)))
    actions_of(made, "faces")["Remove"].trigger()
    assert [ref.name for ref in plans[-1].streams] == ["camera", "eyes"]
    assert plans[-1].options.hidden_channels == ("1:0",), "the one that is left has another number now"
    actions_of(made, "Shown after their message for")["Until the next message"].trigger()
    assert plans[-1].options.keep_ms == 0


def test_figures_without_their_pictures_are_not_here(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "another camera", "faces")
    assert made.panel.header.text.health.text == "1 of 2 streams not in this session"
    assert made.panel.header.text.name == "another camera, faces"


def test_they_follow_while_the_pictures_are_played(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "camera", "faces", frame=at(0.5))
    plot_of(made).is_fed = True
    stand.draw(made, at(1.1))
    assert 0 in plot_of(made).layers.shapes
    made.change_plan(replace(made.plan, options=PanelOptions(keep_ms=50)))
    stand.settle()
    assert 0 not in plot_of(made).layers.shapes, "a hundred milliseconds old"
    assert plot_of(made).picture_time == T0, f"pictures come from the player, not {100 * MS} ns later"
