"""The kinds of payload: what is stored of them, and what is refused."""

import numpy as np
import pytest

from studio.errors import StreamError
from studio.formats.encoding import decode, encode, stored_dtype
from studio.formats.payload import PayloadKind, StreamFormat


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
