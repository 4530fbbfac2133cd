"""Panels are moved, resized, hidden, added and dropped in a real timeline, and it can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.formats.shapes import Rectangle, Shapes, Tag, shapes_message
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.stream_drag import WHOLE, mime_of
from studio.ui.theme import Theme
from studio.ui.timeline.first_plans import MOST_PANELS
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.panel_menus import PanelMenus
from studio.ui.timeline.timeline import Timeline
from studio.ui.undo import UndoStack
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")  # the screenless platform

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
EVENTS = StreamFormat(PayloadKind.EVENT)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blocks = [(T0 + n * 100 * MS, np.full((10, 1), n, np.float32)) for n in range(1, 51)]
    events = [(T0 + n * SECOND, Event(str(n))) for n in range(1, 5)]
    return write_recording(
        tmp_path_factory.mktemp("arranging") / "P01.h5",
        {"a": (NUMBERS, blocks), "b": (NUMBERS, blocks), "c": (EVENTS, events)},
    )


@pytest.fixture(scope="module")
def faces_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of pictures, and of boxes that belong over them."""
    pictures = StreamFormat(PayloadKind.IMAGE, "uint8", width=16, height=12)
    box = shapes_message(Rectangle(2, 2, 8, 6, Tag("face")))
    return write_recording(
        tmp_path_factory.mktemp("faces") / "P01.h5",
        {
            "p": (pictures, [(T0, np.zeros((12, 16, 3), np.uint8))]),
            "f": (StreamFormat(PayloadKind.JSON), [(T0, box)]),
        },
    )


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close_streams()


@pytest.fixture
def undo(timeline: Timeline, path: Path) -> UndoStack:
    timeline.show_recording(described(path))
    made = UndoStack(timeline)
    timeline.arrangement.attach(made)
    return made


def names(timeline: Timeline) -> str:
    return "".join(plan.streams[0].name for plan in timeline.plans)


def ref(timeline: Timeline, name: str) -> StreamRef:
    return StreamRef(timeline.recordings[0].path, name)


def test_a_panel_is_dragged_by_its_header(qtbot: QtBot, timeline: Timeline, undo: UndoStack) -> None:
    before = timeline.panels
    header, target = before[0].header, before[2].header
    end = header.mapFrom(timeline, target.mapTo(timeline, QPoint(20, target.height() - 4)))
    qtbot.mousePress(header, LEFT, pos=QPoint(20, 10))
    qtbot.mouseMove(header, end - QPoint(0, 30))
    qtbot.mouseMove(header, end)
    qtbot.mouseRelease(header, LEFT, pos=end)
    assert names(timeline) == "bca"
    assert timeline.panels == (before[1], before[2], before[0])  # kept, not made anew
    assert [panel.y() for panel in timeline.panels] == sorted(panel.y() for panel in timeline.panels)
    undo.undo()
    assert names(timeline) == "abc"


def test_a_panel_is_resized_at_its_bottom_edge(qtbot: QtBot, timeline: Timeline, undo: UndoStack) -> None:
    panel = timeline.panels[0]
    edge = timeline.page.stack._edges[panel]
    before = panel.height()
    qtbot.mousePress(edge, LEFT, pos=QPoint(50, 1))
    qtbot.mouseMove(edge, QPoint(50, 61))
    qtbot.mouseRelease(edge, LEFT, pos=QPoint(50, 1))
    assert panel.height() == before + 60
    assert timeline.plans[0].height == before + 60
    undo.undo()
    assert (panel.height(), timeline.plans[0].height) == (before, 0)


def test_the_border_below_a_panel_offers_its_menu(timeline: Timeline, undo: UndoStack) -> None:
    asked: list[object] = []
    panel, place = timeline.panels[0], QPoint(50, 1)
    streams = timeline.session_streams
    assert streams is not None
    streams.stored_panels[0].menu_opening.connect(asked.append)
    edge = timeline.page.stack._edges[panel]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, edge.mapToGlobal(place))
    QApplication.sendEvent(edge, event)
    assert len(asked) == 1
    menu = panel.findChild(QMenu, "panel_menu")
    assert isinstance(menu, QMenu)
    menu.close()


def test_a_hidden_panel_asks_nothing_and_can_be_shown_again(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack, reader: RealReader
) -> None:
    timeline.arrangement.hide(2)
    assert not timeline.panels[2].isVisible()
    assert timeline.selection_bar.words == "1 panel hidden"
    assert [one.name for one in timeline.shown_streams] == ["a", "b"]
    qtbot.waitUntil(lambda: reader.is_idle)
    reader.asked.clear()
    timeline.navigator.zoom_in()
    qtbot.waitUntil(lambda: reader.is_idle)
    assert not any(getattr(query, "stream", "") == "c" for query in reader.asked)
    assert not any("c" in getattr(query, "streams", ()) for query in reader.asked)
    timeline.arrangement.show_all()
    assert timeline.panels[2].isVisible()


def dropped(timeline: Timeline, mime: QMimeData, position: QPoint) -> None:
    viewport = timeline.page.stack.viewport()
    buttons, keys = LEFT, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(position, copy, mime, buttons, keys),
        QDragMoveEvent(position, copy, mime, buttons, keys),
        QDropEvent(QPointF(position), copy, mime, buttons, keys),
    ):
        QApplication.sendEvent(viewport, event)
        assert event.isAccepted()


def test_a_stream_dropped_between_panels_gets_its_own_and_onto_curves_is_overlaid(
    timeline: Timeline, undo: UndoStack
) -> None:
    first, second = timeline.panels[0].geometry(), timeline.panels[1].geometry()
    between = QPoint(300, (first.bottom() + second.top()) // 2)
    dropped(timeline, mime_of([ref(timeline, "c")]), between)
    assert names(timeline) == "acbc"
    dropped(timeline, mime_of([ref(timeline, "b")]), timeline.panels[0].geometry().center())
    assert [one.name for one in timeline.plans[0].streams] == ["a", "b"]
    undo.undo()
    undo.undo()
    assert names(timeline) == "abc"


def test_figures_dropped_onto_pictures_lie_over_them_and_are_there_again_with_the_layout(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack, faces_path: Path, reader: RealReader, tmp_path: Path
) -> None:
    timeline.show_recording(described(faces_path))
    menu = QMenu()
    qtbot.addWidget(menu)
    layouts = Layouts(timeline, KeptLayouts(lambda: tmp_path / "layouts.json"), undo, menu)
    timeline.navigator.set_cursor(T0)
    dropped(timeline, mime_of([ref(timeline, "f")]), timeline.panels[0].geometry().center())
    assert [one.name for one in timeline.plans[0].streams] == ["p", "f"]
    layouts.save()
    timeline.show_empty()
    timeline.show_recording(described(faces_path))
    assert [one.name for one in timeline.plans[0].streams] == ["p", "f"]
    timeline.navigator.set_cursor(T0)
    plot = timeline.panels[0].plot
    assert isinstance(plot, PicturePlot)
    qtbot.waitUntil(lambda: 0 in plot.layers.shapes)
    assert plot.layers.shapes[0] == Shapes((Rectangle(2, 2, 8, 6, Tag("face")),))
    qtbot.waitUntil(lambda: reader.is_idle)


def test_a_whole_partition_and_streams_of_elsewhere(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack
) -> None:
    with qtbot.waitSignal(timeline.streams_dropped) as told:
        elsewhere = StreamRef("/elsewhere/P09.h5", "x")
        dropped(timeline, mime_of([ref(timeline, WHOLE), elsewhere]), QPoint(300, 2))
    assert names(timeline) == "abcabc"
    assert told.args[0] == (elsewhere,)


def test_the_menu_of_a_panel_adds_other_panels_moves_and_zooms(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack
) -> None:
    PanelMenus(timeline)
    streams = timeline.session_streams
    assert streams is not None
    menu = QMenu()
    qtbot.addWidget(menu)
    streams.menu_opening.emit(streams.stored_panels[0], menu)
    entries = {action.text(): action for action in menu.actions()}
    kinds = {action.text(): action for action in menu.findChildren(QMenu)[0].actions()}
    kinds["Latency"].trigger()
    assert [plan.kind for plan in timeline.plans][1] is PanelKind.LATENCY
    entries["Move down"].trigger()
    assert timeline.plans[0].kind is PanelKind.LATENCY
    assert not entries["Move up"].isEnabled()


def test_layouts_come_back_by_themselves_and_by_name(
    qtbot: QtBot, timeline: Timeline, undo: UndoStack, path: Path, tmp_path: Path
) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    layouts = Layouts(timeline, KeptLayouts(lambda: tmp_path / "layouts.json"), undo, menu)
    timeline.arrangement.move(0, 3)
    timeline.show_empty()
    timeline.show_recording(described(path))
    assert names(timeline) == "bca"
    layouts.save_as("  Turned  ")
    layouts.reset()
    assert names(timeline) == "abc"
    layouts.close_all()
    assert timeline.panels == ()
    undo.undo()
    assert names(timeline) == "abc"
    layouts.choose("Turned")
    assert names(timeline) == "bca"
    layouts.delete("Turned")
    menu.aboutToShow.emit()
    assert "Turned" not in [action.text() for action in menu.actions()]
    undo.undo()
    menu.aboutToShow.emit()
    assert "Turned" in [action.text() for action in menu.actions()]
    layouts.save()


def test_an_unbound_panel_is_shown_as_such(timeline: Timeline, undo: UndoStack) -> None:
    missing = PanelPlan(PanelKind.CURVES, (StreamRef("0:P01", "gone"),))
    timeline.show_plans((*timeline.plans, missing))
    assert "not in this session" in timeline.panels[-1].header.text.health.text
    assert [one.name for one in timeline.shown_streams] == ["a", "b", "c"]
    timeline.navigator.zoom_in()


def test_undo_of_another_session_leaves_this_one_alone(
    timeline: Timeline, undo: UndoStack, tmp_path: Path
) -> None:
    timeline.arrangement.move(0, 3)
    other = write_recording(tmp_path / "P02.h5", {"x": (EVENTS, [(T0, Event("1"))])})
    timeline.show_recording(described(other))
    undo.undo()
    assert names(timeline) == "x"


def test_of_very_many_streams_only_some_get_panels_and_it_is_said(
    qtbot: QtBot, timeline: Timeline, tmp_path: Path
) -> None:
    many = {f"e{n:03}": (EVENTS, [(T0 + n, Event(str(n)))]) for n in range(60)}
    path = write_recording(
        tmp_path / "many.h5", many | {"z": (NUMBERS, [(T0, np.zeros((10, 1), np.float32))])}
    )
    with qtbot.waitSignal(timeline.noted) as told:
        timeline.show_recording(described(path))
    assert len(timeline.panels) == MOST_PANELS
    assert "z" in names(timeline)
    assert "24 of 61 streams" in told.args[0]
    timeline.add_stream(StreamRef(str(path), "e059"))
    assert len(timeline.panels) == MOST_PANELS + 1
