"""The bar at the bottom: whatever is said there can be read at once."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.ui.status_bar import StatusBar
from studio.ui.status_texts import StatusTexts
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


def test_a_text_that_grows_has_its_room_before_it_is_painted(qtbot: QtBot, qapp: QApplication) -> None:
    bar = StatusBar(Theme("dark"))
    qtbot.addWidget(bar)
    bar.resize(1200, 32)
    bar.show()
    bar.show_texts(StatusTexts(file="/a/long/place/recording.h5", size="9 kB"))
    qapp.processEvents()
    bar.show_texts(StatusTexts(file="/a/long/place/recording.h5", size="1.90 GB (+12.5 MB/s)"))
    size = bar.findChild(QLabel, "status_size")
    assert size.width() >= size.sizeHint().width()
