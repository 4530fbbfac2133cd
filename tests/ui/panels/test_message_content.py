"""Ticks, latency, rate, texts and events of a stored stream, few or very many, with one message or none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.formats.encoding import EncodedPayload
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.host.protocol import ReadMessages
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.message_columns import MOST_READ
from studio.store.writer import StoreWriter
from studio.ui.panels.density_plot import DensityPlot
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.text_plot import TextPlot
from tests.store.recordings import MS, SECOND, T0
from tests.ui.panels.stored import LENGTH, WIDTH, PanelStand, frame_of, recording
from tests.ui.timeline.pixels import columns_with

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

LATE = 5 * MS
BEAT = StreamFormat(PayloadKind.STRING, rate=100.0)
MANY = 2 * MOST_READ
LONG = "\n".join(f"line {n} of a long text" for n in range(200))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(
        tmp_path_factory.mktemp("messages"),
        {
            "one": (StreamFormat(PayloadKind.STRING), [(T0 + 5 * SECOND, "only one")]),
            "few": (StreamFormat(PayloadKind.STRING), [(T0 + n * SECOND, f"n{n}") for n in range(1, 10)]),
            "long": (StreamFormat(PayloadKind.STRING), [(T0 + SECOND, LONG), (T0 + 6 * SECOND, "short")]),
            "lasting": (
                StreamFormat(PayloadKind.EVENT),
                [(T0 + SECOND, Event("lasts", duration_ns=7 * SECOND)), (T0 + 2 * SECOND, Event("brief"))],
            ),
        },
    )


@pytest.fixture(scope="module")
def beating(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred messages a second with a hole of two seconds, and very many in the same ten seconds."""
    path = tmp_path_factory.mktemp("beating") / "b.h5"
    writer = StoreWriter.create(path)
    writer.add_streams(
        [NewStream("beat", BEAT), NewStream("many", StreamFormat(PayloadKind.STRING, rate=10.0))]
    )
    payload = EncodedPayload(b"x", 1)
    times = [T0 + n * 10 * MS for n in range(1, 1000) if not 400 < n < 600]
    for number, time in enumerate(times, start=1):
        writer.append("beat", EncodedMessage(time, time + LATE, number, payload))
    for number in range(MANY):
        time = T0 + (number + 1) * LENGTH // (MANY + 2)
        writer.append("many", EncodedMessage(time, time + MS, number + 1, payload))
    writer.close()
    return path


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


@pytest.fixture
def beats(qtbot: QtBot, beating: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, beating)
    yield made
    made.close()


def legend(made: StoredPanel) -> dict[str, str]:
    return {line.name: line.value.replace("\u00a0", " ") for line in made.panel.header.text.legend}


def drawn(stand: PanelStand, made: StoredPanel) -> np.ndarray:
    return columns_with(made.panel.plot, stand.theme.stream_colour(0), tolerance=80)


def test_each_message_is_a_tick_at_its_time(stand: PanelStand) -> None:
    made = stand.show(PanelKind.MESSAGES, "few", frame=frame_of(T0, T0 + LENGTH))
    assert np.flatnonzero(drawn(stand, made)).tolist() == pytest.approx(
        [n * WIDTH / 10 for n in range(1, 10)], abs=1.1
    )
    assert legend(made) == {"": "9 in view"}


@pytest.mark.parametrize(
    "kind", [PanelKind.MESSAGES, PanelKind.LATENCY, PanelKind.RATE, PanelKind.TEXT, PanelKind.MARKS]
)
def test_a_stream_of_one_message_can_be_shown_as_anything(kind: PanelKind, stand: PanelStand) -> None:
    made = stand.show(kind, "one")
    if kind is not PanelKind.TEXT:
        assert drawn(stand, made)[430:480].any()
    made.panel.grab()
    stand.draw(made, frame_of(T0, T0 + 1000))
    stand.draw(made, frame_of(-(2**60), 2**60))
    made.panel.grab()


def test_the_rate_is_read_from_zero_and_a_gap_is_a_gap(beats: PanelStand) -> None:
    made = beats.show(PanelKind.RATE, "beat", frame=frame_of(T0, T0 + LENGTH, cursor=T0 + 2 * SECOND))
    plot = made.panel.plot
    assert isinstance(plot, SignalPlot)
    assert float(legend(made)["rate"].split()[0]) == pytest.approx(100, rel=0.15)
    assert plot.shown_range.low == 0
    assert plot.window_shown is not None
    (gap,) = plot.window_shown.gaps
    assert gap.to_time - gap.from_time == pytest.approx(2 * SECOND, rel=0.01)
    beats.draw(made, frame_of(T0, T0 + LENGTH, cursor=T0 + 5 * SECOND))
    assert float(legend(made)["rate"].split()[0]) == 0


def test_the_latency_stands_in_milliseconds(beats: PanelStand) -> None:
    made = beats.show(PanelKind.LATENCY, "beat", frame=frame_of(T0, T0 + LENGTH, cursor=T0 + SECOND))
    assert legend(made)["latency"] == "5.000 ms"
    columns = drawn(beats, made)
    assert columns[20:340].any()
    assert not columns[400:520].any(), "nothing in the gap"


@pytest.mark.parametrize("kind", [PanelKind.MESSAGES, PanelKind.LATENCY, PanelKind.RATE])
def test_very_many_messages_are_sketched_at_once_and_counted_soon(
    kind: PanelKind, beats: PanelStand, qtbot: QtBot
) -> None:
    made = beats.show(kind, "many")
    asked = [query for query in beats.reader.asked if isinstance(query, ReadMessages)]
    if len(asked) == 1 and kind is not PanelKind.MESSAGES:  # a busy machine may be further by now
        assert any("counting" in value for value in legend(made).values())
    qtbot.waitUntil(lambda: not made_is_counting(made))
    beats.settle()
    asked = [query for query in beats.reader.asked if isinstance(query, ReadMessages)]
    assert len(asked) == MANY // 4096 // 8
    assert len(set(asked)) == 1
    assert drawn(beats, made)[20:880].mean() > 0.9 or kind is PanelKind.RATE


def made_is_counting(made: StoredPanel) -> bool:
    plot = made.panel.plot
    if isinstance(plot, DensityPlot):
        return plot.columns_shown is None or plot.columns_shown.known_share < 1
    return any("counting" in value for value in legend(made).values())


def test_of_very_many_texts_a_few_stand_over_how_many_there_are(beats: PanelStand, qtbot: QtBot) -> None:
    made = beats.show(PanelKind.MARKS, "many")
    plot = made.panel.plot
    assert isinstance(plot, MarkPlot)
    assert plot.has_more
    qtbot.waitUntil(lambda: any(isinstance(query, ReadMessages) for query in beats.reader.asked))
    beats.settle()
    made.panel.grab()
    near = T0 + LENGTH // 2
    beats.draw(made, frame_of(near, near + 100_000))
    assert not plot.has_more
    made.panel.grab()


def test_an_event_that_lasts_is_a_bar_however_near_one_looks(stand: PanelStand) -> None:
    near = frame_of(T0 + 5 * SECOND, T0 + 5 * SECOND + 10 * MS)
    made = stand.show(PanelKind.MARKS, "lasting", frame=near)
    plot = made.panel.plot
    assert isinstance(plot, MarkPlot)
    assert plot.marks.texts == ("lasts",)


def test_a_text_is_shown_in_full_and_can_be_scrolled_and_copied(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.TEXT, "long", frame=frame_of(T0, T0 + LENGTH, cursor=T0 + 5 * SECOND))
    plot = made.panel.plot
    assert isinstance(plot, TextPlot)
    assert plot.text.toPlainText() == LONG
    assert legend(made) == {"said at": "00:01.000", "message": "1 of 2"}
    bar = plot.text.verticalScrollBar()
    assert bar.maximum() > 0
    plot.text.selectAll()
    plot.text.copy()
    assert QApplication.clipboard().text() == LONG
    stand.draw(made, frame_of(T0, T0 + LENGTH, cursor=T0 + 7 * SECOND))
    assert plot.text.toPlainText() == "short"
    stand.draw(made, frame_of(T0, T0 + LENGTH, cursor=T0))
    assert plot.text.isHidden()
    assert "nothing was said yet" in plot._words


def test_the_wheel_at_the_end_of_a_text_does_not_reach_the_time_axis(stand: PanelStand) -> None:
    made = stand.show(PanelKind.TEXT, "long", frame=frame_of(T0, T0 + LENGTH, cursor=T0 + 5 * SECOND))
    plot = made.panel.plot
    assert isinstance(plot, TextPlot)
    up = QWheelEvent(
        QPointF(30, 30),
        QPointF(30, 30),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    assert plot.eventFilter(plot.text.viewport(), up)
