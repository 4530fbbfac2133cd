"""What an exporter tells about itself: what is stored, waiting and lost, exact also while its disk hangs.

The exporter's thread leaves a `Ledger` behind after each turn. While it waits for the disk, whoever asks adds
what the queues, which go on, have taken in and refused since.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.store.disk_time import Effort
from studio.store.merged_queue import Waiting
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S, Duration, Timestamp, monotonic_ns


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
    lost_here: int = 0
    """Of these, what was not lost before: our queues were full, or the disk."""
    refused: int = 0
    """Messages that found a queue full."""
    queued: int = 0
    queued_bytes: int = 0
    """Memory that what waits takes."""
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
    lag: Duration = 0
    """For how long the oldest message has been waiting that the file has not taken."""
    effort: Effort = field(default_factory=Effort)
    """Of the thread that writes."""
    streams: tuple[StreamStatistics, ...] = ()

    @property
    def waiting_bytes(self) -> int:
        """Memory that all takes that waits."""
        return sum(stream.queued_bytes for stream in self.streams)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What was refused of one stream and is in the loss account: `messages` by its receiver, `units` held by
    those that the merged queue had refused."""

    messages: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """As of the last turn of the exporter's thread."""

    statistics: ExporterStatistics = field(default_factory=ExporterStatistics)
    noted: Mapping[str, Refusals] = field(default_factory=dict)


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
    writer: StoreWriter, throughput: Throughput, state: str, reported: Mapping[str, int]
) -> ExporterStatistics:
    """What is in the file, told by the exporter's thread; `reported`: losses that others have told of."""
    try:
        size = writer.path.stat().st_size
    except OSError:
        size = 0
    streams = []
    for name in writer.stream_names:
        totals, dropped = writer.totals(name), writer.noted_losses(name)
        streams.append(
            StreamStatistics(
                name=name,
                message_count=totals.message_count,
                sample_count=totals.extent if writer.format(name).kind.is_sampled else 0,
                byte_count=totals.byte_count,
                produced=totals.produced,
                dropped=dropped,
                lost_here=max(0, dropped - reported.get(name, 0)),
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


def with_queue(
    stream: StreamStatistics, noted: Refusals, waiting: Waiting, receiver: tuple[int, int]
) -> StreamStatistics:
    """A stream as of now: what was refused and is not `noted` in the loss account yet is lost all the same.

    `receiver`: messages that its receiver has refused since `noted`, and what they held.
    """
    fresh = max(0, waiting.refused_units - noted.units) + receiver[1]
    return replace(
        stream,
        dropped=stream.dropped + fresh,
        lost_here=stream.lost_here + fresh,
        refused=waiting.refused + noted.messages + receiver[0],
        queued=waiting.messages,
        queued_bytes=waiting.byte_count,
    )
