"""What a window says to the recorder about a pre-flight. How it goes is in the recorder's status."""

from dataclasses import dataclass
from typing import TypeAlias

from studio.devices.device import DeviceInfo


@dataclass(frozen=True, slots=True)
class StartPreflight:
    """Find out whether these devices, and the disk of `folder`, are fit to record.

    Reply: its number, at once; `RecorderStatus.preflight` says how far it is, and in the end what was found.
    """

    devices: tuple[DeviceInfo, ...]
    folder: str
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class CancelPreflight:
    """Call it off. Reply: None, also if none runs."""


PreflightCommand: TypeAlias = StartPreflight | CancelPreflight
