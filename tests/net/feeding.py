"""Bytes fed to parsers in all ways they may arrive."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TypeVar

from studio.formats.wire import Parser

T = TypeVar("T")


def at_once(make: Callable[[], Parser[T]], data: bytes) -> list[T]:
    """All in one piece."""
    return list(make().feed(data))


def in_pieces(make: Callable[[], Parser[T]], data: bytes, cuts: Iterable[int]) -> list[T]:
    """Cut at these places."""
    parser = make()
    return [value for piece in pieces(data, cuts) for value in parser.feed(piece)]


def pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """The data in order, cut up."""
    places = sorted({0, len(data), *(cut for cut in cuts if 0 <= cut <= len(data))})
    return (data[begin:end] for begin, end in pairwise(places))
