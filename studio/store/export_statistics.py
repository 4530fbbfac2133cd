"""What an exporter tells about itself: a snapshot of what is stored, waiting and lost."""

from collections import deque
from dataclasses import dataclass

from studio.store.merged_queue import Waiting
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S, Timestamp, monotonic_ns


@dataclass(frozen=True, slots=True)
class StreamStatistics:
    """Of one stream of a recording in progress."""

    name: str
    message_count: int = 0
    """Handed to the file."""
    sample_count: int = 0
    byte_count: int = 0
    produced: int = 0
    """Rows of a sampled stream, else messages."""
    dropped: int = 0
    """Produced and not stored, same units."""
    refused: int = 0
    """Messages that found the queue full."""
    queued: int = 0
    queued_bytes: int = 0
    last_time: Timestamp = 0
    """Originating time of the last stored message."""


@dataclass(frozen=True, slots=True)
class ExporterStatistics:
    """Of a recording in progress."""

    state: str = "recording"
    file_size: int = 0
    last_commit_time: Timestamp = 0
    """Everything taken before is safe."""
    bytes_per_second: float = 0.0
    """Growth of the file over the last seconds."""
    streams: tuple[StreamStatistics, ...] = ()


class Throughput:
    """How fast a file grows."""

    def __init__(self) -> None:
        self._sizes: deque[tuple[int, int]] = deque(maxlen=32)

    def bytes_per_second(self, size: int) -> float:
        """Growth over the last calls (about three seconds of them)."""
        self._sizes.append((monotonic_ns(), size))
        (first, before), (last, now) = self._sizes[0], self._sizes[-1]
        return (now - before) * NS_PER_S / (last - first) if last > first else 0.0


def gathered(
    writer: StoreWriter, waiting: dict[str, Waiting], throughput: Throughput, state: str
) -> ExporterStatistics:
    """A snapshot, taken by the exporter's thread."""
    try:
        size = writer.path.stat().st_size
    except OSError:
        size = 0
    streams = []
    for name in writer.stream_names:
        totals, queued = writer.totals(name), waiting.get(name, Waiting())
        streams.append(
            StreamStatistics(
                name=name,
                message_count=totals.message_count,
                sample_count=totals.extent if writer.format(name).kind.is_sampled else 0,
                byte_count=totals.byte_count,
                produced=totals.produced,
                dropped=totals.dropped,
                refused=queued.refused,
                queued=queued.messages,
                queued_bytes=queued.byte_count,
                last_time=totals.last_time,
            )
        )
    return ExporterStatistics(
        state=state,
        file_size=size,
        last_commit_time=writer.last_commit_time,
        bytes_per_second=throughput.bytes_per_second(size),
        streams=tuple(streams),
    )
