"""Live, the timeline follows what the rings hold; what is dead looks dead."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from studio.ui.panels.panel import Panel
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.stream_health import Health
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.theme import Theme
from studio.ui.timeline.time_view import LIVE_SPAN, TimeView
from studio.ui.timeline.timeline import NOTHING_TO_SEE, OPENING, Timeline
from tests.ui.real_reader import RealReader
from tests.ui.ring_studio import RingStudio
from tests.ui.timeline.pixels import columns_with, pixels_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

SMOOTHED = 105
"""How far the colour of a smoothed line may be from its own; grid and ground are further."""


@pytest.fixture
def rings(tmp_path: Path) -> Iterator[RingStudio]:
    studio = RingStudio(tmp_path)
    yield studio
    studio.close()


@pytest.fixture
def timeline(qtbot: QtBot) -> Iterator[Timeline]:
    reader = RealReader()
    widget = Timeline(Theme("dark"), reader)
    qtbot.addWidget(widget)
    widget.resize(1000, 640)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close_streams()
    reader.close()


def show(timeline: Timeline, rings: RingStudio, *names: str) -> None:
    rings.deliver()
    timeline.show_live(rings.status(*names))


def panel(timeline: Timeline, name: str) -> Panel:
    return next(panel for panel in timeline.panels if panel.name == name)


def view_of(timeline: Timeline) -> TimeView:
    assert timeline.navigator.view is not None
    return timeline.navigator.view


def turn_wheel(widget: SignalPlot, steps: int) -> None:
    position = QPointF(widget.rect().center())
    event = QWheelEvent(
        position,
        widget.mapToGlobal(position),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_every_stream_has_a_panel_that_a_test_can_find(timeline: Timeline, rings: RingStudio) -> None:
    show(timeline, rings)
    assert [panel.name for panel in timeline.panels] == ["Microphone", "imu", "Camera", "events"]
    assert all(timeline.findChild(Panel, f"panel_{name}") is not None for name in rings.devices)


def test_live_pictures_of_several_cameras_are_beside_each_other(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot
) -> None:
    camera = rings.devices["Camera"]
    other = replace(camera.streams[0], name="Other")
    rings.devices["Other"] = replace(camera, id="test:Other", name="Other", streams=(other,))
    show(timeline, rings)
    assert [panel.name for panel in timeline.panels] == ["Microphone", "imu", "Camera", "Other", "events"]
    cells = timeline.panels[2:4]
    assert cells[0].y() == cells[1].y()
    assert cells[0].geometry().right() < cells[1].x()
    plots = [one.plot for one in cells if isinstance(one.plot, PicturePlot)]
    assert len(plots) == 2
    qtbot.waitUntil(lambda: all(plot.picture_time for plot in plots))
    show(timeline, rings, "Camera", "events")
    assert panel(timeline, "Camera").width() > timeline.width() - 20  # on its own it has a row for itself


def test_live_panels_stay_where_they_were_dragged_to_at_the_next_start(
    timeline: Timeline, rings: RingStudio, tmp_path: Path
) -> None:
    def names() -> list[str]:
        return [panel.name for panel in timeline.panels]

    kept = KeptLayouts(lambda: tmp_path / "layouts.json")
    timeline.live_arrangement.attach(kept)
    show(timeline, rings)
    stack = timeline.page.stack
    drag(panel(timeline, "events"), QPoint(5, -panel(timeline, "events").y() - 40))
    assert names() == ["events", "Microphone", "imu", "Camera"]
    stack.height_chosen.emit(0, 133)
    assert timeline.panels[0].height() == 133
    timeline.show_empty()
    kept.save()
    again = KeptLayouts(lambda: tmp_path / "layouts.json")
    again.load()
    timeline.live_arrangement.attach(again)
    show(timeline, rings)
    assert names() == ["events", "Microphone", "imu", "Camera"]
    assert timeline.panels[0].height() == 133
    show(timeline, rings, "Microphone", "events")
    assert names() == ["events", "Microphone"]
    timeline.live_arrangement.reset()
    assert names() == ["Microphone", "events"]


def drag(moved: Panel, by: QPoint) -> None:
    """By its header."""
    for press, at in ((QTest.mousePress, QPoint(5, 5)), (QTest.mouseRelease, QPoint(5, 5) + by)):
        if press is QTest.mouseRelease:
            QTest.mouseMove(moved.header, at)
        press(moved.header, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_signals_are_drawn_up_to_now(timeline: Timeline, rings: RingStudio, qtbot: QtBot) -> None:
    show(timeline, rings, "imu")
    plot = panel(timeline, "imu").plot
    assert isinstance(plot, SignalPlot)
    qtbot.waitUntil(lambda: plot.window_shown is not None and len(plot.window_shown.times) > 100)
    rings.deliver()
    timeline.repaint()
    colour = timeline._theme.stream_colour(0)
    drawn = columns_with(plot, colour, SMOOTHED)
    assert drawn[: len(drawn) * 4 // 5].mean() > 0.95


@pytest.mark.parametrize("ahead_ms", [3_500, -3_500, -400])
def test_a_run_that_follows_another_clock_is_drawn_up_to_its_own_now(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot, tmp_path: Path, ahead_ms: int
) -> None:
    show(timeline, rings, "imu")  # a preview on the own clock; the recording follows
    (tmp_path / "followed").mkdir()
    followed = RingStudio(tmp_path / "followed", ahead=ahead_ms * NS_PER_MS)
    try:
        show(timeline, followed, "imu")
        plot = panel(timeline, "imu").plot
        assert isinstance(plot, SignalPlot)

        def draws_up_to_now() -> bool:
            followed.deliver()
            timeline.show_live(followed.status("imu"))
            timeline.repaint()
            drawn = columns_with(plot, timeline._theme.stream_colour(0), SMOOTHED)
            is_drawn = drawn[: len(drawn) * 4 // 5].mean() > 0.95 and drawn[-len(drawn) // 20 :].any()
            return bool(is_drawn) and abs(view_of(timeline).right - followed.clock.now()) < NS_PER_S // 5

        qtbot.waitUntil(draws_up_to_now, timeout=20_000)
        now = monotonic_ns()
        assert timeline._clock.now(now) == followed.clock.from_monotonic(now)
    finally:
        timeline.close_streams()
        followed.close()


def test_a_gap_is_drawn_as_a_gap(timeline: Timeline, rings: RingStudio, qtbot: QtBot) -> None:
    now = rings.clock.now()
    ones = np.ones((200, 3), np.float32)
    rings.imu.write(ones, now - 5 * NS_PER_S)
    rings.imu.write(ones, now)
    timeline.show_live(rings.status("imu"))
    plot = panel(timeline, "imu").plot
    assert isinstance(plot, SignalPlot)
    qtbot.waitUntil(lambda: plot.window_shown is not None and len(plot.window_shown.times) > 100)
    drawn = columns_with(plot, timeline._theme.stream_colour(2), SMOOTHED)
    edges = np.flatnonzero(np.diff(drawn.astype(int)))
    gap = np.diff(edges).max() * LIVE_SPAN / len(drawn) / NS_PER_S
    assert 2.7 < gap < 3.3


def test_the_header_tells_the_newest_values(timeline: Timeline, rings: RingStudio, qtbot: QtBot) -> None:
    show(timeline, rings)
    header = panel(timeline, "imu").header
    qtbot.waitUntil(lambda: len(header.text.legend) == 3)
    assert [line.name for line in header.text.legend] == ["x", "y", "z"]
    assert [line.value.split("\u00a0")[1] for line in header.text.legend] == ["m/s²"] * 3
    assert [float(line.value.split("\u00a0")[0]) for line in header.text.legend] == [1, 2, 3]
    sound = panel(timeline, "Microphone").header
    qtbot.waitUntil(lambda: bool(sound.text.legend))
    assert sound.text.legend[0].value.replace("\u00a0", " ") == "\u22126 dB"
    assert panel(timeline, "events").header.text.legend[0].value == "go"


def test_the_newest_picture_is_shown_in_its_shape(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot
) -> None:
    show(timeline, rings, "Camera")
    rings.deliver(grey=201)
    plot = panel(timeline, "Camera").plot
    assert isinstance(plot, PicturePlot)
    qtbot.waitUntil(lambda: int((pixels_of(plot) == 201).all(axis=2).sum()) > 1000)
    grey = (pixels_of(plot) == 201).all(axis=2)
    rows, columns = np.flatnonzero(grey.any(axis=1)), np.flatnonzero(grey.any(axis=0))
    assert (columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1) == pytest.approx(320 / 240, rel=0.02)


def test_a_lost_device_is_said_to_be_lost(timeline: Timeline, rings: RingStudio, qtbot: QtBot) -> None:
    show(timeline, rings)
    rings.lose("imu", "The sensor was unplugged.")
    timeline.show_live(rings.status())
    header = panel(timeline, "imu").header
    qtbot.waitUntil(lambda: header.text.health.health is Health.DEAD)
    assert header.text.health.text == "The sensor was unplugged."
    assert header.text.legend == ()
    assert panel(timeline, "Camera").header.text.health.health is Health.ALIVE


def test_a_ring_that_is_no_longer_written_shows_no_signal(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot
) -> None:
    show(timeline, rings, "Camera")
    header = panel(timeline, "Camera").header
    qtbot.waitUntil(lambda: header.text.health.health is Health.DEAD, timeout=5000)
    assert header.text.health.text.startswith("no signal for")


def test_scrolling_back_pauses_and_the_pill_returns(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot
) -> None:
    show(timeline, rings)
    pill = timeline.findChild(QPushButton, "live_button")
    assert pill is not None
    plot = panel(timeline, "imu").plot
    middle = plot.rect().center()
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(plot, middle + QPoint(150, 0))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle + QPoint(150, 0))
    paused = view_of(timeline)
    assert not paused.following
    qtbot.waitUntil(lambda: view_of(timeline).last > paused.last)
    assert view_of(timeline).left == paused.left
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert view_of(timeline).following
    assert view_of(timeline).right == view_of(timeline).last


def test_the_wheel_changes_the_span(timeline: Timeline, rings: RingStudio) -> None:
    show(timeline, rings)
    plot = panel(timeline, "imu").plot
    assert isinstance(plot, SignalPlot)
    turn_wheel(plot, 2)
    assert view_of(timeline).span == pytest.approx(LIVE_SPAN / 1.25**2, rel=0.01)
    assert view_of(timeline).following


def test_a_ring_of_a_new_size_is_a_new_file_in_the_same_panel(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot, tmp_path: Path
) -> None:
    show(timeline, rings, "Camera")
    before = panel(timeline, "Camera")
    (tmp_path / "frames").rename(tmp_path / "moved")
    device = rings.devices["Camera"]
    live = device.streams[0].live
    assert live is not None
    moved = replace(device.streams[0], live=replace(live, path=str(tmp_path / "moved")))
    rings.devices["Camera"] = replace(device, streams=(moved,))
    timeline.show_live(rings.status("Camera"))
    rings.deliver(grey=77)
    plot = before.plot
    assert isinstance(plot, PicturePlot)
    qtbot.waitUntil(lambda: bool((pixels_of(plot) == 77).any()))
    assert panel(timeline, "Camera") is before


def test_a_ring_that_is_not_there_yet_is_waited_for(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "imu").rename(tmp_path / "later")
    show(timeline, rings, "imu")
    header = panel(timeline, "imu").header
    qtbot.waitUntil(lambda: header.text.health.health is Health.WAITING)
    (tmp_path / "later").rename(tmp_path / "imu")
    timeline.show_live(rings.status("imu"))
    rings.deliver()
    qtbot.waitUntil(lambda: header.text.health.health is Health.ALIVE)


def test_nothing_is_pulled_while_hidden(timeline: Timeline, rings: RingStudio, qtbot: QtBot) -> None:
    show(timeline, rings)
    assert timeline._pulse.is_beating
    timeline.hide()
    assert not timeline._pulse.is_beating
    timeline.show()
    assert timeline._pulse.is_beating


def test_other_devices_have_other_panels(timeline: Timeline, rings: RingStudio) -> None:
    show(timeline, rings, "imu", "Camera")
    timeline.show_live(rings.status("Camera", "events"))
    assert [panel.name for panel in timeline.panels] == ["Camera", "events"]


def test_without_streams_it_says_what_to_do(timeline: Timeline, rings: RingStudio) -> None:
    assert timeline._empty.text == NOTHING_TO_SEE
    rings.devices["imu"] = replace(rings.devices["imu"], streams=())
    timeline.show_live(rings.status("imu"))
    assert timeline._empty.text == OPENING
    assert timeline.panels == ()


def test_data_written_by_another_thread_meanwhile_do_no_harm(
    timeline: Timeline, rings: RingStudio, qtbot: QtBot
) -> None:
    show(timeline, rings)
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.002):
            rings.deliver()

    thread = threading.Thread(target=write)
    thread.start()
    started = view_of(timeline).right
    qtbot.waitUntil(lambda: view_of(timeline).right > started + NS_PER_S, timeout=5000)
    stop.set()
    thread.join()
    assert all(p.header.text.health.health is Health.ALIVE for p in timeline.panels)
