"""Keys of the window while the cursor stands in a field of text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from studio.ui.actions import ACTIONS, Actions
from studio.ui.field_keys import OF_FIELDS, FieldKeys
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


def _fields() -> dict[str, QWidget]:
    return {
        "line": QLineEdit("words of one line"),
        "text": QPlainTextEdit("words"),
        "number": QSpinBox(),
        "choice": QComboBox(editable=True),
    }


@pytest.mark.parametrize("kind", ["line", "text", "number", "choice"])
def test_keys_with_ctrl_reach_the_window_from_every_kind_of_field(qtbot: QtBot, kind: str) -> None:
    window, field = QMainWindow(), _fields()[kind]
    qtbot.addWidget(window)
    window.setCentralWidget(field)
    actions, heard = Actions(Theme("dark"), window), []
    names = [name for name, text in ACTIONS.items() if "Ctrl" in text.keys and name not in OF_FIELDS]
    for name in names:
        window.addAction(actions[name])
        actions[name].triggered.connect(lambda *_, name=name: heard.append(name))
    FieldKeys(window)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    for name in names:
        keys = QKeySequence(ACTIONS[name].keys)[0]
        QTest.keyClick(field, keys.key(), keys.keyboardModifiers())
    assert heard == names


def test_letters_and_the_fields_own_keys_stay_there(qtbot: QtBot) -> None:
    window, line = QMainWindow(), QLineEdit("words")
    qtbot.addWidget(window)
    window.setCentralWidget(line)
    actions, heard = Actions(Theme("dark"), window), []
    for name in ACTIONS:
        window.addAction(actions[name])
        actions[name].triggered.connect(lambda *_, name=name: heard.append(name))
    FieldKeys(window)
    window.show()
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_R)
    assert (line.text(), heard) == ("r", [])
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (line.text(), heard) == ("words", [])
