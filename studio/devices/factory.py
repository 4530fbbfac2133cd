"""Makes the device that a description names. Drivers are imported only here and only when one is needed."""

from studio.devices.device import Device, DeviceInfo, DeviceKind, DeviceReports
from studio.devices.simulated_camera import COLOUR, DEPTH, TRACKER, SimulatedCamera
from studio.devices.simulated_events import SimulatedEvents
from studio.devices.simulated_sensors import simulated_imu, simulated_microphone, simulated_signal
from studio.engine import Pipeline
from studio.errors import DeviceError

MAX_NUMBER = 10_000_000
"""No rate, size or number of channels of a real device is larger."""


def make_device(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> Device:
    """A component of `pipeline` that is not started yet.

    Raises DeviceError if its settings make no sense. A device that is not connected, or whose library is
    missing, is made; once it runs it says so and retries.
    """
    _check(info)
    return _simulated(pipeline, info, reports) if info.simulated else _real(pipeline, info, reports)


def _check(info: DeviceInfo) -> None:
    settings = info.settings
    numbers = {
        "rate": settings.rate,
        "number of channels": settings.channels,
        "width": settings.width,
        "height": settings.height,
    }
    for what, number in numbers.items():
        if not 0 <= number <= MAX_NUMBER:
            raise DeviceError(
                f"'{info.name}' cannot have a {what} of {number:g}; 0 means as the device offers."
            )


def _simulated(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> Device:
    match info.kind:
        case DeviceKind.MICROPHONE:
            return simulated_microphone(pipeline, info, reports)
        case DeviceKind.CAMERA:
            is_depth = info.id.startswith("simulated:depth")
            return SimulatedCamera(pipeline, info, reports, DEPTH if is_depth else COLOUR)
        case DeviceKind.EVENTS:
            return SimulatedEvents(pipeline, info, reports)
        case DeviceKind.SIGNAL:
            if info.id.startswith("simulated:tracker"):
                return SimulatedCamera(pipeline, info, reports, TRACKER)
            is_imu = info.id.startswith("simulated:imu")
            make = simulated_imu if is_imu else simulated_signal
            return make(pipeline, info, reports)


def _real(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> Device:
    match info.kind:
        case DeviceKind.MICROPHONE:
            from studio.devices.microphone import Microphone

            return Microphone(pipeline, info, reports)
        case DeviceKind.CAMERA:
            from studio.devices.camera import Camera

            return Camera(pipeline, info, reports)
        case DeviceKind.SIGNAL | DeviceKind.EVENTS:
            raise DeviceError(f"'{info.name}' is of a kind that only the simulation has so far.")
