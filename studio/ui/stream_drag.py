"""Streams on their way from the list of sessions to the timeline, as what a drag carries."""

import json
from collections.abc import Iterable

from PySide6.QtCore import QMimeData

from studio.formats.recording import StreamRef

STREAMS_MIME = "application/x-studio-streams"
WHOLE = ""
"""In place of a stream's name: all streams of that recording."""


def mime_of(refs: Iterable[StreamRef]) -> QMimeData:
    """What a drag of these streams carries; other programs get their names."""
    carried = tuple(refs)
    mime = QMimeData()
    pairs = [[ref.path, ref.name] for ref in carried]
    mime.setData(STREAMS_MIME, json.dumps(pairs).encode("ascii"))
    mime.setText("\n".join(ref.name or ref.path for ref in carried))
    return mime


def carries_streams(mime: QMimeData) -> bool:
    """Whether `refs_in` will find any."""
    return mime.hasFormat(STREAMS_MIME)


def refs_in(mime: QMimeData) -> tuple[StreamRef, ...]:
    """The streams that a drag carries; none of one that carries something else, or comes from elsewhere."""
    if not carries_streams(mime):
        return ()
    try:
        pairs = json.loads(bytes(mime.data(STREAMS_MIME).data()))
        return tuple(StreamRef(str(path), str(name)) for path, name in pairs)
    except (ValueError, TypeError):
        return ()
