"""What shall run, as a value, and what is asked of it before anything is opened."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from studio.devices.device import DeviceInfo
from studio.errors import DeviceError
from studio.store.exporter import QUEUE_LIMIT_BYTES


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The devices of one preview or recording."""

    devices: tuple[DeviceInfo, ...]
    path: Path | None = None
    """File to be written; None: a preview."""
    session_id: str = ""
    queue_limit: int = QUEUE_LIMIT_BYTES
    """Bytes of each stream that may wait before the newest is refused and counted (decision 11)."""

    @property
    def is_recording(self) -> bool:
        """Whether something is written."""
        return self.path is not None


def checked_devices(devices: tuple[DeviceInfo, ...]) -> tuple[DeviceInfo, ...]:
    """The same devices, if they can run together. Raises DeviceError for none or doubles."""
    if not devices:
        raise DeviceError(
            "No device is chosen. Tick at least one device, a simulated one if there is no other."
        )
    for what in (Counter(device.id for device in devices), Counter(device.name for device in devices)):
        twice = [name for name, count in what.items() if count > 1]
        if twice:
            raise DeviceError(
                f"The device '{twice[0]}' is chosen twice. Choose it once, or rename one of the two."
            )
    return devices
