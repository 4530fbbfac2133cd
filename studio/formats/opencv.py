"""Pictures as bytes and cameras as pictures. The only importer of cv2; starts no thread, asks no clock.

`import cv2` points three environment variables of the process, and of all its children, into its own folders;
they are put back here (decision 13). cv2 computes on one thread: the studio's workers are the parallel ones.
"""

import os

_V4L_TIMEOUT = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
_SPOILED = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH", _V4L_TIMEOUT)
_saved = {name: os.environ.get(name) for name in _SPOILED}
# Seconds that a local camera may be silent; OpenCV's own 10 would hold up Stop. Read when it is loaded.
os.environ.setdefault(_V4L_TIMEOUT, "2")

from studio.errors import DeviceError, EnvironmentalError, ImageFormatError  # noqa: E402

try:
    import cv2
except ImportError as _error:
    raise EnvironmentalError(
        f"Pictures cannot be used because a library that OpenCV needs is missing ({_error}). "
        "On Debian or Ubuntu install the packages libgl1 and libglib2.0-0, then start the studio again."
    ) from _error

for _name, _value in _saved.items():
    os.environ.pop(_name, None)
    if _value is not None:
        os.environ[_name] = _value
cv2.setNumThreads(1)
# What cannot be opened is said by the device in people's words; OpenCV's own lines would only confuse.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from studio.formats.address import public_address  # noqa: E402
from studio.formats.payload import EncodedImage  # noqa: E402

Image = NDArray[np.uint8]
"""(height, width, 3) BGR or (height, width)."""

_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


def encode_jpeg(image: Image, quality: int = 90) -> EncodedImage:
    """The picture as JPEG, `quality` 1 to 100. Raises ImageFormatError for what is not a picture."""
    if not 1 <= quality <= 100:
        raise ValueError(f"JPEG quality {quality} is not between 1 and 100")
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or 0 in image.shape:
        raise ImageFormatError(
            f"an array of shape {image.shape} and type {image.dtype} is not a picture; "
            "expected (height, width, 3) or (height, width) of uint8"
        )
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ImageFormatError(f"a picture of {image.shape[1]} x {image.shape[0]} cannot become a JPEG")
    return EncodedImage(data=data.tobytes(), width=image.shape[1], height=image.shape[0])


def decode_jpeg(data: bytes | EncodedImage, *, reduce: int = 1) -> Image:
    """The picture (height, width, 3) BGR; `reduce` 2, 4 or 8 shrinks while decoding, at less cost.

    Raises ImageFormatError if the bytes are no picture.
    """
    if reduce not in _REDUCED:
        raise ValueError(f"a picture can be reduced by 1, 2, 4 or 8 while decoding, not by {reduce}")
    content = data.data if isinstance(data, EncodedImage) else data
    decoded: Any = cv2.imdecode(np.frombuffer(content, np.uint8), _REDUCED[reduce]) if content else None
    if decoded is None:
        raise ImageFormatError(f"{len(content)} bytes that should be a picture cannot be decoded")
    image: Image = decoded
    return image


def encode_png(image: Image, level: int = 1) -> bytes:
    """The picture as PNG, without loss; `level` 0 to 9 costs time, saves bytes. Raises ImageFormatError.

    uint16 has 16 bits there, too; PNG knows no floating numbers.
    """
    if image.dtype not in (np.uint8, np.uint16):
        raise ImageFormatError(f"a picture of {image.dtype} cannot become a PNG; export it as plain HDF5")
    done, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, level])
    if not done:
        raise ImageFormatError(f"an array of shape {image.shape} cannot become a PNG")
    content: bytes = data.tobytes()
    return content


def resize(image: Image, width: int, height: int) -> Image:
    """The picture at `width` x `height` pixels, averaged when shrunk.

    Of measured values single ones are taken, since at the mean of two distances there is nothing.
    """
    if width < 1 or height < 1:
        raise ValueError(f"a picture cannot be {width} x {height} pixels")
    shrinks = width < image.shape[1] or height < image.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    if image.dtype != np.uint8:
        method = cv2.INTER_NEAREST
    resized: Any = cv2.resize(image, (width, height), interpolation=method)
    result: Image = resized
    return result


class Capture:
    """An open camera, film or network stream. Belongs to one thread."""

    def __init__(self, capture: Any) -> None:
        self._capture = capture

    @property
    def width(self) -> int:
        """Pixels of the next frame, as far as the driver knows; 0: unknown."""
        return self._number(cv2.CAP_PROP_FRAME_WIDTH)

    @property
    def height(self) -> int:
        """Pixels of the next frame, as far as the driver knows; 0: unknown."""
        return self._number(cv2.CAP_PROP_FRAME_HEIGHT)

    @property
    def rate(self) -> float:
        """Frames per second as declared; 0.0: unknown. Network streams often declare nonsense."""
        rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        return rate if 0.0 < rate < 100_000.0 else 0.0

    def grab(self) -> bool:
        """Wait for the next frame and take it from the driver, undecoded. False: none came, or the end."""
        try:
            return bool(self._capture.grab())
        except cv2.error:
            return False

    def retrieve(self) -> Image | None:
        """The frame last grabbed, decoded, as an array of its own; None if it is damaged."""
        try:
            done, image = self._capture.retrieve()
        except cv2.error:
            return None
        return image if done and image is not None and image.size else None

    def grab_read(self) -> Image | None:
        """The next frame; None: none came."""
        return self.retrieve() if self.grab() else None

    def close(self) -> None:
        """Give the camera back. Idempotent."""
        self._capture.release()

    def _number(self, which: int) -> int:
        return max(0, int(self._capture.get(which)))


def open_capture(
    target: int | str,
    *,
    open_timeout_ms: int = 2000,
    read_timeout_ms: int = 1500,
    width: int = 0,
    height: int = 0,
    rate: float = 0.0,
) -> Capture:
    """Open a camera by number or V4L2 path, a film by its path, or an HTTP or RTSP stream by its URL.

    A silent network stream makes `grab` return False after `read_timeout_ms`. `width`, `height` and `rate`
    are wishes to a local camera. Raises DeviceError if nothing can be opened.
    """
    if isinstance(target, int) or target.startswith("/dev/"):
        capture = _open_local(target, width=width, height=height, rate=rate)
    else:
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms]
        timeouts += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_timeout_ms]
        capture = cv2.VideoCapture(target, cv2.CAP_FFMPEG, timeouts)
    if not capture.isOpened():
        capture.release()
        raise DeviceError(
            f"no picture can be read from {public_address(str(target))}: it may be switched off, unplugged, "
            "or in use by another program"
        )
    return Capture(capture)


def _open_local(target: int | str, *, width: int, height: int, rate: float) -> Any:
    wishes = {
        cv2.CAP_PROP_FRAME_WIDTH: width,
        cv2.CAP_PROP_FRAME_HEIGHT: height,
        cv2.CAP_PROP_FPS: rate,
    }
    capture = cv2.VideoCapture(target)
    for what, value in wishes.items():
        if value and capture.isOpened():
            capture.set(what, value)
    return capture
