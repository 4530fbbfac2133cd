"""The bar code in simulated and test pictures: frame number and time as 128 black and white cells.

Order, loss and latency of video become provable with it. Pixels and arithmetic only. A cell is one block of
8 x 8 pixels at the picture's upper left, which is also a block of JPEG, so that even poor quality keeps it.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from studio.timing import Timestamp

COLUMNS = 16
ROWS = 8
CELL = 8
"""Pixels of a cell, each way."""

_PAYLOAD_BYTES = 12
_MAX_INDEX = 2**32 - 1


def draw(image: NDArray[np.uint8], index: int, time: Timestamp) -> None:
    """Draw `index` (0 to 2**32 - 1) and `time` into the upper left 128 x 64 pixels of `image`, in place.

    `image` is (height, width) or (height, width, 3) uint8; ValueError if it is too small or a number does
    not fit.
    """
    _check_size(image, CELL)
    if not (0 <= index <= _MAX_INDEX and 0 <= time < 2**63):
        raise ValueError(f"frame number {index} or time {time} does not fit into the bar code")
    payload = index.to_bytes(4, "big") + time.to_bytes(8, "big")
    bits = np.unpackbits(np.frombuffer(payload + _checksum(payload), np.uint8)).reshape(ROWS, COLUMNS)
    cells = np.kron(bits * np.uint8(255), np.ones((CELL, CELL), np.uint8))
    target = image[: ROWS * CELL, : COLUMNS * CELL]
    target[...] = cells if image.ndim == 2 else cells[:, :, np.newaxis]


def read(image: NDArray[np.uint8], *, cell: int = CELL) -> tuple[int, Timestamp] | None:
    """Frame number and time from a picture; None if it holds no intact bar code.

    `cell` is the size of a cell in pixels: 4 for a picture that was shrunk to the half.
    """
    if image.ndim not in (2, 3) or image.shape[0] < ROWS * cell or image.shape[1] < COLUMNS * cell:
        return None
    bits = (_brightness(image, cell) > 127).astype(np.uint8)
    data = np.packbits(bits).tobytes()
    payload, checksum = data[:_PAYLOAD_BYTES], data[_PAYLOAD_BYTES:]
    if _checksum(payload) != checksum:
        return None
    return int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:], "big")


def _brightness(image: NDArray[np.uint8], cell: int) -> NDArray[np.float32]:
    """Mean of the middle of each cell, (ROWS, COLUMNS): edges suffer most from compression."""
    area = image[: ROWS * cell, : COLUMNS * cell].reshape(ROWS, cell, COLUMNS, cell, -1)
    margin = cell // 4
    middle = area[:, margin : cell - margin, :, margin : cell - margin]
    brightness: NDArray[np.float32] = middle.astype(np.float32).mean(axis=(1, 3, 4))
    return brightness


def _checksum(payload: bytes) -> bytes:
    return zlib.crc32(payload).to_bytes(4, "big")


def _check_size(image: NDArray[np.uint8], cell: int) -> None:
    if image.shape[0] < ROWS * cell or image.shape[1] < COLUMNS * cell:
        raise ValueError(
            f"a picture of {image.shape[1]} x {image.shape[0]} pixels is too small for a bar code; "
            f"expected at least {COLUMNS * cell} x {ROWS * cell}"
        )
