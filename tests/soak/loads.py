"""What a recorder carries while it is killed: the loads that the hard requirements speak of."""

from dataclasses import replace

from studio.devices.device import DeviceInfo, DeviceSettings
from studio.devices.simulated_devices import simulated_devices


def _device(part: str, settings: DeviceSettings) -> DeviceInfo:
    (found,) = (each for each in simulated_devices() if each.id == f"simulated:{part}")
    return replace(found, settings=settings)


MESSAGES = _device("events", DeviceSettings(rate=20_000.0))
"""20 thousand small messages a second."""
CHANNELS = _device("signal", DeviceSettings(rate=30_000.0, channels=64))
FILM = _device("camera", DeviceSettings(rate=30.0, width=1920, height=1080))

LOADS: dict[str, tuple[DeviceInfo, ...]] = {
    "usual": simulated_devices(),
    "messages": (MESSAGES,),
    "channels": (CHANNELS,),
    "film": (FILM,),
    "all": (MESSAGES, CHANNELS, FILM),
}
