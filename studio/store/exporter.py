"""The engine's component that keeps streams: receivers, a merged queue, and one thread that owns the file.

Threads: receivers run on pipeline workers and only encode and queue; `studio.exporter` alone touches the
StoreWriter. A disk that is full or fails ends the recording, keeps what is there, and fails the pipeline.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline, threads
from studio.errors import PipelineStateError, StoreEnvironmentError, StreamError, StudioError
from studio.formats.encoding import encode
from studio.formats.payload import StreamFormat
from studio.formats.recording import LossEntry
from studio.store import layout
from studio.store.batch import EncodedMessage
from studio.store.damage import reason_of
from studio.store.disk_time import Effort
from studio.store.export_statistics import (
    ExporterStatistics,
    Ledger,
    Refusals,
    StreamStatistics,
    Throughput,
    gathered,
    with_queue,
)
from studio.store.layout import NewStream
from studio.store.merged_queue import (
    Add,
    Closed,
    Item,
    Logged,
    Measured,
    MergedQueue,
    Note,
    Produced,
    Store,
    StoreAll,
    Waiting,
)
from studio.store.stream_recorder import StreamRecorder
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, Duration, Timestamp
from studio.timing.sync_status import ClockLog

QUEUE_LIMIT_BYTES = 256 << 20
"""Of each stream (decision 11)."""
TICK: Duration = 100 * NS_PER_MS
"""How long a message waits at most before it is handed to the writer."""


TELL_STORED = 256
"""So many messages are told to the queue at once that they wait no more."""


class ExporterState(Enum):
    """What has become of the recording."""

    RECORDING = "recording"
    CLOSED = "closed"
    DISK_FULL = "disk full"
    FAILED = "failed"


class Exporter:
    """Made by `store.create`; takes streams by `emitter.write(name, exporter)`; its pipeline disposes it."""

    def __init__(
        self,
        pipeline: Pipeline,
        writer: StoreWriter,
        *,
        queue_limit: int = QUEUE_LIMIT_BYTES,
        waits: bool = False,
    ) -> None:
        self.path = writer.path
        self.receiver = pipeline.create_receiver(self, self._log_message, "log")
        """Texts piped here go to the recording's log."""
        self._pipeline = pipeline
        self._clock = pipeline.clock
        self._writer = writer
        self._policy = DeliveryPolicy.bytes_constrained(queue_limit)
        self._queue = MergedQueue(queue_limit, waits=waits)
        self._recorders: dict[str, StreamRecorder] = {}
        self._recorders_lock = threading.Lock()
        self._throughput = Throughput()
        self._last_log_time: Timestamp = 0
        self._state = ExporterState.RECORDING
        self._ledger = Ledger()
        self._reported: Counter[str] = Counter()
        """Losses that others told of, by stream."""
        self._refused: Counter[str] = Counter()
        """What the merged queue has refused and the loss account knows."""
        self._progress = 0
        """Moves whenever the disk has taken something."""
        self._thread: threads.StudioThread | None = None

    def begin(self) -> None:
        """Start the thread."""
        self._thread = threads.spawn("exporter", self._run, self._pipeline.report_error)

    # -- called from any thread ---------------------------------------------------------------------------

    def write(
        self,
        emitter: Emitter[Any],
        name: str,
        policy: DeliveryPolicy | None = None,
        *,
        format: StreamFormat | None = None,
        device: str = "",
        supplemental: dict[str, Any] | None = None,
    ) -> Emitter[Any]:
        """Keep the messages of `emitter` as stream `name`, also while recording; returns `emitter`.

        Without `format` the first message says what the stream holds, and the stream appears with it.
        `policy` None: at most 256 MB wait, then the newest is refused and counted (decision 11). Raises
        StreamError if the name is empty or taken, PipelineStateError after the recording has ended.
        """
        if self._state is not ExporterState.RECORDING:
            raise PipelineStateError(f"the recording {self.path} has ended ({self._state.value})")
        with self._recorders_lock:
            if not name or name in self._recorders:
                raise StreamError(
                    f"{self.path.name} already has a stream {name!r}" if name else "a stream must have a name"
                )
            recorder = self._make_recorder(emitter, name, format, device, supplemental or {})
            self._recorders[name] = recorder
        emitter.pipe_to(recorder.receiver, policy if policy is not None else self._policy)
        return emitter

    def _make_recorder(
        self,
        emitter: Emitter[Any],
        name: str,
        described: StreamFormat | None,
        device: str,
        supplemental: dict[str, Any],
    ) -> StreamRecorder:
        stream = None
        if described is not None:
            stream = NewStream(name, described, device, self._clock.now(), supplemental)
        recorder = StreamRecorder(emitter.pipeline, self._queue, stream, name)
        recorder.device, recorder.supplemental = device, supplemental
        return recorder

    def _known(self, name: str) -> str:
        with self._recorders_lock:
            if name not in self._recorders:
                known = ", ".join(map(repr, self._recorders)) or "none"
                raise StreamError(f"{self.path.name} has no stream {name!r}; it has: {known}")
        return name

    def report_produced(self, stream: str, count: int) -> None:
        """What the device of `stream` has produced since it was opened: rows, or messages (decision 27).

        With what is expected of its gaps, so that the sum is that of the status.
        """
        self._queue.put(Produced(self._known(stream), count))

    def report_gap(
        self, stream: str, from_time: Timestamp, to_time: Timestamp, expected: int, reason: str = layout.GAP
    ) -> None:
        """The device of `stream` gave nothing between two times, where `expected` was to come (decision 27).

        `reason` (unplugged, frozen, suspended) goes to the log; the loss account calls it a gap, whose
        `expected` counts as produced and dropped.
        """
        self._queue.put(LossEntry(self._known(stream), layout.GAP, expected, from_time, to_time))
        self.log(f"gap in {stream}: {reason}, {expected} expected", device=stream)

    def report_loss(
        self, stream: str, count: int, from_time: Timestamp, to_time: Timestamp, reason: str
    ) -> None:
        """The device of `stream` produced `count` rows or messages that were lost before they were posted."""
        self._queue.put(LossEntry(self._known(stream), reason, count, from_time, to_time))

    def why_full(self, reason: str) -> None:
        """What the loss account calls it when a message finds no room from now on; empty: a full queue."""
        self._queue.full_reason = reason or layout.QUEUE_FULL

    def log(self, text: str, device: str = "") -> None:
        """Add a line to the recording's log."""
        self._queue.put(Logged(self._clock.now(), text, device))

    def _log_message(self, text: str, envelope: Envelope) -> None:
        self._queue.put(Logged(envelope.originating_time, str(text), ""))

    def write_clock(self, log: ClockLog) -> None:
        """Keep a part of what was measured of the clock that this recording runs on; about once a second.

        `probes`, `changes` and `bounds` are what is new; of `segments`, `references` and `terms` all may be
        told again, only what is new is written. A segment takes the place of those that begin later. Each
        part is safe with the next commit, as messages are.
        """
        self._queue.put(Measured(log))

    def derived(self, derivation: dict[str, Any]) -> None:
        """Say how it was computed; the file takes it when it is closed."""
        self._writer.derivation = derivation

    @property
    def state(self) -> ExporterState:
        """What has become of the recording."""
        return self._state

    def statistics(self) -> ExporterStatistics:
        """A snapshot: of the file at most a tick old, of what waits and is refused as of now."""
        ledger, waiting = self._ledger, self._queue.waiting()
        streams = ledger.statistics.streams
        return replace(
            ledger.statistics,
            lag=self._queue.lag(),
            effort=Effort(self._writer.disk_time.spent(), self._thread.native_id if self._thread else 0),
            streams=tuple(self._as_of_now(stream, ledger, waiting) for stream in streams),
        )

    def _as_of_now(
        self, stream: StreamStatistics, ledger: Ledger, waiting: dict[str, Waiting]
    ) -> StreamStatistics:
        noted = ledger.noted.get(stream.name, Refusals())
        recorder = self._recorders.get(stream.name)
        refused = (0, 0) if recorder is None else recorder.refused_since(noted.messages)
        return with_queue(stream, noted, waiting.get(stream.name, Waiting()), refused)

    def close_file(self, timeout_s: float = 60.0) -> None:
        """As `dispose`; StoreEnvironmentError if the disk takes nothing for `timeout_s`.

        What waits may be much and the disk slow: as long as it takes something, it is waited for. One that
        answers later still gets all that waits, as long as this process lives.
        """
        self._queue.close()
        seen = self._progress
        while self._thread is not None and not self._thread.join(timeout_s):
            if self._progress == seen:
                raise StoreEnvironmentError(
                    f"the disk of {self.path} has taken nothing for {timeout_s:g} s, so the recording is not "
                    "closed. Everything up to then is kept. Check the disk and its cable; when it answers "
                    "again, the rest is written and the recording closed"
                )
            seen = self._progress

    def dispose(self) -> None:
        """Store what waits, close the file, end the thread. Idempotent; the pipeline calls it."""
        self.close_file()

    # -- the exporter's thread ----------------------------------------------------------------------------

    def _run(self, cancelled: threading.Event) -> None:
        try:
            while self._writer.is_open and self._turn():
                pass
            self._writer.close()
            if self._state is ExporterState.RECORDING:
                self._state = ExporterState.CLOSED
        except (OSError, StudioError, RuntimeError, ValueError) as error:
            self._pipeline.report_error(self._why(error))  # first the reason, then the state that follows
        finally:
            if self._state is ExporterState.RECORDING:
                self._state = ExporterState.FAILED
                self._writer.abandon()
            self._queue.shut()
            self._publish()

    def _why(self, error: Exception) -> StoreEnvironmentError:
        text = (
            f"{self.path} cannot be written any more: {reason_of(error)}. What was stored until a moment "
            "before is kept. Check the disk, then begin a new recording"
        )
        told = StoreEnvironmentError(text)
        told.__cause__ = error
        return told

    def _turn(self) -> bool:
        """Store what waits; False when nothing more will come."""
        drained = self._queue.drain(min(TICK, self._writer.time_to_flush))
        if added := [item.stream for item in drained.items if isinstance(item, Add)]:
            self._writer.add_streams(added)
        self._apply_all(drained.items)
        if not self._writer.is_open:
            return False
        for loss in drained.losses:
            self._refused[loss.stream] += loss.count
            self._note_loss(loss)
        for loss in self._refused_by_receivers():
            self._note_loss(loss)
        self._writer.flush_if_due()
        self._progress += 1
        self._publish()
        return not drained.is_closing

    def _apply_all(self, items: Sequence[Item]) -> None:
        """In order, up to the end of the recording."""
        stored: list[Store | StoreAll] = []
        count = 0
        writer = self._writer
        for item in items:
            if not writer.is_open:
                return
            if isinstance(item, Store):
                writer.append(item.stream, item.message)
                count += 1
            elif isinstance(item, StoreAll):
                writer.append_all(item.stream, item.messages)
                count += len(item.messages)
            else:
                self._apply(item)
                continue
            stored.append(item)
            if count >= TELL_STORED:
                self._queue.stored(stored)
                self._progress += 1
                stored, count = [], 0
        self._queue.stored(stored)

    def _refused_by_receivers(self) -> list[LossEntry]:
        with self._recorders_lock:
            recorders = tuple(self._recorders.values())
        entries = [recorder.refused(self._clock.now, self._queue.full_reason) for recorder in recorders]
        return [entry for entry in entries if entry is not None]

    def _apply(self, item: Note) -> None:
        match item:
            case LossEntry():
                self._reported[item.stream] += item.count
                self._note_loss(item)
            case Produced(stream, total):
                self._writer.report_produced(stream, total)
            case Closed(stream, time):
                self._writer.close_stream(stream, time)
            case Measured(log):
                self._writer.write_clock(log)
            case Logged(time, text, device):
                self._write_log(time, text, device)

    def _note_loss(self, loss: LossEntry) -> None:
        self._writer.add_loss(loss.stream, loss.reason, loss.count, loss.from_time, loss.to_time)

    def _write_log(self, time: Timestamp, text: str, device: str) -> None:
        self._last_log_time = max(time, self._last_log_time + 1)
        payload = encode(layout.LOG_FORMAT, {"text": text, "device": device})
        self._writer.log(EncodedMessage(self._last_log_time, self._clock.now(), self._last_log_time, payload))

    def on_disk_full(self, error: StoreEnvironmentError) -> None:
        """The writer has closed the recording because the disk is nearly full."""
        self._state = ExporterState.DISK_FULL
        self._queue.shut()
        self._pipeline.report_error(error)

    def _publish(self) -> None:
        statistics = gathered(self._writer, self._throughput, self._state.value, self._reported)
        with self._recorders_lock:
            recorders = tuple(self._recorders.values())
        noted = {each.name: Refusals(each.noted, self._refused[each.name]) for each in recorders}
        self._ledger = Ledger(statistics, noted)
