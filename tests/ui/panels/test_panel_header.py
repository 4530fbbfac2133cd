"""The header of a panel says what it has no room for."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.ui.panels.header_text import HeaderText, LegendLine
from studio.ui.panels.panel_header import MARGIN, PanelHeader
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
