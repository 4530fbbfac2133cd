"""What one window found is there for the next at once, until it has looked itself."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from studio.app.status import Severity
from studio.devices.device import DeviceInfo, DeviceKind
from studio.devices.simulated_devices import simulated_devices
from studio.timing import SystemClock
from studio.ui.application import make_window
from studio.ui.devices.device_choice import DeviceChoice
from studio.ui.settings.choices import Choices
from tests.ui.far_end import FarEnd

MICROPHONE = DeviceInfo(id="microphone:a", name="A", kind=DeviceKind.MICROPHONE)


def _window(
    found: tuple[DeviceInfo, ...], settings: Settings, qapp: QApplication
) -> tuple[DeviceChoice, Choices]:
    choices = Choices(settings, qapp)
    return DeviceChoice(FarEnd(found).bridge(), choices, qapp), choices


def test_devices_of_the_last_start_can_be_recorded_before_this_one_has_looked(
    qtbot: QtBot, qapp: QApplication
) -> None:
    everything = (MICROPHONE, *simulated_devices())
    first, choices = _window(everything, Settings(), qapp)
    first.look_around()
    qtbot.waitUntil(lambda: not first.looking)
    assert first.book.chosen == (MICROPHONE,)
    choices.save()

    second, _ = _window(simulated_devices(), Settings.load(), qapp)
    assert second.book.chosen == (MICROPHONE,)
    with qtbot.waitSignal(second.missed) as told:
        second.look_around()
    assert told.args[0].startswith("“A” was ticked and is not there now.")
    assert not second.looking
    assert not second.book.chosen
    assert set(second.book.devices) == set(simulated_devices())


def test_a_device_that_is_missing_is_told_once_and_the_others_go_on(qtbot: QtBot, qapp: QApplication) -> None:
    camera, simulated = DeviceInfo(id="camera:b", name="B", kind=DeviceKind.CAMERA), simulated_devices()[0]
    first, choices = _window((MICROPHONE, camera, simulated), Settings(), qapp)
    first.look_around()
    qtbot.waitUntil(lambda: not first.looking)
    first.tick(simulated.id, True)
    choices.save()

    here = (camera, simulated)
    window = make_window(qapp, FarEnd(here).links(), Settings.load(), SystemClock())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: not window.devices.book.remembered)
    qtbot.waitUntil(lambda: window.messages.log.shown is not None)
    shown = window.messages.log.shown
    assert shown is not None
    assert (shown.severity, "“A” was ticked" in shown.text) == (Severity.WARNING, True)
    assert set(window.devices.book.chosen) == set(here), "the others are what Record records"
    window.devices.missed.connect(lambda text: pytest.fail(text))
    window.devices.look_around()
    qtbot.waitUntil(lambda: not window.devices.looking)
    assert window.devices.book.is_ticked(MICROPHONE.id), "so it is recorded again when it is there"
    window.leave()
