"""Very many streams as columns of numbers: a hundred thousand of them travel and are searched at once.

A sequence of `StreamInfo` like any other; each is made when it is asked for. Opens no file.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.timing import Timestamp

NUMBERS = (
    "message_count",
    "sample_count",
    "byte_count",
    "first_time",
    "last_time",
    "opened_time",
    "closed_time",
    "dropped",
    "produced",
    "gaps",
)
"""Fields of a StreamInfo that are columns of their own."""

TEXTS = ("format", "device", "supplemental")
"""Those that many streams share: a column says which of them."""

COLUMNS_DTYPE = np.dtype([*((name, "<i8") for name in NUMBERS), *((name, "<i4") for name in TEXTS)])
MOST_REMEMBERED = 1024
"""Streams that were found by name."""
NAME_END = b"\xff"
"""No byte of UTF-8: between two of them stands exactly one name."""


@dataclass(frozen=True, eq=False)
class StreamColumns(Sequence[StreamInfo]):
    """Streams in the order in which they were added."""

    rows: npt.NDArray[np.void]
    """COLUMNS_DTYPE, one a stream."""
    names: bytes
    """UTF-8, a NAME_END behind each."""
    formats: tuple[StreamFormat, ...]
    devices: tuple[str, ...]
    supplementals: tuple[str, ...]
    """Each as JSON."""

    @classmethod
    def of(cls, streams: Sequence[StreamInfo]) -> "StreamColumns":
        """The same streams; nothing is copied of what is in columns already."""
        if isinstance(streams, StreamColumns):
            return streams
        formats, devices, supplementals = Numbered(), Numbered(), Numbered()
        rows = np.zeros(len(streams), COLUMNS_DTYPE)
        for number, stream in enumerate(streams):
            supplemental = json.dumps(stream.supplemental)
            shared = formats.number(stream.format), devices.number(stream.device)
            numbers = (getattr(stream, name) for name in NUMBERS)
            rows[number] = (*numbers, *shared, supplementals.number(supplemental))
        names = b"".join(_bytes_of(stream.name) + NAME_END for stream in streams)
        return cls(rows, names, formats.values, devices.values, supplementals.values)

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit each other."""
        if self.rows.dtype != COLUMNS_DTYPE or self.rows.ndim != 1:
            raise ValueError(f"the columns of streams are {self.rows.dtype}, expected {COLUMNS_DTYPE}")
        if self.names.count(NAME_END) != len(self.rows):
            raise ValueError(f"{self.names.count(NAME_END)} names of {len(self.rows)} streams")
        for name, shared in zip(TEXTS, (self.formats, self.devices, self.supplementals), strict=True):
            if len(self.rows) and not 0 <= self.rows[name].min() <= self.rows[name].max() < len(shared):
                raise ValueError(f"{name} of a stream is none of the {len(shared)} that are told")

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> StreamInfo: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[StreamInfo, ...]: ...
    def __getitem__(self, index: int | slice) -> StreamInfo | tuple[StreamInfo, ...]:
        if isinstance(index, slice):
            return tuple(self._stream(number) for number in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} streams, none of number {index}")
        return self._stream(index % len(self))

    def __iter__(self) -> Iterator[StreamInfo]:
        return map(self._stream, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StreamColumns):
            return NotImplemented
        texts = self.names, self.formats, self.devices, self.supplementals
        others = other.names, other.formats, other.devices, other.supplementals
        return texts == others and np.array_equal(self.rows, other.rows)

    def _stream(self, number: int) -> StreamInfo:
        row = self.rows[number]
        values: dict[str, Any] = dict(zip(NUMBERS, row.item(), strict=False))
        return StreamInfo(
            name=self.name(number),
            format=self.formats[row["format"]],
            device=self.devices[row["device"]],
            supplemental=json.loads(self.supplementals[row["supplemental"]]),
            **values,
        )

    def name(self, number: int) -> str:
        """Of the stream of that number."""
        begin = int(self._ends[number - 1]) + 1 if number else 0
        return self.names[begin : int(self._ends[number])].decode("utf-8", "surrogatepass")

    @cached_property
    def _ends(self) -> npt.NDArray[np.intp]:
        """Where in `names` each name ends."""
        return np.flatnonzero(np.frombuffer(self.names, np.uint8) == NAME_END[0])

    def number_of(self, name: str) -> int | None:
        """Which stream is called so; None: no stream."""
        wanted = _bytes_of(name) + NAME_END
        if self.names.startswith(wanted):
            return 0
        place = self.names.find(NAME_END + wanted)
        return None if place < 0 else int(np.searchsorted(self._ends, place)) + 1

    def named(self, name: str) -> StreamInfo | None:
        """The stream of that name; None: there is none."""
        number = self.number_of(name)
        return None if number is None else self._stream(number)

    def all_names(self) -> tuple[str, ...]:
        """Of all streams, in order."""
        return tuple(name.decode("utf-8", "surrogatepass") for name in self.names.split(NAME_END)[:-1])

    def per_kind(self, values: Mapping[PayloadKind, int]) -> npt.NDArray[np.int64]:
        """For each stream what `values` says of its kind."""
        known = np.array([values[each.kind] for each in self.formats], np.int64)
        return known[self.rows["format"]] if len(self) else known[:0]


def ends_of(streams: Sequence[StreamInfo]) -> tuple[Timestamp, Timestamp]:
    """Times of the first and the last message of all; 0 where there is none."""
    if isinstance(streams, StreamColumns):
        filled = streams.rows["message_count"] > 0
        first, last = streams.rows["first_time"][filled], streams.rows["last_time"][filled]
        return (int(first.min()), int(last.max())) if len(first) else (0, 0)
    ends = [(stream.first_time, stream.last_time) for stream in streams if stream.message_count]
    return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else (0, 0)


def last_first_time(streams: Sequence[StreamInfo]) -> Timestamp:
    """When each of them that says anything has begun; 0: none does."""
    if isinstance(streams, StreamColumns):
        first = streams.rows["first_time"][streams.rows["message_count"] > 0]
        return int(first.max()) if len(first) else 0
    return max((stream.first_time for stream in streams if stream.message_count), default=0)


def finder(streams: Sequence[StreamInfo]) -> Callable[[str], StreamInfo | None]:
    """Finds streams by name, again and again."""
    if isinstance(streams, StreamColumns):
        return lru_cache(maxsize=MOST_REMEMBERED)(streams.named)
    return {stream.name: stream for stream in streams}.get


def per_kind(streams: Sequence[StreamInfo], values: Mapping[PayloadKind, int]) -> npt.NDArray[np.int64]:
    """For each stream what `values` says of its kind."""
    if isinstance(streams, StreamColumns):
        return streams.per_kind(values)
    return np.array([values[stream.format.kind] for stream in streams], np.int64)


def message_counts(streams: Sequence[StreamInfo]) -> npt.NDArray[np.int64]:
    """Of each stream."""
    if isinstance(streams, StreamColumns):
        return streams.rows["message_count"]
    return np.array([stream.message_count for stream in streams], np.int64)


def devices_of(streams: Sequence[StreamInfo]) -> tuple[str, ...]:
    """Each that is named, once."""
    if isinstance(streams, StreamColumns):
        return tuple(filter(None, streams.devices))
    return tuple(dict.fromkeys(stream.device for stream in streams if stream.device))


class Numbered:
    """Gives each different value a number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The same for the same value."""
        return self._numbers.setdefault(value, len(self._numbers))

    @property
    def values(self) -> tuple[Any, ...]:
        """In the order of their numbers."""
        return tuple(self._numbers)


def _bytes_of(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
