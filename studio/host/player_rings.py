"""Puts played pictures into rings, for the window. Belongs to the player process.

A ring is kept for as long as the pictures keep their size, over seeks and loops too; another size is another
file. When there is no memory for it, pictures are shrunk further, and then left out: sound goes on.
"""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.app.player_pictures import Image
from studio.app.status import LiveView
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage, StreamFormat
from studio.formats.recording import StreamRef
from studio.host.frame_ring import FrameRingWriter
from studio.timing import Timestamp

SMALLER = (1, 2, 4)


class PlayerRings:
    """Makes the rings of one player in one folder (the PictureSinks of the app)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self.max_width, self.max_height = 960, 540
        """For rings that are opened from now on."""

    def open(self, stream: StreamRef, format: StreamFormat) -> "PictureRing":
        """A ring for the pictures of a stream."""
        return PictureRing(self._new_path, self.max_width, self.max_height)

    def _new_path(self) -> Path:
        return self._folder / f"{next(self._numbers)}-played.ring"


class PictureRing:
    """Where the pictures of one stream are shown (the PictureSink of the app)."""

    def __init__(self, new_path: Callable[[], Path], max_width: int, max_height: int) -> None:
        self._new_path = new_path
        self._max_width, self._max_height = max_width, max_height
        self._shrink = 1
        self._ring: FrameRingWriter | None = None
        self._size = (0, 0, "")
        """Width, height and type of the pixels."""
        self.view = LiveView(path="", kind="frames")

    def prepared(self, data: Any) -> Image:
        """Decoded, and shrunk to fit."""
        width, height = self._max_width // self._shrink, self._max_height // self._shrink
        image: Image = decode_jpeg(data, reduce=_reduction(data, width, height)) if _is_jpeg(data) else data
        scale = min(1.0, width / image.shape[1], height / image.shape[0])
        if scale < 1.0:
            image = resize(
                image, max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
            )
        return image

    def show(self, image: Image, originating_time: Timestamp) -> None:
        """Make it the newest picture of the ring."""
        size = (image.shape[1], image.shape[0], image.dtype.name)
        if size != self._size:
            self._renew(size)
        if self._ring is not None:
            self._ring.write(image, originating_time)

    def close(self) -> None:
        """Remove the ring. Idempotent."""
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    def _renew(self, size: tuple[int, int, str]) -> None:
        self.close()
        self._size = size
        path = self._new_path()
        self._ring = FrameRingWriter.create(path, width=size[0], height=size[1], dtype=size[2])
        if self._ring is not None:
            self.view = LiveView(path=str(path), kind="frames")
        elif self._shrink < SMALLER[-1]:
            self._shrink *= 2  # there is no memory for it: the next pictures come smaller


def _is_jpeg(data: Any) -> bool:
    return isinstance(data, EncodedImage)


def _reduction(data: EncodedImage, max_width: int, max_height: int) -> int:
    """The largest of 8, 4, 2, 1 that leaves at least what is shown: decoding small is quick."""
    wanted = max(1, int(1 / min(1.0, max_width / max(1, data.width), max_height / max(1, data.height))))
    return max(step for step in (1, 2, 4, 8) if step <= wanted)
