"""Finds the devices that a command means, among those there are."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from studio.cli.output import remark
from studio.devices.device import DeviceInfo
from studio.errors import DeviceError

ALL_SIMULATED = "simulated"
_SEARCH_LIMIT_S = 20.0


def find_devices() -> tuple[DeviceInfo, ...]:
    """All devices of this machine, the simulated ones last; what went wrong in the search is remarked."""
    from studio.host.devices_client import DevicesClient

    client = DevicesClient(on_note=remark)
    try:
        return client.discover().result(_SEARCH_LIMIT_S)
    finally:
        client.close()


def chosen_devices(wanted: Sequence[str]) -> tuple[DeviceInfo, ...]:
    """The devices of these names, ids or addresses; without any: all real ones, else the simulated.

    Raises DeviceError for a name that is not there, listing what is.
    """
    from studio.devices.discovery import simulated_devices

    if wanted and all(name == ALL_SIMULATED or name.startswith(f"{ALL_SIMULATED}:") for name in wanted):
        return _without_doubles(_match(name, simulated_devices()) for name in wanted)
    there = find_devices()
    if wanted:
        return _without_doubles(_match(name, there) for name in wanted)
    real = tuple(device for device in there if not device.simulated)
    return real or tuple(device for device in there if device.simulated)


def rehearsing(devices: Sequence[DeviceInfo], faults: str) -> tuple[DeviceInfo, ...]:
    """The devices, the simulated ones among them failing as `faults` says; empty: none fails.

    Raises DeviceError if none of them could.
    """
    if faults and not any(device.simulated for device in devices):
        raise DeviceError("Faults can be rehearsed with simulated devices only; none of these is one.")
    return tuple(
        replace(device, settings=replace(device.settings, faults=faults))
        if device.simulated and faults
        else device
        for device in devices
    )


def _match(wanted: str, there: tuple[DeviceInfo, ...]) -> tuple[DeviceInfo, ...]:
    if wanted == ALL_SIMULATED:
        return tuple(device for device in there if device.simulated)
    for exactly in (True, False):
        found = tuple(device for device in there if _is_called(device, wanted, exactly=exactly))
        if found:
            return found[:1]
    if _may_be_camera(wanted):
        from studio.devices.discovery import camera_from

        return (camera_from(wanted),)
    names = ", ".join(f"'{device.name}'" for device in there) or "none"
    raise DeviceError(
        f"There is no device called '{wanted}'. There are: {names}. "
        "A camera may also be given as a number, a film's path or an address."
    )


def _is_called(device: DeviceInfo, wanted: str, *, exactly: bool) -> bool:
    if exactly:
        return wanted in (device.id, device.name)
    return wanted.casefold() in (device.id.casefold(), device.name.casefold())


def _may_be_camera(text: str) -> bool:
    """A number, an address, or something with a path's looks that is there."""
    return bool(re.fullmatch(r"\d{1,3}|[A-Za-z][A-Za-z0-9+.-]*://.*", text)) or os.path.exists(text)


def _without_doubles(groups: Iterable[tuple[DeviceInfo, ...]]) -> tuple[DeviceInfo, ...]:
    """Each device once, in the order in which they were asked for."""
    return tuple({device.id: device for group in groups for device in group}.values())
