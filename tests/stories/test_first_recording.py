"""Open the studio, see microphone and camera alive, press Record, watch, press Stop, have a file."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.devices import barcode
from studio.formats.opencv import decode_jpeg
from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone
from tests.lab.places import Places
from tests.lab.sound import chirp, find, write_wav
from tests.lab.studio_window import StudioWindow
from tests.waiting import wait_until

MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """One stream of a recording, read by plain h5py."""

    attributes: dict[str, Any]
    time: NDArray[np.int64]
    creation_time: NDArray[np.int64]
    index: NDArray[np.int64]
    data: NDArray[Any]


def streams_of(path: Path) -> dict[str, Recorded]:
    """The streams of a closed recording by their kind."""
    with h5py.File(path, "r") as file:
        assert file.attrs["clean"] == 1
        return {
            str(group.attrs["kind"]): Recorded(
                dict(group.attrs), *(group[name][:] for name in ("time", "creation_time", "index", "data"))
            )
            for group in file["streams"].values()
        }


def recordings(places: Places) -> list[Path]:
    """The recordings in the user's home."""
    return sorted(places.home.rglob("*.h5"))


def is_closed(path: Path) -> bool:
    """Whether the recorder has finished a recording."""
    try:
        with h5py.File(path, "r") as file:
            return bool(file.attrs["clean"] == 1)
    except OSError:  # still being written
        return False


def add_camera(studio: StudioWindow, camera: CameraServer) -> None:
    """Add a network camera by its address, as a person types it, and see it deliver."""
    studio.click("add_camera_button")
    studio.click("camera_line")
    studio.screen.type(camera.url)
    studio.click("camera_add_button")
    wait_until(lambda: len(camera.served()) > 10, 20.0, "pictures of the camera in the preview")


@pytest.mark.story
def test_sound_and_video_of_a_recording_are_what_was_played_and_served(
    places: Places,
    microphone: Microphone,
    camera_server: CameraServer,
    studio_window: StudioWindow,
    tmp_path: Path,
) -> None:
    studio_window.start()
    studio_window.wait_for("device_tick_microphone:mic_a")
    add_camera(studio_window, camera_server)
    played = chirp(1.5)
    studio_window.click("record_button")
    clicked_record = time.time_ns()
    wait_until(lambda: len(recordings(places)) == 1, 10.0, "a file")
    served_before = len(camera_server.served())
    wait_until(lambda: len(camera_server.served()) > served_before + 15, 20.0, "recorded pictures")
    microphone.play(write_wav(tmp_path / "chirp.wav", played))
    studio_window.screen.screenshot(tmp_path / "recording.png")
    clicked_stop = time.time_ns()
    studio_window.click("stop_button")
    (path,) = recordings(places)
    wait_until(lambda: is_closed(path), 20.0, "the end of the recording")
    found = streams_of(path)
    check_sound(found["audio"], played, clicked_stop)
    check_video(found["jpeg"], camera_server, clicked_record, clicked_stop)


def check_sound(audio: Recorded, played: NDArray[np.int16], clicked_stop: int) -> None:
    """Everything that the microphone heard is there, once, in order, up to the click."""
    assert len(audio.data) == audio.attributes["produced"]
    assert audio.attributes["dropped"] == 0
    assert np.all(np.diff(audio.time) > 0)
    scale = 32_768 if audio.data.dtype.kind == "f" else 1
    assert find(played, np.round(audio.data[:, 0] * scale).astype(np.int16)).correlation > 0.999
    assert audio.time[-1] >= clicked_stop - 50 * MS


def check_video(video: Recorded, camera: CameraServer, clicked_record: int, clicked_stop: int) -> None:
    """Every picture served between the clicks is there, once, in order, with a true time."""
    sent = {frame.index: frame.send_time for frame in camera.served()}
    codes = [
        code for row in video.index if (code := barcode.read(decode_jpeg(picture(video, row)))) is not None
    ]
    indices = [index for index, _ in codes]
    assert len(codes) == len(video.index)
    assert indices == list(range(indices[0], indices[-1] + 1))
    send_times = np.array([sent[index] for index in indices])
    assert np.all(video.time - send_times >= 0)
    assert np.all(video.time - send_times <= 150 * MS)
    assert np.all(video.creation_time >= video.time)
    assert abs(send_times[0] - clicked_record) <= 300 * MS
    assert abs(send_times[-1] - clicked_stop) <= 300 * MS


def picture(video: Recorded, row: NDArray[np.int64]) -> bytes:
    """One picture's bytes: the first two columns of its row are offset and length."""
    return video.data[row[0] : row[0] + row[1]].tobytes()
