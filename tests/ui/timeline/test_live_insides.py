"""Live, too, one sees what is inside messages: numbers as curves, XY plots, figures over the picture."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.formats.recording import StreamRef
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.plane_plot import PlanePlot
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.session import Session
from studio.ui.undo import UndoStack
from tests.store.recordings import MS, T0
from tests.ui.panels.stored import described, recording
from tests.ui.ring_studio import IMU, PICTURES
from tests.ui.timeline.live_stand import TRACKER, Stand, Tracked, message

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def tracked(tmp_path: Path) -> Iterator[Tracked]:
    made = Tracked(tmp_path)
    yield made
    made.close()


@pytest.fixture
def stand(qtbot: QtBot, tracked: Tracked, tmp_path: Path) -> Iterator[Stand]:
    made = Stand(qtbot, tracked, tmp_path / "layouts.json")
    yield made
    made.close()


def test_numbers_inside_messages_are_live_curves_and_nobody_looks_inside_before(stand: Stand) -> None:
    assert isinstance(stand.tracker().plot, MarkPlot)
    assert stand.streams.reader.opened == (), "what nobody shows is not parsed"
    stand.choose(stand.tracker(), "Add panel", "Numbers inside as curves")
    plot = stand.panel(PanelKind.SERIES).plot
    assert isinstance(plot, SignalPlot)
    shown = plot.window_shown
    assert shown is not None
    assert np.array_equal(shown.minimum[:, 0], -shown.minimum[:, 1])
    assert set(np.diff(shown.minimum[:, 0]).tolist()) == {1.0}, "every message is there"
    names = [line.name for line in stand.panel(PanelKind.SERIES).header.text.legend]
    assert names[:2] == ["x", "y.up"]
    before = shown.times[-1]
    stand.look_until(lambda: plot.window_shown is not None and plot.window_shown.times[-1] > before)
    stand.choose(stand.tracker(), "Add member", "y.up")
    alone = stand.streams.panels[stand.streams.panels.index(stand.tracker()) + 1].plot
    assert isinstance(alone, SignalPlot)
    assert alone.window_shown is not None
    assert alone.window_shown.minimum.shape[1] == 1


def test_members_and_channels_lie_against_each_other_live(stand: Stand) -> None:
    stand.choose(stand.tracker(), "Add panel", "XY plot")
    panel = stand.panel(PanelKind.PLANE)
    assert isinstance(panel.plot, PlanePlot)
    points = panel.plot.points
    assert points is not None
    assert (points.names, len(points.times) > 20) == (("x", "y.up"), True)
    assert np.array_equal(points.xs, -points.ys)
    stand.choose(panel, "Against another stream", "imu")
    plot = stand.panel(PanelKind.PLANE).plot
    assert isinstance(plot, PlanePlot)
    assert plot.points is not None
    assert plot.points.names == ("x", "x"), "the first of both"
    assert (plot.points.ys == 1.0).all(), "what the sensor says"
    stand.choose(stand.panel(PanelKind.PLANE), "Close panel")
    assert PanelKind.PLANE not in {plan.kind for plan in stand.streams.plans}
    assert stand.menus.menu_of(panel) is None, "it is gone"


def test_figures_lie_over_the_live_picture_until_they_are_hidden(stand: Stand) -> None:
    video = stand.panel(PanelKind.VIDEO)
    stand.choose(video, "Lay figures over the picture", "tracker")
    plot = video.plot
    assert isinstance(plot, PicturePlot)
    (shape,) = plot.layers.shapes[0].shapes
    assert shape.tag.label == "ball"
    stand.look_until(lambda: video.header.text.legend[0].value == "1")
    (line,) = video.header.text.legend
    assert (line.name, line.value, line.hidden) == ("tracker", "1", False)
    video.header.legend_clicked.emit(line.key)
    stand.show()
    assert stand.streams.plans[stand.streams.panels.index(video)].options.hidden_channels == (line.key,)
    stand.choose(video, "Over the picture", "tracker", "Remove")
    assert not plot.layers.shapes


def test_what_was_chosen_live_stays_for_the_next_start_and_for_the_recording(
    qtbot: QtBot, stand: Stand, tracked: Tracked, tmp_path: Path
) -> None:
    stand.choose(stand.tracker(), "Add panel", "Numbers inside as curves")
    stand.choose(stand.panel(PanelKind.SERIES), "Draw", "Points")
    stand.choose(stand.panel(PanelKind.VIDEO), "Lay figures over the picture", "tracker")
    stand.choose(stand.panel(PanelKind.VIDEO), "Mirrored")
    plans = stand.streams.plans
    stand.kept.save()
    again = Stand(qtbot, tracked, tmp_path / "layouts.json")
    assert again.streams.plans == plans
    path = recording(
        tmp_path,
        {
            "tracker": (TRACKER, [(T0 + n * 50 * MS, message(n)) for n in range(20)]),
            "Camera": (PICTURES, [(T0, np.zeros((240, 320, 3), np.uint8))]),
            "imu": (IMU, [(T0 + MS * 10, np.ones((1, 3), np.float32))]),
        },
    )
    layouts = Layouts(again.timeline, again.kept, UndoStack(), QMenu())
    found = layouts.plans_for(Session((described(path),)))
    assert found is not None
    kinds = {plan.kind: plan for plan in found}
    assert kinds[PanelKind.SERIES].streams == (StreamRef(str(path), "tracker"),)
    assert (
        kinds[PanelKind.SERIES].options
        == plans[stand.streams.panels.index(stand.panel(PanelKind.SERIES))].options
    )
    assert [ref.name for ref in kinds[PanelKind.VIDEO].streams] == ["Camera", "tracker"]
    assert kinds[PanelKind.VIDEO].options.mirrored
    assert len(found) == 4
    again.close()
