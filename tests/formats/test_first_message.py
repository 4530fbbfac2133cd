"""The first message says what a stream is."""

from typing import Any

import numpy as np
import pytest

from studio.errors import StreamError
from studio.formats.encoding import encode
from studio.formats.first_message import infer_format
from studio.formats.payload import EncodedImage, Event, PayloadKind


@pytest.mark.parametrize(
    ("value", "kind", "dtype"),
    [
        (1.5, PayloadKind.SCALAR, "float64"),
        (7, PayloadKind.SCALAR, "int64"),
        (True, PayloadKind.SCALAR, "bool"),
        (np.float32(2), PayloadKind.SCALAR, "float32"),
        ("text", PayloadKind.STRING, ""),
        (b"raw", PayloadKind.BYTES, ""),
        ({"a": 1}, PayloadKind.JSON, ""),
        ([1, 2], PayloadKind.JSON, ""),
        (None, PayloadKind.JSON, ""),
        (Event("go"), PayloadKind.EVENT, ""),
        (EncodedImage(b"", 3, 2), PayloadKind.JPEG, ""),
        (np.zeros((5, 2), np.float32), PayloadKind.SAMPLES, "float32"),
        (np.zeros((5, 4, 3), np.uint8), PayloadKind.IMAGE, "uint8"),
    ],
)
def test_the_first_message_says_what_a_stream_is(value: Any, kind: PayloadKind, dtype: str) -> None:
    found = infer_format(value)
    assert (found.kind, found.dtype) == (kind, dtype)
    encode(found, value)


def test_what_has_a_size_tells_it() -> None:
    assert infer_format(np.zeros((5, 3), np.int16)).channels == 3
    picture = infer_format(np.zeros((480, 640, 3), np.uint8))
    assert (picture.width, picture.height) == (640, 480)


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, 1j, np.zeros(3), np.zeros((2, 2, 2)), np.array([["a"]]), np.zeros((2, 0))]
)
def test_what_cannot_be_stored_is_refused_in_words(value: Any) -> None:
    with pytest.raises(StreamError, match="cannot be stored"):
        infer_format(value)
