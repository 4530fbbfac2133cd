"""What is asked of the reader about pictures and what lies over them, as frozen values. No I/O here."""

from dataclasses import dataclass

from studio.timing import Duration, Timestamp


@dataclass(frozen=True, slots=True)
class ReadShapes:
    """The figures of the message at or before a time. Reply: ShapesAt, or None if it is older than `keep`."""

    path: str
    stream: str
    time: Timestamp
    keep: Duration
    """ns; 0: however old it is."""
