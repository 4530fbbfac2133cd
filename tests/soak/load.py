"""What is recorded at a time: real sound, real video, and simulated sensors that demand as much."""

from dataclasses import dataclass

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.devices.discovery import camera_from
from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone


@dataclass(frozen=True, slots=True)
class Load:
    """How much of it."""

    width: int = 1920
    height: int = 1080
    frame_rate: float = 30.0
    probe_channels: int = 64
    probe_rate: float = 30_000.0
    sensors: int = 16
    """Devices of 1 kHz, one channel each."""
    message_rate: float = 20_000.0
    """Small messages a second, in all."""
    message_devices: int = 4

    def __str__(self) -> str:
        return (
            f"microphone of 48 kHz; camera {self.width}x{self.height} at {self.frame_rate:g} a second; "
            f"{self.probe_channels} channels of {self.probe_rate / 1000:g} kHz; "
            f"{self.sensors} sensors of 1 kHz; "
            f"{self.message_rate:g} small messages a second from {self.message_devices} devices"
        )


def devices_of(load: Load, microphone: Microphone, camera: CameraServer) -> tuple[DeviceInfo, ...]:
    """All devices of a load."""
    sound = DeviceInfo(
        f"microphone:{microphone.name}",
        microphone.name,
        DeviceKind.MICROPHONE,
        settings=DeviceSettings(source=microphone.name, rate=float(microphone.rate), channels=1),
    )
    probe = _simulated("probe", DeviceKind.SIGNAL, rate=load.probe_rate, channels=load.probe_channels)
    sensors = (
        _simulated(f"sensor {number + 1}", DeviceKind.SIGNAL, rate=1000.0, channels=1)
        for number in range(load.sensors)
    )
    rate = load.message_rate / max(1, load.message_devices)
    messages = (
        _simulated(f"messages {number + 1}", DeviceKind.EVENTS, rate=rate, channels=0)
        for number in range(load.message_devices)
    )
    return (sound, camera_from(camera.url), probe, *sensors, *messages)


def _simulated(name: str, kind: DeviceKind, *, rate: float, channels: int) -> DeviceInfo:
    settings = DeviceSettings(rate=rate, channels=channels)
    return DeviceInfo(f"simulated:{name}", name, kind, simulated=True, settings=settings)
