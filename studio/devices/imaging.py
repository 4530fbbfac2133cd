"""Operators on streams of pictures (decision 13): encode, decode, resize. They run on pipeline workers."""

from typing import Any

from studio.engine import DeliveryPolicy, Emitter
from studio.formats import opencv
from studio.formats.payload import EncodedImage


def encode_jpeg(
    stream: Emitter[Any], quality: int = 90, policy: DeliveryPolicy | None = None
) -> Emitter[EncodedImage]:
    """Each picture as JPEG of `quality` 1 to 100, at its originating time."""
    if not 1 <= quality <= 100:
        raise ValueError(f"JPEG quality {quality} is not between 1 and 100")
    encoded: Emitter[EncodedImage] = stream.select(lambda image: opencv.encode_jpeg(image, quality), policy)
    return encoded


def decode(stream: Emitter[Any], policy: DeliveryPolicy | None = None) -> Emitter[Any]:
    """Each JPEG as picture (height, width, 3) BGR."""
    decoded: Emitter[Any] = stream.select(opencv.decode_jpeg, policy)
    return decoded


def resize(
    stream: Emitter[Any], width: int, height: int, policy: DeliveryPolicy | None = None
) -> Emitter[Any]:
    """Each picture at `width` x `height` pixels."""
    resized: Emitter[Any] = stream.select(lambda image: opencv.resize(image, width, height), policy)
    return resized
