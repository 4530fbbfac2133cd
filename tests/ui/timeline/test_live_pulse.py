"""Pictures, the axis and words are due in turns of the event loop of their own, pictures twice as often."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.ui.timeline.live_pulse import LivePulse


class Pulse:
    """Writes down what was due, beat by beat; the timer's own beats are let through one by one."""

    def __init__(self, widget: QWidget) -> None:
        self.pulse = LivePulse(widget)
        self.told: list[str] = []
        self.pulse.axis_due.connect(lambda: self.told.append("axis"))
        self.pulse.pictures_due.connect(lambda: self.told.append("pictures"))
        self.pulse.words_due.connect(lambda: self.told.append("words"))
        self.timer = self.pulse.findChildren(QTimer)[0]

    def beat(self) -> list[str]:
        """What one beat says."""
        self.told.clear()
        self.timer.timeout.emit()
        return list(self.told)


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow, timeout=20_000)
    return shown


def test_no_beat_says_two_things_and_pictures_come_twice_as_often(widget: QWidget) -> None:
    pulse = Pulse(widget)
    beats = [pulse.beat() for _ in range(8)]
    assert all(len(beat) <= 1 for beat in beats)
    assert beats.count(["pictures"]) == 4
    assert beats.count(["axis"]) == beats.count(["words"]) == 2


def test_a_window_without_focus_says_all_at_once_and_slowly(widget: QWidget, qtbot: QtBot) -> None:
    pulse = Pulse(widget)
    pulse.beat()
    fast = pulse.timer.interval()
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not widget.isActiveWindow(), timeout=20_000)
    assert sorted(pulse.beat()) == ["axis", "pictures", "words"]
    assert pulse.timer.interval() > 4 * fast


def test_a_minimised_window_says_nothing(widget: QWidget, qtbot: QtBot) -> None:
    pulse = Pulse(widget)
    widget.showMinimized()
    qtbot.waitUntil(widget.isMinimized, timeout=20_000)
    assert [pulse.beat() for _ in range(4)] == [[], [], [], []]
