"""Pictures of several cameras stand beside each other in a real timeline, and people move them about."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.stream_drag import mime_of
from studio.ui.theme import Theme
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.panel_menus import PanelMenus
from studio.ui.timeline.panel_stack import EDGE
from studio.ui.timeline.plan_rows import rows_of
from studio.ui.timeline.timeline import Timeline
from studio.ui.undo import UndoStack
from tests.store.recordings import MS, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_arranging_panels import dropped, ref
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
PICTURES = StreamFormat(PayloadKind.JPEG, rate=10.0)
LEFT = Qt.MouseButton.LeftButton
CAMERAS = "abc"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blocks = [(T0 + n * 100 * MS, np.full((10, 1), n, np.float32)) for n in range(1, 11)]
    pictures = {
        name: [
            (T0 + n * 100 * MS, encode_jpeg(np.full((60, 80, 3), 60 * (1 + k), np.uint8), 90))
            for n in range(1, 11)
        ]
        for k, name in enumerate(CAMERAS)
    }
    return write_recording(
        tmp_path_factory.mktemp("rows") / "P01.h5",
        {
            "N": (NUMBERS, blocks),
            "a": (PICTURES, pictures["a"]),
            "M": (NUMBERS, blocks),
            "b": (PICTURES, pictures["b"]),
            "c": (PICTURES, pictures["c"]),
        },
    )


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader, path: Path) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(1000, 800)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_recording(described(path))
    yield widget
    widget.close_streams()


@pytest.fixture
def undo(timeline: Timeline) -> UndoStack:
    made = UndoStack(timeline)
    timeline.arrangement.attach(made)
    return made


def rows(timeline: Timeline) -> str:
    plans = timeline.plans
    return " ".join("".join(plans[n].streams[0].name for n in row) for row in rows_of(plans))


def dragged(qtbot: QtBot, timeline: Timeline, number: int, onto: int, across: float, down: float) -> None:
    """A panel, by its header, to a place on another one."""
    header, target = timeline.panels[number].header, timeline.panels[onto]
    place = QPoint(round(target.width() * across), round(target.height() * down))
    end = header.mapFrom(timeline, target.mapTo(timeline, place))
    qtbot.mousePress(header, LEFT, pos=QPoint(20, 8))
    qtbot.mouseMove(header, end - QPoint(15, 15))
    qtbot.mouseMove(header, end)
    qtbot.mouseRelease(header, LEFT, pos=end)


def test_pictures_of_several_cameras_are_beside_each_other_and_equally_wide(
    qtbot: QtBot, timeline: Timeline, reader: RealReader
) -> None:
    assert rows(timeline) == "N abc M"
    cells = timeline.panels[1:4]
    assert len({(panel.y(), panel.height()) for panel in cells}) == 1
    widths = [panel.width() for panel in cells]
    assert max(widths) - min(widths) <= 1
    assert sum(widths) + 2 * EDGE == timeline.panels[0].width()
    qtbot.waitUntil(
        lambda: all(isinstance(one.plot, PicturePlot) and one.plot.picture_time for one in cells),
        timeout=20_000,
    )
    plots = [panel.plot for panel in cells]
    assert all(abs(panel.plot.width() - panel.width()) <= 1 for panel in cells)  # no column beside it
    cursor, view = timeline.navigator.cursor_time, timeline.navigator.view
    qtbot.mouseMove(plots[1], QPoint(30, 30))
    qtbot.mouseMove(plots[1], QPoint(90, 40))
    assert timeline.navigator.cursor_time == cursor  # the pointer over it stands at no time
    wheel(plots[1])
    assert timeline.navigator.view != view


def wheel(widget: QWidget) -> None:
    place = QPointF(widget.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120), *none, False)
    QApplication.sendEvent(widget, event)


def test_panels_are_dragged_beside_each_other_out_of_the_row_and_within_it(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack
) -> None:
    kept = set(timeline.panels)
    dragged(qtbot, timeline, 3, 2, 0.2, 0.05)  # along the headers
    assert rows(timeline) == "N acb M"
    dragged(qtbot, timeline, 1, 4, 0.5, 0.95)
    assert rows(timeline) == "N cb M a"
    assert timeline.panels[-1].header.width() < timeline.panels[-1].width() / 2  # a column again
    dragged(qtbot, timeline, 4, 2, 0.9, 0.5)
    assert rows(timeline) == "N cba M"
    dragged(qtbot, timeline, 2, 2, 0.2, 0.3)  # onto itself
    dragged(qtbot, timeline, 0, 1, 0.1, 0.4)  # curves have no place there
    assert rows(timeline) == "N cba M"
    assert set(timeline.panels) == kept  # none was made anew
    dropped(timeline, mime_of([ref(timeline, "a")]), timeline.panels[1].geometry().center() + QPoint(9, 0))
    assert rows(timeline) == "N caba M"
    while undo.canUndo():
        undo.undo()
    assert rows(timeline) == "N abc M"


def test_the_border_between_two_is_dragged_and_a_double_click_makes_them_equal(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack
) -> None:
    first, second, third = timeline.panels[1:4]
    before = first.width(), second.width(), third.width()
    side = timeline.page.stack._sides[first]
    qtbot.mousePress(side, LEFT, pos=QPoint(1, 30))
    qtbot.mouseMove(side, QPoint(61, 30))
    assert first.width() == before[0] + 60
    qtbot.mouseRelease(side, LEFT, pos=QPoint(1, 30))
    after = first.width(), second.width(), third.width()
    assert np.abs(np.subtract(after, (before[0] + 60, before[1] - 60, before[2]))).max() <= 1
    timeline.arrangement.hide(2)
    assert third.width() > before[2]
    timeline.arrangement.show_all()
    assert (first.width(), second.width(), third.width()) == after
    timeline.arrangement.set_height(2, 333)
    assert {first.height(), second.height(), third.height()} == {333}
    undo.undo()
    qtbot.mouseDClick(side, LEFT)
    assert (first.width(), second.width(), third.width()) == before


def test_the_menus_place_panels_and_a_layout_keeps_them(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack, path: Path, tmp_path: Path
) -> None:
    PanelMenus(timeline)
    menu = QMenu()
    qtbot.addWidget(menu)
    layouts = Layouts(timeline, KeptLayouts(lambda: tmp_path / "layouts.json"), undo, menu)
    choose(qtbot, timeline, 2, "In a row of its own")
    assert rows(timeline) == "N ac b M"
    choose(qtbot, timeline, 1, "Move right")
    choose(qtbot, timeline, 1, "Move row up")
    assert rows(timeline) == "ca N b M"
    layouts.save_as("Mine")
    by_text = {action.text().replace("&", ""): action for action in menu.actions()}
    by_text["Each panel in a row of its own"].trigger()
    assert rows(timeline) == "c a N b M"
    choose(qtbot, timeline, 1, "Place beside the panel above")
    assert rows(timeline) == "ca N b M"
    by_text["Pictures beside each other"].trigger()
    assert rows(timeline) == "cab N M"
    layouts.choose("Mine")
    timeline.show_empty()
    timeline.show_recording(described(path))
    assert rows(timeline) == "ca N b M"
    layouts.save()


def choose(qtbot: QtBot, timeline: Timeline, number: int, text: str) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    streams = timeline.session_streams
    assert streams is not None
    streams.menu_opening.emit(streams.stored_panels[number], menu)
    next(action for action in menu.actions() if action.text() == text).trigger()
