"""The dialog of all keys."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from studio.ui.key_groups import key_list
from studio.ui.key_list import SHARE_OF_SCREEN, KeyList

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


def test_all_keys_are_there_and_the_dialog_fits_onto_the_screen(qtbot: QtBot) -> None:
    dialog = KeyList()
    qtbot.addWidget(dialog)
    dialog.show()
    words = [label.text() for label in dialog.findChildren(QLabel)]
    for keys, text in key_list():
        assert keys in words
        assert text in words
    room = dialog.screen().availableSize() * SHARE_OF_SCREEN
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()


def test_the_way_out_is_seen_however_small_the_dialog_is(qtbot: QtBot) -> None:
    dialog = KeyList()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(560, 360)
    close = dialog.findChild(QPushButton, "keys_close_button")
    area = dialog.findChild(QScrollArea, "keys_area")
    qtbot.waitUntil(lambda: dialog.rect().contains(close.geometry().translated(close.parent().pos())))
    assert area.verticalScrollBar().maximum() > 0
