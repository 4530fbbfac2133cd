"""Payloads to the rows or bytes that are stored, and back. Pure values: no file, no codec of images."""

import json
from collections.abc import Callable
from functools import partial
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from studio.errors import StreamError
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Shape: TypeAlias = tuple[int, int, int]
_new = tuple.__new__
"""Makes a tuple with names without the detour through its constructor."""

PICTURE_DTYPES = ("uint8", "uint16", "float32")
NO_SHAPE: Shape = (0, 0, 0)


class EncodedPayload(NamedTuple):
    """One payload as it goes into a store. A tuple: it is made for every message, in a third of the time."""

    data: bytes | Array
    """Rows `(n, channels)` of a sampled stream, else bytes."""
    extent: int
    """Rows of a sampled stream, else bytes."""
    shape: Shape = NO_SHAPE
    """Height, width, channels of a picture; channels 0: the picture has two dimensions."""

    @property
    def byte_count(self) -> int:
        """Bytes of payload."""
        return len(self.data) if isinstance(self.data, bytes) else self.data.nbytes

    @property
    def units(self) -> int:
        """What the loss account counts: rows of a sampled stream, one message of others."""
        return 1 if isinstance(self.data, bytes) else self.extent


Encoder: TypeAlias = Callable[[Any], EncodedPayload]


def stored_dtype(stream_format: StreamFormat) -> np.dtype[Any]:
    """Type of the numbers of a sampled stream in the file (truth values are 0 and 1)."""
    if stream_format.dtype == "bool":
        return np.dtype(np.uint8)
    try:
        dtype = np.dtype(stream_format.dtype or "float64")
    except TypeError as error:
        raise StreamError(f"{stream_format.dtype!r} is not a type of numbers; try float32") from error
    if dtype.kind not in "fiu":
        raise StreamError(f"numbers of type {dtype} cannot be stored; expected whole or floating numbers")
    return dtype


def picture_dtype(stream_format: StreamFormat) -> np.dtype[Any]:
    """Type of the pixels of a stream of pictures; StreamError for one that pictures cannot have."""
    name = stream_format.dtype or "uint8"
    if name not in PICTURE_DTYPES:
        raise StreamError(f"pictures of {name} cannot be stored; expected {', '.join(PICTURE_DTYPES)}")
    return np.dtype(name).newbyteorder("<")


def encode(stream_format: StreamFormat, data: Any) -> EncodedPayload:
    """`data` as rows or bytes; raises StreamError when it is not what the stream holds."""
    return encoder_of(stream_format)(data)


def encoder_of(stream_format: StreamFormat) -> Encoder:
    """`encode` for one stream: what the format says is looked up once, and not for each of its messages.

    Raises StreamError for a format that cannot be stored.
    """
    kind = stream_format.kind
    if kind is PayloadKind.SCALAR:
        return partial(_encode_scalar, stored_dtype(stream_format))
    if kind.is_sampled:
        return partial(_encode_rows, stream_format.channels, stored_dtype(stream_format))
    if kind is PayloadKind.IMAGE:
        return partial(_encode_image, picture_dtype(stream_format))
    return _ENCODERS[kind]


def decode(stream_format: StreamFormat, raw: bytes | Array, shape: Shape = NO_SHAPE) -> Any:
    """What `encode` was given; arrays come back frozen. Raises ValueError for bytes that make no sense."""
    kind = stream_format.kind
    if isinstance(raw, np.ndarray):
        return _decode_rows(stream_format, raw)
    if kind is PayloadKind.IMAGE:
        height, width, channels = shape
        pixels = np.frombuffer(raw, picture_dtype(stream_format))
        return pixels.reshape((height, width, channels) if channels else (height, width))
    if kind is PayloadKind.JPEG:
        return EncodedImage(raw, width=shape[1], height=shape[0])
    if kind is PayloadKind.STRING:
        return raw.decode("utf-8", "surrogatepass")
    if kind is PayloadKind.JSON:
        return json.loads(raw)
    if kind is PayloadKind.EVENT:
        return Event(**json.loads(raw))
    return raw


def _expect(condition: bool, what: str, data: Any) -> None:
    if not condition:
        raise StreamError(f"this stream holds {what}, but a {type(data).__name__} was posted to it")


def _bytes_of_event(event: Event) -> bytes:
    # What `json.dumps` of the three makes, in a tenth of its time: there may be thousands a second.
    text, kind, duration = event.text, event.kind, event.duration_ns
    if type(text) is not str or type(kind) is not str or type(duration) is not int:
        return json.dumps({"text": text, "kind": kind, "duration_ns": duration}).encode()
    return f'{{"text": {_quoted(text)}, "kind": {_quoted(kind)}, "duration_ns": {duration}}}'.encode()


def _encode_event(data: Any) -> EncodedPayload:
    _expect(isinstance(data, Event), "events", data)
    raw = _bytes_of_event(data)
    return _new(EncodedPayload, (raw, len(raw), NO_SHAPE))


def _encode_text(data: Any) -> EncodedPayload:
    _expect(isinstance(data, str), "text", data)
    raw = bytes(data.encode("utf-8", "surrogatepass"))
    return _new(EncodedPayload, (raw, len(raw), NO_SHAPE))


def _encode_json(data: Any) -> EncodedPayload:
    try:
        raw = json.dumps(data).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise StreamError(f"a {type(data).__name__} that JSON cannot say was posted: {error}") from error
    return _new(EncodedPayload, (raw, len(raw), NO_SHAPE))


def _encode_bytes(data: Any) -> EncodedPayload:
    _expect(isinstance(data, (bytes, bytearray, memoryview)), "bytes", data)
    raw = bytes(data)
    return EncodedPayload(raw, len(raw))


def _encode_jpeg(data: Any) -> EncodedPayload:
    _expect(isinstance(data, EncodedImage), "a JPEG picture", data)
    return EncodedPayload(bytes(data.data), len(data.data), (data.height, data.width, 3))


def _encode_rows(channels: int, dtype: np.dtype[Any], data: Any) -> EncodedPayload:
    _expect(isinstance(data, np.ndarray), "blocks of samples", data)
    rows = data.reshape(-1, 1) if data.ndim == 1 and channels == 1 else data
    if rows.ndim != 2 or rows.shape[1] != channels or rows.shape[0] < 1:
        raise StreamError(
            f"a block of shape {data.shape} was posted to a stream of {channels} channels; "
            f"expected (rows, {channels}) with at least one row"
        )
    if not np.can_cast(rows.dtype, dtype, "same_kind"):
        raise StreamError(f"a block of {rows.dtype} was posted to a stream of {dtype}; convert it first")
    return EncodedPayload(np.ascontiguousarray(rows, dtype=dtype), rows.shape[0])


def _encode_scalar(dtype: np.dtype[Any], data: Any) -> EncodedPayload:
    _expect(isinstance(data, (bool, int, float, np.bool_, np.number)), "single numbers", data)
    whole = isinstance(data, (bool, int, np.bool_, np.integer))
    if dtype.kind != "f" and not whole:
        raise StreamError(f"the number {data} was posted to a stream of whole numbers ({dtype})")
    try:
        return EncodedPayload(np.array([[data]], dtype=dtype), 1)
    except OverflowError as error:
        raise StreamError(f"the number {data} does not fit into a stream of {dtype}") from error


def _encode_image(dtype: np.dtype[Any], data: Any) -> EncodedPayload:
    _expect(isinstance(data, np.ndarray) and data.dtype == dtype, f"pictures of {dtype.name}", data)
    has_colours = dtype == np.uint8
    if data.ndim not in ((2, 3) if has_colours else (2,)) or data.size == 0:
        expected = "(height, width, 3)" if has_colours else "(height, width)"
        raise StreamError(f"a picture of shape {data.shape} was posted; expected {expected}")
    height, width = data.shape[:2]
    channels = data.shape[2] if data.ndim == 3 else 0
    raw = data.astype(dtype, copy=False).tobytes()
    return EncodedPayload(raw, len(raw), (height, width, channels))


_ENCODERS: dict[PayloadKind, Encoder] = {
    PayloadKind.JPEG: _encode_jpeg,
    PayloadKind.STRING: _encode_text,
    PayloadKind.JSON: _encode_json,
    PayloadKind.EVENT: _encode_event,
    PayloadKind.BYTES: _encode_bytes,
}
"""Of what needs to know no more of its stream."""


def _decode_rows(stream_format: StreamFormat, rows: Array) -> Any:
    if stream_format.kind is PayloadKind.SCALAR:
        return bool(rows[0, 0]) if stream_format.dtype == "bool" else rows[0, 0].item()
    rows.flags.writeable = False
    return rows
