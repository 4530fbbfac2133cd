"""Which devices there are: found without touching those in use, each with a name of its own."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices import discovery
from studio.devices.camera_target import capture_target, is_film
from studio.devices.device import DeviceInfo, DeviceKind
from studio.devices.discovery import camera_from, discover_devices, simulated_devices
from studio.devices.portaudio import SoundInput
from studio.errors import DeviceError
from tests.lab.microphone import Microphone


@pytest.mark.device
def test_microphones_are_found_by_name_with_their_settings(microphone: Microphone) -> None:
    found = {device.id: device for device in discover_devices()}
    assert {"microphone:mic_a", "microphone:default", "simulated:imu"} <= set(found)
    mic = found["microphone:mic_a"]
    assert (mic.name, mic.detail, mic.settings.source) == ("mic_a", "48 kHz, 2 channels", "mic_a")
    assert mic.settings.rate == 48_000.0
    assert found["microphone:default"].name == "Default microphone"


def test_simulated_devices_can_be_left_out() -> None:
    assert not any(device.simulated for device in discover_devices(simulated=False))


def test_describing_devices_loads_no_driver() -> None:
    program = (
        "import sys\n"
        "from studio.devices import device, discovery\n"
        "discovery.simulated_devices(); discovery.camera_from('0')\n"
        "assert not {'cv2', 'sounddevice', 'h5py'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("name", "duplicate"),
    [
        ("HDA Intel PCH: ALC257 Analog (hw:0,0)", False),
        ("default", False),
        ("pulse", False),
        ("pipewire", False),
        ("mic_a", False),
        ("sysdefault", True),
        ("front", True),
        ("surround51", True),
        ("dsnoop", True),
        ("dmix:CARD=PCH", True),
        ("plughw:0,0", True),
        ("jack", True),
    ],
)
def test_other_views_of_the_same_card_are_left_out(name: str, duplicate: bool) -> None:
    assert discovery._is_duplicate(SoundInput(name=name, host="ALSA", channels=2, rate=48e3)) is duplicate


def test_a_card_is_named_without_its_numbers_but_opened_by_them() -> None:
    name = "USB Audio: #1 (hw:2,0)"
    found = discovery._microphone(SoundInput(name=name, host="ALSA", channels=1, rate=44_100.0))
    assert (found.name, found.settings.source) == ("USB Audio: #1", name)
    assert found.detail == "44.1 kHz, 1 channel"


@pytest.fixture
def video(tmp_path: Path) -> Callable[..., None]:
    """Makes entries like those of the kernel."""

    def make(number: int, name: str | None, index: int | None = 0) -> None:
        entry = tmp_path / f"video{number}"
        entry.mkdir()
        if name is not None:
            (entry / "name").write_text(name + "\n")
        if index is not None:
            (entry / "index").write_text(f"{index}\n")

    return make


def test_cameras_are_listed_once_in_the_order_of_their_numbers(
    tmp_path: Path, video: Callable[..., None]
) -> None:
    video(10, "Capture card")
    video(0, "Webcam: Webcam")
    video(1, "Webcam: Webcam", index=1)
    video(2, None, index=None)
    (tmp_path / "v4l-subdev0").mkdir()
    found = discovery._cameras(tmp_path)
    assert [(camera.name, camera.settings.source) for camera in found] == [
        ("Webcam", "/dev/video0"),
        ("Camera 2", "/dev/video2"),
        ("Capture card", "/dev/video10"),
    ]


def test_a_machine_without_cameras_has_none(tmp_path: Path) -> None:
    assert discovery._cameras(tmp_path) == []
    assert discovery._cameras(tmp_path / "no such folder") == []


@given(st.lists(st.sampled_from(["Webcam", "Webcam 2", "Mic"]), max_size=8))
def test_devices_of_one_name_are_told_apart(names: list[str]) -> None:
    devices = [DeviceInfo(id=f"camera:{name}", name=name, kind=DeviceKind.CAMERA) for name in names]
    told_apart = discovery.distinguished(devices)
    assert len({device.name for device in told_apart}) == len(names)
    assert len({device.id for device in told_apart}) == len(names)
    unique = {name for name in names if names.count(name) == 1}
    assert all(device.name == name for device, name in zip(told_apart, names, strict=True) if name in unique)


def test_the_simulated_devices_have_names_and_ids_of_their_own() -> None:
    devices = simulated_devices()
    assert [replace(each) for each in discovery.distinguished(list(devices))] == list(devices)


@pytest.mark.parametrize(
    ("text", "name", "target"),
    [
        (" 0 ", "Camera 0", 0),
        ("/dev/video3", "Camera 3", "/dev/video3"),
        ("http://10.0.0.7:8080/video/", "10.0.0.7:8080/video", "http://10.0.0.7:8080/video/"),
        ("rtsp://user:secret@cam.lab/1", "cam.lab/1", "rtsp://user:secret@cam.lab/1"),
    ],
)
def test_a_camera_is_named_by_what_a_user_types(text: str, name: str, target: int | str) -> None:
    info = camera_from(text)
    assert (info.name, info.kind) == (name, DeviceKind.CAMERA)
    assert capture_target(info.settings.source) == target
    assert not is_film(target)
    assert "secret" not in info.name + info.detail + info.id + repr(info)


def test_a_film_is_a_camera(tmp_path: Path) -> None:
    film = tmp_path / "a film.mp4"
    film.touch()
    for text in (str(film), f"file://{film}"):
        info = camera_from(text)
        assert (info.name, info.detail) == ("a film.mp4", "film")
        assert is_film(capture_target(info.settings.source))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "/no/such/film.mp4",
        "ftp://host/x",
        "http://",
        "rtsp:///x",
        "http://[::1",
        "http://cam:port/",
    ],
)
def test_what_names_no_camera_is_a_clear_error(text: str) -> None:
    with pytest.raises(DeviceError):
        camera_from(text)
