"""A recording is reviewed: all in view, values and pictures at the cursor, newest question only."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording, ReadPicture, ReadValues, ReadWindow
from studio.host.queries import Queries
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel import Panel
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.pixels import columns_with

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

IMU = StreamFormat(PayloadKind.SAMPLES, "float32", 2, ("x", "y"), 100.0, "m/s²")
SOUND = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 8000.0)
EVENTS = StreamFormat(PayloadKind.EVENT)
PICTURES = StreamFormat(PayloadKind.JPEG, rate=10.0)
EMPTY = StreamFormat(PayloadKind.SCALAR, "float64", rate=1.0)
LENGTH = 20 * SECOND


def blocks_of(rate: int, channels: int, value: float) -> list[tuple[int, np.ndarray]]:
    """A block every tenth of a second, with a hole of two seconds in the middle."""
    times = [T0 + n * 100 * MS for n in range(1, 201) if not 90 < n <= 110]
    return [(time, np.full((rate // 10, channels), value, np.float32)) for time in times]


def picture_at(tenth: int) -> object:
    return encode_jpeg(np.full((120, 160, 3), tenth, np.uint8), 95)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recording(
        tmp_path_factory.mktemp("review") / "P01.h5",
        {
            "sound": (SOUND, blocks_of(8000, 1, 0.5)),
            "imu": (IMU, blocks_of(100, 2, 2.5)),
            "camera": (PICTURES, [(T0 + n * 100 * MS, picture_at(n)) for n in range(1, 201)]),
            "events": (EVENTS, [(T0 + n * SECOND, Event(f"event {n}")) for n in range(1, 20)]),
            "empty": (EMPTY, []),
        },
    )


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader, path: Path) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(1000, 640)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_recording(described(path))
    qtbot.waitUntil(lambda: reader.is_idle)
    yield widget
    widget.close_streams()


def described(path: Path) -> RecordingInfo:
    queries = Queries()
    info = queries.answer(OpenRecording(str(path)))
    queries.close()
    assert isinstance(info, RecordingInfo)
    return info


def panel(timeline: Timeline, name: str) -> Panel:
    return next(panel for panel in timeline.panels if panel.name == name)


def hover(qtbot: QtBot, timeline: Timeline, time: int) -> None:
    plot = panel(timeline, "imu").plot
    axis = timeline._mouse.axis
    assert axis is not None
    qtbot.mouseMove(plot, QPoint(round(axis.x_of(time)), 10))


def test_the_whole_recording_is_in_view(timeline: Timeline) -> None:
    view = timeline.navigator.view
    assert view is not None
    assert view.is_whole
    assert view.left < T0
    assert view.right > T0 + LENGTH


def test_curves_show_where_there_were_data_and_where_not(timeline: Timeline) -> None:
    plot = panel(timeline, "imu").plot
    drawn = columns_with(plot, timeline._theme.stream_colour(1))
    axis = timeline._mouse.axis
    assert axis is not None
    before, after = round(axis.x_of(T0 + 9 * SECOND)), round(axis.x_of(T0 + 11 * SECOND))
    # From the cursor on, whose line crosses the first event.
    assert drawn[round(axis.x_of(T0 + SECOND)) + 2 : before - 3].all()
    assert not drawn[before + 3 : after - 3].any()
    assert drawn[after + 3 : round(axis.x_of(T0 + 19 * SECOND))].all()


def test_events_are_there_with_their_texts(timeline: Timeline) -> None:
    plot = panel(timeline, "events").plot
    assert isinstance(plot, MarkPlot)
    assert plot.marks.texts[0] == "event 1"
    assert len(plot.marks.times) == 19


def test_a_stream_without_data_says_so(timeline: Timeline) -> None:
    assert panel(timeline, "empty").header.text.health.text == "nothing was recorded"


def test_the_cursor_follows_the_mouse_and_values_are_read_there(
    timeline: Timeline, reader: RealReader, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(timeline.cursor_moved):
        hover(qtbot, timeline, T0 + 5 * SECOND)
    qtbot.waitUntil(lambda: reader.is_idle)
    header = panel(timeline, "imu").header
    assert [float(line.value.split("\u00a0")[0]) for line in header.text.legend] == [2.5, 2.5]
    assert panel(timeline, "events").header.text.legend[0].value in ("event 4", "event 5")
    assert "\u22126" in panel(timeline, "sound").header.text.legend[0].value


def test_the_picture_at_the_cursor_is_the_newest_before_it(
    timeline: Timeline, reader: RealReader, qtbot: QtBot
) -> None:
    hover(qtbot, timeline, T0 + 7 * SECOND)
    qtbot.waitUntil(lambda: reader.is_idle)
    plot = panel(timeline, "camera").plot
    assert isinstance(plot, PicturePlot)
    cursor = timeline.navigator.cursor_time
    assert cursor is not None
    assert 0 <= cursor - plot.picture_time < 100 * MS


def test_of_many_moves_only_the_newest_is_asked(timeline: Timeline, reader: RealReader, qtbot: QtBot) -> None:
    reader.held = True
    asked_before = len(reader.asked)
    for n in range(40):
        hover(qtbot, timeline, T0 + n * SECOND // 4)
        assert reader.outstanding(ReadPicture) <= 1
        assert reader.outstanding(ReadValues) <= 1
    last = timeline.navigator.cursor_time
    reader.held = False
    reader.release()

    def pictures() -> list[ReadPicture]:
        return [query for query in reader.asked[asked_before:] if isinstance(query, ReadPicture)]

    # The one on its way may have been asked for before; for a moment after its answer nothing is.
    qtbot.waitUntil(lambda: reader.is_idle and [query.time for query in pictures()][-1:] == [last])
    assert len(pictures()) <= 3


def test_zooming_asks_for_finer_data_and_panning_a_little_for_none(
    timeline: Timeline, reader: RealReader, qtbot: QtBot
) -> None:
    timeline.navigator.zoom(0.1, T0 + 5 * SECOND)
    qtbot.waitUntil(lambda: reader.is_idle)
    windows = [query for query in reader.asked if isinstance(query, ReadWindow) and query.stream == "imu"]
    assert windows[-1].right - windows[-1].left < windows[0].right - windows[0].left
    timeline.navigator.pan_steps(1)
    qtbot.waitUntil(lambda: reader.is_idle)
    again = [query for query in reader.asked if isinstance(query, ReadWindow) and query.stream == "imu"]
    assert again == windows


def test_dragging_pans_and_keys_move(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.navigator.zoom(0.2, T0 + 5 * SECOND)
    before = timeline.navigator.view
    plot = panel(timeline, "imu").plot
    middle = plot.rect().center()
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(plot, middle - QPoint(100, 0))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle - QPoint(100, 0))
    after = timeline.navigator.view
    assert before is not None
    assert after is not None
    assert after.left - before.left == pytest.approx(before.span * 100 / plot.width(), rel=0.01)
    qtbot.keyClick(timeline, Qt.Key.Key_End)
    assert timeline.navigator.view is not None
    assert timeline.navigator.view.right == timeline.navigator.view.last
    qtbot.keyClick(timeline, Qt.Key.Key_0)
    assert timeline.navigator.view.is_whole


def test_arrows_step_the_cursor_by_a_pixel(timeline: Timeline, qtbot: QtBot) -> None:
    cursor, axis = timeline.navigator.cursor_time, timeline._mouse.axis
    assert cursor is not None
    assert axis is not None
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    assert timeline.navigator.cursor_time == cursor + axis.duration_of(1)
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert timeline.navigator.cursor_time == cursor


def test_the_range_stays_while_zooming_until_it_is_fitted(
    timeline: Timeline, reader: RealReader, qtbot: QtBot
) -> None:
    plot = panel(timeline, "sound").plot
    assert isinstance(plot, SignalPlot)
    before = plot.shown_range
    timeline.navigator.zoom(0.05, T0 + 5 * SECOND)
    qtbot.waitUntil(lambda: reader.is_idle)
    assert plot.shown_range == before


def test_a_file_that_vanishes_says_so_in_every_panel(
    qtbot: QtBot, reader: RealReader, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "gone.h5"
    copy.write_bytes(path.read_bytes())
    info = described(copy)
    copy.unlink()
    widget = Timeline(Theme("dark"), reader)
    qtbot.addWidget(widget)
    widget.resize(900, 600)
    widget.show()
    widget.show_recording(info)
    qtbot.waitUntil(lambda: reader.is_idle)
    assert "gone.h5" in panel(widget, "imu").plot._words
    widget.close_streams()


def test_answers_for_a_recording_that_is_no_longer_shown_are_dropped(
    timeline: Timeline, reader: RealReader, qtbot: QtBot
) -> None:
    reader.held = True
    hover(qtbot, timeline, T0 + 3 * SECOND)
    timeline.show_empty()
    reader.release()
    assert timeline.panels == ()


def test_a_recording_without_data_is_not_drawn(qtbot: QtBot, reader: RealReader, tmp_path: Path) -> None:
    info = described(write_recording(tmp_path / "void.h5", {"empty": (EMPTY, [])}))
    widget = Timeline(Theme("dark"), reader)
    qtbot.addWidget(widget)
    widget.show_recording(info)
    assert "holds no data" in widget._empty.text


def test_the_overview_keeps_its_hint_and_tells_the_length_when_a_partition_comes_or_another_is_shown(
    qtbot: QtBot, reader: RealReader, timeline: Timeline, path: Path, tmp_path: Path
) -> None:
    def strip_is_drawn(length: str) -> None:
        assert timeline.page.overview.hint is not None
        label = timeline.findChild(QLabel, "session_length")
        assert isinstance(label, QLabel)
        assert label.text() == f"{length}\u00a0s in all"

    qtbot.waitUntil(lambda: strip_is_drawn("19.9"))
    within = write_recording(
        tmp_path / "P01.level.h5", {"level": (EVENTS, [(T0 + 5 * SECOND, Event("loud"))])}
    )
    timeline.take_recordings((described(path), described(within)))
    qtbot.waitUntil(lambda: strip_is_drawn("19.9"))
    longer = [(T0 + n * SECOND, Event("tick")) for n in range(1, 32)]
    timeline.show_recording(described(write_recording(tmp_path / "P02.h5", {"ticks": (EVENTS, longer)})))
    qtbot.waitUntil(lambda: strip_is_drawn("30"))
