"""A plot shows its range, its lanes and its words, and draws noise and calm curves alike."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import SignalWindow
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_ticks import ticks_of
from studio.ui.theme import Theme
from tests.ui.timeline.pixels import pixels_of

WIDTH, HEIGHT = 400, 120
CURVE = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
STEREO = StreamFormat(PayloadKind.AUDIO, "int16", 2, (), 8000.0)


def columns(low: np.ndarray, high: np.ndarray) -> SignalWindow:
    times = np.arange(len(low), dtype=np.int64) * 1000 + 500
    return SignalWindow(times, low.astype(np.float32), high.astype(np.float32), 16.0)


def make_plot(qtbot: QtBot, stream_format: StreamFormat, *, follows: bool = True) -> SignalPlot:
    plot = SignalPlot(Theme("dark"), SignalStyle.of(stream_format, 0, follows=follows))
    qtbot.addWidget(plot)
    plot.resize(WIDTH, HEIGHT)
    axis = TimeAxis(0, WIDTH * 1000, WIDTH)
    plot.show_frame(TimeFrame(axis, 0, ticks_of(axis, 0)))
    return plot


def coloured(plot: SignalPlot) -> np.ndarray:
    colour = plot._theme.stream_colour(0)
    return np.asarray((pixels_of(plot) == (colour.red(), colour.green(), colour.blue())).all(axis=2))


@pytest.mark.parametrize("noisy", [False, True])
def test_the_pixels_drawn_are_those_between_minimum_and_maximum(noisy: bool, qtbot: QtBot) -> None:
    plot = make_plot(qtbot, CURVE)
    middle = np.sin(np.arange(WIDTH) / 30)[:, None]
    spread = np.random.default_rng(1).random((WIDTH, 1)) * (0.5 if noisy else 0.02)
    plot.take_window(columns(middle - spread, middle + spread))
    drawn, shown = coloured(plot), plot.shown_range
    lane = plot.lanes[0]
    for x in range(5, WIDTH - 5, 13):
        rows = np.flatnonzero(drawn[:, x])
        top = lane.y_of(float(middle[x, 0] + spread[x, 0]), shown.low, shown.high)
        foot = lane.y_of(float(middle[x, 0] - spread[x, 0]), shown.low, shown.high)
        assert abs(rows[0] - top) <= 2 or rows[0] < top
        assert rows[-1] >= foot - 2
        assert len(rows) == rows[-1] - rows[0] + 1


def test_each_channel_of_sound_has_a_lane_that_it_does_not_leave(qtbot: QtBot) -> None:
    plot = make_plot(qtbot, STEREO)
    loud, silent = np.full((WIDTH, 1), 30_000.0), np.zeros((WIDTH, 1))
    plot.take_window(columns(np.hstack((-loud, silent)), np.hstack((loud, silent))))
    assert (plot.shown_range.low, plot.shown_range.high) == (-1, 1)
    rows = coloured(plot).sum(axis=1)
    assert (rows[8:52] == WIDTH).all()
    assert (rows[64:86] == 0).all()
    assert rows[86:94].max() == WIDTH


def test_a_held_range_changes_only_when_it_is_fitted(qtbot: QtBot) -> None:
    plot = make_plot(qtbot, CURVE, follows=False)
    seen: list[object] = []
    plot.range_changed.connect(seen.append)
    wide, narrow = np.full((WIDTH, 1), 100.0), np.full((WIDTH, 1), 1.0)
    plot.take_window(columns(-wide, wide))
    first = plot.shown_range
    plot.take_window(columns(-narrow, narrow))
    assert plot.shown_range == first
    plot.fit()
    assert plot.shown_range.high < 3
    assert seen == [first, plot.shown_range]


def test_words_cover_a_dimmed_plot(qtbot: QtBot) -> None:
    plot = make_plot(qtbot, CURVE)
    ones = np.ones((WIDTH, 1))
    plot.take_window(columns(-ones, ones))
    assert coloured(plot).any()
    plot.take_words("no signal", dimmed=True)
    assert not coloured(plot).any()


def test_a_plot_without_data_can_be_drawn(qtbot: QtBot) -> None:
    plot = make_plot(qtbot, CURVE)
    plot.take_window(columns(np.empty((0, 1)), np.empty((0, 1))))
    plot.fit()
    assert not coloured(plot).any()


@pytest.mark.parametrize("kind", [CURVE, STEREO])
def test_a_sensor_that_says_infinity_does_no_harm(kind: StreamFormat, qtbot: QtBot) -> None:
    plot = make_plot(qtbot, kind)
    values = np.ones((WIDTH, kind.channels))
    values[50], values[51], values[52] = np.inf, -np.inf, np.nan
    plot.take_window(columns(values, values))
    assert coloured(plot)[:, 200].any()
    assert plot.shown_range.high < 1e6
