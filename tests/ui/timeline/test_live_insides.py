"""Live, too, one sees what is inside messages: numbers as curves, XY plots, figures over the picture."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.app.status import DeviceStatus, LiveView, StreamStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.host.message_ring import MessageRingWriter
from studio.timing import NS_PER_MS
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.plane_plot import PlanePlot
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.theme import Theme
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.live_menus import LiveMenus
from studio.ui.timeline.session import Session
from studio.ui.timeline.streams import LiveStreams
from studio.ui.timeline.timeline import Timeline
from studio.ui.undo import UndoStack
from tests.store.recordings import MS, T0
from tests.ui.panels.stored import described, recording
from tests.ui.real_reader import RealReader
from tests.ui.ring_studio import IMU, PICTURES, RingStudio
from tests.waiting import wait_until

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

TRACKER = StreamFormat(PayloadKind.JSON, rate=20.0)
STEP = 50 * NS_PER_MS


def message(number: int) -> dict[str, object]:
    box = {"kind": "rectangle", "x": number, "y": 20, "width": 40, "height": 30, "label": "ball"}
    return {"x": number, "y": {"up": -number}, "word": "ball", "shapes": [box]}


class Tracked:
    """The usual live streams, and a tracker of which some messages have come."""

    def __init__(self, folder: Path) -> None:
        self.rings = RingStudio(folder)
        writer = MessageRingWriter.create(folder / "tracker")
        assert writer is not None
        self._writer, self._next, self.count = writer, self.rings.started_time, 0
        stream = StreamStatus("tracker", TRACKER, live=LiveView(str(folder / "tracker"), "messages"))
        self.rings.devices["tracker"] = DeviceStatus(
            "test:tracker", "tracker", DeviceKind.SIGNAL, DeviceState.RUNNING, streams=(stream,)
        )

    def deliver(self) -> None:
        """All that has happened up to now."""
        now = self.rings.clock.now()
        while self._next < now:
            self._writer.write(json.dumps(message(self.count)), self._next)
            self._next, self.count = self._next + STEP, self.count + 1
        self.rings.deliver()

    def close(self) -> None:
        self._writer.close()
        self.rings.close()


@pytest.fixture
def tracked(tmp_path: Path) -> Iterator[Tracked]:
    made = Tracked(tmp_path)
    yield made
    made.close()


class Stand:
    """A timeline with its menus and what it keeps."""

    def __init__(self, qtbot: QtBot, tracked: Tracked, place: Path) -> None:
        self.reader = RealReader()
        self.timeline = Timeline(Theme("dark"), self.reader)
        qtbot.addWidget(self.timeline)
        self.timeline.resize(1100, 1400)
        self.timeline.show()
        qtbot.waitExposed(self.timeline)
        self.kept = KeptLayouts(lambda: place)
        self.kept.load()
        self.timeline.live_arrangement.attach(self.kept)
        self.menus = LiveMenus(self.timeline.live_arrangement)
        self.tracked = tracked
        self.show()

    def show(self) -> None:
        """A new status, and a frame of all that has come."""
        self.tracked.deliver()
        self.timeline.show_live(self.tracked.rings.status())
        for _ in range(3):
            self.timeline._on_axis_due()
            self.timeline._on_pictures_due()

    def look_until(self, holds: Callable[[], bool]) -> None:
        """Look on until it is so."""

        def looked() -> bool:
            self.show()
            return holds()

        wait_until(looked, 20)

    @property
    def streams(self) -> LiveStreams:
        found = self.timeline.live_arrangement.streams
        assert found is not None
        return found

    def panel(self, kind: PanelKind) -> Panel:
        index = next(n for n, plan in enumerate(self.streams.plans) if plan.kind is kind)
        return self.streams.panels[index]

    def tracker(self) -> Panel:
        return next(panel for panel in self.timeline.panels if panel.name == "tracker")

    def choose(self, panel: Panel, *words: str) -> None:
        """What a click on these entries does, one inside the other."""
        menu = self.menus.menu_of(panel)
        assert menu is not None
        for word in words[:-1]:
            (inner,) = (each for each in menu.findChildren(QMenu) if each.title() == word)
            inner.aboutToShow.emit()
            menu = inner
        next(action for action in menu.actions() if action.text() == words[-1]).trigger()
        self.show()

    def close(self) -> None:
        self.timeline.close_streams()
        self.kept.save()
        self.reader.close()


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
