"""A recording of very many streams says how far it is, and need not be waited for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.host.reader_signs import Listing
from studio.ui.sessions.listing_progress import PARTS, ListingProgress
from tests.ui.far_end import FarEnd, elsewhere

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_it_shows_how_far_it_is_and_calls_it_off(qtbot: QtBot) -> None:
    far_end, window = FarEnd(), QWidget()
    said: list[str] = []
    qtbot.addWidget(window)
    window.show()
    bridge = far_end.bridge()
    progress = ListingProgress(bridge, window, said.append)

    def tell(*parts: float, can_be_called_off: bool = True) -> None:
        for done in parts:
            sign = Listing("/study/older.h5", done, can_be_called_off)
            elsewhere(lambda sign=sign: far_end.tell_listing(sign))  # type: ignore[misc]

    tell(0.0, 1.0)  # over before anybody could read it
    tell(0.0, 0.25, 0.5)
    qtbot.waitUntil(lambda: progress.dialog is not None and progress.dialog.value() == PARTS // 2)
    dialog = progress.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert any("older.h5" in label.text() for label in dialog.findChildren(QLabel))
    (cancel,) = dialog.findChildren(QPushButton)
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert far_end.called_off == 1
    tell(1.0)
    qtbot.waitUntil(lambda: progress.dialog is None)
    tell(0.0, 0.1, can_be_called_off=False)
    qtbot.waitUntil(lambda: progress.dialog is not None)
    assert progress.dialog is not None
    assert not progress.dialog.findChildren(QPushButton)
    tell(1.0)
    qtbot.waitUntil(lambda: progress.dialog is None)
    elsewhere(lambda: far_end.tell_silence("/study/far.h5"))
    qtbot.waitUntil(lambda: len(said) == 1)
    assert "/study/far.h5 does not answer" in said[0]
    bridge.close()
