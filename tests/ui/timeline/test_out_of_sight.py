"""A panel that is scrolled away asks the reader nothing; when it comes into view it shows what is there."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.protocol import ReadValues, ReadWindow
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from tests.store.recordings import MS, T0, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
STREAMS = 12
LAST = f"s{STREAMS - 1:02}"


@pytest.fixture
def timeline(qtbot: QtBot, reader: RealReader, tmp_path: Path) -> Iterator[Timeline]:
    """More panels than have room."""
    blocks = [(T0 + n * 100 * MS, np.full((10, 1), n, np.float32)) for n in range(1, 21)]
    path = write_recording(
        tmp_path / "P01.h5", {f"s{number:02}": (NUMBERS, blocks) for number in range(STREAMS)}
    )
    widget = Timeline(Theme("light"), reader)
    qtbot.addWidget(widget)
    widget.resize(900, 500)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_recording(described(path))
    qtbot.waitUntil(lambda: reader.is_idle)
    yield widget
    widget.close_streams()


def scroll(timeline: Timeline, share: float) -> None:
    bar = timeline.page.stack.verticalScrollBar()
    bar.setValue(round(bar.maximum() * share))


def drawn(timeline: Timeline, number: int) -> float:
    """The right end of what the plot of a panel knows; 0: nothing."""
    plot = timeline.panels[number].plot
    assert isinstance(plot, SignalPlot)
    return 0 if plot.window_shown is None else float(plot.window_shown.times[-1])


def asked_windows(reader: RealReader) -> set[str]:
    return {query.stream for query in reader.asked if isinstance(query, ReadWindow)}


def asked_values(reader: RealReader) -> set[str]:
    return {name for query in reader.asked if isinstance(query, ReadValues) for name in query.streams}


def test_what_is_scrolled_away_is_not_asked_for(qtbot: QtBot, timeline: Timeline, reader: RealReader) -> None:
    assert "s00" in asked_windows(reader)
    assert "s00" in asked_values(reader)
    assert LAST not in asked_windows(reader) | asked_values(reader)
    reader.asked.clear()
    timeline.navigator.zoom_in()
    qtbot.waitUntil(lambda: reader.is_idle)
    assert "s00" in asked_windows(reader)
    assert LAST not in asked_windows(reader) | asked_values(reader)
    assert not drawn(timeline, STREAMS - 1)


def test_what_comes_into_view_is_asked_for_with_its_values(
    qtbot: QtBot, timeline: Timeline, reader: RealReader
) -> None:
    timeline.navigator.zoom_in()
    qtbot.waitUntil(lambda: reader.is_idle)
    reader.asked.clear()
    scroll(timeline, 1.0)
    qtbot.waitUntil(lambda: drawn(timeline, STREAMS - 1) > 0)
    qtbot.waitUntil(lambda: reader.is_idle)
    assert LAST in asked_windows(reader)
    assert LAST in asked_values(reader)
    assert "s00" not in asked_windows(reader) | asked_values(reader)
    assert timeline.panels[STREAMS - 1].header.text.legend


def test_what_moved_while_it_was_away_shows_the_view_of_now(
    qtbot: QtBot, timeline: Timeline, reader: RealReader
) -> None:
    scroll(timeline, 1.0)
    qtbot.waitUntil(lambda: reader.is_idle)
    timeline.navigator.zoom(0.2, T0 + 400 * MS)
    qtbot.waitUntil(lambda: reader.is_idle)
    before = drawn(timeline, 0)
    scroll(timeline, 0.0)
    qtbot.waitUntil(lambda: 0 < drawn(timeline, 0) < before)


def test_an_answer_on_its_way_is_taken_and_what_follows_it_waits(
    qtbot: QtBot, timeline: Timeline, reader: RealReader
) -> None:
    reader.held = True
    timeline.navigator.zoom_in()
    timeline.navigator.zoom(0.2, T0 + 400 * MS)  # waits behind the first
    scroll(timeline, 1.0)
    reader.asked.clear()
    reader.release()
    assert "s00" not in asked_windows(reader)
    reader.held = False
    scroll(timeline, 0.0)
    assert "s00" in asked_windows(reader)


def test_nothing_is_asked_before_there_is_room_to_show_it(
    qtbot: QtBot, timeline: Timeline, reader: RealReader
) -> None:
    infos = timeline.recordings
    timeline.show_empty()
    other = Timeline(Theme("light"), reader)
    qtbot.addWidget(other)
    reader.asked.clear()
    other.show_session(infos)
    assert not asked_windows(reader)
    other.resize(900, 500)
    other.show()
    qtbot.waitUntil(lambda: "s00" in asked_windows(reader))
    assert all(query.columns > 100 for query in reader.asked if isinstance(query, ReadWindow))
    other.close_streams()
