"""What a stream is, told by its first message, where nobody has said it before."""

from typing import Any

import numpy as np

from studio.errors import StreamError
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat


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
