"""What a pipeline with diagnostics tells about itself (rules E228-E233). Values and questions to them only.

Latencies and process times are in ns of the world: at another speed of a replay they are divided by it
(decision 7). Averages are plain means over the averaging window, 0 if nothing happened in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from studio.timing import NS_PER_MS, NS_PER_S, Duration


@dataclass(frozen=True, slots=True)
class DiagnosticsConfiguration:
    """How often and over which time is measured, and what is left out (rule E229)."""

    sampling_interval: Duration = 100 * NS_PER_MS
    """Between two snapshots on the stream, in the world."""
    averaging_window: Duration = NS_PER_S
    """Pipeline time over which is averaged."""
    track_message_size: bool = False
    include_stopped_pipelines: bool = False
    include_stopped_elements: bool = False

    def __post_init__(self) -> None:
        if self.sampling_interval <= 0 or self.averaging_window <= 0:
            raise ValueError("the sampling interval and the averaging window must be greater than 0 ns")


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity at its last reading, and its mean over the window."""

    last: float = 0.0
    average: float = 0.0


@dataclass(frozen=True, slots=True)
class Counted:
    """Messages since the beginning, and within the window."""

    total: int = 0
    window: int = 0


@dataclass(frozen=True, slots=True)
class ReceiverDiagnostics:
    """One input (rule E232)."""

    id: int
    name: str
    policy_name: str
    source_id: int | None
    """Id of the emitter it receives; None: not connected, or at its end."""
    is_throttling: bool
    """Whether it pauses the component that posts to it."""
    emitted: Counted
    """That reached the receiver, before any drop."""
    processed: Counted
    dropped: Counted
    """By policy, refused, or too late at the end."""
    throughput: float
    """Messages processed in a second of pipeline time, over the window."""
    queue_size: Measured
    created_latency: Measured
    """From the originating time to the creation of the message."""
    emitted_latency: Measured
    """To its arrival at the receiver."""
    received_latency: Measured
    """To the start of the handler."""
    process_time: Measured
    message_size: Measured
    """Bytes of payload; 0 unless tracked."""
    time_used: Duration
    """Spent in the handler since the beginning."""

    @property
    def processed_percentage(self) -> float:
        """Of the emitted ones; NaN if there were none."""
        return 100 * self.processed.total / self.emitted.total if self.emitted.total else float("nan")

    @property
    def dropped_percentage(self) -> float:
        """Of the emitted ones; NaN if there were none."""
        return 100 * self.dropped.total / self.emitted.total if self.emitted.total else float("nan")


@dataclass(frozen=True, slots=True)
class EmitterDiagnostics:
    """One output (rule E231)."""

    id: int
    name: str
    target_ids: tuple[int, ...]
    """Ids of the receivers it posts to."""


class ElementKind(Enum):
    """What a component is (rule E231)."""

    SOURCE = "source"
    REACTIVE = "reactive"
    CONNECTOR = "connector"
    SUBPIPELINE = "subpipeline"


@dataclass(frozen=True, slots=True)
class ElementDiagnostics:
    """One component (rule E231)."""

    name: str
    type_name: str
    kind: ElementKind
    is_running: bool
    is_finalized: bool
    pipeline_name: str
    emitters: tuple[EmitterDiagnostics, ...]
    receivers: tuple[ReceiverDiagnostics, ...]
    subpipeline_name: str | None = None
    """The subpipeline that it stands for."""
    state: str = ""
    """What the component said of itself (its `__str__`) after its last message; "" if it says nothing."""

    @property
    def time_used(self) -> Duration:
        """Spent in its handlers since the beginning."""
        return sum(receiver.time_used for receiver in self.receivers)


@dataclass(frozen=True, slots=True)
class PipelineDiagnostics:
    """One pipeline with everything below it, at one moment (rules E231, E233)."""

    name: str
    is_running: bool
    elements: tuple[ElementDiagnostics, ...]
    subpipelines: tuple["PipelineDiagnostics", ...]

    def all_pipelines(self) -> "Iterator[PipelineDiagnostics]":
        """This one and those below."""
        yield self
        for subpipeline in self.subpipelines:
            yield from subpipeline.all_pipelines()

    def all_elements(self) -> Iterator[ElementDiagnostics]:
        """Of the whole tree."""
        return (element for pipeline in self.all_pipelines() for element in pipeline.elements)

    def all_emitters(self) -> Iterator[EmitterDiagnostics]:
        """Of the whole tree."""
        return (emitter for element in self.all_elements() for emitter in element.emitters)

    def all_receivers(self) -> Iterator[ReceiverDiagnostics]:
        """Of the whole tree."""
        return (receiver for element in self.all_elements() for receiver in element.receivers)

    @property
    def average_queue_size(self) -> float:
        """Sum of the average queue sizes of all receivers."""
        return sum(receiver.queue_size.average for receiver in self.all_receivers())

    @property
    def processed(self) -> Counted:
        """Messages handled by all receivers."""
        return _sum(receiver.processed for receiver in self.all_receivers())

    @property
    def dropped(self) -> Counted:
        """Messages dropped before all receivers."""
        return _sum(receiver.dropped for receiver in self.all_receivers())

    @property
    def throttling_count(self) -> int:
        """How many receivers pause their source."""
        return sum(receiver.is_throttling for receiver in self.all_receivers())

    @property
    def dropped_percentage(self) -> float:
        """Of all messages that reached receivers; 0 if there were none (PORT d8 of rule E233)."""
        emitted = sum(receiver.emitted.total for receiver in self.all_receivers())
        return 100 * self.dropped.total / emitted if emitted else 0.0


def _sum(counts: Iterator[Counted]) -> Counted:
    total, window = 0, 0
    for count in counts:
        total, window = total + count.total, window + count.window
    return Counted(total, window)
