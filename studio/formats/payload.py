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
from typing import ClassVar


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
