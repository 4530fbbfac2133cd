"""Events, texts and single messages of a stream in a window of time, at most so many. Owns nothing."""

import json
from typing import Any

import numpy as np

from studio.app.answers import Marks, TextAt
from studio.app.value_text import payload_text
from studio.formats.encoding import decode
from studio.formats.members import member_of
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.store import layout
from studio.store.reader import StoreReader
from studio.store.stream_reader import StreamReader
from studio.timing import Timestamp

LOOK_BACK = 256
"""Events before the window that are asked whether they last into it."""
MOST_TEXTS = 24
"""Told where not every message can be: more words have no room on a screen anyway."""
LONGEST_TEXT = 200_000
"""Characters of one message that are handed on."""
_WITH_TEXT = (PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON)


def marks_in(reader: StoreReader, stream: str, left: Timestamp, right: Timestamp, limit: int) -> Marks:
    """Messages in `[left, right]` with their texts; where there are more than `limit`, a few of them.

    Events that began before the window and last into it come first, if they are among the LOOK_BACK before
    it. Messages without words are thinned evenly to `limit`.
    """
    rows = reader.stream(stream)
    described = rows.description.format
    right, limit = max(left, right), max(0, limit)
    first, last = rows.position(left), rows.position(right, after=True)
    total = last - first
    if described.kind not in _WITH_TEXT:
        times = rows.times(first, last, limit)
        return Marks(times, ("",) * len(times), np.zeros(len(times), np.int64), total)
    begun = _lasting(rows, first, left) if described.kind is PayloadKind.EVENT else []
    found = begun + (
        _all(rows, first, last) if total <= limit else _some(rows, first, last, min(limit, MOST_TEXTS))
    )
    return Marks(
        np.array([time for time, _ in found], np.int64),
        tuple(payload_text(data, described) for _, data in found),
        np.array([getattr(data, "duration_ns", 0) for _, data in found], np.int64),
        total + len(begun),
    )


def text_at(reader: StoreReader, stream: str, time: Timestamp, member: str = "") -> TextAt | None:
    """All that the message at or before `time` says, JSON on indented lines; None before the first.

    `member`: only what stands at this place of it, nothing where it has no such place.
    """
    rows = reader.stream(stream)
    number = rows.position(time, after=True)
    if not number:
        return None
    message = next(rows.messages(number - 1, number))
    data = member_of(message.data, member) if member else message.data
    text = "" if member and data is None else _whole_text(data, rows.description.format)
    return TextAt(
        text=text[:LONGEST_TEXT],
        originating_time=message.envelope.originating_time,
        number=number,
        is_cut=len(text) > LONGEST_TEXT,
    )


def _all(rows: StreamReader, first: int, last: int) -> list[tuple[Timestamp, Any]]:
    return [(message.envelope.originating_time, message.data) for message in rows.messages(first, last)]


def _lasting(rows: StreamReader, first: int, left: Timestamp) -> list[tuple[Timestamp, Any]]:
    before = _all(rows, max(0, first - LOOK_BACK), first)
    return [(time, data) for time, data in before if time + data.duration_ns > left]


def _some(rows: StreamReader, first: int, last: int, limit: int) -> list[tuple[Timestamp, Any]]:
    """A few, evenly chosen. Each costs three reads of its own."""
    found: list[tuple[Timestamp, Any]] = []
    for number in np.linspace(first, last - 1, limit).astype(np.int64).tolist():
        offset, length = rows.rows(layout.INDEX, number, number + 1)[0, :2].tolist()
        data = rows.rows(layout.DATA, offset, offset + length).tobytes()
        time = int(rows.rows(layout.TIME, number, number + 1)[0])
        found.append((time, decode(rows.description.format, data)))
    return found


def _whole_text(data: Any, described: StreamFormat) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, Event):
        return data.text
    if described.kind is PayloadKind.JSON:
        return json.dumps(data, ensure_ascii=False, indent=2, default=str)
    return payload_text(data, described)
