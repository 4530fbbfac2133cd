"""Bytes of a connection into values, however they are cut up, and values into bytes. No I/O.

A reading is a generator: it yields `Need(n)` and is sent exactly n bytes; it yields a value that it has read
and is sent nothing. It is written as if all bytes were there, and `Parser` feeds it as they come. A reading
checks a length before it asks for as many bytes, and `Parser` how long one value may become in all.
"""

from collections.abc import Generator, Iterator
from typing import Generic, TypeAlias, TypeVar

from studio.errors import LocalProtocolError, RemoteProtocolError

T = TypeVar("T")
R = TypeVar("R")

LENGTH_BYTES = 5
"""A length takes at most so many bytes of seven bits each."""
_MORE = 0x80


class Need(int):
    """So many bytes are needed before the reading can go on."""


Reading: TypeAlias = Generator[Need | T, bytes, R]
"""Yields needs and values of type T; returns an R."""
Part: TypeAlias = Generator[Need, bytes, R]
"""A piece of a reading: yields needs only and returns an R."""


class Parser(Generic[T]):
    """Feeds one reading with bytes. Once it has raised, the connection is to be closed."""

    def __init__(self, reading: "Reading[T, None]", *, value_limit: int) -> None:
        """`value_limit`: so many bytes one value may take, whatever its parts are allowed."""
        self._reading = reading
        self._value_limit = value_limit
        self._value_bytes = 0
        self._buffer = bytearray()
        self._needed = 0
        self._has_ended = False
        self._begun = False

    @property
    def has_ended(self) -> bool:
        """Whether all was read that belongs to the reading, or it broke off."""
        return self._has_ended

    @property
    def waiting_bytes(self) -> int:
        """Bytes that came and were not enough for the next step."""
        return len(self._buffer)

    @property
    def is_between_values(self) -> bool:
        """Whether nothing of a next value has come yet; asked between two calls of `feed`."""
        return not self._buffer and (self._has_ended or self._value_bytes == self._needed)

    def feed(self, data: bytes) -> Iterator[T]:
        """Take bytes; the result, to be gone through, has what they complete.

        Going through it raises RemoteProtocolError where the bytes break the rules, after all values that
        came before, and for bytes after the end.
        """
        self._buffer += data
        return self._values()

    def _values(self) -> Iterator[T]:
        while not self._has_ended and len(self._buffer) >= self._needed:
            taken = bytes(self._buffer[: self._needed])
            del self._buffer[: self._needed]
            yield from self._taken(taken)
        if self._has_ended and self._buffer:
            count = len(self._buffer)
            self._buffer.clear()
            raise RemoteProtocolError(f"{count} bytes came after the end of what was to be said")

    def _taken(self, data: bytes) -> Iterator[T]:
        """Go on to the next need."""
        try:
            step = self._reading.send(data) if self._begun else next(self._reading)
            self._begun = True
            while not isinstance(step, Need):
                self._value_bytes = 0
                yield step
                step = next(self._reading)
            self._want(int(step))
        except StopIteration:
            self._has_ended = True
        except RemoteProtocolError:
            self._has_ended = True
            self._buffer.clear()
            raise

    def _want(self, count: int) -> None:
        self._needed = count
        self._value_bytes += count
        if self._value_bytes > self._value_limit:
            raise RemoteProtocolError(f"what is being said takes more than {self._value_limit} bytes")


def read_length(limit: int, what: str) -> Part[int]:
    """A length of seven bits a byte, low ones first, as .NET writes it; at most `limit`."""
    length = 0
    for position in range(LENGTH_BYTES):
        (byte,) = yield Need(1)
        length |= (byte & ~_MORE) << (7 * position)
        if not byte & _MORE:
            if length > limit:
                raise RemoteProtocolError(f"{what} is said to have {length} bytes; at most {limit} are taken")
            return length
    raise RemoteProtocolError(f"the length of {what} takes more than {LENGTH_BYTES} bytes")


def read_string(limit: int, what: str) -> Part[str]:
    """A text of at most `limit` bytes of UTF-8; what is none becomes U+FFFD, as in .NET."""
    length = yield from read_length(limit, what)
    data = yield Need(length)
    return data.decode("utf-8", "replace")


def read_int(size: int) -> Part[int]:
    """A signed number of `size` bytes, low ones first."""
    data = yield Need(size)
    return int.from_bytes(data, "little", signed=True)


def read_count(limit: int, what: str) -> Part[int]:
    """How many follow: four bytes, from 0 to `limit`."""
    count = yield from read_int(4)
    if not 0 <= count <= limit:
        raise RemoteProtocolError(f"{count} {what} are announced; 0 to {limit} are taken")
    return count


def string_bytes(text: str, limit: int, what: str) -> bytes:
    """A text as it is sent; raises LocalProtocolError if it is longer than the other side would take."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LocalProtocolError(f"{what} {text!r} holds half a character, which cannot be sent") from error
    if len(data) > limit:
        raise LocalProtocolError(f"{what} has {len(data)} bytes; at most {limit} can be sent")
    return _length_bytes(len(data)) + data


def int_bytes(number: int, size: int, what: str) -> bytes:
    """A signed number as it is sent; raises LocalProtocolError if it does not fit."""
    try:
        return number.to_bytes(size, "little", signed=True)
    except OverflowError as error:
        raise LocalProtocolError(f"{what} {number} does not fit into {size} bytes") from error


def _length_bytes(length: int) -> bytes:
    data = bytearray()
    while length >= _MORE:
        data.append(length & ~_MORE & 0xFF | _MORE)
        length >>= 7
    return bytes((*data, length))
