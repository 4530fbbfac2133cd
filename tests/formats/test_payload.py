"""The kinds of payload: what is inferred from a value, and what is refused."""

from typing import Any

import numpy as np
import pytest

from studio.errors import StreamError
from studio.formats.encoding import decode, encode, stored_dtype
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat, infer_format


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


@pytest.mark.parametrize("dtype", ["nonsense", "complex64", "U3", "O", "M8[ns]"])
def test_a_format_of_no_numbers_is_refused(dtype: str) -> None:
    with pytest.raises(StreamError):
        stored_dtype(StreamFormat(PayloadKind.SAMPLES, dtype=dtype))


def test_numbers_are_only_converted_where_nothing_changes_its_kind() -> None:
    wide = StreamFormat(PayloadKind.SAMPLES, dtype="float64", channels=1)
    assert encode(wide, np.array([1, 2], np.int16)).data.dtype == np.float64  # type: ignore[union-attr]
    with pytest.raises(StreamError, match="convert it first"):
        encode(StreamFormat(PayloadKind.SAMPLES, dtype="int16"), np.array([[1.5]]))


def test_arrays_come_back_frozen() -> None:
    described = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=1)
    block = decode(described, np.array([[1], [2]], np.int16))
    with pytest.raises(ValueError, match="read-only"):
        block[0] = 3


def test_which_kinds_are_signals_and_which_are_pictures() -> None:
    assert {kind for kind in PayloadKind if kind.is_sampled} == {"audio", "samples", "scalar"}
    assert {kind for kind in PayloadKind if kind.is_picture} == {"image", "jpeg"}
