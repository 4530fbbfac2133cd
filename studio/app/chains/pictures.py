"""Streams of video as plain pictures, whatever they are stored as."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.engine import Emitter
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage

Picture = NDArray[np.uint8]
"""`(height, width, 3)`, blue, green, red; or `(height, width)`."""


def pictures(video: Emitter[Any], *, width: int = 0) -> Emitter[Picture]:
    """Each frame decoded, and shrunk to at most `width` columns (0: as it is), its shape kept.

    A JPEG that is to become much smaller is decoded at a half, a quarter or an eighth, which is cheaper.
    """
    shrunk: Emitter[Picture] = video.select(lambda frame: picture(frame, width=width))
    return shrunk


def picture(frame: EncodedImage | Picture, *, width: int = 0) -> Picture:
    """One frame; raises ImageFormatError if it is none."""
    if isinstance(frame, EncodedImage):
        decoded: Picture = decode_jpeg(frame, reduce=_reduction(frame.width, width))
    else:
        decoded = frame
    if not width or decoded.shape[1] <= width:
        return decoded
    shrunk: Picture = resize(decoded, width, max(1, round(decoded.shape[0] * width / decoded.shape[1])))
    return shrunk


def _reduction(stored: int, width: int) -> int:
    return next((step for step in (8, 4, 2) if width and stored >= step * width), 1)
