"""Pictures through OpenCV: encoding, decoding, films; and the environment that its import must not spoil."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.errors import DeviceError, ImageFormatError
from studio.formats import opencv
from studio.formats.payload import EncodedImage


def picture(width: int = 160, height: int = 120) -> opencv.Image:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([rows % 256, columns % 256, (rows + columns) % 256], axis=2).astype(np.uint8)


def test_a_picture_survives_jpeg() -> None:
    encoded = opencv.encode_jpeg(picture(), 95)
    assert (encoded.width, encoded.height) == (160, 120)
    decoded = opencv.decode_jpeg(encoded)
    assert decoded.shape == (120, 160, 3)
    assert np.abs(decoded.astype(int) - picture()).mean() < 6
    assert np.array_equal(decoded, opencv.decode_jpeg(encoded.data))


def test_a_grey_picture_is_encoded_too() -> None:
    assert opencv.encode_jpeg(np.zeros((10, 20), np.uint8), 50).width == 20


@pytest.mark.parametrize("reduce", [1, 2, 4, 8])
def test_decoding_shrinks_on_demand(reduce: int) -> None:
    decoded = opencv.decode_jpeg(opencv.encode_jpeg(picture()), reduce=reduce)
    assert decoded.shape == (120 // reduce, 160 // reduce, 3)


@pytest.mark.parametrize("data", [b"", b"no picture", EncodedImage(b"\xff\xd8\xff", 1, 1)])
def test_bytes_that_are_no_picture_are_a_clear_error(data: bytes | EncodedImage) -> None:
    with pytest.raises(ImageFormatError, match="cannot be decoded"):
        opencv.decode_jpeg(data)


@pytest.mark.parametrize("shape", [(0, 10, 3), (10, 0, 3), (10,), (2, 2, 2, 2)])
def test_arrays_that_are_no_picture_are_a_clear_error(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageFormatError, match="not a picture"):
        opencv.encode_jpeg(np.zeros(shape, np.uint8))
    with pytest.raises(ImageFormatError, match="float64"):
        opencv.encode_jpeg(np.zeros((4, 4, 3)))  # type: ignore[arg-type]


def test_senseless_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="quality 0"):
        opencv.encode_jpeg(picture(), 0)
    with pytest.raises(ValueError, match="not by 3"):
        opencv.decode_jpeg(b"x", reduce=3)
    with pytest.raises(ValueError, match="0 x 5"):
        opencv.resize(picture(), 0, 5)


@pytest.mark.parametrize("size", [(80, 60), (320, 240), (33, 200)])
def test_resizing(size: tuple[int, int]) -> None:
    assert opencv.resize(picture(), *size).shape == (size[1], size[0], 3)


def test_a_film_is_read_frame_by_frame_to_its_end(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a film.avi", frames=5)
    capture = opencv.open_capture(str(film))
    assert (capture.width, capture.height, capture.rate) == (160, 120, 25.0)
    frames = []
    while (frame := capture.grab_read()) is not None:
        assert frame.flags.owndata  # so that post may freeze it without a copy (decision 4)
        frames.append(round(float(frame.mean()) / 40))
    capture.close()
    capture.close()
    assert frames == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("target", ["/nowhere/film.avi", 97, "/dev/video97", "http://127.0.0.1:9/none.mjpg"])
def test_what_is_not_there_is_a_clear_error(target: int | str) -> None:
    with pytest.raises(DeviceError, match="no picture can be read from"):
        opencv.open_capture(target, open_timeout_ms=500)


def test_importing_leaves_the_environment_as_it_was() -> None:
    program = (
        "import os; before = dict(os.environ); import studio.formats.opencv; "
        "assert dict(os.environ) == before"
    )
    environment = {**os.environ, "LD_LIBRARY_PATH": "/kept"}
    environment.pop("QT_QPA_FONTDIR", None)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def write_film(path: Path, *, frames: int) -> Path:
    cv2 = opencv.cv2
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25.0, (160, 120))
    for number in range(frames):
        writer.write(np.full((120, 160, 3), number * 40, np.uint8))
    writer.release()
    return path
