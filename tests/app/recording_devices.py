"""Devices for tests of the recorder: the shipped simulated ones, at rates that suit a short test."""

from dataclasses import replace
from typing import Any

from studio.devices.device import DeviceInfo, DeviceSettings
from studio.devices.discovery import simulated_devices


def device(part: str, **settings: Any) -> DeviceInfo:
    """The simulated device of that id, with settings of its own."""
    (found,) = (each for each in simulated_devices() if each.id == f"simulated:{part}")
    return replace(found, settings=replace(DeviceSettings(), **settings))


def all_devices() -> tuple[DeviceInfo, ...]:
    """Every kind of simulated device, events often enough to see some; the tracker is one camera more."""
    parts = ("microphone", "camera", "imu", "signal", "depth")
    return (*(device(part) for part in parts), device("events", rate=20.0))
