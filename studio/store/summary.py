"""What a list shows of a recording, from attributes alone: a folder may hold thousands. Reads no data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.store import layout
from studio.store.damage import explained
from studio.store.opening import open_for_a_look
from studio.store.reader import check_is_file
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """A recording that is complete, in a line."""

    created: Timestamp
    first_time: Timestamp
    """Earliest originating time of all streams; 0 if nothing was recorded."""
    last_time: Timestamp
    stream_count: int
    clean: bool
    """False: it was put in order after its recorder died."""


def read_summary(path: Path) -> RecordingSummary | None:
    """The summary of a complete recording; None for another, which only a StoreReader can tell about.

    Raises StoreEnvironmentError and StoreFormatError as StoreReader does.
    """
    check_is_file(path)
    with explained(path, "its attributes"), open_for_a_look(path) as file:
        root = file.attrs
        known = root.get("format") == layout.FORMAT and int(root["format_version"]) <= layout.FORMAT_VERSION
        if not known or not (int(root["clean"]) or int(root["recovered"])):
            return None
        spans = [_span(group.attrs) for group in file[layout.STREAMS].values()]
        filled = [span for span in spans if span is not None]
        return RecordingSummary(
            created=int(root["created"]),
            first_time=min((first for first, _ in filled), default=0),
            last_time=max((last for _, last in filled), default=0),
            stream_count=len(spans),
            clean=bool(root["clean"]),
        )


def _span(attributes: Any) -> tuple[Timestamp, Timestamp] | None:
    """First and last time of a stream; None of an empty one."""
    if not int(attributes["message_count"]):
        return None
    return int(attributes["first_time"]), int(attributes["last_time"])
