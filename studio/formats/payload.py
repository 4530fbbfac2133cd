"""The kinds of payload that streams carry, as values. Owns no bytes on disk or wire and no codec of images.

Payloads are plain Python objects:

| kind           | object                                                                                  |
|----------------|-----------------------------------------------------------------------------------------|
| AUDIO, SAMPLES | ndarray `(n, channels)`, n >= 1; originating time of the LAST row (decision 3)          |
| SCALAR         | float, int or bool                                                                       |
| IMAGE          | ndarray `(h, w, 3)` uint8 BGR, or `(h, w)` uint8; measured values (depth, temperature):  |
|                | `(h, w)` uint16, 0 is unknown, or `(h, w)` float32, NaN is unknown; in the format's unit |
| JPEG           | `EncodedImage`                                                                           |
| STRING, BYTES  | str, bytes                                                                               |
| JSON           | dict, list or anything else that JSON can say                                            |
| EVENT          | `Event`                                                                                  |
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np

from studio.errors import StreamError


class PayloadKind(StrEnum):
    """What one message of a stream holds."""

    AUDIO = "audio"
    SAMPLES = "samples"
    SCALAR = "scalar"
    IMAGE = "image"
    JPEG = "jpeg"
    STRING = "string"
    JSON = "json"
    EVENT = "event"
    BYTES = "bytes"

    @property
    def is_sampled(self) -> bool:
        """Whether a message is one or more rows of numbers (and so can be drawn as a signal)."""
        return self in (PayloadKind.AUDIO, PayloadKind.SAMPLES, PayloadKind.SCALAR)

    @property
    def is_picture(self) -> bool:
        """Whether a message is a picture of its own width and height."""
        return self in (PayloadKind.IMAGE, PayloadKind.JPEG)


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """What the messages of one stream are; known before the first of them, or inferred from it."""

    kind: PayloadKind
    dtype: str = ""
    """numpy dtype of AUDIO, SAMPLES, SCALAR ("float32", "int16", ...); of IMAGE "uint8", "uint16" or
    "float32"; else empty."""
    channels: int = 1
    """AUDIO, SAMPLES: columns of a block."""
    channel_names: tuple[str, ...] = ()
    rate: float = 0.0
    """Nominal Hz: rows per second (AUDIO, SAMPLES), else messages per second. 0: unknown."""
    units: str = ""
    """Unit of the values, e.g. "m/s²"; empty: none. AUDIO: full scale is 1.0."""
    width: int = 0
    """IMAGE, JPEG: nominal pixels, 0 unknown; each message knows its own."""
    height: int = 0

    @property
    def has_values(self) -> bool:
        """Whether its pictures tell measured values, not brightness.

        They are kept as they are, never as JPEG, and shown in colours that stand for values.
        """
        return self.kind is PayloadKind.IMAGE and self.dtype not in ("", "uint8")


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """One JPEG picture as its bytes."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a note, a stimulus, a state of a device."""

    immutable_payload: ClassVar[bool] = True
    """Says so to the engine, which then shares one among all receivers without a look inside."""

    text: str
    kind: str = ""
    duration_ns: int = 0
    """0: a moment."""


def infer_format(data: Any) -> StreamFormat:
    """The format of a stream whose first message is `data`; raises StreamError for what cannot be stored."""
    if isinstance(data, np.ndarray):
        return _format_of_array(data)
    if isinstance(data, EncodedImage):
        return StreamFormat(PayloadKind.JPEG, width=data.width, height=data.height)
    if isinstance(data, (bool, int, float, np.bool_, np.number)):
        return StreamFormat(PayloadKind.SCALAR, dtype=_dtype_of_scalar(data))
    kinds: tuple[tuple[type | tuple[type, ...], PayloadKind], ...] = (
        (str, PayloadKind.STRING),
        (Event, PayloadKind.EVENT),
        ((bytes, bytearray, memoryview), PayloadKind.BYTES),
        ((dict, list, tuple, type(None)), PayloadKind.JSON),
    )
    for types, kind in kinds:
        if isinstance(data, types):
            return StreamFormat(kind)
    raise StreamError(
        f"a {type(data).__name__} cannot be stored; "
        "post numbers, arrays, pictures, text, events, bytes or JSON"
    )


def _format_of_array(data: np.ndarray[Any, Any]) -> StreamFormat:
    if data.dtype == np.uint8 and data.ndim == 3 and data.shape[2] == 3:
        return StreamFormat(PayloadKind.IMAGE, dtype="uint8", width=data.shape[1], height=data.shape[0])
    if data.ndim == 2 and data.dtype.kind in "fiu" and data.shape[1] >= 1:
        return StreamFormat(PayloadKind.SAMPLES, dtype=data.dtype.name, channels=data.shape[1])
    raise StreamError(
        f"an array of shape {data.shape} and type {data.dtype} cannot be stored without a format; "
        "expected (rows, channels) numbers or a (height, width, 3) uint8 picture; "
        "pictures of (height, width) need a format of kind IMAGE"
    )


def _dtype_of_scalar(data: Any) -> str:
    if isinstance(data, np.generic):
        return data.dtype.name
    if isinstance(data, bool):
        return "bool"
    return "int64" if isinstance(data, int) else "float64"
