"""A plot that moves along paints what a plot that is painted anew paints."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.rings import SampleRingReader
from studio.host.sample_writer import SampleRingWriter
from studio.timing import NS_PER_S
from studio.ui.panels.live_columns import LiveColumns
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.span_canvas import CanvasState, SpanCanvas
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from tests.ui.timeline.pixels import pixels_of

T0 = 1_700_000_000 * NS_PER_S
WIDTH, HEIGHT = 300, 90


@pytest.mark.parametrize("kind", [PayloadKind.AUDIO, PayloadKind.SAMPLES])
def test_moving_along_paints_the_same_pixels(tmp_path: Path, kind: PayloadKind, qtbot: QtBot) -> None:
    style = SignalStyle.of(StreamFormat(kind, "float32", 1, (), 2000.0), 0, follows=False)
    plots = [SignalPlot(Theme("dark"), style) for _ in range(2)]
    for plot in plots:
        qtbot.addWidget(plot)
        plot.resize(WIDTH, HEIGHT)
    writer = SampleRingWriter.create(tmp_path / "ring", channels=1, rate=2000.0)
    assert writer is not None
    reader = SampleRingReader(tmp_path / "ring")
    live = LiveColumns(reader)
    for number in range(240):
        time = T0 + (number + 1) * NS_PER_S // 40
        phase = (number * 50 + np.arange(50)) / 2000
        if not 150 < number < 160:  # a gap
            writer.write(np.sin(phase * 9).astype(np.float32)[:, None], time)
        axis = TimeAxis.on_grid(time + 3_000_000, 3 * NS_PER_S, WIDTH, WIDTH)
        plots[0].take_window(*live.window(axis, WIDTH))
        plots[1].take_window(reader.window(axis.left, axis.right, WIDTH))
        for plot in plots:
            plot.show_frame(TimeFrame(axis))
        moved, anew = (pixels_of(plot) for plot in plots)
        if number > 130:
            assert (moved != anew).any(axis=2).mean() < 0.002, number
    reader.close()
    writer.close()


def test_another_look_or_place_needs_all_of_it_anew() -> None:
    axis = TimeAxis(1000, 2000, 100)
    state = CanvasState.of(axis, 100, 20, (-1.0, 1.0))
    canvas = SpanCanvas()
    assert canvas.begin(state, axis, None)[1] == 0
    later = TimeAxis(1050, 2050, 100)
    assert canvas.begin(state, later, 2000)[1] == 94
    louder = CanvasState.of(later, 100, 20, (-2.0, 2.0))
    assert canvas.begin(louder, later, 2000)[1] == 0
    assert canvas.begin(louder, axis, 2000)[1] == 0  # back in time
    off_grid = TimeAxis(1003, 2003, 100)
    assert canvas.begin(CanvasState.of(off_grid, 100, 20, (-2.0, 2.0)), off_grid, 2000)[1] == 0
