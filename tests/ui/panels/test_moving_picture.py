"""An expensive plot is moved as a picture while the view moves, and painted exactly when it rests."""

import numpy as np
import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import SignalWindow
from studio.ui.panels.moving_picture import MovingPicture, widened
from studio.ui.panels.signal_plot import MOST_CHEAP, SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from tests.ui.timeline.pixels import pixels_of

WIDTH, HEIGHT = 400, 80


class Painted:
    """What a picture was asked to paint."""

    def __init__(self, qtbot: QtBot) -> None:
        self.widget = QWidget()
        qtbot.addWidget(self.widget)
        self.widget.resize(WIDTH, HEIGHT)
        self.picture = MovingPicture(self.widget)
        self.drawn: list[TimeAxis] = []

    def paint(self, left: int, right: int, key: int = 0) -> bool:
        canvas = QPixmap(WIDTH, HEIGHT)
        painter = QPainter(canvas)
        frame = TimeFrame(TimeAxis(left, right, WIDTH))
        try:
            return self.picture.paint(painter, frame, key, lambda _, wide: self.drawn.append(wide.axis))
        finally:
            painter.end()


def test_the_first_is_exact_and_reaches_beyond_the_edges(qtbot: QtBot) -> None:
    painted = Painted(qtbot)
    assert painted.paint(1000, 2000)
    assert painted.drawn == [TimeAxis(750, 2250, WIDTH + WIDTH // 2)]
    assert painted.paint(1000, 2000)
    assert len(painted.drawn) == 1


def test_while_the_view_moves_nothing_is_painted_anew_and_soon_after_it_is(qtbot: QtBot) -> None:
    painted = Painted(qtbot)
    painted.paint(1000, 2000)
    for left in range(1010, 1200, 10):
        assert not painted.paint(left, left + 1000, key=left)
    assert len(painted.drawn) == 1
    assert painted.picture.is_waiting
    qtbot.waitUntil(lambda: not painted.picture.is_waiting)
    assert painted.paint(1190, 2190)
    assert painted.drawn[-1].left == 940


def test_new_data_of_a_view_at_rest_are_painted_at_once(qtbot: QtBot) -> None:
    painted = Painted(qtbot)
    painted.paint(1000, 2000)
    qtbot.wait(60)
    assert painted.paint(1000, 2000, key=1)
    assert len(painted.drawn) == 2


def test_a_widened_frame_keeps_the_scale() -> None:
    frame = TimeFrame(TimeAxis(5000, 9000, 400))
    wide = widened(frame).axis
    assert wide.width / wide.span == pytest.approx(400 / 4000)
    assert wide.x_of(5000) == pytest.approx(100)


def test_many_channels_look_the_same_as_a_picture(qtbot: QtBot) -> None:
    channels = MOST_CHEAP + 4
    style = SignalStyle.of(
        StreamFormat(PayloadKind.SAMPLES, "float32", channels, (), 100.0), 0, follows=False
    )
    times = np.arange(0, 3000, 10)
    values = np.sin(times / 300)[:, np.newaxis] + np.arange(channels)
    plots = [SignalPlot(Theme("dark"), style) for _ in range(2)]
    for plot in plots:
        qtbot.addWidget(plot)
        plot.resize(WIDTH, HEIGHT)
        plot.take_window(SignalWindow(times, values, values))
    plots[1].hide_channels({})
    plots[0].show_frame(TimeFrame(TimeAxis(500, 1500, WIDTH)))
    pixels_of(plots[0])
    plots[0].show_frame(TimeFrame(TimeAxis(600, 1600, WIDTH)))
    moved = pixels_of(plots[0])
    plots[1].show_frame(TimeFrame(TimeAxis(600, 1600, WIDTH)))
    exact = pixels_of(plots[1])
    # Smoothed lines lie between pixels, so a few of them differ a little.
    assert (np.abs(moved.astype(int) - exact.astype(int)).max(axis=2) > 60).mean() < 0.02
