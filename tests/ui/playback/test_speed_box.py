"""Speeds are chosen or typed; what cannot be played is refused in words."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.errors import SettingsError
from studio.ui.playback.speed_box import FAST, SpeedBox, speed_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.fixture
def box(qtbot: QtBot) -> SpeedBox:
    made = SpeedBox()
    qtbot.addWidget(made)
    made.show_speed(1.0, is_fast=False)
    made.chosen.connect(lambda speed: made.show_speed(speed or 1.0, is_fast=speed is None))
    made.show()
    qtbot.waitExposed(made)
    return made


def type_in(qtbot: QtBot, box: SpeedBox, text: str) -> None:
    box.setFocus()
    box.lineEdit().selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize(("text", "speed"), [("1.3", 1.3), ("0,2", 0.2), (" 16 x", 16.0), ("3\u00d7", 3.0)])
def test_a_speed_is_typed_as_people_write_it(text: str, speed: float, qtbot: QtBot, box: SpeedBox) -> None:
    chosen: list[float] = []
    box.chosen.connect(chosen.append)
    with qtbot.waitSignal(box.done):
        type_in(qtbot, box, text)
    assert chosen == [speed]
    assert box.currentText() == f"{speed:g}\u00d7"


@pytest.mark.parametrize("text", ["", "x", "0.05", "17", "-1", "nan", "inf", "1e400"])
def test_what_cannot_be_played_is_refused_and_given_back(text: str, qtbot: QtBot, box: SpeedBox) -> None:
    with pytest.raises(SettingsError, match=r"from 0\.1 to 16"):
        speed_of(text)
    chosen: list[object] = []
    box.chosen.connect(chosen.append)
    with qtbot.waitSignal(box.refused):
        type_in(qtbot, box, text or " ")
    with qtbot.waitSignal(box.done):
        qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (chosen, box.currentText()) == ([], "1\u00d7")


def test_as_fast_as_possible_is_chosen_from_the_list(qtbot: QtBot, box: SpeedBox) -> None:
    with qtbot.waitSignal(box.chosen) as told:
        box.activated.emit(box.findText(FAST))
    assert told.args == [None]
    assert box.currentText() == FAST


@pytest.mark.parametrize(("steps", "speed"), [(-1, 2.0), (1, 1.0)])
def test_from_a_typed_speed_the_wheel_goes_to_its_neighbours(
    steps: int, speed: float, qtbot: QtBot, box: SpeedBox
) -> None:
    type_in(qtbot, box, "1.3")
    place = QPointF(5, 5)
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(box.chosen) as told:
        QApplication.sendEvent(box, event)
    assert told.args == [speed]


def test_what_is_played_does_not_change_what_is_being_typed(qtbot: QtBot, box: SpeedBox) -> None:
    box.setFocus()
    box.lineEdit().selectAll()
    qtbot.keyClicks(box, "7")
    box.show_speed(4.0, is_fast=False)
    assert box.currentText() == "7"
    box.clearFocus()
    assert box.currentText() == "4\u00d7"
