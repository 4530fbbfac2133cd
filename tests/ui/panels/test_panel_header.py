"""The header of a panel says what it has no room for."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.ui.panels.header_text import HeaderText, LegendLine
from studio.ui.panels.panel_header import MARGIN, PanelHeader
from studio.ui.panels.stream_health import Health, StreamHealth
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

FOUR = HeaderText("EEG", legend=tuple(LegendLine(f"channel {n}", "0.1", n) for n in range(4)))


def drawn(qtbot: QtBot, height: int) -> QImage:
    """The right end of the line with the name, where the name does not reach."""
    header = PanelHeader(Theme("light"))
    qtbot.addWidget(header)
    header.resize(header.width(), height)
    header.show_text(FOUR)
    line = header.fontMetrics().height()
    return header.grab().toImage().copy(header.width() - 50, MARGIN, 50, line)


def test_channels_without_room_are_counted_beside_the_name(qtbot: QtBot) -> None:
    with_room, without, with_less = (drawn(qtbot, height) for height in (200, 70, 50))
    assert len({with_room.pixel(x, y) for x in range(50) for y in range(with_room.height())}) == 1
    assert without != with_room
    assert with_less != without


def line_of(qtbot: QtBot, text: HeaderText, width: int) -> QImage:
    header = PanelHeader(Theme("light"))
    qtbot.addWidget(header)
    header.show_as_line(True)
    header.resize(width, header.sizeHint().height())
    header.show_text(text)
    return header.grab().toImage()


def test_above_a_plot_it_is_one_line_with_as_many_values_as_have_room(qtbot: QtBot) -> None:
    one = HeaderText("words", "2 Hz", legend=(LegendLine("said at", "00:01.000"),))
    two = HeaderText("words", "2 Hz", legend=(*one.legend, LegendLine("message", "1 of 5")))
    assert line_of(qtbot, two, 240) == line_of(qtbot, one, 240)
    assert line_of(qtbot, two, 600) != line_of(qtbot, one, 600)
    lost = StreamHealth(Health.DEAD, "the device is gone")
    said = line_of(qtbot, HeaderText("words", "2 Hz", lost, two.legend), 600)
    assert said == line_of(qtbot, HeaderText("words", "3 Hz", lost), 600)  # what is wrong comes first
    assert said != line_of(qtbot, HeaderText("words", "2 Hz"), 600)
