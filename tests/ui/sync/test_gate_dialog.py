"""The question before a recording whose clock is not exact enough."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.sync.gate_dialog import GateDialog
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_the_keys_under_the_fingers_wait_and_never_record(
    qtbot: QtBot, qapp: QApplication, key: Qt.Key
) -> None:
    dialog = GateDialog(Theme(), "Not synchronised well enough.")
    qtbot.addWidget(dialog)
    recorded: list[bool] = []
    dialog.record_requested.connect(lambda: recorded.append(True))
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    focus = dialog.focusWidget()
    assert focus is not None
    with qtbot.waitSignal(dialog.wait_requested):
        qtbot.keyClick(focus, key)
    assert recorded == []
