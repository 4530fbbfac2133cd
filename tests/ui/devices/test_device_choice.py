"""What one window found is there for the next at once, until it has looked itself."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from studio.devices.device import DeviceInfo, DeviceKind
from studio.devices.simulated_devices import simulated_devices
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
    second.look_around()
    qtbot.waitUntil(lambda: not second.looking)
    assert not second.book.chosen
    assert set(second.book.devices) == set(simulated_devices())
