"""Odd recordings: next to nothing in them, holes, no numbers, times at the ends of what clocks count."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval
from studio.ui.panels.panel_plan import kinds_for
from studio.ui.theme import Theme
from studio.ui.timeline.plan_edits import plan_for
from studio.ui.timeline.timeline import Timeline
from studio.ui.timeline.timing import TimingMode
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 2, (), 100.0)
SCALAR = StreamFormat(PayloadKind.SCALAR, "float64")
EVENTS = StreamFormat(PayloadKind.EVENT)
YEAR = 366 * 86400 * SECOND

Messages = dict[str, tuple[StreamFormat, list[tuple[int, Any]]]]


def block(value: float, rows: int = 10) -> np.ndarray:
    return np.full((rows, 2), value, np.float32)


ODD: dict[str, Messages] = {
    "one message": {"e": (EVENTS, [(T0, Event("only"))])},
    "one sample": {"n": (NUMBERS, [(T0, block(1.0, 1))]), "none": (EVENTS, [])},
    "a gap of two samples": {
        "n": (NUMBERS, [(T0, block(1)), (T0 + 120 * MS, block(2)), (T0 + 220 * MS, block(3))])
    },
    "no numbers": {
        "n": (NUMBERS, [(T0 + n * 100 * MS, block(v)) for n, v in enumerate((np.nan, np.inf, -np.inf, 3.0))]),
        "s": (SCALAR, [(T0, float("nan")), (T0 + SECOND, float("inf"))]),
    },
    "all equal": {"s": (SCALAR, [(T0 + n * MS, 5.0) for n in range(50)])},
    "huge and tiny": {"s": (SCALAR, [(T0, 1e300), (T0 + MS, -1e300), (T0 + 2 * MS, 1e-300)])},
    "two centuries": {
        "e": (EVENTS, [(T0 - 190 * YEAR, Event("a")), (T0 - YEAR, Event("b")), (T0, Event("c"))])
    },
    "before 1970": {"s": (SCALAR, [(-3 * SECOND, 1.0), (-SECOND, 2.0), (0, 3.0), (SECOND, 4.0)])},
}


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close_streams()


@pytest.mark.parametrize("name", ODD)
def test_odd_recordings_are_shown_zoomed_and_selected(
    qtbot: QtBot, timeline: Timeline, reader: RealReader, tmp_path: Path, name: str
) -> None:
    info = described(write_recording(tmp_path / "P.h5", ODD[name]))
    timeline.show_recording(info)
    navigator = timeline.navigator

    def settled() -> None:
        qtbot.waitUntil(lambda: reader.is_idle)
        assert not timeline.grab().isNull()

    settled()
    assert [one.name for one in timeline.shown_streams] == list(ODD[name])
    for stream in info.streams:
        for kind in kinds_for(stream.format.kind):
            timeline.arrangement.add_stream(StreamRef(info.path, stream.name), kind)
    settled()
    for move in (*[navigator.zoom_in] * 12, navigator.go_end, navigator.go_home, navigator.zoom_session):
        move()
    settled()
    navigator.set_selection(TimeInterval(TIME_MIN + 5, TIME_MAX - 5))
    extent = navigator.extent
    assert extent is not None
    assert navigator.selection == TimeInterval(extent.left, extent.right)
    for mode in TimingMode:
        timeline.set_timing_mode(mode)
    navigator.zoom_selection()
    timeline.cursor_moves.snap_to(StreamRef(info.path, info.streams[0].name))
    for steps in (1, 1, -1, -1, -1):
        timeline.cursor_moves.step(steps)
    settled()
    assert plan_for(StreamRef(info.path, info.streams[0].name), info.streams[0]) in timeline.plans


def test_a_wrong_clock_is_told(qtbot: QtBot, timeline: Timeline, tmp_path: Path) -> None:
    apart = {"e": (EVENTS, [(TIME_MIN + YEAR, Event("a")), (T0, Event("b")), (TIME_MAX - YEAR, Event("c"))])}
    with qtbot.waitSignal(timeline.noted) as told:
        timeline.show_recording(described(write_recording(tmp_path / "apart.h5", apart)))
    assert "a clock was wrong" in told.args[0]
    far = {"s": (SCALAR, [(TIME_MAX - 2 * SECOND, 1.0), (TIME_MAX - SECOND, 2.0)])}
    timeline.show_recording(described(write_recording(tmp_path / "far.h5", far)))
    assert "2262" in timeline._empty.text


def test_a_recording_without_any_message_says_so(timeline: Timeline, tmp_path: Path) -> None:
    timeline.show_recording(described(write_recording(tmp_path / "P.h5", {"none": (EVENTS, [])})))
    assert "holds no data" in timeline._empty.text
    timeline.navigator.set_selection(TimeInterval(0, 5))
    assert timeline.navigator.selection is None
    assert timeline.recordings == ()
