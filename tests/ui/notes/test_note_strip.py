"""The row of markers and notes on the timeline."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.notes.note_strip import GAP, NoteStrip
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.theme import Theme
from tests.ui.far_end import FarEnd

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


def test_the_border_to_the_panel_below_has_the_menu_of_the_tracks(qtbot: QtBot, qapp: QApplication) -> None:
    bridge = FarEnd().bridge()
    strip = NoteStrip(Theme(), SessionNotes(bridge, bridge))
    qtbot.addWidget(strip)
    strip.show()
    asked: list[object] = []
    strip.names.menu_wanted.connect(lambda note, at: asked.append((note, at)))
    border = QPoint(40, strip.height() - GAP // 2)
    assert strip.childAt(border) is None
    at = strip.mapToGlobal(border)
    qapp.sendEvent(strip, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, border, at))
    assert asked == [(None, at)]
    bridge.close()
