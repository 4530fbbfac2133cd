"""Rows of times: cursor, selection and session end, told in each way that is wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.timing import TimeInterval
from studio.ui.panels.time_text import clock_text
from studio.ui.readable import MINUS, NOTHING
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from studio.ui.timeline.timing import TimingMode
from tests.store.recordings import SECOND, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it
EVENTS = StreamFormat(PayloadKind.EVENT)


@pytest.fixture
def shown(qtbot: QtBot, reader: RealReader, tmp_path: Path) -> Iterator[Timeline]:
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(1100, 400)
    widget.show()
    qtbot.waitExposed(widget)
    events = [(T0 + n * SECOND, Event(str(n))) for n in range(101)]
    widget.show_recording(described(write_recording(tmp_path / "P01.h5", {"e": (EVENTS, events)})))
    yield widget
    widget.close_streams()


def row(timeline: Timeline, mode: TimingMode) -> list[str]:
    labels = (timeline.findChild(QLabel, f"time_row_{mode}_{number}") for number in range(5))
    return [label.text() for label in labels if label is not None and not label.isHidden()]


def test_a_row_for_each_way_to_count_follows_cursor_and_selection(shown: Timeline) -> None:
    rows = shown.page.time_rows
    assert rows.isHidden()
    shown.page.show_time_rows(tuple(TimingMode))
    assert not rows.isHidden()
    shown.navigator.move_cursor(T0 + 10 * SECOND)
    assert row(shown, TimingMode.SESSION) == [NOTHING, "00:10.000", NOTHING, "01:40.000", "01:40.000"]
    assert row(shown, TimingMode.SELECTION) == [NOTHING] * 5
    shown.navigator.set_selection(TimeInterval(T0 + 20 * SECOND, T0 + 50 * SECOND))
    assert row(shown, TimingMode.SESSION) == [
        *("00:20.000", "00:10.000", "00:50.000", "01:40.000", "01:40.000")
    ]
    assert row(shown, TimingMode.SELECTION) == [
        *("00:00.000", f"{MINUS}00:10.000", "00:30.000", "01:20.000", "00:30.000")
    ]
    wall = [clock_text(T0 + n * SECOND) for n in (20, 10, 50, 100)]
    assert row(shown, TimingMode.WALL) == [*wall, NOTHING]


def test_rows_that_are_not_wanted_take_no_room_and_columns_give_way(qtbot: QtBot, shown: Timeline) -> None:
    page = shown.page
    page.show_time_rows((TimingMode.WALL,))
    assert not row(shown, TimingMode.SESSION)
    assert len(row(shown, TimingMode.WALL)) == 5
    shown.resize(520, 400)
    qtbot.waitUntil(lambda: len(row(shown, TimingMode.WALL)) < 5)
    page.show_time_rows(())
    assert page.time_rows.isHidden()
    page.show_time_rows((TimingMode.SESSION,))
    shown.show_empty()
    assert page.time_rows.isHidden()
