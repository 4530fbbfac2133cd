"""The properties of a stream, and the sums of several; the box that shows and copies them."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from studio.app.answers import StreamFacts
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_S
from studio.ui.panels.time_text import wall_text
from studio.ui.sessions.stream_box import StreamBox
from studio.ui.sessions.stream_properties import Facts, lines_of, title_of
from studio.ui.sessions.tree_nodes import StreamValue
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it
S = NS_PER_S
T0 = 1_795_319_331 * S
MS = 1_000_000


def stream(
    name: str, *, messages: int = 3601, size: int = 3_601_000, closed: int = T0 + 3601 * S
) -> StreamValue:
    held = StreamFormat(PayloadKind.JPEG, rate=1.0, width=640, height=480)
    info = StreamInfo(
        name=name,
        format=held,
        device="Camera",
        message_count=messages,
        byte_count=size,
        first_time=T0 if messages else 0,
        last_time=T0 + 3600 * S if messages else 0,
        opened_time=T0 - S,
        closed_time=closed,
        dropped=2,
        produced=messages + 2,
        gaps=1,
        supplemental={"serial": "A17"},
    )
    return StreamValue(StreamRef("/take.h5", name), info)


def facts(*known: tuple[StreamValue, float]) -> Facts:
    return {
        one.ref: StreamFacts(one.ref.name, T0 + 5 * MS, T0 + 3600 * S + 5 * MS, latency * MS)
        for one, latency in known
    }


def test_a_stream_tells_everything_about_itself() -> None:
    one = stream("front")
    lines = dict(lines_of((one,), facts((one, 12.5))))
    assert lines["Device"] == "Camera"
    assert lines["Picture"] == "640\u00d7480"
    assert lines["Rate"] == "1.0\u00a0fps"
    assert lines["Messages"] == "3\u202f601"
    assert lines["Average message"] == "1\u00a0kB"
    assert lines["Size per hour"] == "3.6\u00a0MB"
    assert (lines["Missing"], lines["Gaps"], lines["serial"]) == ("2", "1", "A17")
    assert lines["Opened"] == wall_text(T0 - S)
    assert lines["Closed"] == wall_text(T0 + 3601 * S)
    assert lines["First originating time"] == wall_text(T0)
    assert lines["Last originating time"] == wall_text(T0 + 3600 * S)
    assert lines["First creation time"] == wall_text(T0 + 5 * MS)
    assert lines["Last creation time"] == wall_text(T0 + 3600 * S + 5 * MS)
    assert lines["Average latency"] == "12.500\u00a0ms"


def test_several_streams_are_summed_up_with_latencies_by_their_messages() -> None:
    many, few = stream("front"), stream("side", messages=1201, size=399_000, closed=0)
    both = (many, few)
    lines = dict(lines_of(both, facts((many, 10.0), (few, 30.0))))
    assert title_of(both) == "2\u00a0streams"
    assert lines["Messages"] == "4\u202f802"
    assert lines["Size"] == "4.0\u00a0MB"
    assert lines["Closed"] == "not closed"
    assert lines["Missing"] == "4"
    latency = float(lines["Average latency"].removesuffix("\u00a0ms"))
    assert latency == pytest.approx((3601 * 10 + 1201 * 30) / 4802, abs=0.001)
    assert "Average latency" not in dict(lines_of(both, facts((many, 10.0))))  # one is not known yet


def test_a_stream_without_messages_has_no_times() -> None:
    lines = dict(lines_of((stream("empty", messages=0, size=0),), {}))
    assert lines["Messages"] == "0"
    assert "Duration" not in lines
    assert "Average message" not in lines


def test_the_box_copies_its_lines_as_a_table(qtbot: QtBot) -> None:
    box = StreamBox(Theme("dark"))
    qtbot.addWidget(box)
    assert box.isHidden()
    box.show_streams((stream("front"),), {})
    button = box.findChild(QToolButton, "stream_copy")
    assert button is not None
    button.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Stream\tfront"
    assert "Device\tCamera" in copied
    assert copied[-1] == "Recording\t/take.h5"
    box.show_streams((), {})
    assert box.isHidden()
