"""What a user types to name a camera: a number, a device file, a film or an address. Opens nothing."""

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.errors import DeviceError
from studio.formats.address import public_address

_SCHEMES = frozenset({"http", "https", "rtsp", "rtsps", "rtmp", "tcp", "udp"})
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def camera_from(text: str) -> DeviceInfo:
    """The camera that `text` names: `0`, `/dev/video0`, a film's path, or an http or rtsp address.

    Raises DeviceError for text that can name none; whether the camera answers shows when it is opened.
    """
    source = text.strip()
    if not source:
        raise DeviceError("Give a camera's number, the path of a film, or an http or rtsp address.")
    try:
        name, detail = _name_of(source), _detail_of(source)
    except ValueError as error:
        raise DeviceError(f"'{public_address(source)}' is no camera's address: {error}.") from error
    return DeviceInfo(
        id=f"camera:{_id_of(source)}",
        name=name,
        kind=DeviceKind.CAMERA,
        detail=detail,
        settings=DeviceSettings(source=source),
    )


def capture_target(source: str) -> int | str:
    """What to hand to OpenCV: a number for a camera of that number, else the text without `file://`."""
    return int(source) if source.isdecimal() else source.removeprefix("file://")


def is_film(target: int | str) -> bool:
    """Whether it is a file, which has a pace of its own and an end."""
    return isinstance(target, str) and not target.startswith("/dev/") and not _ADDRESS.match(target)


def _id_of(source: str) -> str:
    """The same for the same text; without the secrets in it, because ids go into logs and recordings."""
    public = public_address(source)
    return public if public == source else f"{public}#{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def _detail_of(source: str) -> str:
    if source.isdecimal() or source.startswith("/dev/"):
        return "camera of this computer"
    if source.startswith("file://") or not _ADDRESS.match(source):
        return _film(Path(source.removeprefix("file://")))
    parts = urlsplit(source)
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        raise DeviceError(
            f"'{public_address(source)}' is no address of a camera; expected http://host/video or rtsp://host/1."
        )
    return f"network camera at {parts.hostname}"


def _film(path: Path) -> str:
    if not path.is_file():
        raise DeviceError(f"There is no film '{path}'; a camera is a number, a film's path, or an address.")
    return "film"


def _name_of(source: str) -> str:
    if source.isdecimal():
        return f"Camera {source}"
    if source.startswith("/dev/"):
        return source.removeprefix("/dev/").replace("video", "Camera ")
    if source.startswith("file://") or not _ADDRESS.match(source):
        return Path(source.removeprefix("file://")).name
    parts = urlsplit(source)
    # Without user and password, which have no business on a screen or in a file.
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}{parts.path.rstrip('/')}"
