"""The picture of a stream at a moment, as large as it is to be shown, and single pixels of it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from studio.app.answers import Picture, PixelAt
from studio.errors import ImageFormatError, StreamError
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage
from studio.store.reader import StoreReader
from studio.store.stream_reader import StreamReader
from studio.timing import Timestamp


def picture_at(
    reader: StoreReader, stream: str, time: Timestamp, max_width: int, max_height: int
) -> Picture | None:
    """The frame at or before `time`, shrunk to fit; None before the first.

    Raises StreamError if the stream holds no pictures, ImageFormatError for one that cannot be decoded.
    """
    frames = _frames(reader, stream)
    number = frames.position(time, after=True)
    if not number:
        return None
    message = next(frames.messages(number - 1, number))
    try:
        image, width, height = shrunk(message.data, max_width, max_height)
    except ImageFormatError as error:
        raise ImageFormatError(f"Frame {number} cannot be shown: {error}.") from error
    return Picture(image, message.envelope.originating_time, width, height, number=number)


def pixel_at(reader: StoreReader, stream: str, time: Timestamp, x: int, y: int) -> PixelAt | None:
    """The pixel of the frame at or before `time` in its full size; None outside of it or before the first."""
    frames = _frames(reader, stream)
    number = frames.position(time, after=True)
    if not number:
        return None
    message = next(frames.messages(number - 1, number))
    image = decode_jpeg(message.data) if isinstance(message.data, EncodedImage) else message.data
    if not (0 <= y < image.shape[0] and 0 <= x < image.shape[1]):
        return None
    values = tuple(value.item() for value in np.atleast_1d(image[y, x]))
    red_first = values[2::-1] if len(values) >= 3 else values
    return PixelAt(message.envelope.originating_time, x, y, red_first)


def _frames(reader: StoreReader, stream: str) -> StreamReader:
    frames = reader.stream(stream)
    kind = frames.description.format.kind
    if not kind.is_picture:
        raise StreamError(f"stream {stream!r} holds {kind.value}, not pictures")
    return frames


def shrunk(data: Any, max_width: int, max_height: int) -> tuple[npt.NDArray[Any], int, int]:
    """The picture at most that large, and its full width and height."""
    if isinstance(data, EncodedImage):
        full_width, full_height = data.width, data.height
        image = decode_jpeg(data, reduce=_reduction(full_width, full_height, max_width, max_height))
    else:
        image, (full_height, full_width) = data, data.shape[:2]
    scale = min(1.0, max(1, max_width) / image.shape[1], max(1, max_height) / image.shape[0])
    if scale < 1.0:
        image = resize(image, max(1, int(image.shape[1] * scale)), max(1, int(image.shape[0] * scale)))
    return image, full_width, full_height


def _reduction(width: int, height: int, max_width: int, max_height: int) -> int:
    """The largest of 8, 4, 2, 1 that still leaves at least the wanted size: decoding small is quick."""
    # It keeps its shape, so the narrower side of the room decides.
    wanted = max(1, width // max(1, max_width), height // max(1, max_height))
    return max(step for step in (1, 2, 4, 8) if step <= wanted)
