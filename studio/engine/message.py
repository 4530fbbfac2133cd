"""What travels: envelopes, messages, and the rule that nobody sees another's changes (decision 4).

Knows nothing of queues, threads or pipelines.
"""

import copy
import dataclasses
import functools
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import numpy as np

from studio.timing import TIME_MIN, Timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Envelope(NamedTuple):
    """Where a message comes from and the two times it carries (rule E2).

    A tuple, because one is made for every message on every stream: it takes a third of the time.
    """

    source_id: int
    """Id of the emitter that posted it."""
    sequence_id: int
    """Number of the message on its emitter, from 1; strictly increasing."""
    originating_time: Timestamp
    """When the event in the world took place; kept by every operator that derives a message from it."""
    creation_time: Timestamp
    """Pipeline time at which this message was posted. TIME_MIN: before the pipeline ran."""

    def __eq__(self, other: object) -> bool:
        """All four are the same, and the other is an envelope too: no mere tuple is one (rule E2)."""
        return isinstance(other, Envelope) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


new_tuple = tuple.__new__
"""Makes an envelope, `new_tuple(Envelope, fields)`, without the detour through its constructor."""

NO_ENVELOPE = Envelope(source_id=0, sequence_id=-1, originating_time=TIME_MIN, creation_time=TIME_MIN)
"""Last envelope of a stream that has had no message yet (rule E99)."""

LAST_SEQUENCE_ID = 2**63 - 1
"""Sequence id of the last envelope of a receiver whose stream has ended (rule E99)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Message(Generic[T]):
    """A payload with its envelope."""

    data: T
    envelope: Envelope


IMMUTABLE_TYPES: frozenset[type] = frozenset(
    {str, bytes, range, Decimal, Fraction, UUID, Envelope} | {datetime, date, time, timedelta}
)
"""Types whose values are shared by poster and receivers as they are."""

SMALL_TYPES: frozenset[type] = frozenset({int, float, complex, bool, type(None)})
"""Immutable types whose size does not count."""

IMMUTABLE_BASES = (np.generic, Enum, PurePath, tzinfo, type)


def isolate(data: Any) -> tuple[Any, bool]:
    """Return the value that receivers get, and whether each of them needs a copy of its own.

    An array that owns its data is frozen in place, a view is copied and the copy frozen (rule E105, decision
    4); frozen dataclasses and tuples are looked into; a class says that its values never change with a class
    attribute `immutable_payload = True`. Anything else must be copied for each receiver.
    """
    kind: Any = type(data)
    if kind is np.ndarray:  # first, because it is what is posted most
        return _isolate_array(data)
    isolating = _isolating(kind)
    return (data, False) if isolating is None else isolating(data)


def own_copies(data: Any, count: int) -> list[Any]:
    """Make `count` deep copies; TypeError, naming the type, of what cannot be copied (rule E108)."""
    try:
        return [copy.deepcopy(data) for _ in range(count)]
    except Exception as error:
        raise TypeError(
            f"a message of type {type(data).__name__} cannot be copied for its receivers; post a value that "
            f"does not change (an array, a frozen dataclass) or declare immutable_payload = True on its class"
        ) from error


def payload_size(data: Any) -> int:
    """Bytes of the arrays, byte strings and encoded pictures inside `data`; 0 for small values."""
    kind: Any = type(data)
    if kind in SMALL_TYPES:
        return 0
    if kind is str or kind is bytes:
        return len(data)
    sizing = _sizing(kind)
    return 0 if sizing is None else sizing(data)


# What is to be done with a value depends on its type alone, and is asked for every message: hence it is kept.
# Few types are ever posted; the oldest of more than a thousand are forgotten.


@functools.lru_cache(maxsize=1024)
def _isolating(kind: type) -> "Callable[[Any], tuple[Any, bool]] | None":
    """What isolates values of this type; None: they are shared as they are."""
    if issubclass(kind, np.ndarray):
        return _isolate_array
    if kind in IMMUTABLE_TYPES or kind in SMALL_TYPES or issubclass(kind, IMMUTABLE_BASES):
        return None
    if getattr(kind, "immutable_payload", False) is True:
        return None
    if issubclass(kind, tuple):
        return _isolate_tuple
    if dataclasses.is_dataclass(kind):
        return _isolate_dataclass
    return _isolate_frozenset if kind is frozenset else _never_shared


@functools.lru_cache(maxsize=1024)
def _sizing(kind: type) -> "Callable[[Any], int] | None":
    """What gives the bytes inside values of this type; None: they count nothing."""
    if issubclass(kind, np.ndarray | memoryview):
        return _size_of_buffer
    if issubclass(kind, bytes | bytearray | str):
        return len
    if issubclass(kind, tuple | list):
        return _size_of_sequence
    if issubclass(kind, dict):
        return _size_of_mapping
    if issubclass(kind, type):
        return None
    return _sizing_of_fields(_field_names(kind)) if dataclasses.is_dataclass(kind) else _size_of_data


def _size_of_buffer(data: Any) -> int:
    return int(data.nbytes)


def _size_of_sequence(data: "Sequence[Any]") -> int:
    return 0 if SMALL_TYPES.issuperset(map(type, data)) else sum(map(payload_size, data))


def _size_of_mapping(data: dict[Any, Any]) -> int:
    return sum(map(payload_size, data.values()))


def _sizing_of_fields(names: tuple[str, ...]) -> "Callable[[Any], int]":
    def size_of_fields(data: Any) -> int:
        size = 0
        for name in names:
            value = getattr(data, name)
            kind = type(value)
            if kind is str or kind is bytes:  # as in `payload_size`; written out: events hold nothing else
                size += len(value)
            elif kind not in SMALL_TYPES:
                size += payload_size(value)
        return size

    return size_of_fields


def _size_of_data(data: Any) -> int:
    return payload_size(getattr(data, "data", None))


@functools.lru_cache(maxsize=1024)
def _field_names(kind: type) -> tuple[str, ...]:
    # `dataclasses.fields` puts its answer together each time.
    return tuple(field.name for field in dataclasses.fields(kind))


def _isolate_array(array: np.ndarray[Any, Any]) -> tuple[Any, bool]:
    if array.dtype.hasobject:
        return array, True  # what it holds may change behind a read-only face
    flags = array.flags
    if flags.owndata and array.base is None:
        if flags.writeable:
            flags.writeable = False
        return array, False
    if _shows_frozen_data(array):
        return array, False
    frozen = array.copy()
    frozen.flags.writeable = False
    return frozen, False


def _shows_frozen_data(view: np.ndarray[Any, Any]) -> bool:
    # A read-only view of an array that was posted before: nobody can write through its base either.
    base = view.base
    while isinstance(base, np.ndarray) and not base.flags.owndata:
        base = base.base
    frozen_root = isinstance(base, np.ndarray) and not base.flags.writeable
    return not view.flags.writeable and (frozen_root or isinstance(base, bytes))


def _isolate_tuple(data: tuple[Any, ...]) -> tuple[Any, bool]:
    if SMALL_TYPES.issuperset(map(type, data)):
        return data, False
    items = [isolate(item) for item in data]
    if any(private for _, private in items):
        return data, True
    if all(new is old for (new, _), old in zip(items, data, strict=True)):
        return data, False
    make: Callable[[Sequence[Any]], Any] = getattr(type(data), "_make", type(data))
    return make([new for new, _ in items]), False


def _isolate_frozenset(data: frozenset[Any]) -> tuple[Any, bool]:
    return data, any(isolate(item)[1] for item in data)


def _never_shared(data: Any) -> tuple[Any, bool]:
    return data, True


def _isolate_dataclass(data: Any) -> tuple[Any, bool]:
    kind: Any = type(data)
    if not kind.__dataclass_params__.frozen:
        return data, True
    changed: dict[str, Any] = {}
    for name in _field_names(kind):
        old = getattr(data, name)
        new, private = isolate(old)
        if private:
            return data, True
        if new is not old:
            changed[name] = new
    return (_with_fields(data, changed) if changed else data), False


def _with_fields(data: Any, changed: dict[str, Any]) -> Any:
    # Not dataclasses.replace: it would run __post_init__ and refuse fields that are not arguments.
    twin = copy.copy(data)
    for name, value in changed.items():
        object.__setattr__(twin, name, value)
    return twin
