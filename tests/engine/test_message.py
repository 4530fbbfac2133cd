"""Nobody sees another's changes, and nothing is copied that need not be (decision 4, rules E105-E108)."""

import dataclasses
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import Envelope
from studio.engine.message import isolate, own_copies, payload_size

Array = np.ndarray[Any, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    samples: Array
    rate: float = 48_000.0


@dataclasses.dataclass
class Mutable:
    items: list[int]


class Declared:
    immutable_payload = True


@pytest.mark.rules("E105")
def test_an_array_that_owns_its_data_is_frozen_and_shared_without_a_copy() -> None:
    array = np.arange(4)
    shared, private = isolate(array)
    assert shared is array
    assert not private
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 7


@pytest.mark.rules("E105")
def test_a_view_is_copied_because_its_base_stays_writable() -> None:
    base = np.arange(6)
    shared, private = isolate(base[1:4])
    base[2] = 99
    assert not private
    assert shared.tolist() == [1, 2, 3]
    assert not shared.flags.writeable


def test_a_read_only_view_of_a_writable_array_is_copied_too() -> None:
    base = np.arange(3)
    view = base[:]
    view.flags.writeable = False
    shared, _ = isolate(view)
    base[0] = 99
    assert shared.tolist() == [0, 1, 2]


def test_a_view_of_a_posted_array_is_shared() -> None:
    base, _ = isolate(np.arange(6))
    view = base[2:]
    shared, private = isolate(view)
    assert shared is view
    assert not private


def test_an_array_of_objects_is_copied_for_each_receiver() -> None:
    array = np.array([[1], [2, 3]], dtype=object)
    shared, private = isolate(array)
    assert private
    first, second = own_copies(shared, 2)
    first[0].append(5)
    assert second[0] == [1]


def test_arrays_inside_a_frozen_dataclass_are_treated_the_same() -> None:
    buffer = np.zeros((2, 2))
    block, private = isolate(Block(buffer[:1], 16_000.0))
    buffer[0, 0] = 1.0
    assert not private
    assert block.samples[0, 0] == 0.0
    assert block.rate == 16_000.0
    owned = np.zeros(3)
    original = Block(owned)
    assert isolate(original)[0] is original
    assert not owned.flags.writeable


def test_a_tuple_is_looked_into() -> None:
    array = np.zeros(3)
    value = (1, "a", array)
    assert isolate(value) == (value, False)
    assert not array.flags.writeable
    assert isolate((1, [2])) == ((1, [2]), True)
    view = array[:2]
    assert isolate((1, np.zeros(4)[:2]))[1] is False
    assert isolate((view,))[0][0] is view


@pytest.mark.rules("E105", "E108")
@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], Mutable([1]), {1, 2}, bytearray(b"x")])
def test_what_can_change_is_copied_for_each_receiver(value: object) -> None:
    shared, private = isolate(value)
    assert private
    first, second = own_copies(shared, 2)
    assert first == second == value
    assert first is not second
    assert first is not value


@pytest.mark.rules("E108")
@pytest.mark.parametrize("value", [1, 2.5, "text", b"bytes", None, True, Declared(), np.float32(1), (1, 2)])
def test_what_cannot_change_is_shared(value: object) -> None:
    assert isolate(value)[0] is value
    assert isolate(value)[1] is False


def test_what_cannot_be_copied_is_refused_with_its_type() -> None:
    with pytest.raises(TypeError, match=r"type lock cannot be copied"):
        own_copies(threading.Lock(), 1)


@pytest.mark.rules("E105", "E106")
@given(st.recursive(st.integers() | st.text() | st.binary(), lambda v: st.lists(v) | st.tuples(v, v)))
def test_a_receiver_gets_an_equal_value_and_never_a_shared_list(value: Any) -> None:
    shared, private = isolate(value)
    received = own_copies(shared, 1)[0] if private else shared
    assert received == value
    if isinstance(value, list):
        assert received is not value


def test_the_size_of_a_payload_is_that_of_its_arrays_and_bytes() -> None:
    @dataclasses.dataclass(frozen=True)
    class Encoded:
        data: bytes
        width: int = 3

    assert payload_size(np.zeros((10, 2), np.float32)) == 80
    assert payload_size(b"12345") == 5
    assert payload_size("abc") == 3
    assert payload_size(Encoded(b"1234")) == 4
    assert payload_size(Block(np.zeros(4))) == 32
    assert payload_size((b"ab", np.zeros(1))) == 10
    assert payload_size({"a": b"xyz"}) == 3
    assert payload_size(3.5) == payload_size(None) == payload_size(object()) == 0


@pytest.mark.rules("E2")
def test_an_envelope_is_the_same_only_as_an_envelope_with_the_same_four_fields() -> None:
    envelope = Envelope(1, 2, 3, 4)
    assert envelope == Envelope(1, 2, 3, 4)
    assert hash(envelope) == hash(Envelope(1, 2, 3, 4))
    for changed in ({"source_id": 9}, {"sequence_id": 9}, {"originating_time": 9}, {"creation_time": 9}):
        assert envelope != envelope._replace(**changed)
    plain: Any = (1, 2, 3, 4)
    assert envelope != plain
    assert plain != envelope
    assert not plain == envelope  # noqa: SIM201
