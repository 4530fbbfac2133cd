"""Answers what is inside the messages of a JSON stream. Reads a bounded number of them; owns nothing."""

from studio.errors import StreamError
from studio.formats.members import MOST_MEMBERS, Members, leaves_of
from studio.formats.payload import PayloadKind
from studio.store.stream_reader import StreamReader

SOME = 32
"""Messages looked at, at the beginning, in the middle and at the end each."""


def check_has_members(stream: StreamReader) -> None:
    """Raises StreamError for what is no stream of JSON."""
    kind = stream.description.format.kind
    if kind is not PayloadKind.JSON:
        name = stream.description.name
        raise StreamError(f"stream {name!r} holds {kind.value}; only messages of JSON have members")


def members_of(stream: StreamReader) -> Members:
    """What some of the messages hold, at most MOST_MEMBERS numbers and as many texts."""
    check_has_members(stream)
    count = stream.counts.messages
    numbers: dict[str, None] = {}
    texts: dict[str, None] = {}
    for first in sorted({0, max(0, count // 2 - SOME // 2), max(0, count - SOME)}):
        for message in stream.messages(first, min(count, first + SOME)):
            for name, value in leaves_of(message.data):
                found = texts if isinstance(value, str) else numbers
                if len(found) < MOST_MEMBERS:
                    found.setdefault(name)
                elif len(numbers) == len(texts):
                    break
    return Members(tuple(numbers), tuple(texts))
