"""An XY plot shows one recorded value against another, points out the cursor, and keeps what was chosen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import TimeInterval
from studio.ui import readable
from studio.ui.panels.panel_menu import fill_menu
from studio.ui.panels.panel_plan import (
    LineStyle,
    PanelKind,
    PanelOptions,
    PanelPlan,
    options_from_json,
    options_to_json,
)
from studio.ui.panels.plane_choice import ONE_VALUE
from studio.ui.panels.plane_content import NO_POINTS, NOTHING_SELECTED
from studio.ui.panels.plane_plot import PlanePlot
from studio.ui.panels.stored_panel import StoredPanel
from tests.store.recordings import MS, SECOND, T0
from tests.ui.panels.stored import WHOLE, PanelStand, frame_of, recording
from tests.ui.timeline.pixels import pixels_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

COP = StreamFormat(PayloadKind.SAMPLES, "float64", 3, ("fz", "x", "y"), 100.0, "mm")


def circle(block: int) -> np.ndarray:
    angles = 2 * np.pi * np.arange(block * 10, block * 10 + 10) / 1000
    return np.stack([np.full(10, 700.0), 30 * np.cos(angles), 20 * np.sin(angles)], axis=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    json = StreamFormat(PayloadKind.JSON)
    return recording(
        tmp_path_factory.mktemp("planes"),
        {
            "plate": (COP, [(T0 + (n + 1) * 100 * MS, circle(n)) for n in range(100)]),
            "gaze": (json, [(T0 + n * 100 * MS, {"x": n, "y": n * n, "pupil": 3}) for n in range(101)]),
            "a": (
                StreamFormat(PayloadKind.SCALAR, "float64", units="V"),
                [(T0 + n * SECOND, n) for n in range(11)],
            ),
            "b": (
                StreamFormat(PayloadKind.SCALAR, "float64"),
                [(T0 + n * 10 * MS, n / 100.0) for n in range(1001)],
            ),
            "late": (StreamFormat(PayloadKind.SCALAR, "float64"), [(T0 + 90 * SECOND, 1.0)]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def plot_of(made: StoredPanel) -> PlanePlot:
    assert isinstance(made.panel.plot, PlanePlot)
    return made.panel.plot


def points_of(made: StoredPanel) -> tuple[list[float], list[float]]:
    points = plot_of(made).points
    assert points is not None
    return points.xs.tolist(), points.ys.tolist()


def legend(made: StoredPanel) -> list[tuple[str, str]]:
    return [(line.name, line.value) for line in made.panel.header.text.legend]


def test_two_channels_are_a_path_with_the_cursor_s_point_and_the_way_to_it(stand: PanelStand) -> None:
    options = PanelOptions(across="0:1", up="0:2")
    made = stand.show(PanelKind.PLANE, "plate", options=options, frame=WHOLE)
    plot = plot_of(made)
    xs, ys = points_of(made)
    wanted = np.concatenate([circle(n) for n in range(100)])
    assert xs == wanted[:, 1].tolist()
    assert ys == wanted[:, 2].tolist()
    assert [name for name, _ in legend(made)] == ["x (mm)", "y (mm)"]
    told = [float(value.replace(readable.MINUS, "-")) for _, value in legend(made)]
    assert told == pytest.approx([wanted[499, 1], wanted[499, 2]], abs=0.01)
    assert plot.trail == slice(450, 500)
    seen = pixels_of(plot).astype(int)
    accent = stand.theme.colour("accent")
    near = np.abs(seen - (accent.red(), accent.green(), accent.blue())).max(axis=2) <= 6
    rows, columns = np.nonzero(near)
    (x,), (y,) = plot.view.pixels_of(np.array([wanted[499, 1]]), np.array([wanted[499, 2]]), plot.room)
    assert len(rows) > 40
    assert (columns.mean(), rows.mean()) == (pytest.approx(x, abs=1.5), pytest.approx(y, abs=1.5))


def test_members_of_messages_and_two_streams_can_lie_against_each_other(stand: PanelStand) -> None:
    made = stand.show(PanelKind.PLANE, "gaze")
    xs, ys = points_of(made)
    assert (xs, ys) == (list(range(101)), [n * n for n in range(101)])
    assert [name for name, _ in legend(made)] == ["x", "y"]
    assert legend(made)[1][1].startswith("2500")
    made.change_plan(replace(made.plan, options=PanelOptions(across="0:y", up="0:pupil")))
    stand.settle()
    assert points_of(made) == (ys, [3] * 101)
    pair = stand.show(PanelKind.PLANE, "a", "b")
    assert points_of(pair) == (list(range(11)), [float(n) for n in range(11)])
    assert legend(pair)[0][0] == "a (V)"
    assert pair.panel.header.text.name == "a, b"


def test_points_that_stand_for_stretches_nobody_has_read_are_not_joined(stand: PanelStand) -> None:
    made = stand.show(PanelKind.PLANE, "plate", options=PanelOptions(across="0:1", up="0:2"))
    plot = plot_of(made)
    assert plot.points is not None
    few = np.array([0, 250, 500, 750])
    points = replace(
        plot.points, times=plot.points.times[few], xs=plot.points.xs[few], ys=plot.points.ys[few], shown=4
    )
    plot.show_cursor(None, None)
    inked = []
    for is_sampled in (False, True):
        plot.take_points(replace(points, is_sampled=is_sampled), ("x", "y"))
        room, seen = plot.room, pixels_of(plot).astype(int)
        middle = seen[
            round(room.top + room.height * 0.3) : round(room.top + room.height * 0.45),
            round(room.left + room.width * 0.55) : round(room.left + room.width * 0.95),
        ]
        colour = stand.theme.stream_colour(0)
        ink = np.abs(middle - (colour.red(), colour.green(), colour.blue())).max(axis=2) < 120
        inked.append(bool(ink.any()))
    assert inked == [True, False]


def test_it_is_about_what_is_in_view_or_what_is_selected(stand: PanelStand) -> None:
    made = stand.show(PanelKind.PLANE, "gaze", frame=frame_of(T0 + SECOND, T0 + 2 * SECOND))
    assert points_of(made)[0] == list(range(10, 21))
    made.change_plan(replace(made.plan, options=PanelOptions(over_selection=True)))
    stand.settle()
    assert plot_of(made)._words == NOTHING_SELECTED
    selected = replace(WHOLE, selection=TimeInterval(T0 + 3 * SECOND, T0 + 4 * SECOND))
    stand.draw(made, selected)
    assert points_of(made)[0] == list(range(30, 41))
    assert plot_of(made)._words == ""


def test_what_cannot_be_drawn_is_told_in_words(stand: PanelStand) -> None:
    assert plot_of(stand.show(PanelKind.PLANE, "a"))._words == ONE_VALUE
    assert plot_of(stand.show(PanelKind.PLANE, "a", "late"))._words == NO_POINTS


def test_the_wheel_a_drag_and_a_double_click_move_the_plane_only(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.PLANE, "plate")
    plot, room = plot_of(made), plot_of(made).room
    place = QPointF(room.left + room.width / 4, room.top + room.height / 2)
    before = plot.view
    under = before.values_at(place.x(), place.y(), room)
    wheel = QWheelEvent(
        place,
        plot.mapToGlobal(place),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot, wheel)
    assert plot.view.reach_x == pytest.approx(before.reach_x / 1.25**2)
    assert plot.view.values_at(place.x(), place.y(), room) == pytest.approx(under)
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=place.toPoint())
    qtbot.mouseMove(plot, place.toPoint() + QPoint(30, 10))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=place.toPoint() + QPoint(30, 10))
    moved = plot.view.values_at(place.x() + 30, place.y() + 10, room)
    assert moved == pytest.approx(under, abs=before.reach_x / 100)
    assert plot.pointer_words.startswith("x ")
    zoomed = plot.view
    stand.draw(made, frame_of(T0, T0 + 9 * SECOND))
    assert plot.view == zoomed, "what is in view of time may change"
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert plot.is_fitted


def test_the_menu_says_what_lies_where_and_plans_keep_it(stand: PanelStand) -> None:
    made = stand.show(PanelKind.PLANE, "gaze")
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)

    def choose(*names: str) -> None:
        menu = QMenu(made.panel)
        fill_menu(menu, made)
        for name in names:
            action = next(action for action in menu.actions() if action.text() == name)
            menu = action.menu() if action.menu() is not None else menu
        action.trigger()
        stand.settle()

    choose("Up", "pupil")
    choose("Swap across and up")
    choose("Draw", "Points")
    choose("Same scale for both")
    options = told[-1].options
    assert options == PanelOptions(across="0:pupil", up="0:x", line=LineStyle.POINTS, even_scales=True)
    assert options_from_json(options_to_json(options)) == options
    view, room = plot_of(made).view, plot_of(made).room
    assert view.reach_x / room.width == pytest.approx(view.reach_y / room.height)
    assert points_of(made)[0] == [3] * 101
