"""XY plots and members of messages in a real timeline: in rows, by mouse and menu, in layouts."""

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
from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.plane_plot import PlanePlot
from studio.ui.theme import Theme
from studio.ui.timeline.kept_layout import bound, kept
from studio.ui.timeline.panel_menus import PanelMenus
from studio.ui.timeline.plan_rows import rows_of
from studio.ui.timeline.session import Session
from studio.ui.timeline.timeline import Timeline
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


def ref(path: Path, name: str) -> StreamRef:
    return StreamRef(str(path), name)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blocks = [(T0 + n * 100 * MS, np.arange(20.0).reshape(10, 2) + n) for n in range(1, 51)]
    return write_recording(
        tmp_path_factory.mktemp("planes") / "P01.h5",
        {
            "plate": (StreamFormat(PayloadKind.SAMPLES, "float64", 2, ("x", "y"), 100.0), blocks),
            "gaze": (
                StreamFormat(PayloadKind.JSON),
                [(T0 + n * 100 * MS, {"x": n, "eye": "left"}) for n in range(51)],
            ),
        },
    )


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader, path: Path) -> Iterator[Timeline]:
    widget = Timeline(Theme("dark"), reader)
    PanelMenus(widget)
    qtbot.addWidget(widget)
    widget.resize(1000, 800)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_session((described(path),), (PanelPlan(PanelKind.PLANE, (ref(path, "plate"),)),))
    yield widget
    widget.close_streams()


def test_an_xy_plot_has_the_mouse_for_itself_and_follows_cursor_and_view(
    timeline: Timeline, qtbot: QtBot
) -> None:
    plot = timeline.panels[0].plot
    assert isinstance(plot, PlanePlot)
    qtbot.waitUntil(lambda: plot.points is not None and plot.points.total == 500)
    view, plane = timeline.navigator.view, plot.view
    place = QPointF(plot.rect().center())
    wheel = QWheelEvent(
        place,
        plot.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot, wheel)
    assert plot.view.reach_x < plane.reach_x
    assert timeline.navigator.view == view
    timeline.navigator.set_cursor(T0 + 2 * SECOND)
    qtbot.waitUntil(lambda: plot.trail.stop == 200)


def test_it_stands_beside_others_takes_a_second_stream_and_a_layout_keeps_it(
    timeline: Timeline, path: Path, qtbot: QtBot
) -> None:
    arrangement = timeline.arrangement
    arrangement.add_stream(ref(path, "gaze"), PanelKind.TEXT, member="eye")
    arrangement.move_beside(1, 0, True)
    assert rows_of(timeline.plans) == (range(0, 2),)
    assert arrangement.overlay(ref(path, "gaze"), 0)
    session = timeline.session
    assert session is not None
    assert bound(kept(timeline.plans, session), session) == timeline.plans
    elsewhere = Session(tuple(replace(info, path="/other.h5") for info in session.infos))
    moved = bound(kept(timeline.plans, session), elsewhere)
    assert [(one.kind, one.streams[0].path, one.options.members) for one in moved] == [
        (PanelKind.PLANE, "/other.h5", ()),
        (PanelKind.TEXT, "/other.h5", ("eye",)),
    ]
    texts = timeline.panels[1]
    qtbot.waitUntil(lambda: texts.plot.text.toPlainText() == "left")


def test_the_menu_of_a_panel_adds_a_member_below_it(timeline: Timeline, path: Path, qtbot: QtBot) -> None:
    timeline.show_plans((PanelPlan(PanelKind.MARKS, (ref(path, "gaze"),)), *timeline.plans))
    assert timeline.session_streams is not None
    menu = QMenu(timeline)
    timeline.session_streams.stored_panels[0].menu_opening.emit(menu)
    members = next(action.menu() for action in menu.actions() if action.text() == "Add member")
    members.aboutToShow.emit()
    qtbot.waitUntil(lambda: [action.text() for action in members.actions() if action.text()] == ["x", "eye"])
    members.actions()[0].trigger()
    assert timeline.plans[1] == PanelPlan(
        PanelKind.SERIES, (ref(path, "gaze"),), options=PanelOptions(members=("x",))
    )
