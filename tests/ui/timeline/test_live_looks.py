"""Live curves are looked at as stored ones are: range, line, looks, legend. What is chosen stays."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studio.app.status import LiveView, StreamStatus
from studio.formats.false_colours import ColourMap
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.frame_ring import FrameRingWriter
from studio.ui.panels.curve_look import COLOUR_NAMES
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.range_fields import RangeFields
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.threshold import ABOVE
from studio.ui.panels.value_axis import ValueAxis
from studio.ui.timeline.kept_layout import kept, key_of
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.session import Session
from studio.ui.undo import UndoStack
from tests.store.recordings import MS, T0
from tests.ui.panels.stored import described, recording
from tests.ui.ring_studio import IMU, SOUND
from tests.ui.timeline.live_stand import Stand, Tracked
from tests.ui.timeline.pixels import columns_with, pixels_of

DEPTH = StreamFormat(PayloadKind.IMAGE, "uint16", rate=30.0, units="mm", width=4, height=3)
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


def named(stand: Stand, name: str) -> Panel:
    return next(panel for panel in stand.timeline.panels if panel.name == name)


def plot_of(panel: Panel) -> SignalPlot:
    assert isinstance(panel.plot, SignalPlot)
    return panel.plot


def axis_of(panel: Panel) -> ValueAxis:
    (axis,) = panel.findChildren(ValueAxis)
    return axis


def range_of(panel: Panel) -> tuple[float, float]:
    shown = plot_of(panel).shown_range
    return shown.low, shown.high


def options_of(stand: Stand, panel: Panel) -> PanelOptions:
    return stand.streams.plans[stand.streams.panels.index(panel)].options


def turn_wheel(widget: ValueAxis, steps: int) -> None:
    place, none = QPointF(widget.rect().center()), Qt.KeyboardModifier.NoModifier
    far, turned = widget.mapToGlobal(place), QPoint(0, 120 * steps)
    button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(widget, QWheelEvent(place, far, QPoint(), turned, button, none, phase, False))


def test_the_mouse_on_live_values_fixes_their_range_until_it_is_to_be_found_again(
    stand: Stand, qtbot: QtBot
) -> None:
    imu = named(stand, "imu")
    axis, found = axis_of(imu), range_of(imu)
    turn_wheel(axis, 2)
    narrow = range_of(imu)
    assert found[0] < narrow[0] < narrow[1] < found[1]
    assert (options_of(stand, imu).low, options_of(stand, imu).high) == narrow
    middle = axis.rect().center()
    qtbot.mousePress(axis, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(axis, middle + QPoint(0, 30))
    qtbot.mouseRelease(axis, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 30))
    moved = range_of(imu)
    assert moved[0] > narrow[0], "values go down with the mouse, so that higher ones come into view"
    assert moved[1] - moved[0] == pytest.approx(narrow[1] - narrow[0])
    stand.tracked.rings.imu.write(np.full((1, 3), 500, np.float32), stand.tracked.rings.clock.now())
    stand.show()
    assert range_of(imu) == moved, "whatever comes, a range that was fixed stays"
    qtbot.mouseDClick(axis, Qt.MouseButton.LeftButton, pos=middle)
    stand.show()
    assert range_of(imu)[1] > 500
    assert options_of(stand, imu) == PanelOptions()


def test_live_curves_are_dressed_hidden_and_watched_by_their_menu(stand: Stand) -> None:
    imu, theme = named(stand, "imu"), stand.streams.theme
    plot = plot_of(imu)
    chosen = theme.stream_colour(6)
    assert not columns_with(plot, chosen).any()
    stand.choose(imu, "Curves", "y", "Colour", COLOUR_NAMES[6])
    stand.choose(imu, "Curves", "y", "Width", "3 pixels")
    stand.choose(imu, "Draw", "Steps")
    assert columns_with(plot, chosen).mean() > 0.8, "a constant is a line from edge to edge"
    stand.look_until(lambda: [line.colour for line in imu.header.text.legend] == [0, 6, 2])
    assert options_of(stand, imu).line is LineStyle.STEP
    imu.header.legend_clicked.emit(imu.header.text.legend[1].key)
    stand.look_until(lambda: [line.hidden for line in imu.header.text.legend] == [False, True, False])
    assert not columns_with(plot, chosen).any()
    stand.choose(imu, "Channels", "Show all")
    assert options_of(stand, imu).hidden_channels == ()
    fields(stand, imu, "Threshold").chosen.emit(None, 2.5)
    stand.look_until(lambda: any(line.value.startswith(ABOVE) for line in imu.header.text.legend))
    assert [line.value[0] == ABOVE for line in imu.header.text.legend] == [False, False, True]


def test_sound_has_a_range_but_nothing_that_only_curves_have(stand: Stand) -> None:
    sound = named(stand, "Microphone")
    assert fields(stand, sound, "Range") is not None
    fields(stand, sound, "Range").chosen.emit(-0.25, 0.25)
    assert range_of(sound) == (-0.25, 0.25)
    menu = stand.menus.menu_of(sound)
    assert menu is not None
    titles = {each.title() for each in menu.findChildren(QMenu)}
    assert {"Range", "Curve"} <= titles
    assert not {"Threshold", "Draw", "Lay figures over the picture", "Against another stream"} & titles


def test_live_values_in_pictures_have_a_range_and_colours_and_pictures_their_sides(
    stand: Stand, tmp_path: Path
) -> None:
    rings, live = stand.tracked.rings, LiveView(str(tmp_path / "depth"), "frames")
    writer = FrameRingWriter.create(tmp_path / "depth", width=4, height=3, dtype="uint16")
    assert writer is not None
    stream = StreamStatus("depth", DEPTH, rate=DEPTH.rate, live=live)
    rings.devices["depth"] = replace(rings.devices["Camera"], id="test:depth", streams=(stream,))
    writer.write(np.full((3, 4), 1500, np.uint16), rings.clock.now())
    stand.show()
    depth = named(stand, "depth")
    assert isinstance(depth.plot, PicturePlot)
    fields(stand, depth, "Range").chosen.emit(1000.0, 2000.0)
    stand.choose(depth, "Colours", "Grey")
    stand.choose(depth, "One pixel for one")
    stand.choose(depth, "Upside down")
    middle = depth.plot.rect().center()
    shown = pixels_of(depth.plot)[middle.y(), middle.x()].astype(int)
    assert np.abs(shown - 128).max() <= 2, "half of the range is half of the grey"
    assert not depth.plot.fits
    chosen = options_of(stand, depth)
    assert (chosen.low, chosen.high, chosen.colour_map, chosen.fit) == (1000, 2000, ColourMap.GREY, False)
    assert chosen.upside_down
    camera = stand.menus.menu_of(named(stand, "Camera"))
    assert camera is not None
    titles = {each.title() for each in camera.findChildren(QMenu)}
    assert not {"Colours", "Range"} & titles, "a picture of a camera has its colours"
    writer.close()


def test_a_range_and_looks_chosen_live_stay_for_the_next_start_and_the_recording(
    qtbot: QtBot, stand: Stand, tracked: Tracked, tmp_path: Path
) -> None:
    turn_wheel(axis_of(named(stand, "imu")), 1)
    stand.choose(named(stand, "imu"), "Curves", "z", "Width", "5 pixels")
    fields(stand, named(stand, "Microphone"), "Range").chosen.emit(-0.5, 0.5)
    wanted, shown = options_of(stand, named(stand, "imu")), range_of(named(stand, "imu"))
    stand.timeline.show_live(tracked.rings.status("events"))
    stand.show()
    assert options_of(stand, named(stand, "imu")) == wanted, "the device was not live for a while"
    stand.kept.save()
    again = Stand(qtbot, tracked, tmp_path / "layouts.json")
    try:
        assert options_of(again, named(again, "imu")) == wanted
        assert range_of(named(again, "imu")) == shown
        session = Session((described(the_recording(tmp_path)),))
        found = layouts_of(again).plans_for(session)
        assert found is not None
        kinds = {plan.kind: plan.options for plan in found}
        assert kinds[PanelKind.CURVES] == wanted
        assert (kinds[PanelKind.WAVEFORM].low, kinds[PanelKind.WAVEFORM].high) == (-0.5, 0.5)
    finally:
        again.close()


def fields(stand: Stand, panel: Panel, title: str) -> RangeFields:
    menu = stand.menus.menu_of(panel)
    assert menu is not None
    (inner,) = (each for each in menu.findChildren(QMenu) if each.title() == title)
    (found,) = inner.findChildren(RangeFields)
    return found


def test_of_what_was_chosen_live_and_in_review_the_newest_counts(stand: Stand, tmp_path: Path) -> None:
    session, layouts = Session((described(the_recording(tmp_path)),)), layouts_of(stand)

    def reviewed() -> tuple[float | None, float | None]:
        plans = layouts.plans_for(session)
        assert plans is not None
        options = next(plan.options for plan in plans if plan.kind is PanelKind.CURVES)
        return options.low, options.high

    imu = named(stand, "imu")
    fields(stand, imu, "Range").chosen.emit(-1.0, 1.0)
    assert reviewed() == (-1.0, 1.0)
    plans = layouts.plans_for(session)
    assert plans is not None
    changed = tuple(replace(plan, options=replace(plan.options, low=-9.0)) for plan in plans)
    stand.kept.keep_last(key_of(session), kept(changed, session))
    assert reviewed() == (-9.0, 1.0), "chosen in review, after it was chosen live"
    stand.choose(named(stand, "Microphone"), "Range", "Automatic")
    assert reviewed() == (-9.0, 1.0), "nothing was chosen for this stream"
    fields(stand, imu, "Range").chosen.emit(-5.0, 5.0)
    assert reviewed() == (-5.0, 5.0), "chosen live since"
    assert reviewed() == (-5.0, 5.0), "and stays"


def the_recording(folder: Path) -> Path:
    return recording(
        folder,
        {
            "imu": (IMU, [(T0 + MS * 10, np.ones((1, 3), np.float32))]),
            "Microphone": (SOUND, [(T0, np.zeros((8, 1), np.float32))]),
        },
    )


def layouts_of(stand: Stand) -> Layouts:
    return Layouts(stand.timeline, stand.kept, UndoStack(), QMenu())
