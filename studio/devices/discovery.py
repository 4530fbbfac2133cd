"""Finds out which devices there are, without opening any that somebody may be using.

Runs in a process of its own (decision 16): what a driver does to it harms nobody. What touches no hardware is
in `simulated_devices` and `camera_target`, which the window may import.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.devices.camera_target import camera_from
from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.devices.simulated_devices import simulated_devices
from studio.errors import DeviceError

if TYPE_CHECKING:
    from studio.devices.portaudio import SoundInput

__all__ = ["camera_from", "discover_devices", "simulated_devices"]

VIDEO_CLASS = Path("/sys/class/video4linux")
_ALSA_HARDWARE = re.compile(r"\(hw:\d+,\d+\)$")
_ALSA_DUPLICATES = re.compile(
    r"^(sysdefault|front|rear|center_lfe|side|surround\d+|iec958|spdif|hdmi|dmix|dsnoop|plughw|usbstream|"
    r"samplerate|speexrate|upmix|vdownmix|lavrate|jack|oss|null|hw)(:.*)?$"
)
"""ALSA's other views of the same cards; whatever else has a name was put there by somebody on purpose."""
_NAMES = {
    "default": "Default microphone",
    "pulse": "PulseAudio microphone",
    "pipewire": "PipeWire microphone",
}
"""What ALSA calls by names that are no names to people."""
_PREFERRED_HOSTS = ("Windows WASAPI",)
"""Windows lists each microphone under four sound systems; this one has whole names and native rates."""


def discover_devices(*, simulated: bool = True) -> tuple[DeviceInfo, ...]:
    """All devices of this machine, each with a name of its own; may take seconds.

    What cannot be asked (no sound library, no cameras' driver) is as if there were none.
    """
    found = [*_microphones(), *_cameras(), *(simulated_devices() if simulated else ())]
    return tuple(distinguished(found))


def _microphones() -> list[DeviceInfo]:
    try:
        from studio.devices.portaudio import list_inputs

        inputs = list_inputs()
    except DeviceError:
        # No library or no sound system: there are no microphones then. Who opens one is told why.
        return []
    hosts = {each.host for each in inputs}
    preferred = [host for host in _PREFERRED_HOSTS if host in hosts]
    return [
        _microphone(each)
        for each in inputs
        if (not preferred or each.host in preferred) and not _is_duplicate(each)
    ]


def _is_duplicate(each: "SoundInput") -> bool:
    if each.host != "ALSA" or _ALSA_HARDWARE.search(each.name):
        return False
    return bool(_ALSA_DUPLICATES.match(each.name))


def _microphone(each: "SoundInput") -> DeviceInfo:
    plural = "" if each.channels == 1 else "s"
    return DeviceInfo(
        id=f"microphone:{each.name}",
        name=_NAMES.get(each.name) or _ALSA_HARDWARE.sub("", each.name).strip(" :-") or each.name,
        kind=DeviceKind.MICROPHONE,
        detail=f"{each.rate / 1000:g} kHz, {each.channels} channel{plural}",
        settings=DeviceSettings(source=each.address or each.name, rate=each.rate, channels=each.channels),
    )


def _cameras(folder: Path = VIDEO_CLASS) -> list[DeviceInfo]:
    """By what the kernel lists: a camera that is open elsewhere is not disturbed."""
    if not folder.is_dir():
        return []
    entries = [path for path in folder.iterdir() if re.fullmatch(r"video\d+", path.name)]
    entries.sort(key=lambda path: int(path.name[5:]))
    return [_camera(path) for path in entries if _captures(path)]


def _captures(entry: Path) -> bool:
    """A camera has several entries; the first captures, the others tell of it (their `index` is not 0)."""
    try:
        return int((entry / "index").read_text()) == 0
    except (OSError, ValueError):
        return True


def _camera(entry: Path) -> DeviceInfo:
    path = f"/dev/{entry.name}"
    try:
        name = (entry / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        name = ""
    return DeviceInfo(
        id=f"camera:{path}",
        # Many drivers say their name twice: "USB Camera: USB Camera".
        name=re.sub(r"^(.+): \1$", r"\1", name) or f"Camera {entry.name[5:]}",
        kind=DeviceKind.CAMERA,
        detail=path,
        settings=DeviceSettings(source=path),
    )


def distinguished(devices: Sequence[DeviceInfo]) -> list[DeviceInfo]:
    """Names and ids become unique: the second of a name is called `name 2`, and so on."""
    names = Counter(device.name for device in devices)
    taken = {name for name, count in names.items() if count == 1}
    ids: set[str] = set()
    renamed = []
    for device in devices:
        name = device.name if names[device.name] == 1 else _free(device.name, taken)
        id = _free(device.id, ids)
        taken.add(name)
        ids.add(id)
        renamed.append(replace(device, name=name, id=id))
    return renamed


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name
