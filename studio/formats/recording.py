"""What a stored recording holds, as values that any process may pass on. Opens no file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.formats.payload import StreamFormat
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream of a recording, as far as it is committed."""

    name: str
    format: StreamFormat
    device: str = ""
    message_count: int = 0
    sample_count: int = 0
    """Rows of a sampled stream; 0 for others."""
    byte_count: int = 0
    """Bytes of payload."""
    first_time: Timestamp = 0
    """Originating time of the first message; 0 while there is none."""
    last_time: Timestamp = 0
    opened_time: Timestamp = 0
    closed_time: Timestamp = 0
    """0: still open."""
    dropped: int = 0
    """What was produced and not stored, gaps included, in units of `produced`."""
    produced: int = 0
    """Counted at the device, with what gaps would have held (decision 27): rows of a sampled stream, messages
    of others."""
    gaps: int = 0
    """How many times the device was silent (unplugged, frozen)."""
    supplemental: dict[str, Any] = field(default_factory=dict)
    """JSON-able extras."""


@dataclass(frozen=True, slots=True)
class StreamRef:
    """Which stream is meant, and of which recording: two partitions of a session may use one name."""

    path: str
    """Of the recording."""
    name: str
    """Of the stream."""


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """One recording (partition) and its streams."""

    path: str
    name: str
    created: Timestamp
    machine: str
    clean: bool
    """Whether it was closed by its recorder."""
    recovered: bool
    """Whether its recorder died and the recording was put in order afterwards."""
    live: bool
    """Whether it is being recorded right now."""
    first_time: Timestamp
    """Earliest originating time of all streams; 0 while there is none."""
    last_time: Timestamp
    byte_size: int
    """Size of the file."""
    streams: Sequence[StreamInfo]
    """In the order in which they were added; very many are made only when they are asked for."""
    studio_version: str = ""
    session_id: str = ""
    derivation: dict[str, Any] = field(default_factory=dict)
    """How it was computed from other recordings; empty: it was recorded."""
    network: str = ""
    """On which kind of network drive it grows; empty: on a disk of this machine, or it does not grow."""


@dataclass(frozen=True, slots=True)
class LossEntry:
    """Something that is missing from a stream, and why."""

    stream: str
    reason: str
    """"gap", "queue full", "disk full", "killed recorder", ..."""
    count: int
    """Rows of a sampled stream, messages of others; 0: unknown."""
    from_time: Timestamp
    to_time: Timestamp


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a recording's own log."""

    time: Timestamp
    text: str
    device: str = ""
